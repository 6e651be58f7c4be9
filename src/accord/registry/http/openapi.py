"""The description of the API in OpenAPI 3.1, made from the table of operations."""

import inspect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Final, TypeAlias

import msgspec

from accord.registry.http.bodies import ErrorAnswer, SchemaText
from accord.registry.http.errors import FAULT, Code, Codes, code_of
from accord.registry.http.media_types import BODY_TYPES, JSON_TYPES
from accord.registry.http.operation import Operation
from accord.registry.http.parameters import Flag, Parameter, Segment, Words

Json: TypeAlias = dict[str, Any]

OPENAPI: Final = "3.1.1"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status under which an operation may refuse, and what each of its codes means there."""

    status: int
    meanings: Mapping[int, str]


def document(operations: Sequence[Operation], codes: Codes) -> Json:
    """What ``operations`` take and answer, their errors under the codes that ``codes`` gives them."""
    kinds = _Kinds(operations)
    paths: dict[str, Json] = {}
    for operation in operations:
        told = _operation(operation, kinds, refusals(operation, codes))
        paths.setdefault(operation.path, {})[operation.method.lower()] = told
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "Accord schema registry",
            "version": version("accord-kafka"),
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": _SERVERS,
        "tags": list(_topics(operations)),
        "paths": paths,
        "components": {"schemas": kinds.components},
    }


def refusals(operation: Operation, codes: Codes) -> list[Refusal]:
    """What ``operation`` may refuse, one for each status; a fault of ours is always among it."""
    meanings: dict[Code, list[str]] = {FAULT: ["A fault of the registry; its log says more."]}
    for error in operation.refusals:
        meanings.setdefault(code_of(error, codes), []).append(meaning(error))
    by_status: dict[int, dict[int, str]] = {}
    for code, words in sorted(meanings.items()):
        by_status.setdefault(code.status, {})[code.error_code] = " ".join(words)
    return [Refusal(status, told) for status, told in by_status.items()]


def meaning(kind: type[object]) -> str:
    """What ``kind`` says of itself, in one line."""
    return (inspect.getdoc(kind) or "").partition("\n")[0]


_ABOUT: Final = (
    "The REST API that clients of Confluent's schema registry speak, and Accord's own paths under `/accord`. "
    "Every path can stand behind `/contexts/{context}`: it then means what is in that context, and a setting that "
    "names no subject is the context's own. "
    "An error tells its code, what is wrong and, as `hint`, what to do. HEAD is answered wherever GET is."
)
_SERVERS: Final = [
    {"url": "/", "description": "The default context, and others by qualified names."},
    {
        "url": "/contexts/{context}",
        "description": "One context.",
        "variables": {"context": {"default": ".eu", "description": "Its name; it holds no colon."}},
    },
]


class _Kinds:
    """The JSON Schemas of all that goes in and out."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        kinds = list(dict.fromkeys([ErrorAnswer, *_kinds(operations)]))
        schemas, components = msgspec.json.schema_components(
            kinds, schema_hook=_anything, ref_template="#/components/schemas/{name}"
        )
        self._schemas: dict[object, Json] = dict(zip(kinds, schemas, strict=True))
        self.components = {name: _tidy(component) for name, component in sorted(components.items())}

    def __getitem__(self, kind: object) -> Json:
        return self._schemas[kind]


def _kinds(operations: Sequence[Operation]) -> Iterable[object]:
    for operation in operations:
        yield operation.answer
        yield operation.body
        yield from operation.otherwise.values()
        yield from (parameter.kind for parameter in (*operation.segments, *operation.query))


def _anything(kind: type[object]) -> Json:
    if kind is object:
        return {"description": "Any JSON."}
    if kind is SchemaText:
        return {"title": "the text of the schema", "description": meaning(kind)}
    raise NotImplementedError(kind)


def _tidy(component: Json) -> Json:
    told = {**component, "description": inspect.cleandoc(component.get("description", ""))}
    return {name: value for name, value in told.items() if value not in ([], "")}


def _topics(operations: Sequence[Operation]) -> Iterable[Json]:
    for topic, endpoint in {operation.topic: operation.endpoint for operation in operations}.items():
        told = inspect.getdoc(inspect.getmodule(endpoint)) or ""
        yield {"name": topic, "description": told.partition("\n")[0]}


def _operation(operation: Operation, kinds: _Kinds, refused: Iterable[Refusal]) -> Json:
    told: Json = {
        "operationId": operation.id,
        "tags": [operation.topic],
        "summary": operation.summary,
        "description": operation.details,
        "x-accord-right": operation.right,
        "parameters": [_parameter(one, kinds) for one in (*operation.segments, *operation.query)],
        "responses": {
            **_answers(operation, kinds),
            **{str(one.status): _refusal(one, kinds) for one in refused},
        },
    }
    if operation.body is not None:
        told["requestBody"] = {"required": True, "content": _content(BODY_TYPES, kinds[operation.body])}
    return {name: value for name, value in told.items() if value}


def _parameter(parameter: Parameter, kinds: _Kinds) -> Json:
    in_path = isinstance(parameter, Segment)
    told: Json = {
        "name": parameter.name,
        "in": "path" if in_path else "query",
        "description": parameter.meaning,
        "schema": kinds[parameter.kind],
    }
    if in_path or parameter.required:
        told["required"] = True
    if isinstance(parameter, Flag):
        told["schema"] = {**told["schema"], "default": False}
    if parameter.example:
        told["example"] = [parameter.example] if isinstance(parameter, Words) else parameter.example
    return told


def _answers(operation: Operation, kinds: _Kinds) -> Json:
    media_types = (operation.media_type.partition(";")[0],) if operation.media_type else JSON_TYPES
    answers = {operation.status: operation.answer, **operation.otherwise}
    return {
        str(status): {"description": HTTPStatus(status).phrase}
        | ({} if kind is None else {"content": _content(media_types, kinds[kind])})
        for status, kind in answers.items()
    }


def _content(media_types: Iterable[str], schema: Json) -> Json:
    return {media_type: {"schema": schema} for media_type in media_types}


def _refusal(refusal: Refusal, kinds: _Kinds) -> Json:
    code = {"properties": {"error_code": {"enum": list(refusal.meanings)}}}
    return {
        "description": "\n\n".join(f"{code}: {words}" for code, words in refusal.meanings.items()),
        "content": _content(JSON_TYPES, {"allOf": [kinds[ErrorAnswer], code]}),
    }
