"""The data rules that travel with a schema: how to migrate, check, transform and encrypt what it describes.

The registry keeps and serves them; clients carry them out.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Final, Literal, TypeAlias

import msgspec

Mode: TypeAlias = Literal["UPGRADE", "DOWNGRADE", "UPDOWN", "WRITE", "READ", "WRITEREAD"]
Phase: TypeAlias = Literal["ALL", "CLIENT", "GATEWAY", "SERVER", "NONE"]

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,255}")
_TWO_WAYS: Final = frozenset({"UPDOWN", "WRITEREAD"})
_MIGRATION: Final = frozenset({"UPGRADE", "DOWNGRADE", "UPDOWN"})


class DataRule(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """One rule as it is on the wire; ``type`` names who carries it out (CEL, JSONATA, ENCRYPT, …)."""

    name: str | None = None
    doc: str | None = None
    kind: Literal["TRANSFORM", "CONDITION"] | None = None
    mode: Mode | None = None
    type: str | None = None
    tags: tuple[str, ...] = ()
    params: Mapping[str, str] = {}
    expr: str | None = None
    on_success: str | None = None
    on_failure: str | None = None
    disabled: bool = False

    def __post_init__(self) -> None:
        # Tags are a set: in one order and each once, whatever order somebody sent them in.
        if self.tags:
            msgspec.structs.force_setattr(self, "tags", tuple(sorted(set(self.tags))))

    def __hash__(self) -> int:
        return hash((self.name, self.type, self.expr))


class RuleSet(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """Rules as they are on the wire, by when they are carried out; ``enable_at`` says by whom."""

    migration_rules: tuple[DataRule, ...] = ()
    domain_rules: tuple[DataRule, ...] = ()
    encoding_rules: tuple[DataRule, ...] = ()
    enable_at: Phase | None = None

    def __bool__(self) -> bool:
        return bool(self.rules or self.enable_at)

    @property
    def rules(self) -> tuple[DataRule, ...]:
        """All of them."""
        return (*self.migration_rules, *self.domain_rules, *self.encoding_rules)

    def problems(self) -> Iterator[str]:
        """What is wrong with it, rule by rule."""
        for rule in self.migration_rules:
            yield from _problems(rule, allowed=_MIGRATION)
        for rule in (*self.domain_rules, *self.encoding_rules):
            yield from _problems(rule, allowed=frozenset({"WRITE", "READ", "WRITEREAD"}))
        for name, count in Counter(rule.name for rule in self.rules).items():
            if count > 1:
                yield f"{count} rules have the name '{name}'"


def merged(under: RuleSet | None, over: RuleSet | None) -> RuleSet | None:
    """``over`` laid over ``under``: a rule gives way to one of the same name in the same list."""
    if under is None or over is None:
        return over if under is None else under
    return RuleSet(
        _replaced(under.migration_rules, over.migration_rules),
        _replaced(under.domain_rules, over.domain_rules),
        _replaced(under.encoding_rules, over.encoding_rules),
        over.enable_at or under.enable_at,
    )


def without_rules(rule_set: RuleSet, names: Collection[str]) -> RuleSet:
    """``rule_set`` without the rules of these names."""
    return RuleSet(
        tuple(rule for rule in rule_set.migration_rules if rule.name not in names),
        tuple(rule for rule in rule_set.domain_rules if rule.name not in names),
        tuple(rule for rule in rule_set.encoding_rules if rule.name not in names),
        rule_set.enable_at,
    )


def _replaced(under: tuple[DataRule, ...], over: tuple[DataRule, ...]) -> tuple[DataRule, ...]:
    names = {rule.name for rule in over}
    return (*(rule for rule in under if rule.name not in names), *over)


def _problems(rule: DataRule, *, allowed: frozenset[str]) -> Iterator[str]:
    if rule.name is None or not _NAME.fullmatch(rule.name):
        yield (
            f"'{rule.name}' is no name of a rule: it begins with a letter or '_' and has up to 256 letters, digits, "
            "'_' and '-'"
        )
        return
    for member in ("kind", "mode", "type"):
        if not getattr(rule, member):
            yield f"the rule '{rule.name}' has no {member}"
    if rule.mode is not None and rule.mode not in allowed:
        yield f"the rule '{rule.name}' has the mode {rule.mode}, and here one of {', '.join(sorted(allowed))} is needed"
    for member, actions in (("onSuccess", rule.on_success), ("onFailure", rule.on_failure)):
        parts = (actions or "NONE").split(",")
        most = 2 if rule.mode in _TWO_WAYS else 1
        if len(parts) > most or not all(part.strip() for part in parts):
            yield f"the rule '{rule.name}' has '{actions}' as {member}, and its mode takes {most}"
