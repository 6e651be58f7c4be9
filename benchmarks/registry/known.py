"""Registering what is registered already, as every producer does when it starts."""

from benchmarks.registry import logs, processes, schemas
from benchmarks.registry.load import get, post
from benchmarks.registry.plan import Plan
from benchmarks.registry.reads import CONNECTIONS, in_turn
from benchmarks.registry.rounds import Side, judge, measure
from benchmarks.report import Section

_SIZE = 1024
_RATIO_PERCENT = 50


def known(plan: Plan) -> Section:
    """``POST /subjects/{subject}/versions`` of a schema that the subject holds."""
    section = Section(f"Re-registration of a known schema, {CONNECTIONS} connections, Avro of 1 KiB")
    log, pattern = plan.folder / "known.db", schemas.orders(_SIZE)
    logs.write(log, logs.one_version_each(pattern, plan.known))
    template = pattern.body()
    posts = [
        post(f"/subjects/{logs.subject_of(number)}/versions", schemas.fill(template, number))
        for number in range(1, plan.known + 1)
    ]
    with processes.accord(log) as accord:
        body, media_type = accord.fetch("/schemas/ids/1")
        with processes.bare(plan.folder, body, media_type) as bare:
            sides = (
                Side("bare GET", bare, in_turn([get("/schemas/ids/1")])),
                Side("bare POST", bare, in_turn(posts)),
                Side("re-registration", accord, in_turn(posts)),
            )
            seen = measure(
                sides, rounds=plan.rounds, seconds=plan.read_s, connections=CONNECTIONS, into=section
            )
    for peer in ("bare GET", "bare POST"):
        judge(seen["re-registration"], seen[peer], _RATIO_PERCENT, into=section)
    return section
