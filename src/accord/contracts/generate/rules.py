"""What can keep a file from being made, and what can be wrong with one that was made."""

from typing import Final

from accord.contracts.rules import ContractRule
from accord.findings import Severity

_MADE: Final = '"""A customer has placed an order.\n\nMade by `accord generate python` from schemas/OrderCreated.avsc: change that.\n"""\n'

STALE: Final = ContractRule(
    id="GENERATED_FILE_STALE",
    severity=Severity.ERROR,
    purpose="What is made of the contracts is made of the contracts as they are.",
    message="{file} is not what `accord {command}` makes of the project now",
    why=(
        "The program would write or read with another schema than the one that was checked: its records fail where the "
        "registry meets them, in production and not here."
    ),
    remedy="Run the command again and commit what it writes. Changes made by hand belong into the schema.",
    bad=_MADE + "\n\nclass OrderCreated: ...  # changed by hand\n",
    good=_MADE + "\n\nclass OrderCreated: ...\n",
    language="python",
)
MISSING: Final = ContractRule(
    id="GENERATED_FILE_MISSING",
    severity=Severity.ERROR,
    purpose="What is made of the contracts is there.",
    message="{file} is missing: `accord {command}` makes it",
    why="A schema was added, and the program does not have its class.",
    remedy="Run the command and commit what it writes.",
    bad="(there is no such file)",
    good=_MADE,
    language="python",
)
LEFT_OVER: Final = ContractRule(
    id="GENERATED_FILE_LEFT_OVER",
    severity=Severity.ERROR,
    purpose="What is no longer made of the contracts is gone.",
    message="{file} was made by `accord {command}`, and nothing in the project makes it any more",
    why="A program may still use the class of an event that nobody's contract has.",
    remedy="Run the command: it removes what it made once and makes no more. Or bring the schema back.",
    bad=_MADE,
    good="(there is no such file)",
    language="python",
)
FOREIGN: Final = ContractRule(
    id="GENERATED_FILE_FOREIGN",
    severity=Severity.ERROR,
    purpose="Only what was made is overwritten.",
    message="{file} was not made by `accord {command}`, and it stands where a file is to be made",
    why="It may be somebody's work. Nothing was written.",
    remedy="Move it away, or name another folder with --into.",
    bad='"""Written by hand."""\n',
    good=_MADE,
    language="python",
)
NOT_EXPRESSIBLE: Final = ContractRule(
    id="GENERATE_TYPE_NOT_EXPRESSIBLE",
    severity=Severity.ERROR,
    purpose="A typed class can hold what the schema allows.",
    message="no {kind} class can hold {what}: {reason}",
    why=(
        "A schema may say things that no type hint says, or that the library behind the class cannot read back. A class that "
        "only nearly fits would refuse records that keep the contract."
    ),
    remedy=(
        "Choose another kind of class with --models (pydantic tells most apart, then msgspec, then dataclasses), say it in "
        "another way in the schema, or write the class by hand and give it to `accord.contract` with the schema's text."
    ),
    bad='{"title": "Paid", "type": "object", "properties": {"by": {"oneOf": [{"type": "object"}, {"type": "object"}]}}}',
    good='{"title": "Paid", "type": "object", "properties": {"by": {"type": ["string", "null"]}}}',
    language="json",
)
MODULE_TWICE: Final = ContractRule(
    id="GENERATE_MODULE_MADE_TWICE",
    severity=Severity.ERROR,
    purpose="Each schema file has a module of its own.",
    message="{file} would be made of {first} and of {second}",
    why="Two schema files define a type of the same name in the same namespace: only one of them can be meant.",
    remedy="Give one of them another namespace or name, or keep old versions outside of the project's folders.",
    bad="schemas/v1/OrderCreated.avsc\nschemas/v2/OrderCreated.avsc\n",
    good="schemas/OrderCreated.avsc\n",
    language="",
)
LEFT_TO_PROTOC: Final = ContractRule(
    id="GENERATE_LEFT_TO_PROTOC",
    severity=Severity.INFO,
    purpose="Classes of Protobuf messages are made by Protobuf's own compiler.",
    message="{file} is left to protoc: {command}",
    why=(
        "The numbers of fields, presence and oneofs are what Protobuf's generated classes are for, and `accord.contract` takes "
        "those as they are: `accord.contract(topic, orders_pb2.OrderCreated)`."
    ),
    remedy="Run protoc as it is told, or `python -m grpc_tools.protoc` of the package grpcio-tools.",
    bad='syntax = "proto3";\nmessage OrderCreated { string order_id = 1; }\n',
    good='{"type": "record", "name": "OrderCreated", "fields": [{"name": "order_id", "type": "string"}]}',
    language="protobuf",
)

NO_JAVA: Final = ContractRule(
    id="GENERATE_NO_JAVA_CLASS",
    severity=Severity.INFO,
    purpose="Java classes are made of Avro schemas.",
    message="{file} is {type}, of which no Java class is made",
    why="It is Apache Avro's own compiler that makes Java classes here, so that they are the very ones that Java programs expect.",
    remedy="Make classes of Protobuf files with protoc, and of JSON Schemas with the generator of your JSON library.",
    bad='{"title": "Paid", "type": "object"}',
    good='{"type": "record", "name": "Paid", "fields": []}',
    language="json",
)

NOTHING_WRITTEN: Final = ContractRule(
    id="GENERATE_NOTHING_TO_READ",
    severity=Severity.WARNING,
    purpose="What a service reads is written by somebody.",
    message="{service} reads a subject that has no version in the registry and no file in the project",
    why="There is nothing that a test could decode, so nothing is tried of it.",
    remedy="Name the registry that has it with --registry or --env, or correct the name of the contract in the claim.",
    bad="service: billing\nreads:\n  - contract: orders.craeted\n",
    good="service: billing\nreads:\n  - contract: orders.created\n",
)

RULES: Final[tuple[ContractRule, ...]] = (
    STALE,
    MISSING,
    LEFT_OVER,
    FOREIGN,
    NOT_EXPRESSIBLE,
    MODULE_TWICE,
    LEFT_TO_PROTOC,
    NO_JAVA,
    NOTHING_WRITTEN,
)
