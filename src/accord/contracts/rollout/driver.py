"""Takes a rollout from step to step, and records each one before the next."""

import datetime as dt
from collections.abc import Callable
from typing import Final

import msgspec

from accord.client import ReportsUnsupported, RolloutReport
from accord.contracts.model import Project, SchemaFile
from accord.contracts.rollout import steps
from accord.contracts.rollout.back import try_consumers_back, try_producers_back, try_version_back
from accord.contracts.rollout.facts import Facts, facts_of
from accord.contracts.rollout.forward import (
    Choices,
    Place,
    order_of,
    try_check,
    try_consumers,
    try_order,
    try_producers,
    try_register,
    try_settle,
)
from accord.contracts.rollout.order import Decided
from accord.contracts.rollout.ports import World
from accord.contracts.rollout.steps import (
    Outcome,
    next_step,
    step_of,
    turned_back,
    with_outcome,
    without_step,
)
from accord.contracts.testing import own_fingerprint
from accord.errors import ConfigurationError

DEFAULTS: Final = Choices()


class Rollouts:
    """The rollouts of one schema of a project into one environment. Everything raises RegistryError and what Kafka raises."""

    def __init__(self, world: World, project: Project, file: SchemaFile, environment: str) -> None:
        self._world = world
        self._place = Place(world, project, file, environment)

    def latest(self) -> RolloutReport | None:
        """The last one of this subject there, whatever became of it."""
        try:
            known = self._world.registry.rollouts()
        except ReportsUnsupported as error:
            raise ConfigurationError(
                f"the registry at {self._world.registry.url} keeps no rollouts", hint="use an Accord registry"
            ) from error
        subject, environment = self._place.file.subject, self._place.environment
        ours = [one for one in known if (one.subject, one.environment) == (subject, environment)]
        return max(ours, key=lambda one: one.began_at_ms or 0, default=None)

    def begin(self) -> RolloutReport:
        """The one that is running, or a new one, which is recorded with its first step.

        One that has registered nothing yet begins again when the schema has changed. Raises ConfigurationError while one of
        another schema is running that has.
        """
        running = self.latest()
        fingerprint = own_fingerprint(self._place.file.parsed)
        if running is not None and running.state == "running":
            if running.fingerprint == fingerprint:
                return running
            if running.version is None and not running.back:
                return msgspec.structs.replace(running, fingerprint=fingerprint, steps=(), order=None)
            raise ConfigurationError(
                f"the rollout {running.id} of another schema is still running",
                hint="finish it from the commit that it was begun with, or roll it back with --roll-back",
            )
        now_ms = self._world.now_ms()
        topics = self._world.topics
        return RolloutReport(
            id=f"{self._place.file.subject}/{self._place.environment}/{_moment(now_ms)}",
            subject=self._place.file.subject,
            fingerprint=fingerprint,
            state="running",
            environment=self._place.environment,
            dead_letters=None if topics is None else topics.depth(self._place.dead_letter_topic),
            began_at_ms=now_ms,
        )

    def turn_back(self, choices: Choices = DEFAULTS) -> RolloutReport:
        """The last one, on its way back; one that is back already once more if its version is to be erased.

        Raises ConfigurationError where there is none, or none to go back on.
        """
        last = self.latest()
        if last is not None and last.state != "rolled back":
            return last if last.back else turned_back(last)
        if last is not None and choices.erase and last.version is not None:
            return without_step(last, steps.VERSION_BACK)
        done = "there is none" if last is None else f"{last.id} is rolled back already"
        raise ConfigurationError(
            f"no rollout of {self._place.file.subject} can be rolled back: {done}",
            hint="`accord rollout status` lists all",
        )

    def preview(self) -> tuple[Outcome, Decided, Facts]:
        """What a rollout would find now: of the check, of the order, and of who is there. Nothing is done."""
        place = self._place
        facts = facts_of(
            self._world.registry,
            place.project,
            place.file,
            place.environment,
            fingerprint=own_fingerprint(place.file.parsed),
            registered_at_ms=None,
        )
        return try_check(place), order_of(place, facts), facts

    def facts(self, rollout: RolloutReport) -> Facts:
        """What is there now."""
        registered = step_of(rollout, steps.REGISTER)
        at_ms = None
        if registered is not None and registered.state == "done":
            at_ms = int(dt.datetime.fromisoformat(str(registered.at)).timestamp() * 1000)
        place = self._place
        return facts_of(
            self._world.registry,
            place.project,
            place.file,
            place.environment,
            fingerprint=rollout.fingerprint,
            registered_at_ms=at_ms,
        )

    def step(self, rollout: RolloutReport, choices: Choices = DEFAULTS) -> RolloutReport:
        """The rollout after its next step was tried once, as it is recorded now.

        Raises ConfigurationError where somebody else turned it back meanwhile, or began another one of the subject before.
        """
        name = next_step(rollout)
        if name is None:
            return rollout
        if not rollout.back:
            self._require_alone(rollout)
        outcome = self._tries(rollout, choices)[name]()
        changed = with_outcome(rollout, name, outcome, at=_moment(self._world.now_ms()))
        return self._world.registry.report_rollout(_told(changed))

    def advance(
        self, rollout: RolloutReport, *, until: str | None = None, choices: Choices = DEFAULTS
    ) -> RolloutReport:
        """Try step after step until one is not done yet, or ``until`` is done, or all are."""
        done = step_of(rollout, until) if until is not None else None
        if done is not None and done.state == "done":
            return rollout
        while (name := next_step(rollout)) is not None:
            rollout = self.step(rollout, choices)
            tried = step_of(rollout, name)
            if tried is None or tried.state != "done" or name == until:
                break
        return rollout

    def _require_alone(self, rollout: RolloutReport) -> None:
        registry = self._world.registry
        known = {one.id: one for one in registry.rollouts() if _place_of(one) == _place_of(rollout)}
        stored = known.get(rollout.id)
        if stored is not None and stored.back:
            raise ConfigurationError(
                f"somebody takes the rollout {rollout.id} back",
                hint="`accord rollout status` says how far it is",
            )
        earlier = [one for one in known.values() if one.state == "running" and _age(one) < _age(rollout)]
        if not earlier:
            return
        if stored is not None and rollout.version is None:
            registry.forget_report(rollout)
        raise ConfigurationError(
            f"somebody else began the rollout {min(earlier, key=_age).id} before",
            hint="run the same command again to go on with that one, or roll this one back with --roll-back",
        )

    def _tries(self, rollout: RolloutReport, choices: Choices) -> dict[str, Callable[[], Outcome]]:
        place = self._place
        return {
            steps.CHECK: lambda: try_check(place),
            steps.REGISTER: lambda: try_register(place),
            steps.ORDER: lambda: try_order(place, self.facts(rollout)),
            steps.CONSUMERS: lambda: try_consumers(self.facts(rollout), rollout),
            steps.PRODUCERS: lambda: try_producers(place, self.facts(rollout), rollout),
            steps.SETTLE: lambda: try_settle(place, self.facts(rollout), rollout, choices),
            steps.CONSUMERS_BACK: lambda: try_consumers_back(
                self.facts(rollout), rollout, steps.CONSUMERS_BACK
            ),
            steps.PRODUCERS_BACK: lambda: try_producers_back(
                self.facts(rollout), rollout, steps.PRODUCERS_BACK
            ),
            steps.VERSION_BACK: lambda: try_version_back(place, rollout, choices),
        }


def _place_of(rollout: RolloutReport) -> tuple[str, str]:
    return rollout.subject, rollout.environment


def _age(rollout: RolloutReport) -> tuple[int, str]:
    return rollout.began_at_ms or 0, rollout.id


def _moment(now_ms: int) -> str:
    moment = dt.datetime.fromtimestamp(now_ms / 1000, dt.UTC).replace(tzinfo=None)
    return f"{moment.isoformat(timespec='seconds')}Z"


_LONGEST: Final = 4000


def _told(rollout: RolloutReport) -> RolloutReport:
    """The rollout with details that a registry takes."""
    told = tuple(
        msgspec.structs.replace(step, detail=(step.detail or "")[:_LONGEST]) for step in rollout.steps
    )
    return msgspec.structs.replace(rollout, steps=told)
