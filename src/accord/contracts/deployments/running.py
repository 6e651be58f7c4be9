"""What runs in an environment, by what was recorded: of each service the deployment of last."""

from collections.abc import Iterable

from accord.client import DeploymentReport


def running(deployments: Iterable[DeploymentReport], environment: str) -> tuple[DeploymentReport, ...]:
    """What runs there, in order of service."""
    newest: dict[str, DeploymentReport] = {}
    for one in deployments:
        if one.environment == environment:
            other = newest.get(one.service)
            if other is None or deployed_at_ms(one) >= deployed_at_ms(other):
                newest[one.service] = one
    return tuple(newest[service] for service in sorted(newest))


def previous(
    deployments: Iterable[DeploymentReport], service: str, environment: str
) -> DeploymentReport | None:
    """What ran there before what runs there; None if nothing is recorded."""
    history = sorted(
        (one for one in deployments if (one.service, one.environment) == (service, environment)),
        key=deployed_at_ms,
    )
    return history[-2] if len(history) > 1 else None


def deployed_at_ms(deployment: DeploymentReport) -> int:
    """When it was deployed, in milliseconds since 1970; what does not say so is the oldest."""
    return deployment.deployed_at_ms or deployment.reported_at_ms or 0
