"""What a change to a schema is that people make. The formats bring the changes themselves."""

from dataclasses import dataclass

from accord.schemas.deploy_order import DeployOrder
from accord.schemas.model import CompatibilityPolicy


@dataclass(frozen=True, slots=True)
class Change:
    """A kind of change with an example, judged by ``policy``; ``beware`` is what the order alone does not tell."""

    what: str
    old: str
    new: str
    order: DeployOrder
    beware: str = ""
    policy: CompatibilityPolicy = CompatibilityPolicy.STRICT
