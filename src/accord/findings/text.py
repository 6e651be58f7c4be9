"""A finding, and a whole report, as text for people, without colours."""

from collections.abc import Iterator
from dataclasses import replace
from textwrap import wrap
from typing import Final

from accord.findings.model import Finding, Fix, Location, Side
from accord.findings.report import Report
from accord.findings.visible import as_shown, in_one_line, visible, visible_lines

_WIDTH: Final = 100
_LONGEST_FRAGMENT: Final = 100
_BEFORE_CARET: Final = 60
_MOST_LINES: Final = 20
_MOST_AFFECTED: Final = 20


def to_text(finding: Finding, *, at: Location | None = None) -> str:
    """What is wrong, where, what stands on both sides, why it hurts, who is hit and what would help.

    ``at`` is the place in a file, where it is known and the finding does not hold it. Characters that steer a terminal or
    cannot be seen are escaped: the words of a schema are anybody's.
    """
    return "\n".join(_lines(_visible(finding), _visible_place(at or finding.at)))


def report_text(report: Report) -> str:
    """Every finding with the line it is about, those that are accepted in short, and the summary.

    What a rule is about is told with the first finding of it; the others say what is theirs.
    """
    parts = list(_each(report.counting))
    parts += ["\n".join(_accepted(finding)) for finding in report.exempted]
    parts += ["\n".join(_note(visible(note))) for note in report.notes]
    return "\n\n".join([*parts, visible(report.summary)])


def _note(text: str) -> Iterator[str]:
    yield from wrap(
        text,
        _WIDTH,
        initial_indent="note: ",
        subsequent_indent="      ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _each(findings: tuple[Finding, ...]) -> Iterator[str]:
    told: set[str] = set()
    for finding in findings:
        if finding.rule in told and not finding.there.name:
            yield "\n".join(_lines(_visible(finding), _visible_place(finding.at), in_short=True))
        else:
            yield to_text(finding)
        told.add(finding.rule)


def _visible_place(at: Location | None) -> Location | None:
    return None if at is None else replace(at, file=visible(at.file))


def _accepted(finding: Finding) -> Iterator[str]:
    seen, exemption = _visible(finding), finding.exemption
    yield f"accepted[{seen.rule}]: {seen.message}"
    yield f" --> {visible(str(finding.at)) if finding.at else _place(seen.here)}"
    if exemption is not None:
        yield from _noted(" ", f"until {visible(exemption.until)}: {visible(exemption.reason)}")


def _visible(finding: Finding) -> Finding:
    return replace(
        finding,
        rule=visible(finding.rule),
        message=visible(finding.message),
        why=visible(finding.why),
        detail=visible(finding.detail),
        reader=_visible_side(finding.reader),
        writer=_visible_side(finding.writer),
        fixes=tuple(
            Fix(visible(fix.summary), visible_lines(fix.before), visible_lines(fix.after), fix.schema)
            for fix in finding.fixes
        ),
    )


def _visible_side(side: Side) -> Side:
    return Side(visible(side.name), visible(side.path), in_one_line(side.fragment))


def _lines(finding: Finding, at: Location | None, *, in_short: bool = False) -> Iterator[str]:
    yield f"{finding.severity}[{finding.rule}]: {finding.message}"
    gutter = " " * len(str(at.line)) if at else " "
    yield from _where(finding, at, gutter)
    compares = bool(finding.there.name and (finding.here.fragment or finding.there.fragment))
    if compares:
        yield from _noted(gutter, _stands_there(finding, finding.there))
    for line in _about(finding):
        yield from _noted(gutter, line)
    # Of two schemas it is the reason; of everything else it is what to do.
    if finding.detail and compares:
        yield from _noted(gutter, f"because {finding.detail}")
    if finding.why and not in_short:
        yield from _noted(gutter, f"why: {finding.why}")
    if finding.detail and not compares and not finding.fixes and not in_short:
        yield from _noted(gutter, finding.detail, sign="help:")
    for fix in finding.fixes:
        yield from _help(gutter, fix)
    if not in_short:
        yield f"{gutter} note: `accord explain {finding.rule}` says more"


def _where(finding: Finding, at: Location | None, gutter: str) -> Iterator[str]:
    """The place, and what stands there."""
    if place := str(at or _place(finding.here)):
        yield f"{gutter}--> {place}"
    if at is not None and at.excerpt.strip():
        yield from _marked(finding, at, gutter)
    elif finding.here.fragment or finding.there.fragment:
        yield from _excerpt(finding, gutter, str(at.line) if at else gutter)


def _marked(finding: Finding, at: Location, gutter: str) -> Iterator[str]:
    """The line of the file, and what is meant underlined; a long line is cut on both sides of that."""
    start = min(max(at.column - 1, 0), len(at.excerpt))
    first = max(0, start - _BEFORE_CARET)
    shown = as_shown(at.excerpt[first : start + _LONGEST_FRAGMENT])
    cut = "… " if first else ""
    rest = " …" if len(at.excerpt) > start + _LONGEST_FRAGMENT else ""
    before = sum(width for _, width in shown[: start - first]) + len(cut)
    meant = sum(width for _, width in shown[start - first : start - first + at.width])
    label = f" {finding.here.name} {_verb(finding, finding.here)} this" if finding.there.name else ""
    yield f"{gutter} |"
    yield f"{at.line} | {cut}{''.join(text for text, _ in shown)}{rest}".rstrip()
    yield f"{gutter} | {' ' * before}{'^' * max(meant, 1)}{label}"


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


def _about(finding: Finding) -> Iterator[str]:
    """What it is about, and who runs into it."""
    about = [("contract", finding.contract), ("subject", finding.subject)]
    told = " · ".join(f"{what} {visible(name)}" for what, name in about if name)
    if told:
        yield told
    if finding.affected is None:
        return
    if not finding.affected:
        yield "no known reader runs into it"
    for affected in finding.affected[:_MOST_AFFECTED]:
        fields = f" ({', '.join(map(visible, affected.fields))})" if affected.fields else ""
        how = f": {visible(affected.how)}" if affected.how else ""
        yield f"hits {visible(affected.reader)}{fields}{how}"
    if len(finding.affected) > _MOST_AFFECTED:
        yield f"and {len(finding.affected) - _MOST_AFFECTED} more readers"


def _noted(gutter: str, text: str, *, sign: str = "=") -> Iterator[str]:
    first, *rest = wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
    yield f"{gutter} {sign} {first}"
    for line in rest:
        yield f"{gutter} {' ' * len(sign)} {line}"


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
