"""What lint looks for in schemas."""

from typing import Final

from accord.contracts.rules import ContractRule
from accord.findings import Severity


def _rule(
    id: str,
    *,
    purpose: str,
    message: str,
    why: str,
    remedy: str,
    bad: str,
    good: str,
    language: str = "avro",
    severity: Severity = Severity.WARNING,
) -> ContractRule:
    return ContractRule(id, severity, purpose, message, why, remedy, bad, good, language)


def _order(*fields: str, doc: str = ', "doc": "An order."', name: str = "Order") -> str:
    """An Avro record with these fields."""
    lines = ",\n".join(f"  {field}" for field in fields)
    return f'{{"type": "record", "name": "{name}"{doc}, "fields": [\n{lines}\n]}}'


def _field(name: str, type: str, more: str = "") -> str:
    return f'{{"name": "{name}", "type": {type}, "doc": "What it is."{more}}}'


_ID: Final = _field("id", '"string"')

RECORD_NAME: Final = _rule(
    "LINT_RECORD_NAME",
    purpose="Records, messages and enums are named in one style.",
    message="the name `{name}` does not match {pattern}",
    why="Names become classes in the code of every reader. One style is found, read and generated without surprises.",
    remedy="Rename it while nobody uses it yet; later a new name is a new type, and an alias has to carry the old one. "
    "Set another style with `--record-names`, or `record-names` under `[lint]` in accord.toml.",
    bad=_order(_ID, name="order_created"),
    good=_order(_ID, name="OrderCreated"),
)
FIELD_NAME: Final = _rule(
    "LINT_FIELD_NAME",
    purpose="Fields are named in one style.",
    message="the name `{name}` does not match {pattern}",
    why="Names become members in the code of every reader, and columns wherever records are stored.",
    remedy="Rename it while nobody reads it yet; later a new name is a new field. Set another style with `--field-names`, or "
    "`field-names` under `[lint]` in accord.toml.",
    bad=_order(_field("OrderId", '"string"')),
    good=_order(_field("order_id", '"string"')),
)
SYMBOL_NAME: Final = _rule(
    "LINT_SYMBOL_NAME",
    purpose="The symbols of enums are named in one style.",
    message="symbols of `{enum}` do not match {pattern}: {symbols}",
    why="Symbols become constants in the code of every reader.",
    remedy="Rename it while nobody writes it yet; later a new name is a new symbol. Set another style with "
    "`--symbol-names`, or `symbol-names` under `[lint]` in accord.toml.",
    bad=_order(
        _field(
            "status",
            '{"type": "enum", "name": "Status", "symbols": ["open", "UNKNOWN"], "default": "UNKNOWN"}',
        )
    ),
    good=_order(
        _field(
            "status",
            '{"type": "enum", "name": "Status", "symbols": ["OPEN", "UNKNOWN"], "default": "UNKNOWN"}',
        )
    ),
)
DOC_MISSING: Final = _rule(
    "LINT_DOC_MISSING",
    purpose="An event says what it is.",
    message="nothing says what `{name}` is: {what} is missing",
    why="Whoever finds the topic has only the schema to go by. Names are understood by those who chose them.",
    remedy="Add a sentence: what happened when such a record is written?",
    bad=_order(_ID, doc=""),
    good=_order(_ID),
)
FIELD_DOC_MISSING: Final = _rule(
    "LINT_FIELD_DOC_MISSING",
    purpose="Fields say what they are.",
    message="{count} of `{name}` without documentation: {fields}",
    why="A unit, a time zone, what an empty value means: readers guess what nobody wrote down.",
    remedy="Add a sentence to each field that its name does not explain.",
    bad=_order('{"name": "id", "type": "string"}'),
    good=_order(_ID),
    severity=Severity.INFO,
)
NULLABLE_WITHOUT_DEFAULT: Final = _rule(
    "LINT_NULLABLE_WITHOUT_DEFAULT",
    purpose="What may be null has null as its default.",
    message="`{name}` may be null and has no default",
    why=(
        "Without a default every writer has to set the field although it may be null, it can never be removed from what is "
        "written, and a reader cannot add it. A default belongs to the first branch of a union, so null stands first."
    ),
    remedy="Put null first, and make it the default.",
    bad=_order(_field("coupon", '["string", "null"]')),
    good=_order(_field("coupon", '["null", "string"]', ', "default": null')),
)
DEFAULT_NOT_FIRST: Final = _rule(
    "LINT_DEFAULT_NOT_FIRST",
    purpose="The default of a union is one of its first branch.",
    message="the default of `{name}` is not of the first branch of its union, {branch}",
    why=(
        "The specification of Avro took a default for one of the first branch until version 1.12, and many libraries still "
        "do: they refuse the schema, or take the default for something else."
    ),
    remedy="Put the branch of the default first.",
    bad=_order(_field("coupon", '["string", "null"]', ', "default": null')),
    good=_order(_field("coupon", '["null", "string"]', ', "default": null')),
)
REQUIRED_LOOKS_OPTIONAL: Final = _rule(
    "LINT_REQUIRED_LOOKS_OPTIONAL",
    purpose="What may be missing can be left out.",
    message="the documentation of `{name}` says that it may be missing, and the schema that it is there",
    why="Writers will fill it with an empty text or a zero, and each reader has to know which of them means nothing.",
    remedy="Let it be null, with null as the default, or say in the documentation that it is always there.",
    bad=_order('{"name": "coupon", "type": "string", "doc": "The coupon, if any."}'),
    good=_order(
        '{"name": "coupon", "type": ["null", "string"], "default": null, "doc": "The coupon, if any."}'
    ),
    severity=Severity.INFO,
)
MOMENT_UNTYPED: Final = _rule(
    "LINT_MOMENT_UNTYPED",
    purpose="A point in time has a type that says so.",
    message="`{name}` sounds like a point in time, and is a plain {type}",
    why="Seconds or milliseconds, which time zone: readers guess, and a wrong guess is a date in 1970 or in the year 55000.",
    remedy="In Avro use the logical type timestamp-millis or timestamp-micros, in JSON Schema a string of the format "
    "date-time, in Protobuf google.protobuf.Timestamp. If it is something else, give it another name.",
    bad=_order(_field("created_at", '"long"')),
    good=_order(_field("created_at", '{"type": "long", "logicalType": "timestamp-millis"}')),
)
DATE_UNTYPED: Final = _rule(
    "LINT_DATE_UNTYPED",
    purpose="A day has a type that says so.",
    message="`{name}` sounds like a day, and is a plain {type}",
    why="03/04/2027 is a day in March or in April. A type leaves one reading, and a wrong value is refused when it is written.",
    remedy="In Avro use the logical type date on an int, in JSON Schema a string of the format date, in Protobuf "
    "google.type.Date or a message of your own.",
    bad=_order(_field("due_date", '"string"')),
    good=_order(_field("due_date", '{"type": "int", "logicalType": "date"}')),
)
MONEY_AS_FLOAT: Final = _rule(
    "LINT_MONEY_AS_FLOAT",
    purpose="Money is counted exactly.",
    message="`{name}` sounds like money, and is a {type}, which cannot hold 0.10 exactly",
    why="Sums of floating point numbers drift by cents, and two readers that round differently do not agree.",
    remedy="In Avro use the logical type decimal on bytes, in JSON Schema a string with a pattern or an integer of the "
    "smallest unit, in Protobuf an int64 of the smallest unit or google.type.Money.",
    bad=_order(_field("total_amount", '"double"')),
    good=_order(
        _field("total_amount", '{"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}')
    ),
)
UUID_UNTYPED: Final = _rule(
    "LINT_UUID_UNTYPED",
    purpose="A UUID has a type that says so.",
    message="`{name}` sounds like a UUID, and is a plain string",
    why="A type refuses what is none when it is written, and gives readers a UUID instead of a text to be parsed.",
    remedy="In Avro use the logical type uuid, in JSON Schema the format uuid.",
    bad=_order(_field("order_uuid", '"string"')),
    good=_order(_field("order_uuid", '{"type": "string", "logicalType": "uuid"}')),
    severity=Severity.INFO,
)
PERSONAL_UNTAGGED: Final = _rule(
    "LINT_PERSONAL_UNTAGGED",
    purpose="Personal data is marked as such.",
    message="`{name}` sounds like personal data, and nothing marks it",
    why="What is not marked is not encrypted, not masked and not found when somebody asks for their data to be erased.",
    remedy='Tag the field (`"confluent:tags": ["PII"]`), or give it a `classification` in the contract. If it is not '
    "personal, a tag such as PUBLIC says so.",
    bad=_order(_field("email", '"string"')),
    good=_order(_field("email", '"string"', ', "confluent:tags": ["PII"]')),
)
ENUM_WITHOUT_DEFAULT: Final = _rule(
    "LINT_ENUM_WITHOUT_DEFAULT",
    purpose="A reader knows what to take for a symbol that it does not know.",
    message="the enum `{name}` has no default",
    why="The first writer with a new symbol breaks every reader that does not have it yet, unless the reader's enum has a "
    "default to take instead.",
    remedy="Add a symbol such as UNKNOWN and make it the default of the enum (of the enum itself, not of the field).",
    bad=_order(_field("status", '{"type": "enum", "name": "Status", "symbols": ["OPEN", "UNKNOWN"]}')),
    good=_order(
        _field(
            "status",
            '{"type": "enum", "name": "Status", "symbols": ["OPEN", "UNKNOWN"], "default": "UNKNOWN"}',
        )
    ),
)
TOP_NOT_RECORD: Final = _rule(
    "LINT_TOP_NOT_RECORD",
    purpose="An event is a record.",
    message="the schema is {what}, to which nothing can be added later",
    why="Fields are added to records and to objects. What is a single value, or a list, never says more than it does today.",
    remedy="Wrap it into a record with a field.",
    bad='"string"',
    good=_order(_ID),
)
FIELDS_STAY_FOR_EVER: Final = _rule(
    "LINT_FIELDS_STAY_FOR_EVER",
    purpose="Some fields of an event can be removed one day.",
    message="no field of `{name}` has a default, so none of its {count} can ever be left out",
    why="A reader needs a default for what a record no longer holds. Where no field has one, no version can drop any.",
    remedy="Give a default to whatever is not essential, in general null.",
    bad=_order(*(_field(name, '"string"') for name in ("a", "b", "c", "d", "e"))),
    good=_order(
        *(_field(name, '"string"') for name in ("a", "b", "c", "d")),
        _field("e", '["null", "string"]', ', "default": null'),
    ),
    severity=Severity.INFO,
)

_JSON_HEAD: Final = '{"title": "Order", "description": "An order.", "type": "object", '
_JSON_ID: Final = '"properties": {"id": {"type": "string", "description": "What it is."}}'
CONTENT_MODEL_OPEN: Final = _rule(
    "LINT_CONTENT_MODEL_OPEN",
    purpose="An object that new readers must read takes only the properties that it names.",
    message="{name} takes any property, so none can be added to it under {level}",
    why=(
        "Where every property is allowed, an old record may hold anything under the name of a new one. A check therefore "
        "refuses to add properties to an open object wherever new readers must read old records."
    ),
    remedy='Say `"additionalProperties": false`, in the first version already.',
    bad=_JSON_HEAD + _JSON_ID + "}",
    good=_JSON_HEAD + _JSON_ID + ', "additionalProperties": false}',
    language="json",
)
CONTENT_MODEL_CLOSED: Final = _rule(
    "LINT_CONTENT_MODEL_CLOSED",
    purpose="An object that old readers must read leaves room for new properties.",
    message="{name} takes only the properties that it names, so none can be added to it under {level}",
    why="Readers that have this schema refuse records with any property that is new.",
    remedy='Leave out `"additionalProperties": false`, or use the level BACKWARD and upgrade readers first.',
    bad=_JSON_HEAD + _JSON_ID + ', "additionalProperties": false}',
    good=_JSON_HEAD + _JSON_ID + "}",
    language="json",
)


def _proto(*lines: str, syntax: str = "proto3", around: str = "// An order.\nmessage Order {") -> str:
    return f'syntax = "{syntax}";\n{around}\n' + "".join(f"  {line}\n" for line in lines) + "}\n"


NUMBER_NOT_RESERVED: Final = _rule(
    "LINT_NUMBER_NOT_RESERVED",
    purpose="Field numbers that are skipped are reserved.",
    message="`{name}` skips {numbers} and does not reserve {them}",
    why=(
        "A gap is in general a field that is gone. Records with it are still on topics: if the number is used again, readers "
        "take the old bytes for the new field."
    ),
    remedy="Reserve the numbers, and the names of what stood there.",
    bad=_proto("string id = 1; // What it is.", "string note = 3; // What it is."),
    good=_proto("reserved 2;", "string id = 1; // What it is.", "string note = 3; // What it is."),
    language="protobuf",
)
FIELD_REQUIRED: Final = _rule(
    "LINT_FIELD_REQUIRED",
    purpose="No field of a message is required.",
    message="`{name}` is required",
    why="A required field can never be removed, nor added: each reader refuses every record without it.",
    remedy="Make it optional and check for it where it is used.",
    bad=_proto("required string id = 1; // What it is.", syntax="proto2"),
    good=_proto("optional string id = 1; // What it is.", syntax="proto2"),
    language="protobuf",
)
ZERO_HAS_A_MEANING: Final = _rule(
    "LINT_ZERO_HAS_A_MEANING",
    purpose="The zero of an enum means that nothing was said.",
    message="the zero of `{name}` is `{symbol}`, which means something",
    why="Readers see zero where a field is not set, and where a symbol is not known to them: they take both for this one.",
    remedy="Let the first be a symbol that ends in _UNSPECIFIED.",
    bad=_proto("PAID = 0;", "OPEN = 1;", around="// The state of an order.\nenum Status {"),
    good=_proto("STATUS_UNSPECIFIED = 0;", "PAID = 1;", around="// The state of an order.\nenum Status {"),
    language="protobuf",
)

RULES: Final[tuple[ContractRule, ...]] = (
    RECORD_NAME,
    FIELD_NAME,
    SYMBOL_NAME,
    DOC_MISSING,
    FIELD_DOC_MISSING,
    NULLABLE_WITHOUT_DEFAULT,
    DEFAULT_NOT_FIRST,
    REQUIRED_LOOKS_OPTIONAL,
    MOMENT_UNTYPED,
    DATE_UNTYPED,
    MONEY_AS_FLOAT,
    UUID_UNTYPED,
    PERSONAL_UNTAGGED,
    ENUM_WITHOUT_DEFAULT,
    TOP_NOT_RECORD,
    FIELDS_STAY_FOR_EVER,
    CONTENT_MODEL_OPEN,
    CONTENT_MODEL_CLOSED,
    NUMBER_NOT_RESERVED,
    FIELD_REQUIRED,
    ZERO_HAS_A_MEANING,
)
