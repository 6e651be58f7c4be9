"""What comes of reports: decided against what is there, kept under their keys, refused with all that is wrong."""

import itertools
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.registry.core.contexts import Context
from accord.registry.log.memory import CompactedMemoryLog
from accord.registry.log.port import START, Record
from accord.registry.reports import kinds, reading, records
from accord.registry.reports.bodies import MAX_REPORT_BYTES
from accord.registry.reports.commands import ForgetReport, MakeReport, ReportCommand
from accord.registry.reports.decide import decide
from accord.registry.reports.errors import ReportNotFound, ReportRefused, ReportsFull
from accord.registry.reports.events import Forgotten
from accord.registry.reports.kinds import KINDS, Kind
from accord.registry.reports.records import decode, encode
from accord.registry.reports.state import ReportState

NOW = 1_700_000_000_000
READER = {"service": "billing", "subject": "orders-value", "origin": "claim"}
DEPLOYMENT = {"service": "billing", "environment": "prod", "version": "1"}
VERIFICATION = {
    "consumer": "billing",
    "consumerVersion": "1",
    "subject": "orders-value",
    "fingerprint": "f",
    "ok": True,
}
ROLLOUT = {"id": "r", "subject": "orders-value", "fingerprint": "f", "state": "running"}
EXEMPTION = {"contract": "orders", "rule": "R", "reason": "so", "until": "2026-12-31"}
SAMPLES: dict[Kind, dict[str, Any]] = dict(
    zip(KINDS, (READER, DEPLOYMENT, VERIFICATION, ROLLOUT, EXEMPTION), strict=True)
)


def report(kind: Kind, **members: object) -> MakeReport:
    return MakeReport.of(kind, reading.read(kind, json.dumps({**SAMPLES[kind], **members}).encode()))


def told(state: ReportState, command: ReportCommand, *, at_ms: int = NOW, **limits: int) -> None:
    for event in decide(state, command, at_ms=at_ms, **limits):
        state.apply(event)


def listed(state: ReportState, kind: Kind, /, **wanted: str) -> list[dict[str, Any]]:
    return [json.loads(one.text) for one in state.select(kind, reading.wanted(wanted))]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.word)
def test_a_report_is_kept_as_it_was_made_with_the_time_and_what_was_left_out(kind: Kind) -> None:
    state = ReportState()

    told(state, report(kind, team="a"))

    (kept,) = listed(state, kind)
    assert kept == {**kept, **SAMPLES[kind], "team": "a", "reportedAtMs": NOW}
    assert {field.encode_name for field in msgspec.structs.fields(kind.body)} < kept.keys()
    msgspec.convert(kept, kind.body)


def test_a_report_takes_the_place_of_the_one_with_its_key_and_of_no_other() -> None:
    state = ReportState()

    told(state, report(kinds.READER, fields=["id"]))
    told(state, report(kinds.READER, origin="observed"))
    told(state, report(kinds.READER, fields=["id", "amount"]), at_ms=NOW + 1)

    kept = {one["origin"]: (one["fields"], one["reportedAtMs"]) for one in listed(state, kinds.READER)}
    assert kept == {"claim": (["id", "amount"], NOW + 1), "observed": (None, NOW)}


def test_reports_are_found_by_their_keys_and_marks() -> None:
    state = ReportState()
    told(state, report(kinds.READER, contract="c"))
    told(state, report(kinds.READER, service="shipping"))
    told(state, report(kinds.READER, subject=":.eu:orders-value"))
    told(state, report(kinds.ROLLOUT))

    def services(**wanted: str) -> list[str]:
        return [one["service"] + one["subject"] for one in listed(state, kinds.READER, **wanted)]

    assert services(service="shipping") == ["shippingorders-value"]
    assert services(contract="c") == ["billingorders-value"]
    assert services(subject="orders-value") == ["billingorders-value", "shippingorders-value"]
    assert services(subject=":.:orders-value", service="billing") == ["billingorders-value"]
    assert services(subject=":.eu:") == ["billing:.eu:orders-value"]
    assert services(subject="orders") == []
    assert [one["id"] for one in listed(state, kinds.ROLLOUT, state="running")] == ["r"]
    assert listed(state, kinds.ROLLOUT, state="done") == []


def test_subjects_mean_what_they_mean_in_the_context_of_who_reports() -> None:
    sent = {**DEPLOYMENT, "reads": [{"subject": "a"}, {"subject": ":.us:b"}], "writes": [{"subject": ":.:c"}]}

    document = reading.read(kinds.DEPLOYMENT, json.dumps(sent).encode(), context=Context(".eu"))

    assert [one["subject"] for one in document["reads"]] == [":.eu:a", ":.us:b"]
    assert [one["subject"] for one in document["writes"]] == ["c"]


def test_the_time_of_a_deployment_is_now_unless_it_is_told() -> None:
    state = ReportState()

    told(state, report(kinds.DEPLOYMENT))
    told(state, report(kinds.DEPLOYMENT, version="0", deployedAtMs=5))

    assert [one["deployedAtMs"] for one in listed(state, kinds.DEPLOYMENT)] == [NOW, 5]


def test_of_the_deployments_to_one_environment_the_newest_are_kept() -> None:
    state = ReportState()
    most = kinds.DEPLOYMENT.most

    told(state, report(kinds.DEPLOYMENT, environment="test", version="1", deployedAtMs=0))
    for number in range(1, most + 3):
        told(state, report(kinds.DEPLOYMENT, version=str(number), deployedAtMs=number))

    versions = [int(one["version"]) for one in listed(state, kinds.DEPLOYMENT, environment="prod")]
    assert versions == list(range(3, most + 3))
    assert len(listed(state, kinds.DEPLOYMENT, environment="test")) == 1


def test_a_deployment_that_is_told_late_does_not_take_the_place_of_what_runs() -> None:
    state = ReportState()
    told(state, report(kinds.DEPLOYMENT, version="runs", deployedAtMs=10**6))
    for number in range(kinds.DEPLOYMENT.most * 2):
        told(state, report(kinds.DEPLOYMENT, version=str(number), deployedAtMs=number))

    kept = listed(state, kinds.DEPLOYMENT)
    assert max(kept, key=lambda one: one["deployedAtMs"])["version"] == "runs"
    assert len(kept) == kinds.DEPLOYMENT.most


def test_a_report_that_was_forgotten_is_there_no_more_and_cannot_be_forgotten_again() -> None:
    state = ReportState()
    told(state, report(kinds.EXEMPTION))
    forget = ForgetReport(
        kinds.EXEMPTION, reading.key_of(kinds.EXEMPTION, {"contract": "orders", "rule": "R"})
    )

    told(state, forget)

    assert listed(state, kinds.EXEMPTION) == []
    assert state.weight_bytes == 0
    with pytest.raises(ReportNotFound) as refusal:
        told(state, forget)
    assert refusal.value.message == "There is no exemption with contract 'orders', rule 'R', path null"


def test_what_would_be_too_much_is_refused_and_what_makes_room_is_not() -> None:
    state = ReportState()
    told(state, report(kinds.READER, fields=["a" * 500] * 10))
    limit = state.weight_bytes

    with pytest.raises(ReportsFull):
        told(state, report(kinds.READER, service="other"), most_bytes=limit)
    with pytest.raises(ReportsFull):
        told(state, report(kinds.READER, fields=["a" * 500] * 11), most_bytes=limit)

    told(state, report(kinds.READER, fields=["a"]), most_bytes=limit)
    told(state, report(kinds.READER, service="other"), most_bytes=limit)


REFUSED: list[tuple[Kind, object, list[str]]] = [
    (kinds.READER, {}, ["service is missing", "subject is missing", "origin is missing"]),
    (kinds.READER, [], ["the report: expected `object`, got `array`"]),
    (
        kinds.READER,
        {**READER, "service": "", "origin": "guess", "fields": ["a", 1, ""], "schema": {"schemaType": "X"}},
        [
            "service: expected `str` of length >= 1",
            "origin: invalid enum value 'guess'",
            "fields[1]: expected `str`, got `int`",
            "fields[2]: expected `str` of length >= 1",
            "schema.schema is missing",
            "schema.schemaType: invalid enum value 'X'",
        ],
    ),
    (kinds.READER, {**READER, "service": "a" * 256}, ["service: expected `str` of length <= 255"]),
    (kinds.READER, {**READER, "fields": ["a"] * 10_001}, ["fields: expected `array` of length <= 10000"]),
    (kinds.READER, {**READER, "fields": [1] * 50}, ["fields[0]: expected `str`, got `int`"]),
    (kinds.DEPLOYMENT, {**DEPLOYMENT, "version": None}, ["version: expected `str`, got `null`"]),
    (kinds.DEPLOYMENT, {**DEPLOYMENT, "reads": [{}]}, ["reads[0].subject is missing"]),
    (kinds.VERIFICATION, {**VERIFICATION, "ok": "yes"}, ["ok: expected `bool`, got `str`"]),
    (kinds.ROLLOUT, {**ROLLOUT, "steps": [{"name": "a"}]}, ["steps[0].state is missing"]),
]


@pytest.mark.parametrize(("kind", "sent", "faults"), REFUSED)
def test_a_report_that_is_none_is_refused_with_all_that_is_wrong(
    kind: Kind, sent: object, faults: list[str]
) -> None:
    with pytest.raises(ReportRefused) as refusal:
        reading.read(kind, json.dumps(sent).encode())

    assert list(refusal.value.faults[: len(faults)]) == faults
    assert len(refusal.value.faults) <= max(len(faults), reading.MOST_FAULTS + 1)
    assert kind.key[0] in refusal.value.hint


def test_a_context_does_not_let_in_what_is_no_name() -> None:
    for context in (Context(".a\x00b"), Context("." + "a" * 1024)):
        with pytest.raises(ReportRefused, match="subject: expected"):
            reading.read(kinds.READER, json.dumps(READER).encode(), context=context)


@pytest.mark.parametrize("item", [b"1", b"[]", b'"a"', b"null"])
def test_of_a_report_that_is_long_and_wrong_little_is_looked_at(
    item: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = MAX_REPORT_BYTES // (len(item) + 1) - 100
    sent = b'{"service":"s","subject":"s","origin":"claim","fields":[' + b",".join([item] * count) + b"]}"
    looks = itertools.count()
    complaint = reading._complaint
    monkeypatch.setattr(reading, "_complaint", lambda *value: next(looks) < 0 or complaint(*value))

    with pytest.raises(ReportRefused):
        reading.read(kinds.READER, sent)

    assert next(looks) < 2000


def test_a_long_key_counts_for_what_it_takes_in_memory() -> None:
    state = ReportState()
    told(state, report(kinds.READER, subject="\N{SNOWMAN WITHOUT SNOW}\N{GRINNING FACE}" + "x" * 1000))

    # One character beyond the plane of most makes Python keep four bytes for each of them.
    assert state.weight_bytes > 4 * 1000


@pytest.mark.parametrize("text", ["a\nb", "a\n", "\x00", "\x1b[2J", "\x85"])
def test_a_name_is_one_line_without_control_characters(text: str) -> None:
    with pytest.raises(ReportRefused, match="service: expected one line without control characters"):
        reading.read(kinds.READER, json.dumps({**READER, "service": text}).encode())


@pytest.mark.parametrize("until", ["soon", "2026-1-1", "2026-12-31\n", "2026-12-31T00:00"])
def test_an_exemption_ends_on_a_day(until: str) -> None:
    with pytest.raises(ReportRefused, match="until"):
        reading.read(kinds.EXEMPTION, json.dumps({**EXEMPTION, "until": until}).encode())


NAMES = st.sampled_from(["a", "b", "ü/ß"])
REPORTED = st.one_of(
    st.builds(
        lambda name, origin, fields: report(kinds.READER, service=name, origin=origin, fields=fields),
        NAMES,
        st.sampled_from(["claim", "observed"]),
        st.none() | st.lists(NAMES, max_size=2),
    ),
    st.builds(
        lambda name, version, at: report(
            kinds.DEPLOYMENT, service=name, version=str(version), deployedAtMs=at
        ),
        NAMES,
        st.integers(0, 40),
        st.none() | st.integers(0, 9),
    ),
    st.builds(lambda name: report(kinds.ROLLOUT, id=name), NAMES),
    st.builds(lambda name: report(kinds.EXEMPTION, path=name), st.none() | NAMES),
    st.builds(lambda name: ForgetReport(kinds.EXEMPTION, ("orders", "R", name)), st.none() | NAMES),
    st.builds(
        lambda name, origin: ForgetReport(kinds.READER, (name, "orders-value", origin)),
        NAMES,
        st.sampled_from(["claim", "observed"]),
    ),
)


@given(commands=st.lists(REPORTED, max_size=40))
def test_reading_the_log_again_rebuilds_the_state(commands: list[ReportCommand]) -> None:
    state, log, position = ReportState(), CompactedMemoryLog(), START
    for number, command in enumerate(commands):
        try:
            events = decide(state, command, at_ms=NOW + number)
        except ReportNotFound:
            continue
        for event in events:
            state.apply(event)
            assert decode(encode(event, NOW + number)) == event
        position = log.append([encode(event, NOW + number) for event in events], after=position)

    replayed = ReportState()
    for logged in log.read(START, limit=10**6):
        again = decode(logged.record)
        assert again is not None
        replayed.apply(again)

    assert replayed == state


@given(commands=st.lists(REPORTED, max_size=60))
def test_there_are_never_more_than_are_kept(commands: list[ReportCommand]) -> None:
    state = ReportState()
    for command in commands:
        try:
            told(state, command)
        except ReportNotFound:
            continue

    for service in ("a", "b", "ü/ß"):
        assert len(listed(state, kinds.DEPLOYMENT, service=service)) <= kinds.DEPLOYMENT.most
    assert state.weight_bytes == sum(one.weight_bytes for kind in KINDS for one in state.select(kind, {}))


KEY = b'{"keytype":"READER","service":"billing","subject":"orders-value","origin":"claim"}'


def test_the_records_of_a_report_are_spelled_in_one_way() -> None:
    (event,) = decide(ReportState(), report(kinds.READER), at_ms=NOW)

    record = encode(event, NOW)

    assert record.key == KEY
    assert json.loads(record.value or b"")["service"] == "billing"
    assert encode(Forgotten(kinds.EXEMPTION, ("orders", "R", None)), NOW) == Record(
        b'{"keytype":"EXEMPTION","contract":"orders","rule":"R","path":null}', None, NOW
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (b"", b"{}"),
        (b"no JSON", b"{}"),
        (b"\xff", b"{}"),
        (b'{"service":"billing"}', b"{}"),
        (b'{"keytype":"LEADER"}', b"{}"),
        (b'{"keytype":"READER","service":"billing"}', None),
        (KEY, b"no JSON"),
        (KEY, b"[]"),
        (KEY, b"{}"),
        (KEY, json.dumps({**READER, "service": "another"}).encode()),
        (KEY, json.dumps({**READER, "fields": [7]}).encode()),
        (KEY, b"[" * 100_000),
    ],
)
def test_what_is_no_report_is_not_taken_for_one(key: bytes, value: bytes | None) -> None:
    with pytest.raises(records.Undecodable):
        decode(Record(key, value, NOW))


def test_a_record_that_says_nothing_is_passed_over() -> None:
    assert decode(Record(b'{"keytype":"NOOP"}', b"{}", NOW)) is None


def test_a_report_of_a_later_version_with_more_members_is_read() -> None:
    event = decode(Record(KEY, json.dumps({**READER, "later": {"x": [1]}}).encode(), NOW))

    assert event is not None
    assert getattr(event, "dated_ms", None) == NOW
