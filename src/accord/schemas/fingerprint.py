"""The identity of a schema's content (reference: Confluent's schema GUID)."""

import hashlib
from collections.abc import Sequence
from typing import NewType

from accord.schemas.model import Reference

SchemaGuid = NewType("SchemaGuid", str)
"""16 bytes of identity written as a UUID: the same in every registry that stores the same text."""


def fingerprint(canonical: str, references: Sequence[Reference] = ()) -> bytes:
    """16 bytes: the MD5 over the canonical text, then name, subject and version (int32, big-endian) of each reference.

    MD5 is the field's identity, not a protection against a forger.
    """
    digest = hashlib.md5(canonical.encode(), usedforsecurity=False)
    for reference in references:
        digest.update(reference.name.encode())
        digest.update(reference.subject.encode())
        digest.update(reference.version.to_bytes(4, "big", signed=True))
    return digest.digest()


def guid_of(fingerprint: bytes) -> SchemaGuid:
    """The fingerprint as a UUID string, for example ``5f3c1c9e-…``."""
    text = fingerprint.hex()
    return SchemaGuid(f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}")
