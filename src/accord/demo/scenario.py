"""The acts of the main job, in order. Each does something to the running system and says what then holds."""

import time
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

import accord
from accord.codecs import codec_for, framing
from accord.demo import poison, witness
from accord.demo.reporter import Line, Reporter
from accord.demo.shop.events import v1, v2
from accord.demo.stage import Stage
from accord.demo.traffic import Customers
from accord.kafka import KafkaSettings, OutgoingRecord, TopicSpec, admin, send_raw

TOPIC = v1.ORDERS.topic
DLQ = f"{TOPIC}-dlq"
SUBJECT = v1.ORDERS.subject
GROUP = "billing"

PARTITIONS = 12
FLOW_PER_SECOND = 40
POISON_OF_EACH_KIND = 4
HEADERS = (("sent-by", b"nobody we know"),)
INVOICED_AFTER_KILL_WITHIN_S = 30.0
PATIENCE_S = 60.0


@dataclass(slots=True)
class Play:
    """What the acts share: the system, the customers, who listens, and what was put on the topic by hand."""

    stage: Stage
    customers: Customers
    reporter: Reporter
    orders: int
    poisoned: list[OutgoingRecord] = field(default_factory=list)

    @property
    def kafka(self) -> KafkaSettings:
        """The way to the brokers."""
        return KafkaSettings(self.stage.cluster.bootstrap_servers)

    @property
    def billing_url(self) -> str:
        """A member of billing; they share the database."""
        return self.stage.billing[0].url

    def billed(self, name: str) -> list[float]:
        """What each member of billing has counted under ``name`` since it started."""
        return [witness.metric(member.url, name) for member in self.stage.billing]

    def takes_part(self, number: int) -> bool:
        """Whether a member of billing has been given partitions, and handles their records."""
        return self.billed("billing_records_total")[number] > 0

    def all_invoiced(self, orders: AbstractSet[str]) -> bool:
        """Whether each of these orders has an invoice."""
        return witness.invoice_count(self.billing_url) >= len(orders) and orders <= set(
            witness.invoices(self.billing_url)
        )

    def everything_invoiced(self) -> bool:
        """Whether every accepted order has an invoice."""
        return self.all_invoiced(self.customers.tally.accepted)


def acts(play: Play) -> Iterator[Line]:
    """The whole play, one closing line after the other."""
    _set_up(play)
    yield _take_orders(play)
    with play.customers.flowing(per_second=FLOW_PER_SECOND):
        yield from _roll_to_v2(play)
        yield _refuse_a_breaking_change(play)
        yield from _poison(play)
    yield _kill_a_broker(play)
    yield _rebuild(play)
    yield from _reconcile(play)


def _set_up(play: Play) -> None:
    stage, say = play.stage, play.reporter
    say.doing("starting the registry")
    stage.registry.start()
    stage.registry.wait_until_well()
    say.doing("creating topics, levels and version 1 of the contract")
    admin.create_topics(
        play.kafka,
        [
            TopicSpec(TOPIC, partitions=PARTITIONS, replication=3, config={"min.insync.replicas": "2"}),
            TopicSpec(DLQ, partitions=3, replication=3, config={"min.insync.replicas": "2"}),
        ],
    )
    stage.client.set_compatibility(SUBJECT, accord.CompatibilityLevel.BACKWARD)
    stage.client.set_compatibility(f"{TOPIC}-key", accord.CompatibilityLevel.NONE)
    registered = stage.client.register(SUBJECT, v1.ORDERS.schema)
    say.doing("starting the order service and two members of billing")
    services = (stage.orders, *stage.billing)
    for service in services:
        service.start()
    for service in services:
        service.wait_until_well()
    say.done(
        f"registry on {stage.registry.url}; {TOPIC} with {PARTITIONS} partitions x 3 replicas and {DLQ};"
        f" {SUBJECT} version 1 is schema id {registered.id}; one order service, two members of billing"
    )


def _take_orders(play: Play) -> Line:
    play.reporter.doing(f"customers place {play.orders} orders over HTTP")
    took_s = play.customers.burst(play.orders)
    play.reporter.doing("billing catches up")
    seen = witness.until(play.everything_invoiced, within_s=PATIENCE_S)
    accepted, count = len(play.customers.tally.accepted), witness.invoice_count(play.billing_url)
    play.reporter.done(
        f"{accepted} orders accepted in {took_s:.1f} s ({accepted / took_s:.0f}/s over HTTP,"
        f" each acknowledged by at least 2 brokers); {count} invoices {seen.after_s:.1f} s later"
    )
    return Line(
        "every order of the first burst is invoiced",
        f"{count} of {play.orders}",
        seen.true and accepted == play.orders,
    )


def _roll_to_v2(play: Play) -> Iterator[Line]:
    stage, say = play.stage, play.reporter
    say.doing("registering version 2 (discount_code) and rolling the order service to it while orders flow")
    verdict = stage.client.check_compatibility(SUBJECT, v2.ORDERS.schema)
    registered = stage.client.register(SUBJECT, v2.ORDERS.schema)
    stage.restart_orders(event_version=2)
    play.customers.use_discounts = True
    tally = play.customers.tally
    old_reads_new = witness.until(
        lambda: bool(tally.with_discount & set(witness.invoices(play.billing_url))), within_s=PATIENCE_S
    )
    old_reads_new_count = len(tally.with_discount & set(witness.invoices(play.billing_url)))
    say.done(
        f"version {registered.version} compatible: {verdict.compatible}; billing still reads with version 1 and has"
        f" invoiced {old_reads_new_count} orders written with version 2"
    )
    yield Line(
        "version 2 is read by billing's version 1 reader",
        f"{old_reads_new_count} invoices",
        old_reads_new.true and verdict.compatible,
    )

    for number in (0, 1):
        say.doing(f"upgrading billing member {number + 1} to version 2 while orders flow")
        stage.restart_billing(number, event_version=2)
        # The next one is not taken away while the group still deals out partitions.
        witness.until(partial(play.takes_part, number), within_s=PATIENCE_S)

    seen = witness.until(lambda: all(play.billed("billing_discounted_orders_total")), within_s=PATIENCE_S)
    discounts = " + ".join(f"{number:.0f}" for number in play.billed("billing_discounted_orders_total"))
    say.done(f"both members upgraded one by one, orders flowing; they have read {discounts} discount codes")
    yield Line("both members on version 2 read discount codes", f"{discounts} orders", seen.true)


def _refuse_a_breaking_change(play: Play) -> Line:
    client = play.stage.client
    before = client.versions(SUBJECT)
    breaking = v2.ORDERS.schema.text.replace('"name":"total_amount"', '"name":"amount"')
    play.reporter.doing("somebody renames total_amount to amount")
    try:
        client.register(SUBJECT, accord.Schema(breaking))
    except accord.IncompatibleSchema as refusal:
        fixes = [fix for finding in refusal.findings for fix in finding.fixes]
        passing = [
            fix for fix in fixes if client.check_compatibility(SUBJECT, accord.Schema(fix.schema)).compatible
        ]
        play.reporter.done(
            "a breaking change (total_amount renamed to amount) is refused, with the reason and a fix:"
        )
        play.reporter.quote(refusal.explanation())
        held = bool(fixes) and passing == fixes and client.versions(SUBJECT) == before
        return Line(
            "a breaking change is refused, its fixes are accepted",
            f"{len(passing)} of {len(fixes)} fixes pass",
            held,
        )
    return Line("a breaking change is refused, its fixes are accepted", "it was registered", holds=False)


def _poison(play: Play) -> Iterator[Line]:
    say, stage = play.reporter, play.stage
    say.doing("putting poison on the topic while orders flow")
    event = v1.OrderCreated("poison", "nobody", 1.0, "EUR", created_at=datetime.now(UTC))
    schema_id = stage.client.lookup(SUBJECT, v1.ORDERS.schema).id
    valid = framing.prefixed(schema_id, codec_for(v1.ORDERS.schema, model=v1.OrderCreated).encode(event))
    play.poisoned += [
        OutgoingRecord(TOPIC, f"poison-{kind}-{number}".encode(), value, HEADERS)
        for number in range(POISON_OF_EACH_KIND)
        for kind, value in poison.kinds(valid).items()
    ]
    send_raw(play.kafka, play.poisoned)
    seen = witness.until(
        lambda: len(witness.dead_letters(play.kafka, DLQ)) >= len(play.poisoned),
        within_s=PATIENCE_S,
        every_s=1,
    )
    letters = witness.dead_letters(play.kafka, DLQ).values()
    codes = sorted({(dict(letter.headers)["accord-dlq-error-code"] or b"").decode() for letter in letters})
    say.done(
        f"{len(play.poisoned)} poison records ({', '.join(poison.kinds(valid))}) -> {len(letters)} dead letters"
        f" in {seen.after_s:.1f} s ({', '.join(codes)})"
    )
    original = {(record.key, record.value) for record in play.poisoned}
    kept = {(letter.key, letter.value) for letter in letters if {*HEADERS} <= {*letter.headers}}
    yield Line(
        "poison is dead-lettered with its original bytes",
        f"{len(kept & original)} letters",
        kept == original and len(letters) == len(original),
    )
    yield _go_on_beside_the_poison(play)


def _go_on_beside_the_poison(play: Play) -> Line:
    """The poison is behind us: orders are still invoiced, and none that was accepted so far is stuck."""
    play.reporter.doing("billing goes on beside the poison")
    count = witness.invoice_count(play.billing_url)
    time.sleep(1)
    orders = frozenset(play.customers.tally.accepted)
    seen = witness.until(lambda: play.all_invoiced(orders), within_s=PATIENCE_S)
    since = witness.invoice_count(play.billing_url) - count
    return Line("billing goes on beside the poison", f"{since} more invoices", seen.true and since > 0)


def _kill_a_broker(play: Play) -> Line:
    cluster, say = play.stage.cluster, play.reporter
    victim = cluster.spec.brokers
    say.doing(f"killing broker {victim} (SIGKILL) while orders flow")
    with play.customers.flowing(per_second=FLOW_PER_SECOND):
        time.sleep(1)
        cluster.kill_broker(victim)
        killed, accepted = time.monotonic(), len(play.customers.tally.accepted)
        time.sleep(8)
    say.doing("waiting for the last invoices")
    seen = witness.until(
        play.everything_invoiced, within_s=INVOICED_AFTER_KILL_WITHIN_S - (time.monotonic() - killed)
    )
    after_s = time.monotonic() - killed
    since = len(play.customers.tally.accepted) - accepted
    what = "every accepted order had its invoice" if seen.true else "not every accepted order had its invoice"
    say.done(
        f"broker {victim} killed in the flow; {since} orders accepted since; {what} {after_s:.1f} s after the kill"
    )
    say.doing(f"starting broker {victim} again")
    cluster.start_broker(victim)
    return Line(
        f"all invoices within {INVOICED_AFTER_KILL_WITHIN_S:.0f} s of a broker's death",
        f"{after_s:.1f} s, {since} orders since",
        seen.true and after_s <= INVOICED_AFTER_KILL_WITHIN_S and since > 0,
    )


def _rebuild(play: Play) -> Line:
    stage, say = play.stage, play.reporter
    say.doing("rebuilding billing from offset 0 into an empty database")
    before = witness.invoices(play.billing_url)
    for member in stage.billing:
        member.stop()
    stage.empty_billing()
    admin.reset_group_to_start(play.kafka, GROUP, TOPIC)
    for member in stage.billing:
        member.start()
    for member in stage.billing:
        member.wait_until_well()
    witness.until(play.everything_invoiced, within_s=PATIENCE_S)
    after = witness.invoices(play.billing_url)
    same = sum(before[order_id] == after.get(order_id) for order_id in before)
    say.done(
        f"billing rebuilt from offset 0 into an empty database: {len(after)} invoices, {same} the same as before"
    )
    return Line("rebuilt invoices are the same", f"{same} of {len(before)}", before == after)


def _reconcile(play: Play) -> Iterator[Line]:
    tally = play.customers.tally
    ordered = len(tally.accepted)
    lost = sorted({*tally.given_up, *tally.refused})
    yield Line("every order was accepted in the end", f"{ordered} of {ordered + len(lost)}", not lost)

    # Both members have started with an empty database and the first offset: they were told everything since.
    told_again = witness.until(
        lambda: sum(play.billed("billing_repeated_orders_total")) >= tally.repeated, within_s=PATIENCE_S
    )
    made = sum(play.billed("billing_invoices_total"))
    invoices = witness.invoices(play.billing_url)
    yield Line("accepted orders = invoices", f"{ordered} = {len(invoices)}", set(invoices) == tally.accepted)
    yield Line(
        "no second invoice for an order told twice",
        f"{tally.repeated} orders posted twice, {made:.0f} invoices made",
        tally.repeated > 0 and told_again.true and made == ordered,
    )
    letters = witness.dead_letters(play.kafka, DLQ)
    yield Line(
        "poison = dead letters, by id",
        f"{len(play.poisoned)} = {len(letters)}",
        len(letters) == len(play.poisoned),
    )
