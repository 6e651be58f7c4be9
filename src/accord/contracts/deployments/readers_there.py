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
    """Every reader of the subject that runs: of the deployments, and those observed whose service is in none of them."""
    seen = {one.service: one for one in observed if one.subject == subject}
    deployed = set()
    for one in running:
        deployed.add(one.service)
        for read in one.reads:
            if read.subject == subject:
                reader = schemas.reader(one.service, one.version, read)
                at_ms = deployed_at_ms(one)
                yield ReaderThere(_precise(reader, seen.get(one.service), at_ms), at_ms)
    for service, reader in seen.items():
        if service not in deployed:
            yield ReaderThere(reader)


def _precise(reader: KnownReader, seen: KnownReader | None, at_ms: int) -> KnownReader:
    """With the schema that was observed, if that was this deployment's: of its version, or after it."""
    if reader.schema is not None or seen is None or seen.schema is None:
        return reader
    if seen.version != reader.version and (seen.version or (seen.reported_at_ms or 0) < at_ms):
        return reader
    return replace(reader, schema=seen.schema, referenced=seen.referenced)
