"""A finding as text for people, without colours."""

import re
from collections.abc import Iterator
from dataclasses import replace
from textwrap import wrap
from typing import Final

from accord.findings.model import Finding, Fix, Location, Side

_WIDTH: Final = 100
_LONGEST_FRAGMENT: Final = 100
_MOST_LINES: Final = 20
_BETWEEN_LINES: Final = re.compile(r"\s*\n\s*")


def to_text(finding: Finding, *, at: Location | None = None) -> str:
    """What is wrong, where, what stands on both sides, why it hurts and what would help.

    ``at`` is the place in a file, where the schema under check comes from one. Characters that steer a terminal or
    cannot be seen are escaped: the words of a schema are anybody's.
    """
    return "\n".join(_lines(_visible(finding), replace(at, file=_escaped(at.file)) if at else None))


def _visible(finding: Finding) -> Finding:
    return replace(
        finding,
        rule=_escaped(finding.rule),
        message=_escaped(finding.message),
        why=_escaped(finding.why),
        detail=_escaped(finding.detail),
        reader=_visible_side(finding.reader),
        writer=_visible_side(finding.writer),
        fixes=tuple(
            Fix(_escaped(fix.summary), _escaped_lines(fix.before), _escaped_lines(fix.after), fix.schema)
            for fix in finding.fixes
        ),
    )


def _visible_side(side: Side) -> Side:
    fragment = _BETWEEN_LINES.sub(" ", side.fragment)
    return Side(_escaped(side.name), _escaped(side.path), _escaped(fragment))


def _escaped_lines(text: str) -> str:
    return "\n".join(map(_escaped, text.split("\n")))


def _escaped(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def _lines(finding: Finding, at: Location | None) -> Iterator[str]:
    yield f"{finding.severity}[{finding.rule}]: {finding.message}"
    gutter = " " * len(str(at.line)) if at else " "
    yield f"{gutter}--> {at or _place(finding.here)}"
    if finding.here.fragment or finding.there.fragment:
        yield from _excerpt(finding, gutter, str(at.line) if at else gutter)
        if finding.there.name:
            yield from _noted(gutter, _stands_there(finding, finding.there))
    if finding.detail:
        yield from _noted(gutter, f"because {finding.detail}")
    yield from _noted(gutter, f"why: {finding.why}")
    for fix in finding.fixes:
        yield from _help(gutter, fix)
    yield f"{gutter} note: `accord explain {finding.rule}` says more"


def _excerpt(finding: Finding, gutter: str, number: str) -> Iterator[str]:
    fragment = _short(finding.here.fragment)
    if not fragment:
        yield from _noted(gutter, _stands_there(finding, finding.here))
        return
    yield f"{gutter} |"
    yield f"{number} | {fragment}"
    yield f"{gutter} | {'^' * len(fragment)} {finding.here.name} {_verb(finding, finding.here)} this"


def _stands_there(finding: Finding, side: Side) -> str:
    if not side.fragment:
        return f"{side.name} says nothing about it"
    return f"{side.name} {_verb(finding, side)}: {_short(side.fragment)}"


def _verb(finding: Finding, side: Side) -> str:
    if not finding.there.name:
        return "has"
    return "reads" if side is finding.reader else "writes"


def _place(side: Side) -> str:
    return f"{side.name}, {side.path}" if side.path else side.name


def _noted(gutter: str, text: str) -> Iterator[str]:
    first, *rest = wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
    yield f"{gutter} = {first}"
    for line in rest:
        yield f"{gutter}   {line}"


def _help(gutter: str, fix: Fix) -> Iterator[str]:
    yield f"{gutter} help: {fix.summary}"
    yield from _change(f"{gutter} -", fix.before)
    yield from _change(f"{gutter} +", fix.after)


def _change(margin: str, text: str) -> Iterator[str]:
    lines = text.split("\n") if text else []
    for line in lines[:_MOST_LINES]:
        yield f"{margin} {line}"
    if len(lines) > _MOST_LINES:
        yield f"{margin} …"


def _short(fragment: str) -> str:
    if len(fragment) <= _LONGEST_FRAGMENT:
        return fragment
    return f"{fragment[:_LONGEST_FRAGMENT]} …"
