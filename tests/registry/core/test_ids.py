"""Ids and who uses them: what is kept compactly says the same as a plain list of all versions."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from accord.registry.core.contexts import DEFAULT_CONTEXT
from accord.registry.core.events import SchemaRegistered, VersionPermanentlyDeleted
from accord.registry.core.ids import IdSpace, StoredVersion
from accord.registry.core.state import RegistryState
from accord.schemas import Reference, Schema, SchemaId, SchemaType, Subject, Version

ABC = [Subject(name) for name in "abc"]
SUBJECTS = st.sampled_from(ABC)
VERSIONS = st.integers(1, 3).map(Version)
# The ids of one content in two types, of one text with and without references, and of contents of their own.
CONTENTS = {
    SchemaId(1): Schema("{}"),
    SchemaId(2): Schema("{}", SchemaType.JSON),
    SchemaId(3): Schema("{}", references=(Reference("r", Subject("a"), Version(1)),)),
    SchemaId(4): Schema('"int"'),
    SchemaId(5): Schema('"int"'),
}
STEPS = st.lists(
    st.tuples(SUBJECTS, VERSIONS, st.sampled_from(sorted(CONTENTS)), st.sampled_from(["use", "hide", "go"])),
    max_size=40,
)


@given(STEPS)
def test_uses_ids_and_texts_are_as_plain_tables_tell_them(
    steps: Sequence[tuple[Subject, Version, SchemaId, str]],
) -> None:
    ids = IdSpace()
    plain: dict[SchemaId, dict[Subject, dict[Version, StoredVersion]]] = {}
    for subject, version, schema_id, step in steps:
        there = plain.get(schema_id, {}).get(subject, {}).get(version)
        if step != "go":
            content = ids.claim(schema_id, CONTENTS[schema_id], subject=subject, version=version)
            stored = StoredVersion(subject, version, content, 0, step == "hide")
            ids.use(stored)
            plain.setdefault(schema_id, {}).setdefault(subject, {})[version] = stored
        elif there is not None:
            ids.release(there)
            versions = plain[schema_id][subject]
            del versions[version]
            if not versions:
                del plain[schema_id][subject]

    for known, schema in CONTENTS.items():
        uses = [stored for versions in plain.get(known, {}).values() for stored in versions.values()]
        assert ids.versions_of(known) == uses
        assert ids.shown(known) == next((one for one in uses if not one.deleted), (*uses, None)[0])
        for who in ABC:
            assert [*ids.versions_in(who, known)] == [one for one in uses if one.subject == who]
        assert (known in ids.contents) == bool(uses)
        alike = [other for other, content in CONTENTS.items() if content == schema and other in ids.contents]
        assert ids.id_of(schema) in alike if alike else ids.id_of(schema) is None
    assert {content.id for content in ids.with_text("{}")} == {1, 2, 3} & ids.contents.keys()

    for stored in [stored for known in CONTENTS for stored in ids.versions_of(known)]:
        ids.release(stored)
    assert ids == IdSpace(ids.highest), "nothing is left of what is gone"


REGISTRATIONS = st.lists(st.tuples(SUBJECTS, VERSIONS, st.sampled_from(sorted(CONTENTS))), max_size=12)


@given(REGISTRATIONS, st.integers(0, 12))
def test_what_is_taken_back_never_was(
    registrations: Sequence[tuple[Subject, Version, SchemaId]], taken: int
) -> None:
    fresh = dict.fromkeys((subject, version) for subject, version, _ in registrations)
    ids = {(subject, version): schema_id for subject, version, schema_id in registrations}
    events = [SchemaRegistered(*place, ids[place], CONTENTS[ids[place]]) for place in fresh]
    kept, later = events[:taken], events[taken:]
    state, never = RegistryState(), RegistryState()
    for event in kept:
        state.apply(event, 1)
        never.apply(event, 1)

    before = []
    for event in later:
        before.append((event, state.ids(event.subject).highest))
        state.apply(event, 2)
    for event, highest in reversed(before):
        state.take_back(event, highest=highest)

    assert state == never
    for event in later:
        state.apply(event, 3)
        never.apply(event, 3)
    assert state == never


def test_a_version_may_be_told_again_as_the_same_text_of_another_type() -> None:
    """A log of another registry can hold this: the type is no part of what an id stands for."""
    state = RegistryState()
    subject, version, schema_id = Subject("s"), Version(1), SchemaId(3)
    for schema_type in (SchemaType.JSON, SchemaType.AVRO, SchemaType.JSON):
        schema = Schema('{"type":"string"}', schema_type)
        state.apply(SchemaRegistered(subject, version, schema_id, schema), 0)
        assert state.ids(subject).contents[schema_id].schema == schema
        assert state.ids(subject).id_of(schema) == schema_id

    state.apply(VersionPermanentlyDeleted(subject, version), 0)
    assert state == RegistryState(id_spaces={DEFAULT_CONTEXT: IdSpace(highest=schema_id)})
