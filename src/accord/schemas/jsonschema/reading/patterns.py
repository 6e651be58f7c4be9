"""Regular expressions of schemas: which ones the registry takes, and what they match.

The registry reads them as Java does, validators as JavaScript does. What both refuse or both take is decided here;
between the two, Java wins, because a schema that the registry takes has to be taken.
"""

import re
from functools import lru_cache
from typing import Final

import jsonschema_rs

_KNOWN_PATTERNS: Final = 1024
# Far more than names of properties need. What looks ahead or back can take for ever; all else is matched in one go. A
# pattern that becomes larger than that takes milliseconds to compile, and megabytes.
_BOUNDED: Final = jsonschema_rs.FancyRegexOptions(
    backtrack_limit=1_000, size_limit=1 << 18, dfa_size_limit=1 << 18
)
_GAVE_UP: Final = (
    jsonschema_rs.ValidationErrorKind.BacktrackLimitExceeded,
    jsonschema_rs.ValidationErrorKind.RegexEngineFailure,
)

# What needs an engine that goes back and tries again.
_BACKTRACKING: Final = re.compile(r"\(\?(?:[=!>]|<[=!])|\\[1-9k]|[*+?}]\+")
_EFFORT_OF_BACKTRACKING: Final = 100
# Classes of thousands of signs, repeated, become large.
_REPEATED: Final = re.compile(r"\{\d")
_MANY_SIGNS: Final = re.compile(r"\\[pPwWdDsS]")
_EFFORT_OF_SMALL: Final = 50
_EFFORT_OF_LARGE: Final = 2_000

_ESCAPE: Final = re.compile(r"Q.*?(?:\\E|$)|[pPxN]\{[^}]*\}|.", re.DOTALL)
_QUANTIFIER: Final = re.compile(r"\{(\d+)(?:(,)(\d*))?\}")
# What Java knows of letters and digits behind a backslash; every other sign stands for itself there.
_ESCAPED: Final = re.compile(
    r"u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|x\{[0-9A-Fa-f]+\}|c.|k<[A-Za-z][A-Za-z0-9]*>|N\{|[1-9]|0[0-7]"
    r"|[tnrfaedDhHsSvVwWbBAGZzRXpPQE]|[^A-Za-z0-9]",
    re.DOTALL,
)
_RANGE: Final = re.compile(r"([^\\\[\]&-])-([^\\\[\]&-])")
_NOTHING_TO_REPEAT: Final = "there is nothing in front of `{}` to repeat"


@lru_cache(maxsize=_KNOWN_PATTERNS)
def why_malformed(pattern: str) -> str:
    """What is wrong with ``pattern``, "" if nothing is."""
    return _Scan(pattern).problem()


def matches(pattern: str, text: str) -> bool:
    """Whether ``pattern`` matches anywhere in ``text``; one that cannot be evaluated does not."""
    validator = _validator(pattern)
    return validator is not None and validator.is_valid(text)


def is_match(pattern: str, text: str) -> bool | None:
    """Whether ``pattern`` matches anywhere in ``text``, None where that cannot be told."""
    validator = _validator(pattern)
    if validator is None:
        return None
    if validator.is_valid(text):
        return True
    gave_up = any(isinstance(error.kind, _GAVE_UP) for error in validator.iter_errors(text))
    return None if gave_up else False


@lru_cache(maxsize=_KNOWN_PATTERNS)
def matching_effort(pattern: str) -> int:
    """How long it takes to match the pattern with a name, where 1 is said of most, which are matched in one go."""
    return _EFFORT_OF_BACKTRACKING if _BACKTRACKING.search(pattern) else 1


def compiling_effort(pattern: str) -> int:
    """How long it takes to compile the pattern, in the same measure."""
    is_large = _REPEATED.search(pattern) and _MANY_SIGNS.search(pattern)
    return _EFFORT_OF_LARGE if is_large else _EFFORT_OF_SMALL + len(pattern)


@lru_cache(maxsize=_KNOWN_PATTERNS)
def _validator(pattern: str) -> jsonschema_rs.Draft7Validator | None:
    try:
        return jsonschema_rs.Draft7Validator({"pattern": pattern}, pattern_options=_BOUNDED)
    except ValueError:
        return None


class _Scan:
    """Goes through a pattern once, looking at its structure only."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._groups = 0
        self._repeatable = False

    def problem(self) -> str:
        """The first one, "" if there is none."""
        while self._at < len(self._pattern):
            problem = self._step(self._pattern[self._at])
            if problem:
                return problem
        return "a `(` is never closed" if self._groups else ""

    def _step(self, sign: str) -> str:
        self._at += 1
        if sign == "\\":
            return self._escape()
        if sign == "[":
            return self._set()
        if sign in "*+?":
            return self._quantifier(sign)
        if sign == "{":
            return self._counted()
        if sign == "(":
            return self._open()
        if sign == ")":
            self._groups -= 1
            if self._groups < 0:
                return "a `)` closes nothing"
        self._repeatable = sign != "|"
        return ""

    def _escape(self) -> str:
        found = _ESCAPE.match(self._pattern, self._at)
        if found is None:
            return "it ends with a backslash"
        known = _ESCAPED.match(self._pattern, self._at)
        self._at = found.end()
        self._repeatable = True
        return "" if known else f"there is no `\\{found.group()}`"

    def _open(self) -> str:
        self._groups += 1
        self._repeatable = False
        if self._pattern.startswith("?", self._at):
            self._at += 1
        return ""

    def _quantifier(self, sign: str) -> str:
        if not self._repeatable:
            return _NOTHING_TO_REPEAT.format(sign)
        return self._after_quantifier()

    def _counted(self) -> str:
        found = _QUANTIFIER.match(self._pattern, self._at - 1)
        if found is None:
            return "a `{` that stands for itself needs a backslash"
        if not self._repeatable:
            return _NOTHING_TO_REPEAT.format(found.group())
        least, _, most = found.groups()
        if most and int(most) < int(least):
            return f"`{found.group()}` counts downwards"
        self._at = found.end()
        return self._after_quantifier()

    def _after_quantifier(self) -> str:
        # Lazy and possessive ones have another sign behind them.
        if self._pattern.startswith(("?", "+"), self._at):
            self._at += 1
        self._repeatable = False
        return ""

    def _set(self) -> str:
        depth, first = 1, True
        while self._at < len(self._pattern):
            sign = self._pattern[self._at]
            self._at += 1
            if sign == "\\":
                problem = self._escape()
                if problem:
                    return problem
            elif sign == "[":
                depth, first = depth + 1, True
                continue
            elif sign == "^" and first:
                continue
            elif sign == "]" and not first:
                depth -= 1
                if not depth:
                    self._repeatable = True
                    return ""
            else:
                problem = self._range()
                if problem:
                    return problem
            first = False
        return "a `[` is never closed"

    def _range(self) -> str:
        """Go on behind the range that the sign at hand may begin."""
        found = _RANGE.match(self._pattern, self._at - 1)
        if found is None:
            return ""
        self._at = found.end()
        return f"`{found.group()}` counts downwards" if found[1] > found[2] else ""
