"""Whatever is in the files, loading raises nothing, and each finding has a place."""

import random
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.contracts.loading import load
from accord.contracts.loading.documents import DocumentFault, read_document
from accord.contracts.model import Project, SourceFile
from accord.contracts.sample import FILES

LoadFiles = Callable[..., Project]

PROTO = 'syntax = "proto3";\npackage shop;\nimport "money.proto";\nmessage Order { shop.Money total = 1; }\n'
MONEY = 'syntax = "proto3";\npackage shop;\nmessage Money { int64 cents = 1; }\n'
PAYMENT = (
    '{"$schema":"http://json-schema.org/draft-07/schema#","title":"Pay","type":"object","properties":'
    '{"a":{"$ref":"Amount.json#/definitions/x"},"b":{"type":"array","items":{"$ref":"#/definitions/y"}}},'
    '"definitions":{"y":{"type":"object","properties":{"z":{"type":"string"}}}}}'
)
AMOUNT = '{"definitions":{"x":{"type":"object","properties":{"c":{}}}}}'
USER = (
    '{"type":"record","name":"U","fields":[{"name":"o","type":"com.example.events.OrderCreated"},'
    '{"name":"k","type":{"type":"map","values":["null","K"]}}]}'
)
NODE = '{"type":"record","name":"K","fields":[{"name":"x","type":["null","K"]}]}'
CLAIM = """\
service: x
reads:
  - {contract: U, fields: [o.order_id, k.x]}
  - {contract: Pay, fields: [a.c, b.z]}
  - {contract: order, fields: [total.cents]}
"""
SOUND = {
    **{path: text for path, text in FILES.items() if not path.endswith((".md", ".toml"))},
    "p/order.proto": PROTO, "p/money.proto": MONEY, "j/Pay.json": PAYMENT, "j/Amount.json": AMOUNT,
    "a/U.avsc": USER, "a/K.avsc": NODE, "consumers/x.yaml": CLAIM,
}  # fmt: skip
SCRAPS = (
    "null",
    "true",
    "[]",
    "{}",
    "1",
    "-1",
    '""',
    "*a",
    "&a ",
    "<<",
    "!!int",
    "1e999",
    ".nan",
    "schema",
    "$ref",
    "\0",
    "\t",
    "é",
)


def test_the_sound_files_are_sound(load_files: LoadFiles) -> None:
    assert load_files(SOUND).findings == ()


def mutated(text: str, dice: random.Random) -> str:
    begin = dice.randrange(len(text) + 1)
    return text[:begin] + dice.choice(SCRAPS) * dice.randrange(2) + text[begin + dice.randrange(20) :]


@pytest.mark.parametrize("seed", range(100))
def test_mutilated_files_raise_nothing(load_files: LoadFiles, seed: int) -> None:
    dice = random.Random(seed)
    files = dict(SOUND)
    for path in dice.sample(sorted(SOUND), 4):
        files[path] = mutated(files[path], dice)

    project = load_files(files)

    assert all(finding.at is not None and finding.at.line > 0 for finding in project.findings)


@given(st.text())
def test_any_text_is_read_or_told(text: str) -> None:
    with suppress(DocumentFault):
        assert read_document(SourceFile("a.yaml", text)).locate("/a/b").line > 0


@pytest.mark.parametrize(
    "text", ["{{", "[" * 50_000, '{"a":' * 50_000, "{" * 50_000, "- " * 50_000, "a: " * 3]
)
@pytest.mark.parametrize("path", ["a.odcs.yaml", "a.odcs.json", "a.avsc", "a.schema.json", "a.proto"])
def test_deep_files_are_told(load_files: LoadFiles, path: str, text: str) -> None:
    assert load_files({path: text}).findings


def test_the_project_is_the_same_however_the_files_are_listed() -> None:
    class Reversed:
        name = "reversed"

        def paths(self) -> list[str]:
            return sorted(SOUND, reverse=True)

        def read(self, path: str) -> bytes:
            return SOUND[path].encode()

    assert list(load(Reversed()).schemas) == sorted(load(Reversed()).schemas)
