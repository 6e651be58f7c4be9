"""Avro: the binary form, and the schemas of classes."""

from accord.codecs.avro.codec import avro_codec
from accord.codecs.avro.derivation import derive_schema
from accord.codecs.avro.source import source_of

__all__ = ["avro_codec", "derive_schema", "source_of"]
