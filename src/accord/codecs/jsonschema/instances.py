"""Instances of classes <-> trees of JSON values, and JSON text -> instances.

Dataclasses and Structs are msgspec's to convert, what pydantic validates is pydantic's, each inside of the other too.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from accord.codecs.errors import InvalidData, ModelDoesNotFit
from accord.codecs.jsonschema.edits import edit_to_read, edit_to_write
from accord.codecs.jsonschema.moments import check_of
from accord.codecs.jsonschema.places import Place
from accord.codecs.jsonschema.reach import converted_classes, is_foreign, reaches
from accord.codecs.jsonschema.text import exact_tree_of, text_of
from accord.codecs.jsonschema.validation import Refusal, Tree, shown
from accord.codecs.models import Hint, model_of, refused_by_model

_UNCONVERTIBLE: Final = (ValueError, TypeError, RecursionError, OverflowError, AttributeError)

Instance = Any
"""An instance of the class."""


def writer_of(class_: type, place: Place) -> Callable[[Instance], Tree]:
    """From an instance to a tree. The function raises Refusal."""
    to_tree = _to_tree(class_)
    check, edit = check_of(class_), edit_to_write(class_, place)

    def write(value: Instance) -> Tree:
        if not isinstance(value, class_):
            raise Refusal(f"a {class_.__name__} is needed, and this is {shown(value)}")
        try:
            if check is not None:
                check(value)
            tree = to_tree(value)
            return tree if edit is None else edit(tree)
        except _UNCONVERTIBLE as error:
            raise Refusal(f"the {class_.__name__} has no JSON form: {_sentence(error)}") from error

    return write


def reader_of(class_: type, place: Place) -> Callable[[bytes], Instance]:
    """From JSON text to an instance. The function raises InvalidData; that the text is JSON is known."""
    parse = _validated(class_, place) if model_of(class_).kind == "pydantic" else _decoded(class_)
    check = check_of(class_)

    def read(body: bytes) -> Instance:
        value = parse(body)
        if check is not None:
            try:
                check(value)
            except (Refusal, RecursionError) as error:
                raise _refused_after(class_, error) from None
        return value

    return read


def _refused_after(class_: type, error: Refusal | RecursionError) -> InvalidData:
    path = error.path.removeprefix(".") if isinstance(error, Refusal) else ""
    return refused_by_model(class_, ValueError(str(error)), path=path)


def _to_tree(class_: type) -> Callable[[Instance], Tree]:
    if model_of(class_).kind == "pydantic":
        return _dumped(class_)
    return _to_builtins if reaches(class_, is_foreign) else msgspec.to_builtins


def _to_builtins(value: Instance) -> Tree:
    return msgspec.to_builtins(value, str_keys=True, enc_hook=_foreign_to_tree)


def _dumped(class_: Any) -> Callable[[Instance], Tree]:  # noqa: ANN401 -- known by pydantic's marks only
    to_python = class_.__pydantic_serializer__.to_python
    return lambda value: to_python(value, mode="json", by_alias=True, warnings=False)


def _decoded(class_: type) -> Callable[[bytes], Instance]:
    unchecked = [one for one in converted_classes(class_) if model_of(one).kind == "pydantic"]
    if unchecked:
        raise ModelDoesNotFit(
            f"{class_.__qualname__} cannot be read from JSON",
            [f"pydantic would not check its dataclass {one.__qualname__} in there" for one in unchecked],
            hint="make that a pydantic.BaseModel, or the outer class one of pydantic's",
        )
    try:
        decode: Callable[[bytes], Instance] = msgspec.json.Decoder(class_, dec_hook=_foreign_of_tree).decode
    except (TypeError, NotImplementedError) as error:
        raise ModelDoesNotFit(
            f"{class_.__qualname__} cannot be read from JSON",
            [str(error)],
            hint="change the type of the field",
        ) from error

    def decode_instance(body: bytes) -> Instance:
        try:
            return decode(body)
        except msgspec.ValidationError as error:
            return _decoded_otherwise(class_, decode, body, error)
        except Exception as error:
            raise refused_by_model(class_, error) from error

    return decode_instance


def _decoded_otherwise(
    class_: type, decode: Callable[[bytes], Instance], body: bytes, error: msgspec.ValidationError
) -> Instance:
    """JSON Schema takes 1.0 for an integer, and msgspec does not."""
    whole = text_of(_with_integers(exact_tree_of(body)))
    try:
        return decode(whole)
    except ValueError:
        raise _refused(class_, error) from error


def _with_integers(tree: Tree) -> Tree:
    if isinstance(tree, dict):
        return {name: _with_integers(member) for name, member in tree.items()}
    if isinstance(tree, list):
        return [_with_integers(item) for item in tree]
    return int(tree) if not isinstance(tree, str | bool | None) and tree == int(tree) else tree


def _validated(class_: Any, place: Place) -> Callable[[bytes], Instance]:  # noqa: ANN401 -- known by pydantic's marks only
    validate = class_.__pydantic_validator__.validate_json
    # Pydantic takes numbers for floats before they become amounts, and strings as they are.
    edit = edit_to_read(class_, place)

    def validate_instance(body: bytes) -> Instance:
        try:
            return validate(body if edit is None else text_of(edit(exact_tree_of(body))))
        except InvalidData:
            raise
        except Exception as error:
            raise refused_by_model(class_, error) from error

    return validate_instance


def _refused(class_: type, error: msgspec.ValidationError) -> InvalidData:
    """The complaint of msgspec or of a class inside, its place in our words."""
    reason, _, place = str(error).rpartition(" - at `$")
    cause = error.__cause__ if isinstance(error.__cause__, Exception) else None
    if not reason:
        reason, place = str(error), ""
    return refused_by_model(class_, cause or ValueError(reason), path=place.rstrip("`").removeprefix("."))


def _foreign_to_tree(value: Any) -> Tree:  # noqa: ANN401 -- what msgspec does not know
    if hasattr(type(value), "__pydantic_serializer__"):
        return _dumped(type(value))(value)
    raise TypeError(f"{type(value).__name__} is no type that JSON has a form for")


def _foreign_of_tree(hint: Hint, tree: Tree) -> Instance:
    if hasattr(hint, "__pydantic_validator__"):
        return hint.__pydantic_validator__.validate_json(text_of(tree))
    raise TypeError(f"{hint} is no type that JSON has a form for")


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split())
