"""What contract tests gave, for each consumer and schema, as it is published."""

from collections.abc import Iterable
from dataclasses import dataclass

from accord.client import VerificationReport
from accord.contracts.testing.cases import Case, Pair
from accord.findings import Finding, Severity
from accord.schemas import ParsedSchema, Schema, SchemaGuid, SchemaType, fingerprint, guid_of, parse


@dataclass(frozen=True, slots=True)
class Result:
    """What all cases of one consumer and one schema found."""

    pair: Pair
    cases: int
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the consumer gets what it needs, but for what the contract accepts for a while."""
        return not any(one.severity is Severity.ERROR and one.exemption is None for one in self.findings)

    @property
    def report(self) -> VerificationReport:
        """The result as a registry takes it."""
        return VerificationReport(
            consumer=self.pair.consumer.service,
            consumer_version=self.pair.consumer.reader.version,
            subject=self.pair.provider.subject,
            fingerprint=own_fingerprint(self.pair.schema),
            ok=self.ok,
            problems=tuple(finding.message for finding in self.findings),
        )


def results_of(tried: Iterable[tuple[Case, Iterable[Finding]]]) -> tuple[Result, ...]:
    """One result for each consumer and schema, in the order in which they were tried."""
    pairs: dict[int, Result] = {}
    for case, findings in tried:
        if case.pair is not None:
            so_far = pairs.get(id(case.pair), Result(case.pair, 0))
            found = dict.fromkeys((*so_far.findings, *findings))
            pairs[id(case.pair)] = Result(case.pair, so_far.cases + 1, tuple(found))
    return tuple(pairs.values())


def own_fingerprint(schema: ParsedSchema) -> SchemaGuid:
    """The GUID of what the schema says together with all that it refers to.

    Nobody need know the versions of that: the same texts have the same GUID in files, reports and registries.
    """
    return guid_of(fingerprint(Schema(_whole(schema), schema.type)))


def _whole(schema: ParsedSchema) -> str:
    if not schema.referenced:
        return schema.canonical
    if schema.type is SchemaType.AVRO:
        return schema.formatted("resolved")
    others = (
        f"{name}\n{parse(one, referenced=schema.referenced, strict=False).canonical}"
        for name, one in sorted(schema.referenced.items())
    )
    return "\n".join((schema.canonical, *others))
