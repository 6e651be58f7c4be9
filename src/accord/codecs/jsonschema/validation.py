"""Whether a value is what a schema says, and where it is not."""

import json
from collections.abc import Sequence
from typing import Any, Final, Never

import jsonschema_rs
from jsonschema_rs import ValidationErrorKind as Kind

from accord.schemas import InvalidSchema, JsonDocuments

Tree = Any
"""A JSON value: dicts with strings for keys, lists, strings, numbers (Decimals among them), booleans and None."""

_LONGEST_VALUE: Final = 60
_ENCODINGS: Final = frozenset({"contentEncoding", "contentMediaType"})
_NOTES: Final = frozenset(
    {"title", "description", "$comment", "default", "examples", "readOnly", "writeOnly", "deprecated"}
)
_NOTHING: Final[tuple[Tree, ...]] = (None, [])
_DATA: Final = frozenset({"enum", "const"})
_BY_NAME: Final = frozenset(
    {"properties", "patternProperties", "definitions", "$defs", "dependentSchemas", "dependencies"}
)
_NO_JSON: Final = (ValueError, TypeError, RecursionError, OverflowError)


class Refusal(Exception):
    """A value that is not what it should be; ``path`` names the place in it, "" for the whole."""

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = path


class Validator:
    """A compiled schema. With ``formats`` it also holds strings to the formats and encodings that the schema gives them."""

    def __init__(self, documents: JsonDocuments, *, formats: bool) -> None:
        try:
            self._compiled = _compiled(documents, formats=formats)
        except (ValueError, jsonschema_rs.ReferencingError) as error:
            place = "".join(f"/{step}" for step in getattr(error, "instance_path", ()))
            raise InvalidSchema(
                f"no validator follows from the JSON Schema{place and f' ({place})'}: {str(error).splitlines()[0]}",
                path=place,
                hint="correct the schema; what it refers to must be among its references",
            ) from error
        self._is_valid: Final = self._compiled.is_valid

    def takes(self, value: Tree) -> bool:
        """Whether the schema allows the value. Raises Refusal if it has no JSON form."""
        try:
            return self._is_valid(value)
        except _NO_JSON as error:
            raise Refusal(f"the value has no JSON form: {error}") from error

    def refusal_of(self, value: Tree) -> Refusal:
        """Why the schema does not allow the value, at the place of the first complaint."""
        error = next(iter(self._compiled.iter_errors(value)), None)
        if error is None:
            return Refusal("the schema does not allow it")
        return _refusal(_innermost(error), value)


def shown(value: object) -> str:
    """The value as an error shows it: its type, and never all of a long text."""
    return f"{_cut(repr(value))} ({type(value).__name__})"


def path_of(steps: Sequence[str | int], value: Tree) -> str:
    """Names after a dot, numbers of items in brackets: ``lines[3].sku``."""
    path = ""
    for step in steps:
        # The validator takes the name "0" for the number of an item.
        is_item = isinstance(step, int) and isinstance(value, list | tuple)
        path += f"[{step}]" if is_item else f".{step}"
        value = _inner(value, step)
    return path.removeprefix(".")


def _compiled(documents: JsonDocuments, *, formats: bool) -> jsonschema_rs.Validator:
    texts = {uri: _declared(text, documents.metaschema) for uri, text in documents.texts.items()}
    texts = {uri: _prepared(text, formats=formats) for uri, text in texts.items()}
    root = texts[documents.root]
    return jsonschema_rs.validator_for(
        root
        if isinstance(root, dict)
        else {"$schema": documents.metaschema, **({} if root else {"not": {}})},
        registry=jsonschema_rs.Registry(list(texts.items()), retriever=_nothing),
        base_uri=documents.root,
        validate_formats=formats,
        offline=True,
    )


def _nothing(uri: str) -> Never:
    raise LookupError(f"{uri} is not among the references")


def _declared(text: Tree, metaschema: str) -> Tree:
    """The text as its draft, also where it declares none or one that nobody knows."""
    return {**text, "$schema": metaschema} if isinstance(text, dict) else text


def _found(value: Tree, steps: Sequence[str | int]) -> Tree:
    for step in steps:
        value = _inner(value, step)
    return value


def _prepared(node: Tree, *, formats: bool) -> Tree:
    """The schema without what says nothing of values: registries take notes and empty lists in any form.

    Older drafts hold strings to encodings whether they are asked to or not, so those go, too, where formats do.
    """
    if isinstance(node, list):
        return [_prepared(item, formats=formats) for item in node]
    if not isinstance(node, dict):
        return node
    kept: dict[str, Tree] = {}
    for key, value in node.items():
        if key in _NOTES or (key in _ENCODINGS and not formats) or (key == "required" and value == []):
            continue
        if key in _BY_NAME and isinstance(value, dict):
            members = {name: _prepared(member, formats=formats) for name, member in value.items()}
            kept[key] = {name: member for name, member in members.items() if member not in _NOTHING}
        else:
            kept[key] = value if key in _DATA else _prepared(value, formats=formats)
    if kept.get("items") == []:
        # Behind no items come the additional ones.
        kept["items"] = kept.pop("additionalItems", {})
    return kept


def _inner(value: Tree, step: str | int) -> Tree:
    if isinstance(value, dict):
        return value.get(str(step))
    if isinstance(value, list | tuple) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _innermost(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """Of alternatives that all refuse, the complaint of the one that got furthest, if it got further in at all."""
    while isinstance(error.kind, Kind.AnyOf | Kind.OneOfNotValid):
        inner = [one for branch in error.kind.context for one in branch]
        deepest = max(inner, key=lambda one: len(one.instance_path), default=error)
        if len(deepest.instance_path) <= len(error.instance_path):
            break
        error = deepest
    return error


def _refusal(error: jsonschema_rs.ValidationError, value: Tree) -> Refusal:
    steps, kind = list(error.instance_path), error.kind
    # The validator's own copy of NaN is None.
    instance = _found(value, steps) if error.instance is None else error.instance
    match kind:
        case Kind.Required(property=name):
            return Refusal("the field is missing", path_of([*steps, name], value))
        case Kind.AdditionalProperties(unexpected=names) | Kind.UnevaluatedProperties(unexpected=names):
            return Refusal("the schema has no such field", path_of([*steps, names[0]], value))
        case Kind.FalseSchema():
            return Refusal("the schema allows no value here", path_of(steps, value))
        case Kind.Type(types=types):
            reason = f"{' or '.join(map(_with_article, types))} is needed, and this is {shown(instance)}"
        case Kind.AnyOf():
            reason = f"none of the alternatives takes {shown(instance)}"
        case _:
            facts = ", ".join(_fact(fact) for fact in kind.as_dict().values())
            reason = f"`{kind.name}`{f' ({facts})' if facts else ''} does not take {shown(instance)}"
    return Refusal(reason, path_of(steps, value))


def _with_article(name: str) -> str:
    if name == "null":
        return name
    return f"an {name}" if name[0] in "aio" else f"a {name}"


def _fact(fact: object) -> str:
    return _cut(json.dumps(fact, ensure_ascii=False, default=str))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."
