"""A difference as text, as JSON, as Markdown: what it means first, and the text after it."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from accord.contracts.diff.changes import Change
from accord.contracts.diff.difference import SchemaDiff
from accord.schemas import CompatibilityLevel

_SIGNS: Final = {"added": "+", "removed": "-"}
_WORDS: Final = {
    "renamed": "renamed",
    "type": "type",
    "default": "default",
    "number": "number",
    "documentation": "documentation",
    "optional": "need not be there any more",
    "required": "must be there now",
}
_NOTHING: Final = "nothing that records or readers would notice"


def to_text(diff: SchemaDiff) -> str:
    """For people at a terminal."""
    return "\n".join(_text_lines(diff))


def to_markdown(diff: SchemaDiff) -> str:
    """For a comment on a pull request."""
    return "\n".join(_markdown_lines(diff))


def to_json(diff: SchemaDiff) -> dict[str, Any]:
    """For machines; every member is always there."""
    return {
        "subject": diff.subject,
        "before": diff.before,
        "after": diff.after,
        "changes": [asdict(change) for change in diff.changes],
        "others": [{"rule": one.rule, "message": one.message} for one in diff.others],
        "verdicts": {
            level.value: {"compatible": not reasons, "reasons": list(reasons)}
            for level, reasons in diff.verdicts.items()
        },
        "deployment": {"order": diff.deployment.order.value, "advice": diff.deployment.advice},
        "patch": diff.patch,
    }


def _text_lines(diff: SchemaDiff) -> Iterator[str]:
    yield f"{diff.subject or diff.after}: {diff.before} -> {diff.after}"
    if not diff.changes and not diff.others:
        yield f"  {_NOTHING}"
    for change in diff.changes:
        yield f"  {_sign(change)} {_in_words(change)}"
        if change.new_reader:
            yield f"      new readers, old records: {_mark(broken=change.breaks_new_reader)}{change.new_reader}"
        if change.old_reader:
            yield f"      old readers, new records: {_mark(broken=change.breaks_old_reader)}{change.old_reader}"
    for finding in diff.others:
        yield f"  ! {finding.message} [{finding.rule}]"
    yield ""
    for level, reasons in diff.verdicts.items():
        yield f"  {level.value:<20} {'refused: ' + _counted(reasons) if reasons else 'compatible'}"
    for reason in _reasons_of_older(diff):
        yield f"  ! with an older version: {reason}"
    yield f"  {diff.deployment.advice}"
    if diff.patch:
        yield ""
        yield diff.patch


def _markdown_lines(diff: SchemaDiff) -> Iterator[str]:
    yield f"### {_code(diff.subject or diff.after)}"
    yield ""
    yield f"{_code(diff.before)} → {_code(diff.after)}"
    yield ""
    if diff.changes or diff.others:
        yield "| | change | new readers, old records | old readers, new records |"
        yield "|---|---|---|---|"
    else:
        yield f"Changes {_NOTHING}."
    for change in diff.changes:
        cells = (
            _sign(change),
            _in_words(change),
            _mark(broken=change.breaks_new_reader) + change.new_reader,
            _mark(broken=change.breaks_old_reader) + change.old_reader,
        )
        yield f"| {' | '.join(map(_cell, cells))} |"
    for finding in diff.others:
        yield f"| ! | {_cell(finding.message)} ({finding.rule}) | | |"
    yield ""
    yield f"| {' | '.join(level.value for level in diff.verdicts)} |"
    yield f"|{'---|' * len(diff.verdicts)}"
    yield f"| {' | '.join(_verdict(diff, level) for level in diff.verdicts)} |"
    for reason in _reasons_of_older(diff):
        yield f"\n- with an older version: {reason}"
    yield ""
    yield diff.deployment.advice
    if diff.patch:
        fence = "`" * max(3, _longest_run(diff.patch) + 1)
        yield ""
        yield f"{fence}diff\n{diff.patch}\n{fence}"


def _reasons_of_older(diff: SchemaDiff) -> list[str]:
    """Why only the transitive levels refuse."""
    known = diff.verdicts[CompatibilityLevel.FULL]
    return [one for one in diff.verdicts[CompatibilityLevel.FULL_TRANSITIVE] if one not in known]


def _sign(change: Change) -> str:
    return _SIGNS.get(change.kind, "~")


def _in_words(change: Change) -> str:
    if change.kind in _SIGNS:
        return f"{change.field} ({change.after or change.before})"
    if change.kind == "renamed":
        return f"{change.before} is called {change.after} now"
    told = f"{change.field}: {_WORDS[change.kind]}"
    if not change.before and not change.after:
        return told
    return f"{told} {_quoted(change.before)} -> {_quoted(change.after)}"


def _quoted(text: str) -> str:
    return " ".join(text.split()) or "none"


def _mark(*, broken: bool) -> str:
    return "breaks: " if broken else ""


def _counted(reasons: tuple[str, ...]) -> str:
    return f"{len(reasons)} reason{'s' * (len(reasons) > 1)}"


def _verdict(diff: SchemaDiff, level: CompatibilityLevel) -> str:
    reasons = diff.verdicts[level]
    return f"refused ({len(reasons)})" if reasons else "compatible"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _code(text: str) -> str:
    return f"`{text}`"


def _longest_run(text: str) -> int:
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest
