"""What a registry can be asked about readers, deployments and what else is reported to it, whoever asks."""

from typing import TypeVar

from accord.client import exchanges
from accord.client.asking import Asking
from accord.client.question import Question
from accord.client.reports import (
    DeploymentReport,
    ExemptionReport,
    ReaderOrigin,
    ReaderReport,
    Report,
    RolloutReport,
    VerificationReport,
)
from accord.client.talk import Talk

R = TypeVar("R", bound=Report)


class ReportQuestions:
    """Methods of every client of a registry; of a registry that has schemas alone they raise ReportsUnsupported.

    What is told takes the place of what was told before under the same key, and is answered as it is kept. Lists hold
    what has the members that are asked for. Nothing of this is remembered.
    """

    _asking: Asking

    @Question
    def report_reader(self, report: ReaderReport) -> Talk[ReaderReport]:
        """Tell what a service reads."""
        return self._asking.ask(exchanges.TellReport(report))

    @Question
    def readers(
        self,
        *,
        subject: str | None = None,
        service: str | None = None,
        origin: ReaderOrigin | None = None,
    ) -> Talk[list[ReaderReport]]:
        """Who reads what."""
        return self._reports(ReaderReport, subject=subject, service=service, origin=origin)

    @Question
    def report_deployment(self, report: DeploymentReport) -> Talk[DeploymentReport]:
        """Tell that a version of a service was deployed."""
        return self._asking.ask(exchanges.TellReport(report))

    @Question
    def deployments(
        self, *, service: str | None = None, environment: str | None = None, version: str | None = None
    ) -> Talk[list[DeploymentReport]]:
        """What was deployed where; the newest of a service and an environment is what runs there."""
        return self._reports(DeploymentReport, service=service, environment=environment, version=version)

    @Question
    def report_verification(self, report: VerificationReport) -> Talk[VerificationReport]:
        """Tell whether a schema holds what a consumer needs."""
        return self._asking.ask(exchanges.TellReport(report))

    @Question
    def verifications(
        self,
        *,
        consumer: str | None = None,
        consumer_version: str | None = None,
        subject: str | None = None,
        fingerprint: str | None = None,
    ) -> Talk[list[VerificationReport]]:
        """What was verified."""
        return self._reports(
            VerificationReport,
            consumer=consumer,
            consumerVersion=consumer_version,
            subject=subject,
            fingerprint=fingerprint,
        )

    @Question
    def report_rollout(self, report: RolloutReport) -> Talk[RolloutReport]:
        """Tell how far a new schema is on its way."""
        return self._asking.ask(exchanges.TellReport(report))

    @Question
    def rollouts(self, *, rollout_id: str | None = None) -> Talk[list[RolloutReport]]:
        """What was rolled out, or is."""
        return self._reports(RolloutReport, id=rollout_id)

    @Question
    def report_exemption(self, report: ExemptionReport) -> Talk[ExemptionReport]:
        """Tell that findings are accepted for a while."""
        return self._asking.ask(exchanges.TellReport(report))

    @Question
    def exemptions(
        self, *, contract: str | None = None, rule: str | None = None, path: str | None = None
    ) -> Talk[list[ExemptionReport]]:
        """What is accepted for a while."""
        return self._reports(ExemptionReport, contract=contract, rule=rule, path=path)

    @Question
    def forget_report(self, report: Report) -> Talk[None]:
        """Forget the report of the same kind that has the same key; what else it says does not matter.

        Raises NotFound if there is none.
        """
        return self._asking.ask(exchanges.ForgetReport(report))

    def _reports(self, kind: type[R], **wanted: str | None) -> Talk[list[R]]:
        return self._asking.ask(exchanges.ListReports(kind, tuple(wanted.items())))
