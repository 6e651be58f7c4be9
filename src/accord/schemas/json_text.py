"""Reading JSON text the way the registry does: comments allowed, everything else strict, hostile input refused."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, Final, TypeAlias

from accord.schemas.errors import InvalidSchema

# A parsed JSON value. It is not spelled out further: every reader checks what it finds before it uses it.
JsonValue: TypeAlias = Any

# Far above any schema in use, and low enough that no walk over it comes near Python's recursion limit.
MAX_DEPTH = 200
_LONGEST_NUMBER = 1000
_LONGEST_QUOTE = 60
_LONGEST_NAME = 200
_CUT: Final = " ..."

# Java's BigDecimal holds no more.
_GREATEST_EXPONENT: Final = 2**31 - 1

_Parsed: TypeAlias = tuple[JsonValue, int]

_SPACE: Final = re.compile(r"[ \t\n\r]*")
# What never ends is matched up to the end of the text, or the rest would be searched again from each place in it.
_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|//[^\n]*|/\*(?:.*?\*/|.*)', re.DOTALL)


def read_json(text: str) -> JsonValue:
    """Parse ``text`` as exactly one JSON value; of two equal keys the last one wins.

    Raises InvalidSchema for anything else: NaN, numbers beyond a double, lone surrogates, endless nesting.
    """
    if text.startswith("\ufeff"):
        raise InvalidSchema(
            "the text is not JSON: it begins with a byte order mark", hint="save it as UTF-8 without one"
        )
    value, _ = _decoded(lambda: (_FINITE.decode(without_comments(text)), len(text)))
    _refuse_hostile(text, value)
    return value


def read_json_exactly(text: str) -> tuple[JsonValue, int]:
    """Parse the JSON value that ``text`` begins with, and say where it ends; nothing is said about what follows.

    Comments are not allowed. Numbers with a fraction or an exponent are Decimals, digit for digit. Raises
    InvalidSchema as ``read_json`` does.
    """
    value, end = _decoded(lambda: _EXACT.raw_decode(text, _after_space(text)))
    _refuse_hostile(text[:end], value)
    return value, end


def too_deep() -> InvalidSchema:
    """The error for text beyond MAX_DEPTH."""
    return InvalidSchema(
        f"the text is nested more than {MAX_DEPTH} levels deep",
        hint="give inner types names of their own and refer to them by name",
    )


def quote(value: JsonValue) -> str:
    """``value`` as JSON for a message, cut if it is long."""
    text = " ".join(written(value, comma=", ", colon=": ").split())
    if len(text) <= _LONGEST_QUOTE:
        return text
    room = _LONGEST_QUOTE - len(_CUT)
    return (text[: room + 1].rpartition(" ")[0] or text[:room]) + _CUT


def shown(name: str) -> str:
    """``name`` in quotes for a message, cut if it is very long."""
    return repr(name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + _CUT)


def written(value: JsonValue, *, comma: str = ",", colon: str = ":", in_order: bool = False) -> str:
    """``value`` as JSON text, compact unless told otherwise, strings and Decimals as Java writes them.

    With ``in_order`` the keys of every object are sorted.
    """
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        keys = sorted(value, key=_utf16) if in_order else value
        members = (
            f"{quoted(key)}{colon}{written(value[key], comma=comma, colon=colon, in_order=in_order)}"
            for key in keys
        )
        return f"{{{comma.join(members)}}}"
    if isinstance(value, list):
        items = (written(item, comma=comma, colon=colon, in_order=in_order) for item in value)
        return f"[{comma.join(items)}]"
    if isinstance(value, Decimal):
        # Java's decimals have no negative zero.
        return str(abs(value) if value.is_zero() else value)
    return json.dumps(value)


def quoted(text: str) -> str:
    r"""A JSON string as Java writes it.

    Control characters other than \b \t \n \f \r come as \u with capital hex digits, everything else as it is.
    """
    plain = encode_basestring(text)
    return plain if text.isprintable() else _capital_escapes(plain)


def without_comments(text: str) -> str:
    """``text`` with every comment blanked out; all other characters keep their places."""
    if "//" not in text and "/*" not in text:
        return text
    return _STRING_OR_COMMENT.sub(_blank_comment, text)


def _decoded(decode: Callable[[], _Parsed]) -> _Parsed:
    """What ``decode`` gives, its complaints in words."""
    try:
        return decode()
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


def _utf16(text: str) -> bytes:
    """What Java sorts by."""
    return text.encode("utf-16-be")


def _after_space(text: str) -> int:
    found = _SPACE.match(text)
    return found.end() if found else 0


def _capital_escapes(plain: str) -> str:
    parts = plain.split("\\u00")
    return "\\u00".join([parts[0], *(part[:2].upper() + part[2:] for part in parts[1:])])


def _blank_comment(match: re.Match[str]) -> str:
    found = match.group()
    if found.startswith('"') or (found.startswith("/*") and not found.endswith("*/", 2)):
        return found
    return re.sub(r"[^\n]", " ", found)


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


def _decimal(digits: str) -> Decimal:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError(f"it has {len(digits)} digits")
    mantissa, _, exponent = digits.lower().partition("e")
    if exponent and abs(int(exponent)) + len(mantissa) > _GREATEST_EXPONENT:
        raise ValueError(f"the exponent of {digits[:40]} is out of range")
    return Decimal(digits)


_FINITE: Final = json.JSONDecoder(parse_constant=_no_constant, parse_float=_finite, parse_int=_integer)
_EXACT: Final = json.JSONDecoder(parse_constant=_no_constant, parse_float=_decimal, parse_int=_integer)


def _refuse_hostile(text: str, value: JsonValue) -> None:
    # What has fewer brackets than there may be levels is not too deep.
    level = [value] if text.count("{") + text.count("[") > MAX_DEPTH else []
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
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError as error:
        raise InvalidSchema(
            "the text holds half of a surrogate pair, which UTF-8 cannot carry",
            hint=r"write the character itself, or both \u escapes of the pair",
        ) from error
