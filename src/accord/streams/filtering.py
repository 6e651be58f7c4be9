"""Which records somebody wants to see, said in CEL: the Common Expression Language, in which contract rules are written too.

wanted = Filter('value.total_amount > 100.0 && key.startsWith("o-")')     # raises InvalidExpression
wanted.matches(view)
"""

import re
from datetime import UTC, datetime
from typing import Any, Final

from accord.errors import ConfigurationError
from accord.streams.viewing import View

VARIABLES: Final = (
    "key",
    "value",
    "headers",
    "topic",
    "partition",
    "offset",
    "timestamp",
    "schema_id",
    "subject",
    "version",
    "form",
    "fault",
)
"""What an expression can speak of; ``docs/testing.md`` and the help of ``accord records tail`` say what they are."""

_PLACE: Final = re.compile(r"<input>:\d+:(\d+): (.*)")
_UNDEFINED: Final = "Undefined variable or function"


class InvalidExpression(ConfigurationError):
    """The expression is none; ``column`` says where, from 1, if that is known."""

    def __init__(self, message: str, *, column: int | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.column = column


class Filter:
    """Lets records through for which a CEL expression is true. Raises InvalidExpression."""

    def __init__(self, expression: str) -> None:
        # It loads a command line of its own, for half a second: only who filters waits for that.
        import cel  # noqa: PLC0415

        self._expression = expression
        self.unjudged = 0
        """Records for which the expression had no answer, such as those without a field that it asks for."""
        self.last_reason = ""
        """Why that was, the last time."""
        try:
            self._program = cel.compile(expression)
        except ValueError as error:
            raise _unreadable(expression, str(error)) from error

    def matches(self, view: View) -> bool:
        """Whether the record is wanted; no answer is a no. Raises InvalidExpression for a name that nothing has."""
        try:
            answer: object = self._program.execute(_variables(view))
        except Exception as error:  # the library raises what comes to hand, KeyError for a missing field
            if _UNDEFINED in str(error):
                raise InvalidExpression(
                    str(error).partition(". ")[0], hint=f"it can speak of {', '.join(VARIABLES)}"
                ) from error
            self._unjudged(f"there is no {error}" if isinstance(error, KeyError) else str(error))
            return False
        if not isinstance(answer, bool):
            self._unjudged(f"the answer is {answer!r}, neither true nor false")
            return False
        return answer

    def _unjudged(self, reason: str) -> None:
        self.unjudged += 1
        self.last_reason = reason


def _variables(view: View) -> dict[str, Any]:
    raw, schema = view.raw, view.value.schema
    place = schema.place if schema is not None else None
    return {
        "key": view.key.spelled,
        "value": view.value.spelled,
        "headers": {name: (value or b"").decode(errors="replace") for name, value in raw.headers},
        "topic": raw.topic,
        "partition": raw.partition,
        "offset": raw.offset,
        "timestamp": datetime.fromtimestamp(max(raw.timestamp_ms, 0) / 1000, UTC),
        "schema_id": schema.id if schema is not None else None,
        "subject": place.subject if place is not None else None,
        "version": place.version if place is not None else None,
        "form": view.value.form,
        "fault": view.value.why,
    }


def _unreadable(expression: str, told: str) -> InvalidExpression:
    place = _PLACE.search(told)
    if place is None:
        return InvalidExpression(f"'{expression}' is no expression: {told}")
    column, reason = int(place[1]), place[2]
    # What was expected is a list of everything that the language has.
    reason = reason.partition(" expecting ")[0]
    return InvalidExpression(
        f"'{expression}' is no expression: column {column}: {reason}",
        column=column,
        hint="it is CEL, for example: value.total_amount > 100.0 && key.startsWith('o-')",
    )
