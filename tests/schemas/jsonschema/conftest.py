import json
from collections.abc import Callable
from typing import Any, TypeAlias

import jsonschema_rs
import pytest

Accepts: TypeAlias = Callable[[str, Any], bool]


@pytest.fixture
def accepts() -> Accepts:
    """Whether a real validator takes a document under the text of a schema; without ``$schema`` that is of draft 7."""
    return is_valid


def is_valid(schema: str, document: Any) -> bool:
    parsed = json.loads(schema)
    if isinstance(parsed, dict) and "$schema" in parsed:
        return bool(jsonschema_rs.validator_for(parsed).is_valid(document))
    return bool(jsonschema_rs.Draft7Validator(parsed).is_valid(document))
