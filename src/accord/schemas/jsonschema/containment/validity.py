"""Which values a schema takes and which texts a pattern matches, asked of a validator."""

from collections.abc import Callable
from typing import Any, Final

import jsonschema_rs

from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.containment.addresses import address, addressed_texts
from accord.schemas.jsonschema.containment.library import METASCHEMAS, Library, Subschema
from accord.schemas.jsonschema.containment.meter import Meter
from accord.schemas.jsonschema.containment.plain import PlainValues
from accord.schemas.jsonschema.containment.reading import Reading
from accord.schemas.jsonschema.containment.walkthrough import Walkthrough
from accord.schemas.jsonschema.reading.drafts import Draft
from accord.schemas.jsonschema.reading.patterns import compiling_effort, is_match, matching_effort

# What looks ahead or back is not matched in one go, and a validator that gives up says that there is no match: it is
# not asked then. The same goes for patterns that become huge.
_LINEAR: Final = jsonschema_rs.RegexOptions(size_limit=1 << 18, dfa_size_limit=1 << 18)
# To judge a value takes as many steps as there are pairs of a part of it and of a schema that meet. A validator does so
# many in the time of one step of a proof, and no more than that for one value.
_PER_STEP: Final = 50
_MOST_MEETINGS: Final = 20_000


class Validity:
    """Answers for the schemas of any libraries, which ``read`` reads; what it cannot tell is None."""

    def __init__(self, read: Callable[[Subschema], Reading], meter: Meter) -> None:
        self._meter = meter
        self._plain = PlainValues(read, self.matches, meter)
        self._shelves: dict[int, jsonschema_rs.Registry | None] = {}
        self._validators: dict[Subschema, jsonschema_rs.Validator | None] = {}
        self._walkthrough = Walkthrough(read)
        self._compiled = set[str]()
        self._matches: dict[tuple[str, str], bool | None] = {}

    def takes(self, schema: Subschema, value: JsonValue) -> bool | None:
        """Whether ``value`` is valid under ``schema``; formats and encodings are not looked at."""
        if not isinstance(value, dict | list):
            return self._plain.takes(schema, value)
        meetings = self._walkthrough.meetings(schema, value, most=_MOST_MEETINGS)
        self._meter.spend(1 + min(meetings, _MOST_MEETINGS) // _PER_STEP)
        if meetings > _MOST_MEETINGS or self._meter.is_empty:
            return None
        if schema not in self._validators:
            self._validators[schema] = self._validator(schema)
        validator = self._validators[schema]
        return None if validator is None else validator.is_valid(value)

    def matches(self, pattern: str, text: str) -> bool | None:
        """Whether ``pattern`` matches anywhere in ``text``."""
        if self._meter.is_empty:
            return None
        key = pattern, text
        if key not in self._matches:
            if pattern not in self._compiled:
                self._compiled.add(pattern)
                self._meter.look_up(compiling_effort(pattern))
            self._meter.spend()
            self._meter.look_up(matching_effort(pattern))
            self._matches[key] = is_match(pattern, text)
        self._meter.look_up()
        return self._matches[key]

    def _validator(self, schema: Subschema) -> jsonschema_rs.Validator | None:
        library = schema.text.library
        if id(library) not in self._shelves:
            self._shelves[id(library)] = _shelf(library)
        shelf = self._shelves[id(library)]
        if shelf is None:
            return None
        return _compiled({"$ref": address(schema)}, schema.draft, shelf)


def _compiled(
    schema: dict[str, Any], draft: Draft, registry: jsonschema_rs.Registry | None
) -> jsonschema_rs.Validator | None:
    declared = {"$schema": METASCHEMAS[draft], **schema}
    try:
        return jsonschema_rs.validator_for(
            declared, registry=registry, validate_formats=False, offline=True, pattern_options=_LINEAR
        )
    except (ValueError, jsonschema_rs.ReferencingError):
        return None


def _shelf(library: Library) -> jsonschema_rs.Registry | None:
    """All texts with addresses in place of references, so that the validator finds what the library finds."""
    texts = addressed_texts(library)
    if texts is None:
        return None
    try:
        return jsonschema_rs.Registry(list(texts.items()))
    except (ValueError, jsonschema_rs.ReferencingError):
        return None
