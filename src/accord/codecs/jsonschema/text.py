"""JSON text <-> trees of values, strictly: what two readers could take for different things is neither written nor read."""

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final

import msgspec

from accord.codecs.errors import DataFault, InvalidData
from accord.codecs.jsonschema.validation import Refusal, Tree, Validator
from accord.schemas import JsonDocuments

_METASCHEMA: Final = "http://json-schema.org/draft-07/schema#"
_EVERYTHING: Final = {
    "type": ["null", "boolean", "string", "number", "array", "object"],
    "items": {"$ref": "#"},
    "additionalProperties": {"$ref": "#"},
}
_NUMBERS: Final = Validator(JsonDocuments("json:", _METASCHEMA, {"json:": _EVERYTHING}), formats=False)

_ENCODED: Final = msgspec.json.Encoder(decimal_format="number").encode
_DECODED: Final = msgspec.json.Decoder().decode
_DECODED_EXACTLY: Final = msgspec.json.Decoder(float_hook=Decimal).decode
_MOST_LEVELS: Final = 1000
_TOO_DEEP: Final = f"it is nested more than {_MOST_LEVELS} levels deep, or contains itself"
_UNWRITABLE: Final = (ValueError, TypeError, RecursionError, OverflowError)


def text_of(tree: Tree) -> bytes:
    """The tree as compact UTF-8. Raises Refusal; numbers that are none come out as something else."""
    try:
        text = _ENCODED(tree)
    except UnicodeEncodeError as error:
        raise Refusal(f"a string cannot be written as UTF-8: {error.reason}") from None
    except RecursionError:
        raise Refusal(_TOO_DEEP) from None
    except _UNWRITABLE as error:
        raise Refusal(f"the value has no JSON form: {error}") from None
    if _is_deep(text, tree):
        raise Refusal(_TOO_DEEP)
    return text


def check_numbers(tree: Tree) -> None:
    """Raise Refusal if a number in the tree is none in JSON."""
    if not _NUMBERS.takes(tree):
        raise _NUMBERS.refusal_of(tree)


def check_range(text: bytes) -> None:
    """Raise Refusal if a number in the text is beyond what readers take."""
    # Only Decimals are written so, and only they have such exponents.
    if b"E+" in text:
        try:
            _DECODED(text)
        except msgspec.MsgspecError as error:
            raise Refusal(f"a number is beyond the range of a double: {error}") from None


def tree_of(body: bytes) -> Tree:
    """The one value that ``body`` is, its fractions as floats. Raises InvalidData."""
    return _read(body, _DECODED)


def exact_tree_of(body: bytes) -> Tree:
    """The same with Decimals in place of floats."""
    return _read(body, _DECODED_EXACTLY)


def _read(body: bytes, decoded: Callable[[bytes], Tree]) -> Tree:
    try:
        tree = decoded(body)
        again = _ENCODED(tree)
    except UnicodeDecodeError as error:
        raise _malformed(f"the data is not UTF-8: {error.reason}") from None
    except RecursionError:
        raise _malformed(_TOO_DEEP) from None
    except msgspec.MsgspecError as error:
        raise _unreadable(error) from None
    if _is_deep(body, tree):
        raise _malformed(_TOO_DEEP)
    # Each member has one colon outside of strings, and what is inside of strings stays: a member that another one
    # of its name has replaced shows in their number, unless a colon is escaped.
    if body != again and (body.count(b":") != again.count(b":") or b"\\u003" in body):
        _refuse_doubles(body)
    return tree


def _is_deep(text: bytes, tree: Tree) -> bool:
    """Whether there are more levels than a validator goes down for certain without overrunning its stack."""
    if len(text) <= 2 * _MOST_LEVELS or text.count(b"[") + text.count(b"{") <= _MOST_LEVELS:
        return False
    level = [tree]
    for _ in range(_MOST_LEVELS):
        level = [part for one in level for part in _parts(one) if isinstance(part, dict | list | tuple)]
        if not level:
            return False
    return True


def _parts(value: Tree) -> Iterable[Tree]:
    return value.values() if isinstance(value, dict) else value


def _unreadable(error: msgspec.MsgspecError) -> InvalidData:
    text = str(error)
    if "trailing characters" in text:
        return InvalidData(f"the data goes on after its end: {text}", fault=DataFault.TRAILING_BYTES)
    if "truncated" in text:
        return InvalidData("the data ends too early", fault=DataFault.TRUNCATED)
    return _malformed(f"the data is not JSON: {text}")


def _refuse_doubles(body: bytes) -> None:
    def members(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                raise _malformed(f"an object has two members called {name!r}")
            found[name] = value
        return found

    try:
        json.loads(body, object_pairs_hook=members)
    except RecursionError:
        raise _malformed(_TOO_DEEP) from None


def _malformed(message: str) -> InvalidData:
    return InvalidData(message, fault=DataFault.MALFORMED)
