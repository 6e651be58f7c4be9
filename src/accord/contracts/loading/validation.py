"""What of a document does not have its shape, as findings: all of it at once."""

import difflib
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

import jsonschema_rs

from accord.contracts.loading import rules
from accord.contracts.loading.documents import Document
from accord.contracts.loading.shapes import CLAIMS, CONTRACT, Shape
from accord.contracts.rules import ContractRule
from accord.findings import Finding
from accord.schemas.json_text import quote
from accord.schemas.pointers import child

_OF_DEFINITION: Final = {"duration": rules.DURATION_INVALID, "topicName": rules.TOPIC_NAME_INVALID}


def contract_faults(document: Document) -> list[Finding]:
    """What is wrong with the shape of a contract file."""
    return _faults(document, CONTRACT, _contract_validator())


def claims_faults(document: Document) -> list[Finding]:
    """What is wrong with the shape of a claims file."""
    return _faults(document, CLAIMS, _claims_validator())


def near(word: str, known: Iterable[str]) -> str:
    """What was probably meant, in words that follow a sentence; "" where nothing is like it."""
    found = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean `{found[0]}`?)" if found else ""


@cache
def _contract_validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(dict(CONTRACT))


@cache
def _claims_validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(dict(CLAIMS))


def _faults(document: Document, shape: Shape, validator: jsonschema_rs.Draft202012Validator) -> list[Finding]:
    if validator.is_valid(document.value):
        return []
    return [
        finding
        for error in validator.iter_errors(document.value)
        for finding in _findings(document, shape, error)
    ]


def _findings(document: Document, shape: Shape, error: jsonschema_rs.ValidationError) -> Iterator[Finding]:
    kind, pointer = error.kind, ""
    for token in error.instance_path:
        pointer = child(pointer, token)
    keyword, around = _around(shape, error.schema_path)
    is_allowance = "allow" in error.instance_path
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.AdditionalProperties):
        for key in kind.unexpected:
            facts = {"key": key, "owner": _owner(around, pointer), "near": near(key, around["properties"])}
            yield rules.UNKNOWN_KEY.finding(document.locate_key(child(pointer, key)), facts)
    elif isinstance(kind, jsonschema_rs.ValidationErrorKind.Required) or keyword == "anyOf":
        key = kind.property if isinstance(kind, jsonschema_rs.ValidationErrorKind.Required) else "contract"
        if is_allowance:
            facts = {"told": f"has no `{key}`"}
            yield rules.ALLOWANCE_INCOMPLETE.finding(document.locate(pointer), facts)
        else:
            facts = {"key": key, "owner": _owner(around, pointer)}
            yield rules.KEY_MISSING.finding(document.locate(pointer), facts)
    else:
        yield _wrong_value(document, error, pointer, around, is_allowance=is_allowance)


def _wrong_value(
    document: Document,
    error: jsonschema_rs.ValidationError,
    pointer: str,
    around: Shape,
    *,
    is_allowance: bool,
) -> Finding:
    facts = {
        "key": _key(pointer),
        "value": quote(_instance(document.value, error.instance_path)),
        "expected": around.get("title") or error.message,
    }
    at = document.locate(pointer)
    if is_allowance:
        told = "has the {key} {value}, which must be {expected}".format(**facts)
        return rules.ALLOWANCE_INCOMPLETE.finding(at, {"told": told})
    return _rule_of(error.schema_path).finding(at, facts)


def _around(shape: Shape, path: list[str | int]) -> tuple[str | int, Shape]:
    """The keyword that was broken, and the schema that it stands in."""
    here: Any = shape
    for token in path[:-1]:
        here = here[token]
    return path[-1] if path else "", here


def _rule_of(path: list[str | int]) -> ContractRule:
    if len(path) > 1 and path[0] == "$defs":
        return _OF_DEFINITION.get(str(path[1]), rules.VALUE_INVALID)
    return rules.VALUE_INVALID


def _owner(around: Shape, pointer: str) -> str:
    title: str = around.get("title", "this")
    return f"{title} (`{_key(pointer)}`)" if pointer and not pointer.endswith("/value") else title


def _key(pointer: str) -> str:
    """The last steps of a pointer, as people say them."""
    steps = pointer.split("/")[1:]
    for index in range(len(steps) - 1, -1, -1):
        if not steps[index].isdecimal():
            place = "".join(f"[{step}]" for step in steps[index + 1 :])
            return steps[index].replace("~1", "/").replace("~0", "~") + place
    return "the file"


def _instance(value: Any, path: list[str | int]) -> Any:  # noqa: ANN401 -- what JSON can say
    for token in path:
        # The validator takes a key such as `12` for the number of an item.
        value = value[int(token)] if isinstance(value, list) else value[str(token)]
    return value
