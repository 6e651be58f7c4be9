"""The identity of a schema's content (reference: Confluent's schema GUID)."""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NewType

from accord.schemas.metadata import Metadata
from accord.schemas.model import Schema
from accord.schemas.rule_set import DataRule, RuleSet

_LARGE: Final = 100_000

SchemaGuid = NewType("SchemaGuid", str)
"""16 bytes of identity written as a UUID: the same in every registry that stores the same content."""


def fingerprint(schema: Schema) -> bytes:
    """16 bytes: the MD5 over the text, which must be canonical, the references, the metadata and the rule set.

    A reference counts with its name, subject and version (int32, big-endian); metadata and rules as their parts in
    order. MD5 is the field's identity, not a protection against a forger.
    """
    digest = _begun_large(schema.text).copy() if len(schema.text) > _LARGE else _begun(schema.text)
    for reference in schema.references:
        digest.update(reference.name.encode())
        digest.update(reference.subject.encode())
        digest.update(reference.version.to_bytes(4, "big", signed=True))
    if schema.metadata is not None:
        digest.update(b"\x01" + "".join(_words_of_metadata(schema.metadata)).encode())
    if schema.rule_set is not None:
        digest.update(b"\x01" + "".join(_words_of_rules(schema.rule_set)).encode())
    return digest.digest()


def _begun(text: str) -> "hashlib._Hash":
    return hashlib.md5(text.encode(), usedforsecurity=False)


# A text of megabytes is asked for several times on its way in, and each takes milliseconds in which nobody is served.
_begun_large = lru_cache(maxsize=1)(_begun)


def guid_of(fingerprint: bytes) -> SchemaGuid:
    """The fingerprint as a UUID string, for example ``5f3c1c9e-…``."""
    text = fingerprint.hex()
    return SchemaGuid(f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}")


def _words_of_metadata(metadata: Metadata) -> Iterator[str]:
    for path, tags in sorted(metadata.tags.items()):
        yield from (path, *sorted(tags))
    for name, value in sorted(metadata.properties.items()):
        yield from (name, value)
    yield from sorted(metadata.sensitive)


def _words_of_rules(rule_set: RuleSet) -> Iterator[str]:
    for rule in rule_set.rules:
        yield from _words_of_rule(rule)
    yield rule_set.enable_at or ""


def _words_of_rule(rule: DataRule) -> Iterator[str]:
    yield from (rule.name or "", rule.doc or "", rule.kind or "", rule.mode or "", rule.type or "")
    yield from sorted(rule.tags)
    for name, value in sorted(rule.params.items()):
        yield from (name, value)
    yield from (rule.expr or "", rule.on_success or "", rule.on_failure or "")
    if rule.disabled:
        yield "\x01"
