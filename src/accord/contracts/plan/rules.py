"""What a plan refuses, and what has drifted from Git."""

from typing import Final

from accord.contracts.rules import ContractRule
from accord.findings import Severity


def _block(*lines: str) -> str:
    indented = "".join(f"      {line}\n" for line in lines)
    return f"customProperties:\n  - property: kafka\n    vendor: accord\n    value:\n{indented}"


PARTITIONS_FEWER: Final = ContractRule(
    id="PLAN_PARTITIONS_FEWER",
    severity=Severity.ERROR,
    purpose="A topic keeps the partitions that it has.",
    message="topic {topic} has {there} partitions, and the contract wants {wanted}",
    why=(
        "Kafka takes no partition away: what is in it would be lost, and every key would go to another place. The only way is "
        "to delete the topic with all its records and to make it anew."
    ),
    remedy=(
        "Say in the contract how many there are, or give the events a new topic. If the records may go, plan with "
        "--allow-delete: the topic is deleted and made anew."
    ),
    bad=_block("partitions: 6  # the topic has 12"),
    good=_block("partitions: 12"),
)
REPLICAS_DIFFER: Final = ContractRule(
    id="PLAN_REPLICAS_DIFFER",
    severity=Severity.ERROR,
    purpose="The replicas of a topic that there is are moved by hand.",
    message="topic {topic} is kept {there} times, and the contract wants {wanted}",
    why=(
        "To keep partitions more or less often is to move them between brokers, which takes long and much of the network; "
        "the client library cannot do it."
    ),
    remedy="Run the command that the plan tells, wait until it is through, and plan again; or say what there is.",
    bad=_block("replicas: 3  # the topic has 1"),
    good=_block("replicas: 1"),
)
QUOTA_BY_HAND: Final = ContractRule(
    id="PLAN_QUOTA_BY_HAND",
    severity=Severity.ERROR,
    purpose="Quotas are set by hand.",
    message="{principal} is to have the quota {quotas}",
    why="The client library can neither set quotas nor tell which there are, so nobody could say whether this one counts.",
    remedy=(
        "Run the command that the plan tells. Then say in the contract that it was done, with an allowance for this rule; "
        "when that ends, somebody looks again."
    ),
    bad="roles:\n  - role: order-service\n    access: write\n"
    + _block("quotas: {order-service: {producer_byte_rate: 1048576}}"),
    good="roles:\n  - role: order-service\n    access: write\n",
)
TOPIC_CONTRADICTORY: Final = ContractRule(
    id="PLAN_TOPIC_CONTRADICTORY",
    severity=Severity.ERROR,
    purpose="Contracts that share a topic want the same of it.",
    message="the contracts of {one} and {other} want different things of topic {topic}",
    why="Only one of them could be applied, and the other would find that the topic has drifted.",
    remedy="Let both say the same of it, give each a topic of its own, or give the shared one a contract of its own.",
    bad=_block("dlq: {topic: dead-letters, retention: 7d}  # and another contract says 14d"),
    good=_block("dlq: {topic: orders.created-dlq, retention: 7d}"),
)
BROKERS_REFUSE: Final = ContractRule(
    id="PLAN_BROKERS_REFUSE",
    severity=Severity.ERROR,
    purpose="The brokers would take what is planned.",
    message="the brokers would not take topic {topic}: {reason}",
    why="They were asked, without anything being changed. A plan that stops half-way helps nobody.",
    remedy="Correct the contract: a setting that brokers do not know, a value that is none, more replicas than brokers.",
    bad=_block("config: {retention.ms: a week}"),
    good=_block("config: {retention.ms: 604800000}"),
)
ACLS_IMPOSSIBLE: Final = ContractRule(
    id="PLAN_ACLS_IMPOSSIBLE",
    severity=Severity.ERROR,
    purpose="Roles can be enforced.",
    message="the contract's roles are {acls} ACLs, and the brokers at {address} have no authorizer",
    why="Without an authorizer everybody may do everything, whatever a contract says.",
    remedy="Set authorizer.class.name on brokers and controllers; or plan without --acls require, and do without ACLs.",
    bad="roles:\n  - role: order-service\n    access: write\n",
    good="roles: []\n",
)
REGISTRY_READ_ONLY: Final = ContractRule(
    id="PLAN_REGISTRY_READ_ONLY",
    severity=Severity.ERROR,
    purpose="The registry takes schemas.",
    message="the registry at {address} is in the mode {mode}{which}, and takes no schemas",
    why="Somebody said so, to move it for example; what is registered now would be lost or refused.",
    remedy="Plan against the registry that takes schemas, or wait until this one does again.",
    bad=_block("compatibility: FULL  # the registry is in the mode READONLY"),
    good=_block("compatibility: FULL"),
)
REFERENCE_UNKNOWN: Final = ContractRule(
    id="PLAN_REFERENCE_UNKNOWN",
    severity=Severity.ERROR,
    purpose="What a schema refers to is registered.",
    message="{subject} refers to {missing}, which neither the project nor the registry has",
    why="A registry takes a schema only if it has what it refers to.",
    remedy="Let the owner of the other schema register it first, or take it into the project.",
    bad='{"type": "record", "name": "Order", "fields": [{"name": "customer", "type": "Customer"}]}',
    good='{"type": "record", "name": "Order", "fields": [{"name": "customer", "type": "string"}]}',
    language="avro",
)

_OUTSIDE: Final = "Somebody changed it outside of Git. The next `accord apply` changes it back."
_REMEDY: Final = "If the change is right, bring it into the contract; if not, run `accord apply`."
_BEYOND: Final = "Put it into a contract if it is right. If not, `accord apply --allow-delete` deletes it, once somebody has typed its name."

TOPIC_MISSING: Final = ContractRule(
    id="DRIFT_TOPIC_MISSING",
    severity=Severity.ERROR,
    purpose="Every topic of a contract is there.",
    message="topic {topic} ({purpose}) is not there",
    why="It was never applied, or somebody deleted it. Who writes to it fails, and who reads it gets nothing.",
    remedy="Run `accord apply`.",
    bad=_block("dlq: {topic: orders.created-dlq}  # and there is no such topic"),
    good=_block("dlq: {topic: orders.created-dlq}"),
)
PARTITIONS_CHANGED: Final = ContractRule(
    id="DRIFT_PARTITIONS",
    severity=Severity.ERROR,
    purpose="A topic has as many partitions as its contract says.",
    message="topic {topic} has {there} partitions, and Git says {wanted}",
    why="With the number of partitions the place of every key changes, and with it what stays in order.",
    remedy="Say in the contract how many there are; or run `accord apply` if there are fewer.",
    bad=_block("partitions: 6  # the topic has 12"),
    good=_block("partitions: 12"),
)
REPLICAS_CHANGED: Final = ContractRule(
    id="DRIFT_REPLICAS",
    severity=Severity.ERROR,
    purpose="A topic is kept as often as its contract says.",
    message="topic {topic} is kept {there} times, and Git says {wanted}",
    why="Fewer replicas survive the loss of fewer brokers; more cost space and network.",
    remedy="`accord plan` tells the command that moves the replicas.",
    bad=_block("replicas: 3  # the topic has 1"),
    good=_block("replicas: 1"),
)
SETTING_CHANGED: Final = ContractRule(
    id="DRIFT_SETTING",
    severity=Severity.ERROR,
    purpose="The settings of a topic are those of its contract.",
    message="{setting} of topic {topic} was changed outside: {there}, and Git says {wanted}",
    why=_OUTSIDE,
    remedy=_REMEDY,
    bad=_block("config: {retention.ms: 604800000}  # the topic has 3600000"),
    good=_block("config: {retention.ms: 3600000}"),
)
SETTING_BEYOND: Final = ContractRule(
    id="DRIFT_SETTING_NOT_IN_GIT",
    severity=Severity.WARNING,
    purpose="What is set on a topic stands in its contract.",
    message="{setting}={there} is set on topic {topic}, and its contract says nothing about it",
    why="Somebody set it outside of Git, and nobody who reads the contract knows. Applying leaves it as it is.",
    remedy="Bring it into the contract's `config`; or take it back with `accord apply --allow-delete`.",
    bad=_block("config: {}  # and the topic has retention.ms=3600000"),
    good=_block("config: {retention.ms: 3600000}"),
)
ACCESS_MISSING: Final = ContractRule(
    id="DRIFT_ACCESS_MISSING",
    severity=Severity.ERROR,
    purpose="Every role may do what its contract says.",
    message="{principal} may not {operations} on {resource}, as Git says",
    why="An ACL was never applied, or somebody removed it. The service fails, at the latest when it starts again.",
    remedy="Run `accord apply`; or take the role out of the contract.",
    bad="roles:\n  - role: billing  # and User:billing has no ACL\n    access: read\n",
    good="roles: []\n",
)
ACCESS_BEYOND: Final = ContractRule(
    id="DRIFT_ACCESS_NOT_IN_GIT",
    severity=Severity.ERROR,
    purpose="Nobody may do with a topic what its contract does not say.",
    message="{principal} has {permission} {operation} on topic {topic} from host {host}, which no contract says",
    why="Somebody may read or write what its owner does not know of.",
    remedy=_BEYOND,
    bad="roles: []  # and User:somebody may READ\n",
    good="roles:\n  - role: somebody\n    access: read\n",
)
TOPIC_BEYOND: Final = ContractRule(
    id="DRIFT_TOPIC_NOT_IN_GIT",
    severity=Severity.ERROR,
    purpose="Every topic in a project's scope has a contract.",
    message="topic {topic} lies in this project's scope, and no contract names it",
    why="Nobody owns it: a retry topic of a reader that went, a topic of a contract that was taken out, or a trial.",
    remedy=_BEYOND,
    bad='[project]\nscope = ["orders."]  # and there is a topic orders.trial without a contract\n',
    good='[project]\nscope = ["orders.created"]\n',
    language="toml",
)
SCHEMA_MISSING: Final = ContractRule(
    id="DRIFT_SCHEMA_NOT_REGISTERED",
    severity=Severity.ERROR,
    purpose="Every schema in Git is registered.",
    message="{subject} has no version that is the schema in Git{newest}",
    why="It was never applied, or the registry lost it. Producers that may not register schemas cannot write with it.",
    remedy="Run `accord apply`.",
    bad='{"type": "record", "name": "Order", "fields": []}',
    good='{"type": "record", "name": "Order", "fields": []}',
    language="avro",
)
SCHEMA_BEHIND: Final = ContractRule(
    id="DRIFT_SCHEMA_NEWER",
    severity=Severity.ERROR,
    purpose="The newest version of a subject is the schema in Git.",
    message="{subject} has version {newest}, and Git has what is version {version} there",
    why=(
        "Somebody registered a version outside of Git. Whoever reads or writes with the newest version does not do what Git "
        "says, and a version once registered is never taken back by a plan."
    ),
    remedy=(
        "Bring the newer schema into Git (`accord pull`). If nobody ever wrote with it, delete that version from the registry."
    ),
    bad='{"type": "record", "name": "Order", "fields": []}',
    good='{"type": "record", "name": "Order", "fields": []}',
    language="avro",
)
SUBJECT_BEYOND: Final = ContractRule(
    id="DRIFT_SUBJECT_NOT_IN_GIT",
    severity=Severity.ERROR,
    purpose="Every subject in a project's scope has a schema in Git.",
    message="subject {subject} ({versions} versions) lies in this project's scope, and nothing in Git names it",
    why="Somebody registered it outside of Git, or its schema was taken out.",
    remedy=_BEYOND,
    bad=_block("key: {type: string}  # and orders.created-key has versions"),
    good=_block("key: {type: avro, schema: OrderKey.avsc}"),
)
LEVEL_CHANGED: Final = ContractRule(
    id="DRIFT_COMPATIBILITY",
    severity=Severity.ERROR,
    purpose="A subject has the compatibility level of its contract.",
    message="the compatibility level of {subject} is not Git's: {there}, and Git says {wanted}",
    why=f"{_OUTSIDE} Until then, the registry takes versions that the contract forbids, or refuses what it allows.",
    remedy=_REMEDY,
    bad=_block("compatibility: FULL  # the subject has NONE"),
    good=_block("compatibility: NONE"),
)

REFUSALS: Final[tuple[ContractRule, ...]] = (
    PARTITIONS_FEWER,
    REPLICAS_DIFFER,
    QUOTA_BY_HAND,
    TOPIC_CONTRADICTORY,
    BROKERS_REFUSE,
    ACLS_IMPOSSIBLE,
    REGISTRY_READ_ONLY,
    REFERENCE_UNKNOWN,
)
"""Why a plan is refused."""

DRIFT: Final[tuple[ContractRule, ...]] = (
    TOPIC_MISSING,
    PARTITIONS_CHANGED,
    REPLICAS_CHANGED,
    SETTING_CHANGED,
    SETTING_BEYOND,
    ACCESS_MISSING,
    ACCESS_BEYOND,
    TOPIC_BEYOND,
    SCHEMA_MISSING,
    SCHEMA_BEHIND,
    SUBJECT_BEYOND,
    LEVEL_CHANGED,
)
"""What is not as Git says."""

RULES: Final[tuple[ContractRule, ...]] = (*REFUSALS, *DRIFT)
