"""The claim behind the verdict: compatible without an error or a warning means that valid documents stay valid.

A validator that has no part in the verdict decides what is valid. Formats and encodings, which validators check only on
demand, are left aside here as they are there.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import urljoin

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from tests.schemas.jsonschema.making import DRAFTS, DocumentMaker, SchemaMaker, evolved

from accord.findings import Severity
from accord.schemas import (
    CompatibilityLevel,
    CompatibilityPolicy,
    Earlier,
    InvalidSchema,
    ParsedSchema,
    Schema,
    SchemaType,
    Version,
    check_compatibility,
    parse,
)

RECORDING = Path(__file__).parents[4] / "shared" / "conformance" / "compat-json.jsonl.gz"
HOME = "https://schemas.invalid/"
STRICT, LENIENT = CompatibilityPolicy.STRICT, CompatibilityPolicy.LENIENT
BACKWARD, FORWARD = CompatibilityLevel.BACKWARD, CompatibilityLevel.FORWARD

Json: TypeAlias = Any
Texts: TypeAlias = Mapping[str, str]


class Pair(NamedTuple):
    """A schema and what became of it."""

    old: Json
    new: Json


def pair_of(random: Random) -> Pair:
    draft = random.choice(sorted(DRAFTS))
    old = SchemaMaker(random, draft).root()
    return Pair(old, evolved(random, old, draft, random.choice([1, 1, 2, 3])))


def parsed(schema: Json) -> ParsedSchema | None:
    try:
        return parse(Schema(json.dumps(schema), SchemaType.JSON))
    except InvalidSchema:
        return None


def validator_of(schema: Json, texts: Texts | None = None) -> jsonschema_rs.Validator | None:
    """None where the validator does not take the schema at all."""
    declared = _without_encodings({"$schema": DRAFTS[7], **schema}) if isinstance(schema, dict) else schema
    resources = [(urljoin(HOME, name), json.loads(text)) for name, text in (texts or {}).items()]
    try:
        registry = jsonschema_rs.Registry(resources, draft=jsonschema_rs.Draft7)
        return jsonschema_rs.validator_for(
            declared, registry=registry, base_uri=f"{HOME}schema", validate_formats=False, offline=True
        )
    except ValueError:
        return None


def _without_encodings(schema: Json) -> Json:
    """This validator has no switch for them."""
    if isinstance(schema, dict):
        kept = schema.keys() - {"contentEncoding", "contentMediaType"}
        return {word: _without_encodings(schema[word]) for word in schema if word in kept}
    return [_without_encodings(one) for one in schema] if isinstance(schema, list) else schema


def is_quiet(
    old: ParsedSchema,
    new: ParsedSchema,
    level: CompatibilityLevel = BACKWARD,
    policy: CompatibilityPolicy = STRICT,
) -> bool:
    """Whether the check says compatible, and nothing to beware of."""
    report = check_compatibility(new, [Earlier(Version(1), old)], level=level, policy=policy)
    return all(finding.severity is Severity.INFO for finding in report.findings)


class Tally(Counter[str]):
    """Counts what an examination of pairs came to."""

    def examine(
        self, pair: Pair, seed: int, *, level: CompatibilityLevel, policy: CompatibilityPolicy, documents: int
    ) -> None:
        """Fail if the check is quiet about the pair, and a document that was valid is not any more."""
        self["pairs"] += 1
        old, new = parsed(pair.old), parsed(pair.new)
        before, after = validator_of(pair.old), validator_of(pair.new)
        if old is None or new is None or before is None or after is None:
            self["not schemas"] += 1
        elif is_quiet(old, new, level, policy):
            self["quiet"] += 1
            writer, reader = (before, after) if level is BACKWARD else (after, before)
            written = pair if level is BACKWARD else Pair(pair.new, pair.old)
            self.compare(writer, reader, DocumentMaker(Random(seed), *written), documents)

    def compare(
        self,
        writer: jsonschema_rs.Validator,
        reader: jsonschema_rs.Validator,
        maker: DocumentMaker,
        documents: int,
    ) -> None:
        valid = [one for one in maker.documents(documents) if writer.is_valid(one)]
        self["quiet with documents"] += bool(valid)
        self["documents"] += len(valid)
        refused = [one for one in valid if not reader.is_valid(one)]
        assert refused == [], f"written by {json.dumps(maker.old)}"


slowly = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


@slowly
@given(
    st.randoms(use_true_random=False),
    st.integers(0, 2**32),
    st.sampled_from([BACKWARD, FORWARD]),
    st.sampled_from([STRICT, LENIENT]),
)
def test_what_is_judged_compatible_without_a_warning_keeps_valid_documents_valid(
    random: Random, seed: int, level: CompatibilityLevel, policy: CompatibilityPolicy
) -> None:
    tally = Tally()
    tally.examine(pair_of(random), seed, level=level, policy=policy, documents=40)
    assume(not tally["not schemas"])
    event("quiet" if tally["quiet"] else "an error or a warning")


@pytest.mark.soak
@pytest.mark.parametrize("policy", [STRICT, LENIENT])
def test_the_same_for_many_pairs_and_enough_of_them_are_judged_so(policy: CompatibilityPolicy) -> None:
    tally = Tally()
    for seed in range(300):
        tally.examine(pair_of(Random(seed)), seed, level=BACKWARD, policy=policy, documents=30)
    assert tally["quiet with documents"] > 120
    assert tally["documents"] > 2000


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("level", [BACKWARD, FORWARD])
@pytest.mark.parametrize("policy", [STRICT, LENIENT])
def test_the_same_for_very_many_pairs(policy: CompatibilityPolicy, level: CompatibilityLevel) -> None:
    tally = Tally()
    for seed in range(1_000_000, 1_004_000):
        tally.examine(pair_of(Random(seed)), seed, level=level, policy=policy, documents=60)
    assert tally["quiet with documents"] > 800


@pytest.mark.soak
@pytest.mark.skipif(not RECORDING.is_file(), reason="no recording in ../shared/conformance")
@pytest.mark.parametrize("level", [BACKWARD, FORWARD])
def test_recorded_pairs_without_an_error_or_a_warning_keep_valid_documents_valid(
    level: CompatibilityLevel,
) -> None:
    tally = Tally()
    for row in recorded():
        # That the verdicts are the recorded ones is tested elsewhere.
        if not row[level.lower()].get("compatible"):
            continue
        texts = dict(_flat(row["references"])), dict(_flat(row.get("new_references", row["references"])))
        old, new = (_parsed_text(row[side], given) for side, given in zip(("old", "new"), texts, strict=True))
        if old is None or new is None or not is_quiet(old, new, level):
            continue
        tally["quiet"] += 1
        pair = Pair(_value(row["old"]), _value(row["new"]))
        before, after = (validator_of(one, given) for one, given in zip(pair, texts, strict=True))
        if before is None or after is None:
            tally["not for the validator"] += 1
            continue
        writer, reader = (before, after) if level is BACKWARD else (after, before)
        written = pair if level is BACKWARD else Pair(pair.new, pair.old)
        tally.compare(writer, reader, DocumentMaker(Random(row["id"]), *written), 15)
    assert tally["quiet"] > 500
    assert tally["documents"] > 3000
    assert tally["not for the validator"] < 15


@cache
def recorded() -> list[Json]:
    lines = gzip.decompress(RECORDING.read_bytes()).decode().split("\n")
    return [row for row in (json.loads(line) for line in lines if line) if "invalid" not in row]


def _parsed_text(text: str, texts: Texts) -> ParsedSchema | None:
    referenced = {name: Schema(one, SchemaType.JSON) for name, one in texts.items()}
    try:
        return parse(Schema(text, SchemaType.JSON), referenced=referenced)
    except InvalidSchema:
        return None


def _flat(references: list[Json]) -> Iterator[tuple[str, str]]:
    for reference in references:
        yield from _flat(reference.get("references", []))
        yield reference["name"], reference["schema"]


def _value(text: str) -> Json:
    return json.JSONDecoder().raw_decode(text.lstrip())[0]
