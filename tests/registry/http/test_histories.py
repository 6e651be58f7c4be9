"""Whatever happens to a registry, in whatever order: an id means one content for ever, and the log is all there is."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accord.registry.log.memory import MemoryLog
from accord.registry.log.port import START, Record

CONTEXTS = {"": ".", ":.eu:": ".eu"}
SUBJECTS = ["a", "b", ":.eu:b"]
SCOPES = ["", *CONTEXTS, *SUBJECTS]
CONTENTS: list[dict[str, Any]] = [
    {"schema": '{"type":"record","name":"R","fields":[]}'},
    {"schema": '{"type":"record","name":"R","fields":[{"name":"n","type":"int"}]}'},
    {"schema": '{"type":"record","name":"R","fields":[{"name":"n","type":"int","default":0}]}'},
    {"schema": '{"type":"record","name":"R","fields":[]}', "metadata": {"properties": {"k": "v"}}},
    {"schema": '{"type":"array","items":"R"}', "references": [{"name": "R", "subject": "a", "version": -1}]},
    {
        "schema": '{"type":"array","items":"R"}',
        "references": [{"name": "R", "subject": ":.eu:b", "version": 1}],
    },
    {"schemaType": "JSON", "schema": '{"type":"string","x":1}'},
    {"schema": '{"type":"string","x":1}'},
    {
        "schemaType": "JSON",
        "schema": '{"items":{"$ref":"r.json"}}',
        "references": [{"name": "r.json", "subject": "a", "version": -1}],
    },
    {"schemaType": "PROTOBUF", "schema": 'syntax = "proto3";\nmessage R { int32 n = 2; string id = 1; }'},
    {
        "schemaType": "PROTOBUF",
        "schema": 'syntax = "proto3";\nimport "r.proto";\nmessage S { R r = 1; }',
        "references": [{"name": "r.proto", "subject": "a", "version": -1}],
    },
]
TOLD = ("schema", "schemaType", "references", "metadata", "ruleSet", "guid")

subjects = st.sampled_from(SUBJECTS)
scopes = st.sampled_from(SCOPES)
contents = st.sampled_from(CONTENTS)


class History(RuleBasedStateMachine):
    """A registry in which things happen, and what must hold for it.

    ``meanings`` is what each id of each context was first told to be, ``held`` which versions have it, each with
    whether it is hidden: both as the answers to writes said, never as the registry says when asked.
    """

    def __init__(self, in_process: Any) -> None:
        super().__init__()
        self._in_process = in_process
        self._log = MemoryLog()
        self._registry = in_process(self._log).__enter__()
        self._meanings: dict[tuple[str, int], dict[str, Any]] = {}
        self._held: dict[str, dict[int, tuple[int, bool]]] = {}

    def teardown(self) -> None:
        self._registry.__exit__()

    @initialize(content=contents)
    def begin(self, content: dict[str, Any]) -> None:
        for subject in ("a", ":.eu:b"):
            self.register(subject, CONTENTS[0], force=False)
        self.register("b", content, force=False)

    @rule(subject=subjects, content=contents, force=st.booleans())
    def register(self, subject: str, content: dict[str, Any], *, force: bool) -> None:
        answer = self._ask(f"POST /subjects/{subject}/versions?force={str(force).lower()}", content)
        if answer.is_success:
            told = answer.json()
            assert self._meanings.setdefault((_prefix(subject), told["id"]), _content(told)) == _content(told)
            self._note(subject, told)
            self._supersede(subject, told)

    @rule(subject=subjects, content=contents, schema_id=st.integers(1, 6), version=st.integers(1, 4))
    def bring(self, subject: str, content: dict[str, Any], schema_id: int, version: int) -> None:
        """Register under an id and a version, after setting the mode that allows it."""
        self._set_mode(subject, "IMPORT", force=True)
        answer = self._ask(
            f"POST /subjects/{subject}/versions", {**content, "id": schema_id, "version": version}
        )
        if answer.is_success:
            told = answer.json()
            assert (told["id"], told["version"]) == (schema_id, version)
            if not self._uses(
                _prefix(subject), schema_id
            ):  # whoever imports answers for ids that are used no more
                self._meanings[_prefix(subject), schema_id] = _content(told)
            assert self._meanings[_prefix(subject), schema_id] == _content(told)
            self._note(subject, told)
        self._ask(f"DELETE /mode/{subject}")

    @rule(subject=subjects, content=contents, deleted=st.booleans())
    def look_up(self, subject: str, content: dict[str, Any], *, deleted: bool) -> None:
        answer = self._ask(f"POST /subjects/{subject}?deleted={str(deleted).lower()}", content)
        if answer.is_success:
            found = answer.json()
            held = self._held[found["subject"]][found["version"]]
            assert held in ((found["id"], False), (found["id"], deleted))

    @rule(data=st.data(), permanent=st.booleans())
    def delete_version(self, data: st.DataObject, *, permanent: bool) -> None:
        subject = data.draw(self._known())
        version = data.draw(st.sampled_from([*self._held.get(subject, ()), 9]))
        answer = self._ask(
            f"DELETE /subjects/{subject}/versions/{version}?permanent={str(permanent).lower()}"
        )
        if answer.is_success:
            assert answer.json() == version
            self._delete(subject, [version], permanent=permanent)

    @rule(data=st.data(), permanent=st.booleans())
    def delete_subject(self, data: st.DataObject, *, permanent: bool) -> None:
        self._delete_subject(data.draw(self._known()), permanent=permanent)

    @rule(data=st.data())
    def erase_subject(self, data: st.DataObject) -> None:
        subject = data.draw(self._known())
        self._delete_subject(subject, permanent=False)
        self._delete_subject(subject, permanent=True)

    @rule(scope=scopes, level=st.sampled_from(["NONE", "FULL_TRANSITIVE", None]), normalize=st.booleans())
    def configure(self, scope: str, level: str | None, *, normalize: bool) -> None:
        """Change a configuration, or take it back."""
        if level is None and not normalize:
            self._ask(f"DELETE /config/{scope}")
        else:
            self._ask(f"PUT /config/{scope}", {"compatibility": level, "normalize": normalize})

    @rule(scope=scopes, mode=st.sampled_from(["READWRITE", "READONLY", "IMPORT", None]), odd=st.booleans())
    def set_mode(self, scope: str, mode: str | None, *, odd: bool) -> None:
        """Change a mode, perhaps by force, or take it back, perhaps those in the context too."""
        if mode is None:
            self._ask(f"DELETE /mode/{scope}?recursive={str(odd).lower()}")
        else:
            self._set_mode(scope, mode, force=odd)

    @rule()
    def let_all_be_written(self) -> None:
        for prefix in CONTEXTS:
            self._ask(f"DELETE /mode/{prefix}?recursive=true")

    @rule()
    def delete_context(self) -> None:
        answer = self._ask("DELETE /contexts/.eu")
        assert answer.is_success is not any(self._held.get(subject) for subject in SUBJECTS if ":" in subject)

    @rule(compacted=st.booleans())
    def restart(self, *, compacted: bool) -> None:
        """Go on with a registry that knows nothing but the log, or what compaction leaves of it."""
        records = [logged.record for logged in self._log.read(START, limit=10**6)]
        log = MemoryLog()
        log.append(list(_compacted(records)) if compacted else records, after=START)
        self._go_on_with(log)

    @rule()
    def move(self) -> None:
        """Go on with a registry into which all that the API tells of the log was brought through the API."""
        records = [json.loads(line) for line in self._ask("GET /accord/v1/log").text.splitlines()]
        log = MemoryLog()
        with self._in_process(log) as other:
            if records:
                assert other.ask("POST /accord/v1/log?after=-1", {"records": records}).is_success
        self._go_on_with(log)

    @invariant()
    def ids_in_use_are_answered_with_what_they_mean(self) -> None:
        for subject, held in self._held.items():
            prefix = _prefix(subject)
            for schema_id in {schema_id for schema_id, _ in held.values()}:
                told = self._ask(f"GET /schemas/ids/{schema_id}?subject={prefix}").json()
                assert _content(told) == self._meanings[prefix, schema_id]

    @invariant()
    def what_a_schema_refers_to_is_there(self) -> None:
        for subject, held in self._held.items():
            prefix = _prefix(subject)
            for schema_id, _ in held.values():
                for one in self._meanings[prefix, schema_id]["references"] or ():
                    target = one["subject"] if _prefix(one["subject"]) else f"{prefix}{one['subject']}"
                    assert one["version"] in self._held[target]

    @invariant()
    def versions_are_listed_in_order_and_none_is_missing(self) -> None:
        for subject, held in self._held.items():
            for query, hidden in (("deleted=true", (True, False)), ("", (False,))):
                expected = [number for number, (_, is_hidden) in sorted(held.items()) if is_hidden in hidden]
                answer = self._ask(f"GET /subjects/{subject}/versions?{query}")
                assert (answer.json() if answer.is_success else []) == expected

    def _ask(self, line: str, body: object = None) -> httpx2.Response:
        answer: httpx2.Response = self._registry.ask(line.replace("//", "/"), body)
        assert answer.status_code < 500, (line, body, answer.text)
        return answer

    def _known(self) -> st.SearchStrategy[str]:
        """Subjects with versions, if there are any."""
        return st.sampled_from([subject for subject, held in self._held.items() if held] or SUBJECTS)

    def _note(self, subject: str, told: dict[str, Any]) -> None:
        """A version is there, and if it was before, it is the same."""
        held = self._held.setdefault(subject, {})
        assert held.get(told["version"], (told["id"],))[0] == told["id"]
        held[told["version"]] = (told["id"], False)

    def _supersede(self, subject: str, told: dict[str, Any]) -> None:
        """Hidden versions of a content that is there again are gone, unless others refer to them."""
        for version, (schema_id, hidden) in list(self._held[subject].items()):
            if hidden and schema_id == told["id"]:
                referring = self._ask(f"GET /subjects/{subject}/versions/{version}/referencedby?deleted=true")
                if not (referring.is_success and referring.json()):
                    del self._held[subject][version]

    def _uses(self, prefix: str, schema_id: int) -> list[str]:
        return [
            subject
            for subject, held in self._held.items()
            if _prefix(subject) == prefix and schema_id in {used for used, _ in held.values()}
        ]

    def _delete_subject(self, subject: str, *, permanent: bool) -> None:
        answer = self._ask(f"DELETE /subjects/{subject}?permanent={str(permanent).lower()}")
        if answer.is_success:
            held = self._held[subject]
            assert answer.json() == [number for number in sorted(held) if held[number][1] is permanent]
            self._delete(subject, answer.json(), permanent=permanent)

    def _delete(self, subject: str, numbers: list[int], *, permanent: bool) -> None:
        held = self._held[subject]
        for number in numbers:
            schema_id, hidden = held.pop(number)
            assert hidden is permanent
            if not permanent:
                held[number] = (schema_id, True)

    def _set_mode(self, scope: str, mode: str | None, *, force: bool) -> None:
        before = self._ask(f"GET /mode/{scope}?defaultToGlobal=true").json()["mode"]
        answer = self._ask(f"PUT /mode/{scope}?force={str(force).lower()}", {"mode": mode})
        if answer.is_success and mode == "IMPORT" != before and not force:
            for subject, held in self._held.items():
                if scope in (subject, _prefix(subject)):
                    assert all(hidden for _, hidden in held.values()), "what is live was in the way"
                    held.clear()

    def _go_on_with(self, log: MemoryLog) -> None:
        before = list(self._observed())
        self._registry.__exit__()
        self._log = log
        self._registry = self._in_process(log).__enter__()
        assert list(self._observed()) == before

    def _observed(self) -> Iterator[tuple[str, str]]:
        lines = [
            "/contexts",
            "/subjects?deleted=true&subjectPrefix=:*:",
            "/schemas?deleted=true&subjectPrefix=:*:",
            *(f"/{setting}/{scope}" for setting in ("config", "mode") for scope in SCOPES),
            *(f"/schemas/ids/{number}?fetchMaxId=true&subject={prefix}" for prefix, number in self._meanings),
        ]
        for line in lines:
            yield line, self._ask(f"GET {line}").text


def _prefix(subject: str) -> str:
    return subject[: subject.rfind(":") + 1]


def _content(told: dict[str, Any]) -> dict[str, Any]:
    return {name: told.get(name) for name in TOLD}


def _compacted(records: list[Record]) -> Iterator[Record]:
    last = {record.key: place for place, record in enumerate(records)}
    return (
        record
        for place, record in enumerate(records)
        if last[record.key] == place and record.value is not None
    )


def histories(in_process: Any) -> type[History]:
    class InThisProcess(History):
        def __init__(self) -> None:
            super().__init__(in_process)

    return InThisProcess


SETTINGS = settings(
    stateful_step_count=25,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.soak
@pytest.mark.timeout(600)  # to make a failing history short takes long
def test_an_id_means_one_content_for_ever_and_the_log_is_all_there_is(in_process: Any) -> None:
    run_state_machine_as_test(
        histories(in_process), settings=settings(SETTINGS, max_examples=40, derandomize=True)
    )


@pytest.mark.parametrize("subject", SUBJECTS)
def test_an_id_is_not_given_again_when_its_schema_is_erased_and_the_log_compacted(
    subject: str, in_process: Any
) -> None:
    history = History(in_process)
    history.register(subject, CONTENTS[0], force=False)
    history._delete_subject(subject, permanent=False)
    history._delete_subject(subject, permanent=True)
    history.restart(compacted=True)
    history.register(subject, CONTENTS[1], force=False)
    history.teardown()

    assert sorted(schema_id for _, schema_id in history._meanings) == [1, 2]


@pytest.mark.timeout(600)
@pytest.mark.soak
def test_an_id_means_one_content_for_ever_and_the_log_is_all_there_is_for_long(in_process: Any) -> None:
    run_state_machine_as_test(histories(in_process), settings=settings(SETTINGS, max_examples=400))
