"""Looking at ids: one content, one id, for ever."""

import base64
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from accord.registry.core.contexts import Context
from accord.registry.core.ids import MAX_ID
from accord.schemas import Metadata, SchemaType, fingerprint
from accord.transfer.doctor import rules
from accord.transfer.doctor.diagnosis import Diagnosis, diagnosis
from accord.transfer.doctor.history import History, IdInContext, PassedOver, Stored
from accord.transfer.doctor.mending import WithMembers

# A registry that keeps secrets encrypts them in what it stores, and the MD5 is that of what they were.
_ENCRYPTED: Final = "__enc__"


def two_contents(history: History) -> Iterator[Diagnosis]:
    """Versions that servers pass over, once for each content. Each gets the next id of its context, if one is left."""
    alike: dict[tuple[IdInContext, bytes], list[PassedOver]] = defaultdict(list)
    for one in history.passed_over:
        alike[one.stored.id, one.stored.identity].append(one)
    given: dict[Context, int] = defaultdict(int)
    for (where, _), passed_over in alike.items():
        given[where.context] += 1
        new = history.highest_id(where.context) + given[where.context]
        last = passed_over[-1]
        facts = {"id": where.id, "context": where.place, "what": last.stored.number, "first": last.first}
        changes = [WithMembers(one.stored.entry.place, {"id": new}) for one in passed_over]
        yield diagnosis(
            rules.TWO_CONTENTS,
            last.stored.entry.place,
            last.stored.entry.record,
            facts,
            *(changes if new <= MAX_ID else ()),
            before=f'"id":{where.id}',
            after=f'"id":{new}',
        )


def reused_ids(history: History) -> Iterator[Diagnosis]:
    """Ids that had another content once."""
    for where, contents in history.told.items():
        if len(contents) > 1:
            first, second, *_ = contents.values()
            facts = {
                "id": where.id,
                "context": where.place,
                "what": second[0].number,
                "first": first[0].number,
            }
            yield diagnosis(rules.ID_REUSED, second[0].entry.place, second[0].entry.record, facts)


def two_ids(history: History) -> Iterator[Diagnosis]:
    """Contents that have several ids, once for each further id."""
    first_with: dict[tuple[Context, bytes, SchemaType], Stored] = {}
    told = set()
    for stored in history.versions():
        content = stored.id.context, stored.identity, stored.value.schema.type
        first = first_with.setdefault(content, stored)
        if stored.id != first.id and (stored.id, stored.identity) not in told:
            told.add((stored.id, stored.identity))
            facts = {
                "what": stored.number,
                "first": first.number,
                "id": stored.id.id,
                "first_id": first.id.id,
            }
            yield diagnosis(rules.TWO_IDS, stored.entry.place, stored.entry.record, facts)


def wrong_md5s(history: History) -> Iterator[Diagnosis]:
    """Versions whose MD5 is not that of their content."""
    for stored in history.versions():
        right, as_told = _base64(stored.identity), _base64(fingerprint(stored.value.as_told))
        told = stored.value.md5
        if told in (None, right, as_told) or _is_encrypted(stored.value.schema.metadata):
            continue
        yield diagnosis(
            rules.WRONG_MD5,
            stored.entry.place,
            stored.entry.record,
            {"what": stored.number},
            WithMembers(stored.entry.place, {"md5": right}),
            before=f'"md5":"{told}"',
            after=f'"md5":"{right}"',
        )


def _base64(identity: bytes) -> str:
    return base64.b64encode(identity).decode()


def _is_encrypted(metadata: Metadata | None) -> bool:
    return metadata is not None and _ENCRYPTED in metadata.properties
