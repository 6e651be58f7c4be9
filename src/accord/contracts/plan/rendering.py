"""A plan as people read it, and as a program does. Pure."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from accord.contracts.plan.planning import Plan
from accord.contracts.plan.steps import ADDS, CHANGES, DELETES, REPLACES, Step
from accord.findings import Finding, to_json, to_text

SCHEMA_VERSION: Final = 1
_VERBS: Final = {ADDS: "add", CHANGES: "change", REPLACES: "replace", DELETES: "delete"}
_NOUN_WIDTH: Final = 13
_SYMBOL_WIDTH: Final = 3


def to_lines(plan: Plan) -> Iterator[str]:
    """The plan: its steps in order, what is refused, what people have to run, and how much it is."""
    parts = [
        [line for step in plan.steps for line in step_lines(step)],
        *([to_text(finding), *_by_hand(plan, finding)] for finding in plan.findings),
        [f"note: {note}" for note in plan.notes],
    ]
    for part in filter(None, parts):
        yield from part
        yield ""
    yield summary(plan)


def _by_hand(plan: Plan, finding: Finding) -> Iterator[str]:
    if finding.message in plan.commands:
        yield "  run this yourself:"
        yield f"    {plan.commands[finding.message]}"


def step_lines(step: Step) -> Iterator[str]:
    """One step: what it is about, what exactly, and why that matters."""
    indent = " " * (_SYMBOL_WIDTH + _NOUN_WIDTH + 4)
    yield step_line(step)
    yield from (f"{indent}{line}" for line in step.details[1:])
    yield from (f"{indent}# {reason}" for reason in step.reasons)


def step_line(step: Step) -> str:
    """One step, as short as it can be."""
    first = step.details[0] if step.details else ""
    return f"{step.symbol:>{_SYMBOL_WIDTH}} {step.noun:<{_NOUN_WIDTH}} {step.about}  {first}".rstrip()


def summary(plan: Plan) -> str:
    """How much is done, or why nothing is."""
    if not plan.steps and not plan.refused:
        return f"Nothing to do: {_where(plan)}."
    counts = ", ".join(f"{plan.counts[symbol]} to {verb}" for symbol, verb in _VERBS.items())
    told = f"Plan for {' and '.join(plan.addresses) or 'nothing'}: {counts}."
    if plan.refused:
        count = len(plan.refused)
        told += f" {count} part{'s' * (count != 1)} refused: nothing is applied."
    return told


def to_document(plan: Plan) -> dict[str, Any]:
    """The plan as values that ``json.dumps`` takes."""
    return {
        "schema_version": SCHEMA_VERSION,
        "command": "plan",
        "ok": not plan.refused,
        "addresses": list(plan.addresses),
        "summary": {
            **{verb: plan.counts[symbol] for symbol, verb in _VERBS.items()},
            "refused": len(plan.refused),
        },
        "steps": [
            {"symbol": step.symbol, **msgspec.to_builtins(step), "details": list(step.details)}
            for step in plan.steps
        ],
        "confirm": list(plan.names_to_confirm),
        "findings": [
            {**to_json(finding), "command": plan.commands.get(finding.message)} for finding in plan.findings
        ],
        "notes": list(plan.notes),
    }


def _where(plan: Plan) -> str:
    if not plan.addresses:
        return "the project has no contracts and no schemas"
    return f"{' and '.join(plan.addresses)} {'are' if len(plan.addresses) > 1 else 'is'} what Git says"
