"""What lint looks for in contracts."""

from typing import Final

from accord.contracts.rules import ContractRule
from accord.findings import Severity


def _contract(*block: str, team: str = "team:\n  name: team-orders\n", support: bool = True) -> str:
    channel = 'support:\n  - channel: "#team-orders"\n    tool: slack\n' if support else ""
    lines = ("partitions: 12", *block) if block else _GOOD_BLOCK
    return (
        "apiVersion: v3.2.0\nkind: DataContract\nid: orders.created\nname: Orders created\nversion: 1.0.0\n"
        f"status: active\n{team}{channel}"
        "schema:\n  - name: OrderCreated\n    physicalName: orders.created\n    physicalType: topic\n"
        "    authoritativeDefinitions:\n      - type: implementation\n        url: OrderCreated.avsc\n"
        "customProperties:\n  - property: kafka\n    vendor: accord\n    value:\n"
        + "".join(f"      {line}\n" for line in lines)
    )


_GOOD_BLOCK: Final = (
    "partitions: 12",
    "replicas: 3",
    "config: {min.insync.replicas: 2, retention.ms: 604800000}",
    "dlq: {retention: 14d}",
    "consumers: {billing: {groups: [billing-v1], fields: [order_id]}}",
)
_GOOD: Final = _contract()


def _with(line: str, number: int) -> str:
    """The good contract with one line of its block exchanged."""
    return _contract(*(line if index == number else kept for index, kept in enumerate(_GOOD_BLOCK) if index))


def _rule(
    id: str,
    *,
    purpose: str,
    message: str,
    why: str,
    remedy: str,
    bad: str,
    good: str = _GOOD,
    severity: Severity = Severity.WARNING,
) -> ContractRule:
    return ContractRule(id, severity, purpose, message, why, remedy, bad, good)


OWNER_MISSING: Final = _rule(
    "LINT_OWNER_MISSING",
    purpose="A contract has an owner.",
    message="nobody owns `{contract}`",
    why="Whoever has a question, or sees a reader break, does not know whom to ask.",
    remedy="Add `team: {name: team-orders}`.",
    bad=_contract(team=""),
)
CHANNEL_MISSING: Final = _rule(
    "LINT_CHANNEL_MISSING",
    purpose="A contract says where its owner is told.",
    message="`{contract}` has no support channel",
    why="Alerts and planned changes need a place to go to.",
    remedy='Add `support: [{channel: "#team-orders", tool: slack}]`.',
    bad=_contract(support=False),
    severity=Severity.INFO,
)
TOPIC_NAME: Final = _rule(
    "LINT_TOPIC_NAME",
    purpose="Topics are named in one style.",
    message="the name `{topic}` does not match {pattern}",
    why=(
        "A topic cannot be renamed. Kafka's metrics make dots and underscores the same, so names with both can collide."
    ),
    remedy="Choose another name before the first record is written. Set another style with `topic-names` under `[project]` "
    "or `[lint]` in accord.toml.",
    bad=_GOOD.replace("physicalName: orders.created", "physicalName: Orders_created"),
)
COMPATIBILITY_NONE: Final = _rule(
    "LINT_COMPATIBILITY_NONE",
    purpose="Changes of a value's schema are checked.",
    message="the values of `{topic}` have the compatibility level NONE",
    why="Any schema is let in, and the readers meet it as records that they cannot decode.",
    remedy="Use BACKWARD, or FULL where readers and writers are upgraded in any order.",
    bad=_contract(*_GOOD_BLOCK[1:], "compatibility: NONE"),
)
ONE_REPLICA: Final = _rule(
    "LINT_ONE_REPLICA",
    purpose="A topic outlives a broker.",
    message="`{topic}` has one replica",
    why="When its broker stops, nobody can read or write; when its disk dies, the records are gone.",
    remedy="Use three replicas.",
    bad=_contract("replicas: 1", "config: {retention.ms: 604800000}", *_GOOD_BLOCK[3:]),
)
MIN_INSYNC_TOO_HIGH: Final = _rule(
    "LINT_MIN_INSYNC_TOO_HIGH",
    purpose="Producers go on while one broker restarts.",
    message="`{topic}` wants {wanted} replicas in sync and has {replicas}",
    why="While a single broker is away, every producer with acks=all is refused. Where more are wanted than there are, always.",
    remedy="Use one fewer than there are replicas: min.insync.replicas 2 of 3.",
    bad=_with("config: {min.insync.replicas: 3, retention.ms: 604800000}", 2),
    severity=Severity.ERROR,
)
RETENTION_MISSING: Final = _rule(
    "LINT_RETENTION_MISSING",
    purpose="A contract says how long records stay.",
    message="nothing says how long records of `{topic}` stay",
    why="They stay as long as the brokers' setting has it, which differs between clusters. Readers that were away need to know.",
    remedy="Add `slaProperties: [{property: retention, value: 7, unit: d}]`, or retention.ms to `config`.",
    bad=_with("config: {min.insync.replicas: 2}", 2),
    severity=Severity.INFO,
)
UNKNOWN_CONFIG: Final = _rule(
    "LINT_UNKNOWN_CONFIG",
    purpose="Topics are configured by names that Kafka knows.",
    message="Kafka has no topic setting `{key}`{near}",
    why="The brokers refuse to make a topic with a setting that they do not know, so nothing of the plan can be applied.",
    remedy="Correct the name. If it is a setting of a newer Kafka, ignore this rule.",
    bad=_with("config: {min.insync.replica: 2, retention.ms: 604800000}", 2),
    severity=Severity.ERROR,
)
DEAD_LETTERS_EXPIRE_FIRST: Final = _rule(
    "LINT_DEAD_LETTERS_EXPIRE_FIRST",
    purpose="Dead letters stay longer than what they came from.",
    message="dead letters of `{topic}` stay {dlq}, and its records {main}",
    why="Somebody has to look at dead letters, and put them back. They should not be the first to go.",
    remedy="Give the dead letter topic at least the retention of the topic.",
    bad=_with("dlq: {retention: 1d}", 3),
)
READER_WITHOUT_GROUP: Final = _rule(
    "LINT_READER_WITHOUT_GROUP",
    purpose="A reader names its consumer groups.",
    message="the reader `{reader}` names no consumer group",
    why="Without its group nobody can see how far behind it is, and it is not granted to commit offsets.",
    remedy="Add `groups: [...]`.",
    bad=_with("consumers: {billing: {fields: [order_id]}}", 4),
)
ALLOWANCE_OF_UNKNOWN_RULE: Final = _rule(
    "LINT_ALLOWANCE_OF_UNKNOWN_RULE",
    purpose="What is accepted for a while is a rule that there is.",
    message="there is no rule `{rule}`{near}",
    why="An allowance covers findings of exactly the rule that it names. This one covers nothing.",
    remedy="Correct the rule. `accord explain` lists all of them.",
    bad=_contract(
        *_GOOD_BLOCK[1:], "allow: [{rule: LINT_DOC_MISING, reason: it follows, until: 2999-12-31}]"
    ),
    good=_contract(
        *_GOOD_BLOCK[1:], "allow: [{rule: LINT_DOC_MISSING, reason: it follows, until: 2999-12-31}]"
    ),
)

RULES: Final[tuple[ContractRule, ...]] = (
    OWNER_MISSING,
    CHANNEL_MISSING,
    TOPIC_NAME,
    COMPATIBILITY_NONE,
    ONE_REPLICA,
    MIN_INSYNC_TOO_HIGH,
    RETENTION_MISSING,
    UNKNOWN_CONFIG,
    DEAD_LETTERS_EXPIRE_FIRST,
    READER_WITHOUT_GROUP,
    ALLOWANCE_OF_UNKNOWN_RULE,
)
