"""Where an exchange is tried next, whether at all, and after what wait."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final, TypeVar

import msgspec

from accord.client.errors import NotFound, RegistryError, RegistryUnavailable, Unauthorized
from accord.client.exchanges import Exchange
from accord.client.exchanges.exchange import WithBody
from accord.client.http import Request, Response, unsendable
from accord.client.patience import ONCE, Patience
from accord.client.talk import GetToken, Keep, Load, Send, Talk, Unanswered, Wait

logger = logging.getLogger(__name__)

A = TypeVar("A")

LAG_TRIES: Final = 3
"""How often at most what a follower may not know yet is asked for."""


@dataclass(slots=True)
class Asking:
    """Asks one registry under its addresses, beginning with the one that answered last.

    After one that is of no use now comes the next at once; when all have failed there is a wait. An answer that blames
    the asker is taken as the whole registry's. With ``tokens``, who we are is found out anew before each request.
    """

    urls: tuple[str, ...]
    patience: Patience
    dice: Callable[[], float]
    tokens: bool = False
    _first: int = 0

    @property
    def url(self) -> str:
        """The address that is asked first now."""
        return self.urls[self._first]

    def ask(self, exchange: Exchange[A], *, patience: Patience | None = None, lags: bool = False) -> Talk[A]:
        """Have one exchange; ``lags`` says that a follower may deny what the leader has. Raises RegistryError."""
        patience = patience or self.patience
        request = _request_of(exchange)
        rounds = 1
        while True:
            failures: list[_Failure] = []
            for place in self._round():
                outcome = yield from self._send(self.urls[place], request)
                answer = _understand(exchange, outcome)
                if not isinstance(answer, _Failure):
                    self._first = place
                    return answer
                if answer.is_everywhere:
                    self._first = place
                if not answer.may_pass(exchange, lags=lags):
                    raise answer.error
                failures.append(answer)
                if answer.is_everywhere:
                    break
                if len(failures) < len(self.urls):
                    logger.info(
                        "the registry's next address is asked", extra={"reason": answer.error.message}
                    )
            error = _gathered(failures)
            if rounds >= (min(patience.tries, LAG_TRIES) if isinstance(error, NotFound) else patience.tries):
                raise error
            wait_s = self._wait_s(rounds, patience, failures)
            logger.info("the registry is asked again", extra={"reason": error.message, "wait_s": wait_s})
            yield Wait(wait_s)
            rounds += 1

    def ask_or_load(
        self, exchange: Exchange[A], *, patience: Patience | None = None, lags: bool = False
    ) -> Talk[A]:
        """Ask, and keep the answer on disk; where nobody answers, or we are not known any more, take the kept one."""
        kept: bytes | None = yield Load(_request_of(exchange))
        # With an answer at hand there is no reason to wait for a registry that comes back.
        asked = self.ask(WithBody(exchange), patience=patience if kept is None else ONCE, lags=lags)
        try:
            answer, body = yield from asked
        except (RegistryUnavailable, Unauthorized) as error:
            if kept is None:
                raise
            try:
                answer = exchange.read(kept)
            except (msgspec.DecodeError, ValueError, RecursionError, RegistryError):
                # Another version kept it.
                raise error from None
            logger.warning("an answer that was kept on disk is used: %s", error.message)
            return answer
        if body != kept:
            yield Keep(exchange.request, body)
        return answer

    def _round(self) -> Iterator[int]:
        """Every address once."""
        first = self._first
        return ((first + step) % len(self.urls) for step in range(len(self.urls)))

    def _send(self, url: str, request: Request) -> Talk[Response | Unanswered]:
        if not self.tokens:
            outcome: Response | Unanswered = yield Send(url, request)
            return outcome
        token: str = yield GetToken()
        outcome = yield Send(url, request, token)
        if isinstance(outcome, Response) and outcome.status == 401:  # noqa: PLR2004 -- Unauthorized
            # It may have expired on the way.
            fresh: str = yield GetToken()
            if fresh != token:
                outcome = yield Send(url, request, fresh)
        return outcome

    def _wait_s(self, rounds: int, patience: Patience, failures: "list[_Failure]") -> float:
        asked_for_s = min(failure.retry_after_s for failure in failures)
        return min(asked_for_s, patience.longest_retry_after_s) + patience.wait_s(rounds, self.dice)


@dataclass(frozen=True, slots=True)
class _Failure:
    """One try that brought no answer."""

    error: RegistryError
    outcome: Response | Unanswered

    @property
    def is_everywhere(self) -> bool:
        """Whether another node would say the same."""
        return isinstance(self.outcome, Response) and self.outcome.blames_the_asker

    @property
    def retry_after_s(self) -> float:
        """How long the registry wants to be left alone."""
        return retry_after_s(self.outcome) if isinstance(self.outcome, Response) else 0.0

    def may_pass(self, exchange: Exchange[A], *, lags: bool) -> bool:
        """Whether asking again may help, and does no harm."""
        if isinstance(self.error, NotFound):
            return lags
        unseen = isinstance(self.outcome, Unanswered) and not self.outcome.sent
        return isinstance(self.error, RegistryUnavailable) and (exchange.repeatable or unseen)


def retry_after_s(response: Response) -> float:
    """What the answer says of when to come back (429 and 503 may): a number of seconds, or a date."""
    if response.status not in {429, 503}:
        return 0.0
    said = response.headers.get("retry-after", "")
    if said.isdecimal():
        return float(said)
    try:
        # By the registry's own clock, which need not be ours.
        wait = parsedate_to_datetime(said) - parsedate_to_datetime(response.headers.get("date", ""))
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return max(0.0, wait.total_seconds())


def _request_of(exchange: Exchange[A]) -> Request:
    try:
        return exchange.request
    except UnicodeEncodeError as error:
        raise unsendable(error) from error


def _understand(exchange: Exchange[A], outcome: Response | Unanswered) -> A | _Failure:
    if isinstance(outcome, Unanswered):
        return _Failure(outcome.error, outcome)
    try:
        return exchange.interpret(outcome)
    except RegistryError as error:
        return _Failure(error, outcome)


def _gathered(failures: list[_Failure]) -> RegistryError:
    """The last failure, with the words of all."""
    last = failures[-1].error
    if len(failures) == 1 or not isinstance(last, RegistryUnavailable):
        return last
    told = "; ".join(failure.error.message for failure in failures)
    error = RegistryUnavailable(
        f"none of the registry's {len(failures)} addresses is of use now: {told}",
        error_code=last.error_code,
        hint=last.hint,
    )
    error.__cause__ = last
    return error
