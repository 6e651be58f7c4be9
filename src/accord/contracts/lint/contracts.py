"""What lint looks for in a contract."""

import difflib
import re
from collections.abc import Collection, Iterator
from typing import Any, Final

from accord.contracts.lint import contract_rules as rules
from accord.contracts.lint.style import TOPIC_NAMES, Style
from accord.contracts.loading.documents import JsonDocument, YamlDocument
from accord.contracts.model import DataContract, ProjectSettings
from accord.contracts.rules import ContractRule
from accord.findings import Finding
from accord.schemas import CompatibilityLevel

_RETENTION: Final = "retention.ms"
_MIN_INSYNC: Final = "min.insync.replicas"
TOPIC_CONFIGS: Final = frozenset(
    (
        "cleanup.policy", "compression.gzip.level", "compression.lz4.level", "compression.type", "compression.zstd.level",
        "delete.retention.ms", "file.delete.delay.ms", "flush.messages", "flush.ms",
        "follower.replication.throttled.replicas", "index.interval.bytes", "leader.replication.throttled.replicas",
        "local.retention.bytes", "local.retention.ms", "max.compaction.lag.ms", "max.message.bytes",
        "message.downconversion.enable", "message.format.version", "message.timestamp.after.max.ms",
        "message.timestamp.before.max.ms", "message.timestamp.difference.max.ms", "message.timestamp.type",
        "min.cleanable.dirty.ratio", "min.compaction.lag.ms", "min.insync.replicas", "preallocate",
        "remote.copy.disable", "remote.log.copy.disable", "remote.log.delete.on.disable", "remote.storage.enable",
        "retention.bytes", "retention.ms", "segment.bytes", "segment.index.bytes", "segment.jitter.ms", "segment.ms",
        "unclean.leader.election.enable",
    )
)  # fmt: skip
"""The settings of a topic that Apache Kafka 2.8 to 4.1 has."""

_DAY_MS: Final = 86_400_000
_HOUR_MS: Final = 3_600_000


def findings_in(
    contract: DataContract, style: Style, settings: ProjectSettings, known_rules: Collection[str]
) -> Iterator[Finding]:
    """Everything about the contract itself."""
    block = _block_of(contract)
    yield from _people(contract)
    yield from _topic(contract, style, settings, block)
    yield from _replication(contract, settings, block)
    yield from _retention(contract, block)
    for key in contract.config:
        if key not in TOPIC_CONFIGS:
            near = difflib.get_close_matches(key, TOPIC_CONFIGS, n=1)
            facts = {"key": key, "near": f" (did you mean {near[0]}?)" if near else ""}
            yield _finding(rules.UNKNOWN_CONFIG, contract, f"{block}/config/{key}", facts)
    for reader in contract.readers:
        if not reader.groups:
            at = reader.at or contract.locate(f"{block}/consumers/{reader.service}")
            yield rules.READER_WITHOUT_GROUP.finding(at, {"reader": reader.service}, contract=contract.id)
    for allowance in contract.allowances:
        if allowance.rule not in known_rules:
            near = difflib.get_close_matches(allowance.rule, known_rules, n=1)
            facts = {"rule": allowance.rule, "near": f" (did you mean {near[0]}?)" if near else ""}
            yield rules.ALLOWANCE_OF_UNKNOWN_RULE.finding(allowance.at, facts, contract=contract.id)


def _people(contract: DataContract) -> Iterator[Finding]:
    facts = {"contract": contract.name or contract.id}
    if not contract.owner:
        yield _finding(rules.OWNER_MISSING, contract, "/team", facts)
    if not contract.channels:
        yield _finding(rules.CHANNEL_MISSING, contract, "/support", facts)


def _topic(contract: DataContract, style: Style, settings: ProjectSettings, block: str) -> Iterator[Finding]:
    is_default = style.topic_names == TOPIC_NAMES
    pattern = settings.topic_names if is_default and settings.topic_names else style.topic_names
    if not re.fullmatch(pattern, contract.topic):
        facts = {"topic": contract.topic, "pattern": pattern}
        yield _finding(rules.TOPIC_NAME, contract, "/schema/0/physicalName", facts)
    if contract.compatibility is CompatibilityLevel.NONE:
        yield _finding(
            rules.COMPATIBILITY_NONE, contract, f"{block}/compatibility", {"topic": contract.topic}
        )


def _replication(contract: DataContract, settings: ProjectSettings, block: str) -> Iterator[Finding]:
    replicas = contract.replicas or settings.replicas
    if replicas is None:
        return
    if replicas == 1:
        yield _finding(rules.ONE_REPLICA, contract, f"{block}/replicas", {"topic": contract.topic})
    wanted = _number(contract.config.get(_MIN_INSYNC))
    if wanted is not None and wanted >= replicas and wanted > 1:
        facts = {"topic": contract.topic, "wanted": wanted, "replicas": replicas}
        yield _finding(rules.MIN_INSYNC_TOO_HIGH, contract, f"{block}/config/{_MIN_INSYNC}", facts)


def _retention(contract: DataContract, block: str) -> Iterator[Finding]:
    main = _number(contract.config.get(_RETENTION))
    is_compacted = "compact" in contract.config.get("cleanup.policy", "")
    facts: dict[str, object] = {"topic": contract.topic}
    if main is None and not is_compacted:
        yield _finding(rules.RETENTION_MISSING, contract, f"{block}/config", facts)
    dlq = contract.dead_letters.retention_ms if contract.dead_letters is not None else None
    # A retention of -1 is for ever.
    if main is None or dlq is None or dlq < 0 or 0 <= main <= dlq:
        return
    facts |= {"main": _duration(main), "dlq": _duration(dlq)}
    yield _finding(rules.DEAD_LETTERS_EXPIRE_FIRST, contract, f"{block}/dlq/retention", facts)


def _finding(rule: ContractRule, contract: DataContract, pointer: str, facts: dict[str, Any]) -> Finding:
    return rule.finding(contract.locate(pointer), facts, contract=contract.id)


def _block_of(contract: DataContract) -> str:
    """Where the kafka block of a contract is, as a JSON pointer."""
    document = contract.places.value if isinstance(contract.places, YamlDocument | JsonDocument) else None
    custom = document.get("customProperties") if isinstance(document, dict) else None
    for index, entry in enumerate(custom if isinstance(custom, list) else ()):
        if isinstance(entry, dict) and entry.get("property") == "kafka":
            return f"/customProperties/{index}/value"
    return "/customProperties"


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"-?[0-9]{1,18}", text) else None


def _duration(ms: int) -> str:
    if ms < 0:
        return "for ever"
    if ms % _DAY_MS == 0:
        return f"{ms // _DAY_MS} d"
    return f"{ms // _HOUR_MS} h" if ms % _HOUR_MS == 0 else f"{ms} ms"
