"""Protobuf: the library's own codec, and what stands for messages in programs."""

from accord.codecs.protobuf.codec import protobuf_codec
from accord.codecs.protobuf.derivation import derive_schema

__all__ = ["derive_schema", "protobuf_codec"]
