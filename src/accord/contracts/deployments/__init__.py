"""What runs where, and whether something else may run there too.

report = deployment_of("billing", "1.4.0", "prod", project=project, registry=registry)
answer = can_i_deploy(report, situation(registry, "prod", report))
answer.may, answer.pairs, answer.findings
registry.report_deployment(report)
"""

from accord.contracts.deployments.answer import Answer, Pair
from accord.contracts.deployments.deciding import can_i_deploy
from accord.contracts.deployments.recording import deployment_of, recorded_deployment
from accord.contracts.deployments.running import previous, running
from accord.contracts.deployments.situation import Situation, situation

__all__ = [
    "Answer",
    "Pair",
    "Situation",
    "can_i_deploy",
    "deployment_of",
    "previous",
    "recorded_deployment",
    "running",
    "situation",
]
