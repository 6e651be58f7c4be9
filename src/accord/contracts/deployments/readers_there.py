"""Who reads a subject in an environment: what was recorded, made precise by what was observed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from accord.client import DeploymentReport
from accord.contracts.deployments.running import deployed_at_ms
from accord.contracts.deployments.situation import Schemas
from accord.contracts.known import KnownReader


@dataclass(frozen=True, slots=True)
class ReaderThere:
    """A reader, and when it was deployed (milliseconds since 1970); None for one that was only observed."""

    reader: KnownReader
    deployed_at_ms: int | None = None


def readers_there(
    subject: str, running: Iterable[DeploymentReport], observed: Iterable[KnownReader], schemas: Schemas
) -> Iterator[ReaderThere]:
    """Every reader of the subject that runs: of the deployments, and those observed that are in none of them.

    A deployment that was recorded without the subject reads it all the same if just that was observed.
    """
    seen = {one.service: one for one in observed if one.subject == subject}
    for one in running:
        at_ms = deployed_at_ms(one)
        of_service = seen.pop(one.service, None)
        own = of_service if of_service is not None and _is_of(of_service, one) else None
        reads = [read for read in one.reads if read.subject == subject]
        for read in reads:
            yield ReaderThere(_precise(schemas.reader(one.service, one.version, read), own), at_ms)
        if not reads and own is not None:
            yield ReaderThere(own, at_ms)
    for reader in seen.values():
        yield ReaderThere(reader)


def _is_of(seen: KnownReader, deployment: DeploymentReport) -> bool:
    """Whether it is the deployment that was observed: its version, or one without a version after it."""
    if seen.version:
        return seen.version == deployment.version
    return not deployment.version or (seen.reported_at_ms or 0) >= deployed_at_ms(deployment)


def _precise(reader: KnownReader, seen: KnownReader | None) -> KnownReader:
    """With the schema that was observed of its deployment."""
    if reader.schema is not None or seen is None or seen.schema is None:
        return reader
    return replace(reader, schema=seen.schema, referenced=seen.referenced)
