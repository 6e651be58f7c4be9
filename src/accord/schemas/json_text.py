"""Reading JSON text the way the registry does: comments allowed, everything else strict, hostile input refused."""

import json
import re
from textwrap import shorten
from typing import Any, TypeAlias

from accord.schemas.errors import InvalidSchema

# A parsed JSON value. It is not spelled out further: every reader checks what it finds before it uses it.
JsonValue: TypeAlias = Any

# Far above any schema in use, and low enough that no walk over it comes near Python's recursion limit.
MAX_DEPTH = 200
_LONGEST_NUMBER = 1000
_LONGEST_QUOTE = 60

_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/', re.DOTALL)


def read_json(text: str) -> JsonValue:
    """Parse ``text`` as exactly one JSON value; of two equal keys the last one wins.

    Raises InvalidSchema for anything else: NaN, numbers beyond a double, lone surrogates, endless nesting.
    """
    try:
        value = json.loads(
            without_comments(text), parse_constant=_no_constant, parse_float=_finite, parse_int=_integer
        )
    except json.JSONDecodeError as error:
        raise InvalidSchema(
            f"the text is not JSON: {error.msg} (line {error.lineno}, column {error.colno})",
            hint="check the quotes, commas and brackets around that place",
        ) from error
    except ValueError as error:
        raise InvalidSchema(
            f"the text holds a number that cannot be kept: {error}", hint="write it as a string"
        ) from error
    except RecursionError:
        raise too_deep() from None
    _refuse_hostile(text, value)
    return value


def too_deep() -> InvalidSchema:
    """The error for text beyond MAX_DEPTH."""
    return InvalidSchema(
        f"the text is nested more than {MAX_DEPTH} levels deep",
        hint="give inner types names of their own and refer to them by name",
    )


def quote(value: JsonValue) -> str:
    """``value`` as JSON for a message, cut if it is long."""
    return shorten(json.dumps(value, ensure_ascii=False), width=_LONGEST_QUOTE, placeholder=" ...")


def without_comments(text: str) -> str:
    """``text`` with every comment blanked out; all other characters keep their places."""
    if "//" not in text and "/*" not in text:
        return text
    return _STRING_OR_COMMENT.sub(_blank_comment, text)


def _blank_comment(match: re.Match[str]) -> str:
    found = match.group()
    return found if found.startswith('"') else re.sub(r"[^\n]", " ", found)


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is not a JSON number")


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError(f"it has {len(digits)} digits")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"{digits[:40]} is beyond the range of a double")
    return number


def _refuse_hostile(text: str, value: JsonValue) -> None:
    level = [value]
    depth = 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise too_deep()
        level = [child for parent in level for child in _children(parent)]
    if "\\u" in text or not text.isascii():
        _refuse_lone_surrogates(value)


def _children(value: JsonValue) -> list[JsonValue]:
    if isinstance(value, dict):
        return [child for child in value.values() if isinstance(child, dict | list)]
    if isinstance(value, list):
        return [child for child in value if isinstance(child, dict | list)]
    return []


def _refuse_lone_surrogates(value: JsonValue) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise InvalidSchema(
            "the text holds half of a surrogate pair, which UTF-8 cannot carry",
            hint=r"write the character itself, or both \u escapes of the pair",
        ) from error
