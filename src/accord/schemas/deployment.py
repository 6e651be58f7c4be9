"""Who may be upgraded first, producers or consumers: what the two schemas really read, whatever the level asks for."""

from dataclasses import dataclass
from typing import Final

from accord.schemas.comparison import Earlier, is_same
from accord.schemas.deploy_order import DeployOrder
from accord.schemas.errors import InvalidSchema
from accord.schemas.formats import format_of
from accord.schemas.model import CompatibilityPolicy, ParsedSchema, Version


@dataclass(frozen=True, slots=True)
class Deployment:
    """Who may be upgraded first; ``version`` is the earlier one that was compared with, None if there is none."""

    order: DeployOrder
    advice: str
    version: Version | None = None


_MOVE: Final = (
    "Give the new schema a topic of its own, or a new compatibility group in this subject: write both for a while, "
    "move the consumers once they have read the old records to the end, then stop writing the old ones."
)
_ADVICE: Final = {
    DeployOrder.EITHER_ORDER: (
        "Upgrade producers and consumers in any order: the new schema and {old} read each other's records."
    ),
    DeployOrder.CONSUMERS_FIRST: (
        "Upgrade every consumer first, and the producers after that: the new schema reads the records of {old}, and "
        "{old} does not read those of the new schema."
    ),
    DeployOrder.PRODUCERS_FIRST: (
        "Upgrade every producer first, and consumers only once no record of {old} is left for them to read, because "
        "all have expired or were rewritten: {old} reads the records of the new schema, and the new schema does not "
        "read those of {old}."
    ),
    DeployOrder.NO_SAFE_ORDER: (
        f"No order is safe: neither the new schema nor {{old}} reads the other's records. {_MOVE}"
    ),
}


def deployment_of(candidate: ParsedSchema, newest: Earlier | None, policy: CompatibilityPolicy) -> Deployment:
    """Who may be upgraded first when ``candidate`` follows ``newest``, the newest version that is there."""
    if newest is None:
        return Deployment(
            DeployOrder.FIRST_VERSION, "Nobody has to wait: there is no earlier version in use."
        )
    try:
        order = _order(candidate, newest.schema, policy)
    except InvalidSchema as error:
        advice = f"No order is known to be safe: {error.message}. {_MOVE}"
        return Deployment(DeployOrder.NO_SAFE_ORDER, advice, newest.version)
    return Deployment(order, _ADVICE[order].format(old=newest.words), newest.version)


def _order(candidate: ParsedSchema, earlier: ParsedSchema, policy: CompatibilityPolicy) -> DeployOrder:
    if candidate.type is not earlier.type:
        return DeployOrder.NO_SAFE_ORDER
    if is_same(candidate, earlier):
        return DeployOrder.EITHER_ORDER
    compare = format_of(candidate.type).differences
    new_reads_old = not compare(candidate, earlier, policy=policy)
    old_reads_new = not compare(earlier, candidate, policy=policy)
    if new_reads_old and old_reads_new:
        return DeployOrder.EITHER_ORDER
    if new_reads_old:
        return DeployOrder.CONSUMERS_FIRST
    return DeployOrder.PRODUCERS_FIRST if old_reads_new else DeployOrder.NO_SAFE_ORDER
