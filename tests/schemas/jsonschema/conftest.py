import json
from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

import jsonschema_rs
import pytest

Accepts: TypeAlias = Callable[[str, Any], bool]


@pytest.fixture
def accepts() -> Accepts:
    """Whether a real validator takes a document under the text of a schema; without ``$schema`` that is of draft 7."""
    return is_valid


def is_valid(schema: str, document: Any) -> bool:
    return bool(validator_of(schema).is_valid(document))


@cache
def validator_of(schema: str) -> jsonschema_rs.Validator:
    parsed = json.loads(schema)
    if isinstance(parsed, dict) and "$schema" in parsed:
        return jsonschema_rs.validator_for(parsed)
    return jsonschema_rs.Draft7Validator(parsed)
