import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.schemas.json_source import JsonSource

TEXT = """{
  "name": "Order", // what it is
  "fields": [
    {"name": "id", "type": "string"},
    {"name": "note", "type": ["null", "string"]}
  ]
}"""

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)
spellings = st.sampled_from(
    [{"indent": None}, {"indent": 2}, {"separators": (",", ":")}, {"separators": (" , ", " : ")}]
)


def test_a_pointer_leads_to_line_and_column() -> None:
    source = JsonSource(TEXT)
    assert source.position("") == (1, 1)
    assert source.position("/fields/1/type/1") == (5, 39)
    assert source.position("/fields/1/default") == source.position("/fields/1")


def test_a_fragment_is_on_one_line_and_empty_where_nothing_stands() -> None:
    source = JsonSource(TEXT)
    assert source.fragment("/fields/0") == '{"name": "id", "type": "string"}'
    assert source.fragment("/fields/7") == ""


def test_a_new_member_leaves_all_other_text_as_it_is() -> None:
    changed = JsonSource(TEXT).with_member("/fields/0", "default", "")
    assert changed.text == TEXT.replace('"type": "string"}', '"type": "string", "default": ""}')


def test_an_item_is_put_on_a_line_of_its_own_where_the_others_are() -> None:
    first = JsonSource(TEXT).with_item("/fields", 0, {"name": "x"}).text.splitlines()
    last = JsonSource(TEXT).with_item("/fields", 9, {"name": "x"}).text.splitlines()
    assert first[3:5] == ['    {"name": "x"},', '    {"name": "id", "type": "string"},']
    assert last[4:6] == ['    {"name": "note", "type": ["null", "string"]},', '    {"name": "x"}']


@pytest.mark.parametrize("pointer", ["/fields/0", "/fields/1", "/name", "/fields", "/fields/1/type/0"])
def test_without_takes_one_comma_along(pointer: str) -> None:
    changed = JsonSource(TEXT).without(pointer)
    assert pointer not in changed or "/0" in pointer
    assert len(changed.text) < len(TEXT)
    _same_but_for(json.loads(JsonSource(TEXT)._plain), pointer, json.loads(changed._plain))


@given(json_values, spellings, st.data())
def test_edits_mean_what_they_say_on_any_text(
    value: Any, spelling: dict[str, Any], data: st.DataObject
) -> None:
    source = JsonSource(json.dumps(value, **spelling))
    objects = [(pointer, one) for pointer, one in _containers(value) if isinstance(one, dict)]
    lists = [(pointer, one) for pointer, one in _containers(value) if isinstance(one, list)]
    if objects:
        pointer, one = data.draw(st.sampled_from(objects))
        key = data.draw(st.sampled_from([*one, "new key"]))
        assert source.with_member(pointer, key, [1]).value(pointer) == one | {key: [1]}
    if lists:
        pointer, items = data.draw(st.sampled_from(lists))
        index = data.draw(st.integers(0, len(items)))
        assert source.with_item(pointer, index, "in").value(pointer) == [*items[:index], "in", *items[index:]]
        if items:
            gone = data.draw(st.integers(0, len(items) - 1))
            assert source.without(f"{pointer}/{gone}").value(pointer) == items[:gone] + items[gone + 1 :]


@given(json_values, spellings)
def test_every_value_is_found_at_its_pointer(value: Any, spelling: dict[str, Any]) -> None:
    source = JsonSource(json.dumps(value, **spelling))
    for pointer, one in _containers(value):
        assert source.value(pointer) == one
        assert json.loads(source.fragment(pointer)) == one


def _containers(value: Any, pointer: str = "") -> list[tuple[str, Any]]:
    found = [(pointer, value)]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += _containers(inner, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    if isinstance(value, list):
        for index, inner in enumerate(value):
            found += _containers(inner, f"{pointer}/{index}")
    return found


def _same_but_for(value: Any, pointer: str, changed: Any) -> None:
    node = value
    *steps, last = pointer.split("/")[1:]
    for step in steps:
        node = node[int(step)] if isinstance(node, list) else node[step]
    del node[int(last) if isinstance(node, list) else last]
    assert changed == value


def test_an_excerpt_shows_a_member_with_its_key_and_an_item_alone() -> None:
    source = JsonSource('{"a": [1, {"b": true}]}')
    assert [source.excerpt(pointer) for pointer in ("", "/a", "/a/0", "/a/1/b", "/c")] == [
        '{"a": [1, {"b": true}]}',
        '"a": [1, {"b": true}]',
        "1",
        '"b": true',
        "",
    ]
