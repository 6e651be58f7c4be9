"""Whether something may be deployed, pair by pair."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from accord.contracts.deployments import rules
from accord.contracts.rules import ContractRule
from accord.findings import Affected, Finding, Side

Verdict: TypeAlias = Literal["yes", "no", "perhaps", "unknown"]
"""``perhaps`` is about records that nobody is known to write any more, and that may still be there."""

Evidence: TypeAlias = Literal["published", "computed", "nothing"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A reader and a writer of a subject, one of which is to be deployed (``is_reader``), the other is there.

    ``why`` is a sentence, ``evidence`` where it comes from: a published contract test, or the schemas themselves.
    ``fields`` are those that are meant.
    """

    subject: str
    consumer: str
    provider: str
    is_reader: bool
    verdict: Verdict
    why: str
    evidence: Evidence = "computed"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked, and of every pair whether it goes together. ``notes`` say what there was nothing to ask about."""

    service: str
    version: str
    environment: str
    pairs: tuple[Pair, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def may(self) -> bool:
        """Whether it may be deployed: nobody runs into anything, and nothing that counts is unknown."""
        return all(pair.verdict in {"yes", "perhaps"} for pair in self.pairs)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What speaks against it."""
        return tuple(self._findings())

    def _findings(self) -> Iterator[Finding]:
        for pair in self.pairs:
            rule = _rule(pair)
            if rule is None:
                continue
            facts = {
                "consumer": pair.consumer,
                "provider": pair.provider,
                "subject": pair.subject,
                "environment": self.environment,
                "why": pair.why,
            }
            found = rule.finding(
                None, facts, subject=pair.subject, path=pair.fields[0] if pair.fields else ""
            )
            yield replace(
                found,
                reader=Side(pair.consumer, ""),
                writer=Side(pair.provider, ""),
                candidate_reads=pair.is_reader,
                affected=(Affected(pair.consumer.partition(" ")[0], pair.fields),),
            )


def _rule(pair: Pair) -> ContractRule | None:
    match pair.verdict:
        case "yes":
            return None
        case "perhaps":
            return rules.MAY_MEET_OLD_RECORDS
        case "unknown":
            return rules.NOT_KNOWN
        case "no":
            return rules.READER_CANNOT_READ if pair.is_reader else rules.READER_WOULD_BREAK
