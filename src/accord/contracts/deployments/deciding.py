"""Whether a version of a service may be deployed where others run: as a reader, and as a writer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from accord.client import DeploymentReport, VerificationReport
from accord.client.reports import DeployedRead, DeployedWrite
from accord.contracts.check import impact
from accord.contracts.deployments.answer import Answer, Pair
from accord.contracts.deployments.readers_there import readers_there
from accord.contracts.deployments.situation import Situation
from accord.contracts.known import KnownReader
from accord.contracts.testing import own_fingerprint
from accord.schemas import Earlier, ParsedSchema

_TOLD: Final = 3


def can_i_deploy(candidate: DeploymentReport, there: Situation) -> Answer:
    """The answer, pair by pair.

    What is published of two counts before what their schemas say; that it held for some version or other does not.
    As a reader it has to read what every writer that runs there writes. Where none is recorded, that is the newest
    registered version. An older one only counts where it is known to be on the topic; else the verdict is ``perhaps``. As a
    writer, it has to be read by all who run there, and by those who were observed and are in no deployment.
    """
    asked = _Question(candidate, there)
    pairs = [pair for read in candidate.reads for pair in asked.as_reader(read)]
    pairs += [pair for write in candidate.writes for pair in asked.as_writer(write)]
    return Answer(
        candidate.service,
        candidate.version,
        there.environment,
        tuple(pairs),
        tuple(dict.fromkeys(asked.notes)),
    )


@dataclass(slots=True)
class _Question:
    candidate: DeploymentReport
    there: Situation
    notes: list[str] = field(default_factory=list)

    def as_reader(self, read: DeployedRead) -> Iterator[Pair]:
        """What it would read there."""
        reader = self.there.schemas.reader(self.candidate.service, self.candidate.version, read)
        versions = self.there.schemas.versions(read.subject)
        writers = [
            (one, write) for one in self._others() for write in one.writes if write.subject == read.subject
        ]
        written: set[str] = set()
        for deployment, write in writers:
            schema = self.there.schemas.written(write)
            name = _named(deployment)
            if schema is not None:
                written.add(own_fingerprint(schema))
            yield self._meet(reader, schema, name, versions, is_reader=True)
        if not writers:
            self.notes.append(
                f"nobody is recorded to write {read.subject} in {self.there.environment}: "
                + ("what is registered was looked at" if versions else "there is nothing to read yet")
            )
        yield from self._on_topic(reader, versions, written, has_writers=bool(writers))

    def as_writer(self, write: DeployedWrite) -> Iterator[Pair]:
        """Who would read there what it writes."""
        schema = self.there.schemas.written(write)
        name = _named(self.candidate)
        before = self._before(write.subject, schema)
        readers = [
            there.reader
            for there in readers_there(
                write.subject, self.there.running, self.there.observed, self.there.schemas
            )
            if there.reader.service != self.candidate.service
        ]
        for reader in readers:
            yield self._meet(reader, schema, name, before, is_reader=False)
        if not readers:
            self.notes.append(
                f"nobody is recorded to read {write.subject} in {self.there.environment}, and nobody was observed"
            )

    def _others(self) -> Iterator[DeploymentReport]:
        return (one for one in self.there.running if one.service != self.candidate.service)

    def _on_topic(
        self, reader: KnownReader, versions: Sequence[Earlier], written: set[str], *, has_writers: bool
    ) -> Iterator[Pair]:
        """The versions that nobody who runs there writes; those after the newest that is written are no records yet."""
        carried = self.there.carried.get(reader.subject)
        registered = self.there.schemas.registered(reader.subject)
        known = [own_fingerprint(one.schema) in written for one in versions]
        last = max((index for index, is_known in enumerate(known) if is_known), default=len(versions) - 1)
        for index, version in enumerate(versions[: last + 1]):
            place = registered[version.version]
            is_carried = carried is not None and carried.count(place.id, place.guid) > 0
            if known[index] or (carried is not None and carried.is_whole and not is_carried):
                continue
            found = self._meet(reader, version.schema, version.words, versions, is_reader=True)
            counts = is_carried or (not has_writers and index == last)
            yield found if counts or found.verdict != "no" else replace(found, verdict="perhaps")

    def _before(self, subject: str, schema: ParsedSchema | None) -> tuple[Earlier, ...]:
        """The versions that came before ``schema``: what readers read with whose own schema nobody knows."""
        versions = self.there.schemas.versions(subject)
        if schema is None:
            return versions
        own = own_fingerprint(schema)
        for index, version in enumerate(versions):
            if own_fingerprint(version.schema) == own:
                return versions[:index] or versions[: index + 1]
        return versions

    def _meet(
        self,
        reader: KnownReader,
        schema: ParsedSchema | None,
        provider: str,
        base: Sequence[Earlier],
        *,
        is_reader: bool,
    ) -> Pair:
        consumer = f"{reader.service} {reader.version}".rstrip()
        why = "the schema that is written is told nowhere"
        unknown = Pair(reader.subject, consumer, provider, is_reader, "unknown", why, "nothing")
        if schema is None:
            return unknown
        tested = self._published(reader, schema)
        if tested is None:
            return _compared(unknown, reader, schema, base)
        why = "a contract test held" if tested.ok else _listed(tested.problems)
        told = "" if tested.consumer_version else ", of no particular version"
        published = replace(
            unknown, verdict="yes" if tested.ok else "no", why=why + told, evidence="published"
        )
        if not tested.ok or tested.consumer_version == reader.version:
            return published
        # It may have been another version that got along.
        found = _compared(unknown, reader, schema, base)
        return found if found.verdict == "no" else published

    def _published(self, reader: KnownReader, schema: ParsedSchema) -> VerificationReport | None:
        """The contract test of the two: of exactly this version of the consumer, else of one that has none."""
        own = own_fingerprint(schema)
        of_both = {
            one.consumer_version: one
            for one in self.there.verifications
            if (one.consumer, one.subject, one.fingerprint) == (reader.service, reader.subject, own)
        }
        return of_both.get(reader.version) or of_both.get("")


def _compared(unknown: Pair, reader: KnownReader, schema: ParsedSchema, base: Sequence[Earlier]) -> Pair:
    """What the schemas themselves say."""
    if reader.schema is None and reader.fields is None and not base:
        return replace(unknown, why="its schema and fields are told nowhere")
    hit = impact(schema, base, reader)
    reasons = [f"`{name}` is not there" for name in hit.missing] + [one.how for one in hit.as_it_is]
    if not reasons:
        why = "the fields that it needs are there" if reader.schema is None else "its schema reads it"
        return replace(unknown, verdict="yes", why=why, evidence="computed")
    fields = (*hit.missing, *(name for one in hit.as_it_is for name in one.fields))
    return replace(
        unknown,
        verdict="no",
        why=_listed(reasons),
        evidence="computed",
        fields=tuple(dict.fromkeys(fields)),
    )


def _named(deployment: DeploymentReport) -> str:
    return f"{deployment.service} {deployment.version}".rstrip()


def _listed(reasons: Sequence[str]) -> str:
    told = "; ".join(dict.fromkeys(reasons[:_TOLD])) or "it says no more"
    return told + (f"; and {len(reasons) - _TOLD} more" if len(reasons) > _TOLD else "")
