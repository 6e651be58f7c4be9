"""What the doctor looks for in a registry's records, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from accord.findings import Finding, Fix, Severity, Side
from accord.registry.log.port import Record
from accord.schemas.pages import Page, Paragraph, Quote, Section


@dataclass(frozen=True, slots=True)
class LogRule:
    """One thing that can be wrong with the records.

    ``message`` is a template over the facts of a case, ``example`` such facts. ``mend`` says what ``--mend`` does about
    it, "" where only people can know.
    """

    id: str
    severity: Severity
    purpose: str
    message: str
    why: str
    remedy: str
    example: Mapping[str, object]
    mend: str = ""

    @property
    def page(self) -> Page:
        """An example with its explanation."""
        mending = (
            f"`--mend` {self.mend}."
            if self.mend
            else "`--mend` leaves it: only people can know what is right."
        )
        return Page(
            self.id,
            self.purpose,
            (
                Section("What the doctor says", (Quote(self.message.format(**self.example)),)),
                Section("What it means", (Paragraph(self.why),)),
                Section("What to do", (Paragraph(self.remedy), Paragraph(mending))),
            ),
        )

    def finding(
        self,
        place: int,
        record: Record,
        facts: Mapping[str, object],
        *,
        fix: Fix | None = None,
        log: str = "",
    ) -> Finding:
        """This rule, broken by the record at ``place``, counted from 0, of the log of schemas or another one."""
        return Finding(
            rule=self.id,
            severity=self.severity,
            message=self.message.format(**facts),
            why=self.why,
            path="",
            reader=Side(f"record {place}{log and f' of {log}'}", "", record.key.decode(errors="replace")),
            writer=Side("", ""),
            fixes=() if fix is None else (fix,),
        )


UNDECODABLE: Final = LogRule(
    id="LOG_RECORD_UNDECODABLE",
    severity=Severity.ERROR,
    purpose="Every record can be read.",
    message="a record cannot be read: {reason}",
    why=(
        "A server passes it over, so what it says is not served. Another registry may know more: a schema of a type that "
        "is not known here is told like this, too."
    ),
    remedy=(
        "If it held a schema, register that again with its old id in IMPORT mode. What is no JSON can then be left out; a "
        "record that is JSON stays, and its id with it."
    ),
    example={"reason": "its key is no JSON"},
    mend="leaves the record out if it is no JSON; no other record of a schema is ever left out",
)
UNKNOWN_KIND: Final = LogRule(
    id="LOG_RECORD_OF_UNKNOWN_KIND",
    severity=Severity.INFO,
    purpose="The kinds of records are known.",
    message="records of the kind {kind} are not known here; there are {count}",
    why="Another registry wrote them for something that this one does not serve. They are moved as they are.",
    remedy="Nothing, unless something that you use is missing afterwards.",
    example={"kind": "ASSOC", "count": 3},
)
TWIN: Final = LogRule(
    id="LOG_KEY_WITH_TWIN",
    severity=Severity.ERROR,
    purpose="One thing has one key, byte for byte.",
    message="{what} stands under {count} keys that mean the same and are spelled differently",
    why=(
        "Compaction compares bytes, so the records of both keys stay. A delete under one of them leaves the other, and "
        "what was deleted comes back when a server starts."
    ),
    remedy="Move the registry to records with one spelling: --mend writes them.",
    example={"what": "version 1 of 'orders-value'", "count": 2},
    mend="writes all of them under the usual key; the last record counts, as it does for every server",
)
UNUSUAL_KEY: Final = LogRule(
    id="LOG_KEY_SPELLED_UNUSUALLY",
    severity=Severity.WARNING,
    purpose="Keys are spelled as the registries of today spell them.",
    message="keys that are not spelled as servers spell them now: {count}",
    why=(
        "Older and other registries ordered a key's members differently, or gave it more. The next change of such a "
        "thing is written under the usual key, and both records stay."
    ),
    remedy="Move the registry to records with the usual spelling: --mend writes them.",
    example={"count": 214},
    mend="writes them under the usual key",
)
TWO_CONTENTS: Final = LogRule(
    id="LOG_ID_WITH_TWO_CONTENTS",
    severity=Severity.ERROR,
    purpose="One id has one content.",
    message="id {id} of {context} has another content in {what} than in {first}, and servers pass {what} over",
    why=(
        "A server takes the content that it reads first, as long as that is there, and passes the other one over, so "
        "records written with the other one are read with a schema that is not theirs, or not at all."
    ),
    remedy=(
        "Find out which topics have records of the second content. Let --mend give it an id of its own, restart its "
        "producers, and read old records of that topic with the schema named explicitly."
    ),
    example={
        "id": 42,
        "context": "the default context",
        "what": "version 1 of 'b'",
        "first": "version 3 of 'a'",
    },
    mend="gives the content that came later an id of its own, above all that were ever given, unless no id is left",
)
TWO_IDS: Final = LogRule(
    id="LOG_CONTENT_WITH_TWO_IDS",
    severity=Severity.WARNING,
    purpose="One content has one id.",
    message="{what} has the same content as {first}, and id {id} instead of {first_id}",
    why="Nothing is read wrongly. Caches and comparisons by id see two schemas where there is one.",
    remedy="Nothing: records may carry both ids, so both must stay.",
    example={"what": "version 1 of 'b'", "first": "version 1 of 'a'", "id": 9, "first_id": 4},
)
ID_REUSED: Final = LogRule(
    id="LOG_ID_REUSED",
    severity=Severity.ERROR,
    purpose="An id that was given once is never given to another content.",
    message="id {id} of {context} stood for {first} and later for {what}",
    why="Records that were written with the first content are read with the second one.",
    remedy=(
        "Find out whether topics still hold records of the erased content; if so, write them anew with the id of their "
        "schema, or drop them. An Accord registry never gives an id twice."
    ),
    example={
        "id": 42,
        "context": "the default context",
        "what": "version 1 of 'b'",
        "first": "version 3 of 'a'",
    },
)
DANGLING: Final = LogRule(
    id="LOG_REFERENCE_DANGLING",
    severity=Severity.ERROR,
    purpose="What a schema refers to is there.",
    message="{what} refers to {target}, which is {state}",
    why="Nobody can read records of this schema: what it refers to cannot be had.",
    remedy="Register the missing version again under its old number in IMPORT mode.",
    example={"what": "version 2 of 'orders-value'", "target": "version 1 of 'money'", "state": "erased"},
    mend="brings an erased version back as a soft-deleted one, where the records still tell what it was",
)
REFERENCE_TO_DELETED: Final = LogRule(
    id="LOG_REFERENCE_TO_SOFT_DELETED",
    severity=Severity.WARNING,
    purpose="What a live schema refers to is live.",
    message="{what} refers to {target}, which is soft-deleted",
    why="It still can be read, but no registry accepts a new schema with this reference, and a permanent delete breaks it.",
    remedy="Register what is referred to again, or delete the schema that refers to it.",
    example={"what": "version 2 of 'orders-value'", "target": "version 1 of 'money'"},
)
WRONG_MD5: Final = LogRule(
    id="LOG_MD5_WRONG",
    severity=Severity.WARNING,
    purpose="The MD5 of a schema fits its content.",
    message="{what} is stored with an MD5 that is not that of its content",
    why=(
        "It is the schema's identity, and its GUID. A server that believes it gives the same content another id, and "
        "answers a GUID that no other registry gives it."
    ),
    remedy="Let --mend write the right one.",
    example={"what": "version 1 of 'orders-value'"},
    mend="computes it anew",
)
STRAY_MARKER: Final = LogRule(
    id="LOG_DELETION_OF_NOTHING",
    severity=Severity.INFO,
    purpose="What is marked as deleted exists.",
    message="the subject '{subject}' is marked as deleted, and has no versions",
    why="Nothing is served wrongly; the record was left behind.",
    remedy="Nothing, or let --mend leave it out.",
    example={"subject": "orders-value"},
    mend="leaves the record out",
)
BAD_VERSION: Final = LogRule(
    id="LOG_VERSION_NOT_POSITIVE",
    severity=Severity.ERROR,
    purpose="Versions count from 1.",
    message="'{subject}' has a version with the number {version}",
    why="No client can ask for it: 0 is no version, and -1 means the latest one.",
    remedy="Register its content as a new version with the same id in IMPORT mode, then delete the record.",
    example={"subject": "orders-value", "version": 0},
)
UNPARSABLE: Final = LogRule(
    id="LOG_SCHEMA_UNPARSABLE",
    severity=Severity.ERROR,
    purpose="Every stored schema is a schema.",
    message="{what} is no valid schema: {reason}",
    why="Clients that need it fail, and so does every compatibility check against it.",
    remedy="Register a corrected schema, then delete this version; or set it right where it came from and move it again.",
    example={"what": "version 1 of 'orders-value'", "reason": "a record needs 'fields'"},
)
SETTING_ALONE: Final = LogRule(
    id="LOG_SETTING_WITHOUT_VERSIONS",
    severity=Severity.INFO,
    purpose="Subjects that are configured have versions.",
    message="'{subject}' has a {kind} of its own, and no versions",
    why="It may have been set before the first version is registered, or its name may be misspelt.",
    remedy="Look whether the name is right.",
    example={"subject": "oders-value", "kind": "configuration"},
)
REPORT_UNDECODABLE: Final = LogRule(
    id="LOG_REPORT_UNDECODABLE",
    severity=Severity.WARNING,
    purpose="Everything that was reported can be read.",
    message="a record of what was reported cannot be read: {reason}",
    why=(
        "A server passes it over, so what it says of a reader, a deployment or the like is not told. Schemas are not "
        "concerned. A later version may have written it, and may read it."
    ),
    remedy="Let whoever reported it report again: that takes the place of the old record if it has the same key.",
    example={"reason": "no report of a kind that is known here: LEASE"},
    mend="leaves the record out, unless it is of a kind that a later version may know",
)

RULES: Final = (
    UNDECODABLE, UNKNOWN_KIND, TWIN, UNUSUAL_KEY, TWO_CONTENTS, TWO_IDS, ID_REUSED, DANGLING, REFERENCE_TO_DELETED,
    WRONG_MD5, STRAY_MARKER, BAD_VERSION, UNPARSABLE, SETTING_ALONE, REPORT_UNDECODABLE,
)  # fmt: skip


def find(rule_id: str) -> LogRule | None:
    """The rule of that id, in any case, None if there is none."""
    return next((rule for rule in RULES if rule.id == rule_id.upper()), None)
