"""Avro: the binary form, and the schemas of classes."""

from accord.codecs.avro.codec import avro_codec
from accord.codecs.avro.derivation import derive_schema

__all__ = ["avro_codec", "derive_schema"]
