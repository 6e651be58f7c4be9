"""What things of a schema are called in Python."""

import keyword
import re
from collections.abc import Collection, Iterable
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["msgspec", "dataclass", "pydantic"]
"""The kinds of class that can be made."""

KINDS: Final[tuple[Kind, ...]] = ("msgspec", "dataclass", "pydantic")

RESERVED: Final = frozenset({"SCHEMA", "FINGERPRINT"})
"""What every module has."""

# What every pydantic model has: a field of such a name would take its place.
_OF_PYDANTIC: Final = frozenset(
    {
        "construct", "copy", "dict", "from_orm", "json", "model_computed_fields", "model_config", "model_construct",
        "model_copy", "model_dump", "model_dump_json", "model_extra", "model_fields", "model_fields_set",
        "model_json_schema", "model_parametrized_name", "model_post_init", "model_rebuild", "model_validate",
        "model_validate_json", "model_validate_strings", "parse_file", "parse_obj", "parse_raw", "schema", "schema_json",
        "update_forward_refs", "validate",
    }
)  # fmt: skip

# What an Enum has for itself.
_OF_ENUMS: Final = frozenset({"mro", "name", "value"})


def is_identifier(name: str) -> bool:
    """Whether Python takes it for a name."""
    return name.isidentifier() and not keyword.iskeyword(name) and name.isascii()


def attribute_for(name: str, kind: Kind, *, classes: Collection[str], used: Collection[str]) -> str:
    """The attribute of a field: its name, unless that means something else in a class of the ``kind``.

    ``classes`` are the classes of the module, ``used`` the attributes that the class has already.
    """
    attribute = re.sub(r"[^0-9A-Za-z_]", "_", name)
    if attribute[:1].isdigit() or not attribute.strip("_"):
        attribute = f"field_{attribute}"
    if attribute.startswith("__") or (kind == "pydantic" and attribute.startswith("_")):
        attribute = attribute.lstrip("_")
    if keyword.iskeyword(attribute) or attribute in classes:
        attribute += "_"
    if kind == "pydantic" and attribute in _OF_PYDANTIC:
        attribute += "_"
    while attribute in used:
        attribute += "_"
    return attribute


def is_member(symbol: str) -> bool:
    """Whether an Enum can have a member of that name."""
    return is_identifier(symbol) and not symbol.startswith("_") and symbol not in _OF_ENUMS


def class_name(words: str) -> str:
    """A name for a class, of any words: ``order created`` and ``order-created`` are ``OrderCreated``."""
    if is_identifier(words) and words[:1].isupper():
        return words
    parts = re.findall(r"[0-9A-Za-z]+", words)
    name = "".join(part[:1].upper() + part[1:] for part in parts)
    return f"Type{name}" if not name or name[0].isdigit() or keyword.iskeyword(name) else name


def unique(name: str, used: Collection[str]) -> str:
    """The name, with a number after it if there is one already."""
    if keyword.iskeyword(name):
        name += "_"
    candidates = (name if number == 1 else f"{name}{number}" for number in range(1, len(used) + 3))
    return next(one for one in candidates if one not in used and one not in RESERVED)


def module_name(words: str) -> str:
    """A name for a module: ``OrderCreated`` is ``order_created``."""
    parts = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", words)
    name = "_".join(re.findall(r"[0-9A-Za-z]+", parts)).lower()
    if not name or name[0].isdigit():
        name = f"schema_{name}"
    return f"{name}_" if keyword.iskeyword(name) else name


def package_names(namespace: str) -> tuple[str, ...]:
    """The packages of a namespace."""
    parts = [re.sub(r"[^0-9A-Za-z_]", "_", part) for part in namespace.split(".") if part]
    return tuple(
        f"{part}_" if keyword.iskeyword(part) else f"_{part}" if part[0].isdigit() else part for part in parts
    )


def constant_name(words: Iterable[str]) -> str:
    """A name for a constant: ``orders.created`` is ``ORDERS_CREATED``."""
    name = "_".join(module_name(part).rstrip("_") for part in words).upper()
    return re.sub("^SCHEMA_(?=[0-9])", "TOPIC_", name)
