"""The rules of JSON Schema: every incompatible kind of difference has one, and their examples are true."""

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from accord.findings import Severity
from accord.schemas.jsonschema.comparison.kinds import INCOMPATIBLE
from accord.schemas.jsonschema.rules import RULE_OF, RULES
from accord.schemas.rules import Rule

errors = [rule for rule in RULES if rule.severity is Severity.ERROR]


def test_every_kind_of_difference_that_refuses_belongs_to_exactly_one_rule() -> None:
    told = Counter(error_type for rule in errors for error_type in rule.error_types)
    assert set(told) == set(RULE_OF) == {kind.value for kind in INCOMPATIBLE}
    assert set(told.values()) == {1}


@pytest.mark.parametrize("rule", errors, ids=lambda rule: rule.id)
def test_the_document_of_an_example_is_valid_under_the_writer_and_not_under_the_reader(
    rule: Rule, accepts: Callable[[str, Any], bool]
) -> None:
    old, new, document = rule.example.old, rule.example.new, json.loads(rule.wire.value)
    reader, writer = (old, new) if rule.wire.candidate_writes else (new, old)
    assert accepts(writer, document)
    assert not accepts(reader, document)


@pytest.mark.parametrize("rule", errors, ids=lambda rule: rule.id)
def test_the_sentence_for_confluents_clients_names_the_path_where_they_look_for_it(rule: Rule) -> None:
    told = rule.description.format(reader="new", writer="old", path="#/properties/a")
    if rule is not RULE_OF["SCHEMA_ADDED"]:
        assert re.search(r"at path '#/properties/a'( |$)", told)
