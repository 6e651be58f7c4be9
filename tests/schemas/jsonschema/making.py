"""Makes JSON Schemas of every draft, changes them as people do, and makes documents that they may take.

Everything comes from a ``Random``: one of Hypothesis where a failure is to be made small, one with a seed where the
same examples are wanted on every run.
"""

import json
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, Final, TypeAlias

Json: TypeAlias = Any
Schema: TypeAlias = Any

DRAFTS: Final = {
    4: "http://json-schema.org/draft-04/schema#",
    6: "http://json-schema.org/draft-06/schema#",
    7: "http://json-schema.org/draft-07/schema#",
    2019: "https://json-schema.org/draft/2019-09/schema",
    2020: "https://json-schema.org/draft/2020-12/schema",
}
NAMES: Final = ["a", "b", "c", "x1", "xy", "kind"]
WORDS: Final = ["", "a", "x", "xy", "ab", "abc", "x-1", "open", "paid"]
PATTERNS: Final = ["^x", "^[a-z]+$", "1$", "^a|b"]
NUMBERS: Final = [-2, -1, 0, 0.5, 1, 1.0, 1.5, 2, 3, 4, 5, 6, 10, 12]
TYPES: Final = ["null", "boolean", "integer", "number", "string", "array", "object"]
PLAIN_VALUES: Final = [None, True, False, *WORDS, *NUMBERS, [], {}, [1], ["a"], {"a": 1}]


class SchemaMaker:
    """Makes schemas of one draft."""

    def __init__(self, random: Random, draft: int) -> None:
        self.random = random
        self.draft = draft
        self.definitions: list[str] = []

    def root(self) -> Schema:
        """A whole schema, often with definitions, and references to them that may go round in circles."""
        self.definitions = ["d", "e"][: self.random.choice([0, 0, 1, 2])]
        schema = self.object(2) if self.random.random() < 0.8 else self.any(2)
        if schema is True or schema is False:
            return schema
        if self.definitions:
            # Other schemas than objects soon lead back to themselves, which makes no sense to any validator.
            makers = [self.object, self.object, self.object, self.array, self.any]
            schema[self.shelf] = {name: self.random.choice(makers)(1) for name in self.definitions}
        return {"$schema": DRAFTS[self.draft], **schema}

    @property
    def shelf(self) -> str:
        return "$defs" if self.draft >= 2019 else "definitions"

    def any(self, depth: int) -> Schema:
        """Any schema."""
        makers: list[Callable[[int], Schema]] = [
            self.string,
            self.number,
            self.plain,
            self.values,
            self.several_types,
        ]
        if depth > 0:
            makers += [self.object, self.object, self.array, self.nullable, self.combined, self.combined]
            makers += [self.anything, self.excluded, self.untyped]
            if self.draft >= 7:
                makers.append(self.conditional)
            if self.draft >= 2019:
                makers.append(self.unevaluated)
        if self.definitions:
            makers += [self.reference] * 2
        return self.random.choice(makers)(depth - 1)

    def plain(self, _depth: int) -> Schema:
        return {"type": self.random.choice(TYPES)}

    def string(self, _depth: int) -> Schema:
        return {"type": "string", **self.some(self.string_words())}

    def number(self, _depth: int) -> Schema:
        return {"type": self.random.choice(["integer", "number"]), **self.some(self.number_words())}

    def values(self, _depth: int) -> Schema:
        values = self.random.sample(PLAIN_VALUES, self.random.randint(1, 3))
        if self.draft >= 6 and self.random.random() < 0.4:
            return {"const": values[0]}
        return {"enum": values}

    def several_types(self, _depth: int) -> Schema:
        types = self.random.sample(TYPES, self.random.randint(2, 3))
        return {"type": types, **self.some(self.number_words() | self.string_words(), most=1)}

    def untyped(self, depth: int) -> Schema:
        schema = self.any(depth)
        return (
            {word: value for word, value in schema.items() if word != "type"}
            if isinstance(schema, dict)
            else schema
        )

    def object(self, depth: int) -> Schema:
        names = self.random.sample(NAMES, self.random.randint(0, 4))
        schema: Schema = {"type": "object", "properties": {name: self.any(depth) for name in names}}
        if names and self.random.random() < 0.6:
            schema["required"] = self.random.sample(names, self.random.randint(1, len(names)))
        if self.random.random() < 0.6:
            schema["additionalProperties"] = self.random.choice([False, False, True, self.any(min(depth, 0))])
        if self.random.random() < 0.25:
            patterns = self.random.sample(PATTERNS, self.random.choice([1, 1, 2]))
            schema["patternProperties"] = {pattern: self.any(min(depth, 0)) for pattern in patterns}
        if self.random.random() < 0.3:
            schema.update(self.some(self.object_words(depth), most=1))
        return schema

    def array(self, depth: int) -> Schema:
        schema: Schema = {"type": "array", **self.some(self.array_words(depth), most=3)}
        if self.random.random() < 0.7:
            schema["items"] = self.any(depth)
        elif self.random.random() < 0.6:
            first, rest = ("prefixItems", "items") if self.draft == 2020 else ("items", "additionalItems")
            schema[first] = [self.any(depth) for _ in range(self.random.randint(1, 2))]
            if self.random.random() < 0.6:
                schema[rest] = self.random.choice(
                    [self.any(depth), False] if self.draft > 4 else [self.any(depth)]
                )
        return schema

    def nullable(self, depth: int) -> Schema:
        inner = self.any(depth)
        return {self.random.choice(["anyOf", "oneOf"]): [inner, {"type": "null"}]}

    def combined(self, depth: int) -> Schema:
        if self.random.random() < 0.3:
            return self.tagged(depth)
        word = self.random.choice(["anyOf", "oneOf", "allOf"])
        schema = {word: [self.any(depth) for _ in range(self.random.randint(1, 3))]}
        return {**schema, **self.some(self.number_words(), most=1)} if self.random.random() < 0.2 else schema

    def tagged(self, depth: int) -> Schema:
        """A oneOf of objects that a property tells apart."""
        branches = []
        for tag in self.random.sample(["open", "paid", "x"], 2):
            branch = self.object(depth)
            branch["properties"] = {**branch["properties"], "kind": {"enum": [tag]}}
            branch["required"] = sorted({*branch.get("required", []), "kind"})
            branches.append(branch)
        return {"oneOf": branches}

    def anything(self, _depth: int) -> Schema:
        return {} if self.draft == 4 else self.random.choice([{}, True, False])

    def excluded(self, depth: int) -> Schema:
        return {"not": self.any(min(depth, 0))}

    def conditional(self, depth: int) -> Schema:
        schema = {"if": self.any(min(depth, 0)), "then": self.any(depth), "else": self.any(depth)}
        if self.random.random() < 0.4:
            del schema[self.random.choice(["then", "else"])]
        return schema

    def unevaluated(self, depth: int) -> Schema:
        rest = self.random.choice([False, self.any(min(depth, 0))])
        if self.random.random() < 0.4:
            base = self.array(depth)
            inside = {self.random.choice(["allOf", "anyOf"]): [base]}
            return {**self.random.choice([base, inside]), "unevaluatedItems": rest}
        base = self.object(depth)
        base.pop("additionalProperties", None)
        return {self.random.choice(["allOf", "anyOf"]): [base], "unevaluatedProperties": rest}

    def reference(self, _depth: int) -> Schema:
        reference = {"$ref": f"#/{self.shelf}/{self.random.choice(self.definitions)}"}
        return (
            {**reference, **self.some(self.string_words(), most=1)}
            if self.random.random() < 0.2
            else reference
        )

    def string_words(self) -> dict[str, Json]:
        return {
            "minLength": self.random.randint(0, 3),
            "maxLength": self.random.randint(0, 4),
            "pattern": self.random.choice(PATTERNS),
        }

    def number_words(self) -> dict[str, Json]:
        words: dict[str, Json] = {
            "minimum": self.random.choice(NUMBERS),
            "maximum": self.random.choice(NUMBERS),
            "multipleOf": self.random.choice([0.5, 1, 2, 3, 6]),
        }
        if self.draft > 4:
            words["exclusiveMinimum"] = self.random.choice(NUMBERS)
            words["exclusiveMaximum"] = self.random.choice(NUMBERS)
        return words

    def object_words(self, depth: int) -> dict[str, Json]:
        one, other = self.random.sample(NAMES, 2)
        words: dict[str, Json] = {
            "minProperties": self.random.randint(0, 2),
            "maxProperties": self.random.randint(0, 3),
        }
        if self.draft >= 6:
            words["propertyNames"] = self.random.choice([self.string(0), {"enum": NAMES[:4]}])
        if self.draft >= 2019:
            words["dependentRequired"] = {one: [other]}
            words["dependentSchemas"] = {one: self.any(min(depth, 0))}
        else:
            words["dependencies"] = {one: self.random.choice([[other], self.any(min(depth, 0))])}
            if self.draft == 4 and isinstance(words["dependencies"][one], bool):
                del words["dependencies"]
        return words

    def array_words(self, depth: int) -> dict[str, Json]:
        words: dict[str, Json] = {
            "minItems": self.random.randint(0, 2),
            "maxItems": self.random.randint(0, 3),
            "uniqueItems": True,
        }
        if self.draft >= 6:
            words["contains"] = self.any(min(depth, 0))
        if self.draft >= 2019 and self.random.random() < 0.5:
            words["contains"] = self.plain(0)
            words["maxContains"] = self.random.randint(0, 2)
            words["minContains"] = self.random.randint(0, 2)
        return words

    def some(self, words: dict[str, Json], most: int = 2) -> dict[str, Json]:
        chosen = self.random.sample(sorted(words), min(self.random.randint(0, most), len(words)))
        return {word: words[word] for word in chosen}


def evolved(random: Random, schema: Schema, draft: int, edits: int) -> Schema:
    """The schema after some changes, of which most let more documents pass."""
    changed = json.loads(json.dumps({"root": schema}))
    maker = SchemaMaker(random, draft)
    for _ in range(edits):
        root = changed["root"]
        maker.definitions = sorted(root.get(maker.shelf, {})) if isinstance(root, dict) else []
        places = list(_places(changed, "root"))
        holder, key = random.choice(places)
        holder[key] = _changed(maker, holder[key])
    root = changed["root"]
    if isinstance(root, dict):
        root.setdefault("$schema", DRAFTS[draft])
        shelf = schema.get(maker.shelf) if isinstance(schema, dict) else None
        if shelf and random.random() < 0.98:
            root.setdefault(maker.shelf, shelf)
        if random.random() < 0.05:
            root["$schema"] = DRAFTS[random.choice(sorted(DRAFTS))]
    return root


def _places(holder: Json, key: Any) -> Iterator[tuple[Json, Any]]:
    """Every (container, key) at which a schema stands, outermost first."""
    schema = holder[key]
    yield holder, key
    for word, value in schema.items() if isinstance(schema, dict) else ():
        if word in {"enum", "const"}:
            continue
        if isinstance(value, dict) and word in _NAMED:
            inner = [(value, name) for name in value if isinstance(value[name], dict | bool)]
        elif isinstance(value, dict) or (
            isinstance(value, bool) and word in {"additionalProperties", "items"}
        ):
            inner = [(schema, word)]
        else:
            listed = value if isinstance(value, list) else []
            inner = [(value, index) for index, one in enumerate(listed) if isinstance(one, dict)]
        for place in inner:
            yield from _places(*place)


_NAMED: Final = {
    "properties",
    "patternProperties",
    "definitions",
    "$defs",
    "dependentSchemas",
    "dependencies",
}


def _changed(maker: SchemaMaker, schema: Schema) -> Schema:
    random = maker.random
    if not isinstance(schema, dict) or not schema:
        return maker.any(1)
    change = random.choice(_CHANGES)
    return change(maker, schema)


def _without_word(maker: SchemaMaker, schema: Schema) -> Schema:
    words = [word for word in schema if word not in {"$schema", "definitions", "$defs"}]
    gone = maker.random.choice(words) if words else ""
    return {word: value for word, value in schema.items() if word != gone}


def _shifted(maker: SchemaMaker, schema: Schema) -> Schema:
    limits = [
        word for word in schema if word.startswith(("min", "max", "exclusiveM")) and schema[word] is not True
    ]
    if not limits:
        return _without_word(maker, schema)
    word = maker.random.choice(limits)
    wider = -1 if "in" in word[-8:-2] or word.startswith("min") else 1
    step = wider if maker.random.random() < 0.8 else -wider
    value = schema[word] + step
    return {**schema, word: max(value, 0) if "imum" not in word else value}


def _other_values(maker: SchemaMaker, schema: Schema) -> Schema:
    if "enum" not in schema and "const" not in schema:
        return _wrapped(maker, schema)
    values = schema.get("enum", [schema.get("const")])
    more = [*values, maker.random.choice(PLAIN_VALUES)]
    unique = [value for index, value in enumerate(more) if value not in more[:index]]
    kept = {word: value for word, value in schema.items() if word not in {"enum", "const"}}
    return {**kept, "enum": unique if maker.random.random() < 0.8 else unique[1:] or unique}


def _with_property(maker: SchemaMaker, schema: Schema) -> Schema:
    if "properties" not in schema:
        return _described(maker, schema)
    name = maker.random.choice(NAMES)
    more = {**schema, "properties": {**schema["properties"], name: maker.any(1)}}
    if maker.random.random() < 0.2:
        more["required"] = sorted({*schema.get("required", []), name})
    return more


def _without_property(maker: SchemaMaker, schema: Schema) -> Schema:
    if not schema.get("properties"):
        return _described(maker, schema)
    name = maker.random.choice(sorted(schema["properties"]))
    left = {one: value for one, value in schema["properties"].items() if one != name}
    return {**_without_required(schema, name), "properties": left}


def _without_required(schema: Schema, name: str) -> Schema:
    required = [one for one in schema.get("required", []) if one != name]
    rest = {word: value for word, value in schema.items() if word != "required"}
    return {**rest, "required": required} if required else rest


def _optional(maker: SchemaMaker, schema: Schema) -> Schema:
    names = schema.get("required", [])
    if maker.random.random() < 0.2 and schema.get("properties"):
        return {**schema, "required": sorted({*names, maker.random.choice(sorted(schema["properties"]))})}
    return _without_required(schema, maker.random.choice(names)) if names else _without_word(maker, schema)


def _with_type(maker: SchemaMaker, schema: Schema) -> Schema:
    if "type" not in schema:
        return _described(maker, schema)
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if types == ["integer"] and maker.random.random() < 0.5:
        return {**schema, "type": "number"}
    more = [*types, maker.random.choice([one for one in TYPES if one not in types] or types)]
    return {**schema, "type": sorted(set(more))}


def _opened(maker: SchemaMaker, schema: Schema) -> Schema:
    if "properties" not in schema:
        return _without_word(maker, schema)
    return {**schema, "additionalProperties": maker.random.choice([True, True, maker.any(0), False])}


def _wrapped(maker: SchemaMaker, schema: Schema) -> Schema:
    outside = {word: value for word, value in schema.items() if word in {"$schema", "definitions", "$defs"}}
    inside = {word: value for word, value in schema.items() if word not in outside}
    word = maker.random.choice(["anyOf", "oneOf", "allOf"])
    more = [maker.any(0)] if word != "allOf" and maker.random.random() < 0.6 else []
    return {**outside, word: [inside, *more]}


def _nullable(maker: SchemaMaker, schema: Schema) -> Schema:
    outside = {word: value for word, value in schema.items() if word in {"$schema", "definitions", "$defs"}}
    inside = {word: value for word, value in schema.items() if word not in outside}
    return {**outside, maker.random.choice(["anyOf", "oneOf"]): [inside, {"type": "null"}]}


def _with_branch(maker: SchemaMaker, schema: Schema) -> Schema:
    word = next((one for one in ("anyOf", "oneOf", "allOf", "prefixItems") if one in schema), None)
    if word is None:
        return _without_word(maker, schema)
    if maker.random.random() < 0.3 and len(schema[word]) > 1:
        return {**schema, word: schema[word][1:]}
    return {**schema, word: [*schema[word], maker.any(1)]}


def _reordered(maker: SchemaMaker, schema: Schema) -> Schema:
    del maker
    return {
        word: value[::-1] if word in {"anyOf", "oneOf", "allOf", "enum", "required"} else value
        for word, value in schema.items()
    }


def _narrowed(maker: SchemaMaker, schema: Schema) -> Schema:
    words = maker.string_words() | maker.number_words() | maker.object_words(0) | maker.array_words(0)
    return {**schema, **maker.some(words, most=1)}


def _replaced(maker: SchemaMaker, schema: Schema) -> Schema:
    outside = {word: value for word, value in schema.items() if word in {"$schema", "definitions", "$defs"}}
    fresh = maker.any(1)
    return {**outside, **fresh} if isinstance(fresh, dict) else fresh


def _described(maker: SchemaMaker, schema: Schema) -> Schema:
    del maker
    return {**schema, "description": "changed", "default": None}


def _inlined(maker: SchemaMaker, schema: Schema) -> Schema:
    """A part under a oneOf, anyOf or allOf of one branch stands alone again."""
    word = next((one for one in ("anyOf", "oneOf", "allOf") if len(schema.get(one, ())) == 1), None)
    if word is None or not isinstance(schema[word][0], dict):
        return _shifted(maker, schema)
    return {**{one: value for one, value in schema.items() if one != word}, **schema[word][0]}


_CHANGES: Final = (
    _without_word, _without_word, _shifted, _shifted, _other_values, _with_property, _without_property, _with_type,
    _optional, _opened, _wrapped, _nullable, _with_branch, _reordered, _narrowed, _replaced, _described, _inlined,
)  # fmt: skip


class DocumentMaker:
    """Makes documents that ``old`` may take, around everything that it and ``new`` tell apart."""

    def __init__(self, random: Random, old: Schema, new: Schema) -> None:
        self.random = random
        self.old = old
        told = {re.sub(r"[^a-z0-9]", "", pattern) for one in (old, new) for pattern in _patterns(one)}
        self.names = sorted({*NAMES, *_keys(old), *_keys(new), *told, "z"})
        numbers = {value for value in (*_scalars(old), *_scalars(new)) if type(value) in {int, float}}
        self.numbers = [
            *sorted(numbers),
            *(one + step for one in sorted(numbers) for step in (-1, -0.5, 0.5, 1)),
            1.0,
            7,
        ]
        strings = {
            value for value in (*_scalars(old), *_scalars(new)) if isinstance(value, str) and len(value) < 12
        }
        self.strings = [*WORDS, *sorted(strings), "aaaa", "xxxxx", "B1"]
        values = [value for schema in (old, new) for value in _listed(schema)]
        self.listed = values or [None]

    def documents(self, number: int) -> Iterator[Json]:
        """So many documents, valid or not."""
        return (self.of(self.old, 3) for _ in range(number))

    def of(self, schema: Schema, depth: int) -> Json:
        """A value that has a fair chance to be valid under the schema."""
        random = self.random
        if not isinstance(schema, dict) or random.random() < 0.04:
            return self.wild(depth)
        parts = self._parts(schema, depth)
        if "enum" in parts or "const" in parts:
            listed = [*parts.get("enum", []), *([parts["const"]] if "const" in parts else [])] or [None]
            value = random.choice(listed)
            return float(value) if type(value) is int and random.random() < 0.3 else value
        return self._typed(parts, depth)

    def wild(self, depth: int) -> Json:
        """Any value."""
        random = self.random
        if depth > 0 and random.random() < 0.2:
            return {name: self.wild(depth - 1) for name in random.sample(self.names, random.randint(0, 3))}
        if depth > 0 and random.random() < 0.15:
            return [self.wild(depth - 1) for _ in range(random.randint(0, 3))]
        return random.choice([*self.numbers, *self.strings, *self.listed, None, True, False, [], {}])

    def _parts(self, schema: Schema, depth: int) -> Schema:
        """The schema with one way through its combinations merged into it."""
        parts = dict(schema)
        if depth < 0:
            return parts
        inner = [self._target(schema["$ref"])] if "$ref" in schema else []
        inner += schema.get("allOf", [])
        inner += [self.random.choice(schema[word]) for word in ("anyOf", "oneOf") if schema.get(word)]
        if "if" in schema:
            way = ["if", "then"] if self.random.random() < 0.5 else ["else"]
            inner += [schema[word] for word in way if word in schema]
        for one in inner:
            if isinstance(one, dict):
                more = self._parts(one, depth - 1)
                properties = {**parts.get("properties", {}), **more.get("properties", {})}
                required = [*parts.get("required", []), *more.get("required", [])]
                parts = {**parts, **more, "properties": properties, "required": required}
        return parts

    def _target(self, reference: Json) -> Schema:
        found = self.old
        for token in str(reference).split("/")[1:]:
            found = found.get(token, {}) if isinstance(found, dict) else {}
        return found

    def _typed(self, parts: Schema, depth: int) -> Json:
        types = parts.get("type", TYPES)
        kind = self.random.choice(types) if isinstance(types, list) and types else types
        if kind == "object" and depth >= 0:
            return self._object(parts, depth)
        if kind == "array" and depth >= 0:
            return self._array(parts, depth)
        if kind == "string":
            return self.random.choice(self.strings)
        if kind == "integer":
            whole = [one for one in self.numbers if one == int(one)]
            return self.random.choice([*whole, *map(int, whole), *map(float, whole)])
        plain: dict[str, list[Json]] = {
            "null": [None],
            "boolean": [True, False],
            "number": self.numbers,
            "array": [[]],
            "object": [{}],
        }
        return self.random.choice(plain.get(str(kind), [None]))

    def _object(self, parts: Schema, depth: int) -> Json:
        random = self.random
        properties = parts.get("properties", {})
        document = {}
        for name, inner in properties.items():
            if name in parts.get("required", ()) or random.random() < 0.5:
                document[name] = self.of(inner, depth - 1)
        for name in parts.get("required", ()):
            document.setdefault(name, self.wild(depth - 1))
        extra = parts.get("additionalProperties", parts.get("unevaluatedProperties", True))
        patterns = [*parts.get("patternProperties", {}).values()]
        if extra is not False or patterns or random.random() < 0.05:
            for name in random.sample(self.names, random.choice([0, 0, 1, 1, 2])):
                document.setdefault(name, self.of(random.choice([extra, *patterns]), depth - 1))
        return document

    def _array(self, parts: Schema, depth: int) -> Json:
        random = self.random
        size = max(random.choice([0, 1, 1, 2, 3]), parts.get("minItems", 0))
        items = parts.get("items", {})
        prefix = items if isinstance(items, list) else parts.get("prefixItems", [])
        rest = parts.get("additionalItems", {}) if isinstance(items, list) else items
        rest = rest or parts.get("unevaluatedItems", {})
        document = [self.of(prefix[at] if at < len(prefix) else rest, depth - 1) for at in range(size)]
        if "contains" in parts and random.random() < 0.8:
            document.insert(random.randint(0, len(document)), self.of(parts["contains"], depth - 1))
        return document


def _keys(schema: Json) -> Iterator[str]:
    if isinstance(schema, dict):
        for word, value in schema.items():
            if word == "properties" and isinstance(value, dict):
                yield from value
            yield from _keys(value)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _keys(inner)


def _patterns(schema: Json) -> Iterator[str]:
    if isinstance(schema, dict):
        named = schema.get("patternProperties")
        yield from named if isinstance(named, dict) else ()
        for value in schema.values():
            yield from _patterns(value)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _patterns(inner)


def _scalars(schema: Json) -> Iterator[Json]:
    if isinstance(schema, dict):
        for value in schema.values():
            yield from _scalars(value)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _scalars(inner)
    elif not isinstance(schema, bool):
        yield schema


def _listed(schema: Json) -> Iterator[Json]:
    """What ``enum`` and ``const`` list."""
    if isinstance(schema, dict):
        yield from schema.get("enum", []) if isinstance(schema.get("enum"), list) else []
        if "const" in schema:
            yield schema["const"]
        for value in schema.values():
            yield from _listed(value)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _listed(inner)
