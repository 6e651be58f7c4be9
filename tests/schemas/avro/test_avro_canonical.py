import pytest

from accord.schemas import Schema, parse


def canonical(text: str) -> str:
    return parse(Schema(text)).canonical


def normalized(text: str) -> str:
    return parse(Schema(text)).normalized


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (' "string" ', '"string"'),
        ('{"type": "string"}', '"string"'),
        ('{"type": "string", "name": "reserved", "items": 1}', '"string"'),
        (
            '{"b": 1, "type": "string", "a": {"y": 1.50, "x": [true, null]}}',
            '{"type":"string","b":1,"a":{"y":1.5,"x":[true,null]}}',
        ),
        ('["null", {"type": "int"}]', '["null","int"]'),
        ('{"p": 1, "items": {"type": "int"}, "type": "array"}', '{"type":"array","items":"int","p":1}'),
        (
            '{"values": ["null", "int"], "type": "map", "default": {}}',
            '{"type":"map","values":["null","int"],"default":{}}',
        ),
        (
            '{"name": "a.b.F", "type": "fixed", "size": 4, "doc": "", "aliases": ["G", "c.H", "G"], "p": 1}',
            '{"type":"fixed","name":"F","namespace":"a.b","doc":"","size":4,"p":1,"aliases":["G","c.H"]}',
        ),
        (
            '{"type": "enum", "name": "E", "namespace": "", "symbols": ["B", "A"], "default": "A", "doc": null}',
            '{"type":"enum","name":"E","symbols":["B","A"],"default":"A"}',
        ),
        (
            '{"type": "enum", "name": "E", "symbols": ["A"], "default": 1}',
            '{"type":"enum","name":"E","symbols":["A"]}',
        ),
        (
            (
                '{"type": "record", "name": "R", "doc": "d", "x": 1, "fields": [{"order": "Descending", "aliases": ["b"], '
                '"p": 2, "default": 1e3, "doc": "f", "type": "double", "name": "a"}]}'
            ),
            (
                '{"type":"record","name":"R","doc":"d","fields":[{"name":"a","type":"double","doc":"f","default":1000.0,'
                '"order":"descending","aliases":["b"],"p":2}],"x":1}'
            ),
        ),
        (
            '{"type": "error", "name": "R", "fields": [{"name": "a", "type": "int", "order": "ascending"}]}',
            '{"type":"error","name":"R","fields":[{"name":"a","type":"int"}]}',
        ),
        (
            (
                '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "double", "default": "1.5"}, '
                '{"name": "b", "type": "float", "default": "NaN"}]}'
            ),
            (
                '{"type":"record","name":"R","fields":[{"name":"a","type":"double","default":1.5},'
                '{"name":"b","type":"float","default":"NaN"}]}'
            ),
        ),
        (
            (
                '{"type": "record", "name": "x.R", "fields": [{"name": "a", "type": {"type": "fixed", "name": "F", '
                '"namespace": "", "size": 1}}, {"name": "b", "type": {"type": "fixed", "name": "y.F", "size": 1}}, '
                '{"name": "c", "type": "y.F"}]}'
            ),
            (
                '{"type":"record","name":"R","namespace":"x","fields":[{"name":"a","type":{"type":"fixed","name":"F",'
                '"namespace":"","size":1}},{"name":"b","type":{"type":"fixed","name":"F","namespace":"y","size":1}},'
                '{"name":"c","type":"y.F"}]}'
            ),
        ),
        (
            '{"type": "record", "name": "n.record", "fields": [{"name": "a", "type": ["null", "record"]}]}'.replace(
                '"record"]', '"n.record"]'
            ),
            '{"type":"record","name":"record","namespace":"n","fields":[{"name":"a","type":["null","n.record"]}]}',
        ),
        (
            '{"type": "int", "t": "\\u00e9\\u2028\\n\\u0001\\u001f/\\\\"}',
            '{"type":"int","t":"é\u2028\\n\\u0001\\u001F/\\\\"}',
        ),
    ],
)
def test_canonical_text_is_written_in_one_way(text: str, expected: str) -> None:
    assert canonical(text) == expected
    assert canonical(expected) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '{"type": "long", "b": 1, "a": {"d": 1, "c": 2}, "logicalType": "timestamp-millis"}',
            '{"type":"long","logicalType":"timestamp-millis","a":{"c":2,"d":1},"b":1}',
        ),
        (
            '{"type": "int", "b": 1, "a": 2, "logicalType": "timestamp-millis"}',
            '{"type":"int","a":2,"b":1,"logicalType":"timestamp-millis"}',
        ),
        (
            '{"type": "bytes", "scale": 2, "a": 1, "precision": 9, "logicalType": "decimal"}',
            '{"type":"bytes","logicalType":"decimal","precision":9,"scale":2,"a":1}',
        ),
        (
            '{"type": "bytes", "scale": 0, "a": 1, "precision": 9, "logicalType": "decimal"}',
            '{"type":"bytes","logicalType":"decimal","precision":9,"a":1,"scale":0}',
        ),
        (
            '{"type": "bytes", "scale": 10, "precision": 9, "logicalType": "decimal"}',
            '{"type":"bytes","logicalType":"decimal","precision":9,"scale":10}',
        ),
        (
            '{"type": "fixed", "name": "D", "size": 12, "a": 1, "logicalType": "duration"}',
            '{"type":"fixed","name":"D","size":12,"logicalType":"duration","a":1}',
        ),
        (
            '{"type": "fixed", "name": "D", "size": 11, "z": 1, "logicalType": "duration", "a": 1}',
            '{"type":"fixed","name":"D","size":11,"a":1,"logicalType":"duration","z":1}',
        ),
        (
            '{"type": "fixed", "name": "D", "size": 2, "a": 1, "logicalType": "decimal", "precision": 4}',
            '{"type":"fixed","name":"D","size":2,"logicalType":"decimal","precision":4,"a":1}',
        ),
        (
            '{"type": "error", "name": "x.R", "doc": "", "aliases": ["b", "y.a", "a"], "fields": []}',
            '{"type":"record","name":"R","namespace":"x","fields":[],"aliases":["a","b","y.a"]}',
        ),
        (
            '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "int", "doc": "", "aliases": ["z", "b"], "y": 1, "x": 2}]}',
            '{"type":"record","name":"R","fields":[{"name":"a","type":"int","doc":"","aliases":["b","z"],"x":2,"y":1}]}',
        ),
        (
            '{"type": "record", "name": "x.R", "fields": [{"name": "a", "type": {"type": "fixed", "name": "F", "namespace": "", "size": 1}}]}',
            '{"type":"record","name":"R","namespace":"x","fields":[{"name":"a","type":{"type":"fixed","name":"F","namespace":"","size":1}}]}',
        ),
    ],
)
def test_normalized_text_puts_what_carries_no_meaning_in_one_order(text: str, expected: str) -> None:
    assert normalized(text) == expected
    assert normalized(expected) == expected


@pytest.mark.parametrize(
    ("type_", "default", "expected"),
    [
        ('"double"', "1", "1.0"),
        ('"float"', "1", "1.0"),
        ('"float"', "3e10", "3.0000001E10"),
        ('"float"', "0.1", "0.1"),
        ('"long"', "1", "1"),
        ('"double"', "18446744073709551616", None),
        ('"bytes"', '"\\u00ff\\u0100"', '"ÿ?"'),
        ('["null","int"]', "null", "null"),
        ('["null","int"]', "1", None),
        ('["string","int"]', '"a"', '"a"'),
        ('{"type":"array","items":"double"}', "[1,2.5]", "[1.0,2.5]"),
        ('{"type":"map","values":"float"}', '{"b":1,"a":2}', '{"a":2.0,"b":1.0}'),
        ('{"type":"map","values":["null","int"]}', '{"a":1}', '{"a":1}'),
        (
            '{"type":"record","name":"In","fields":[{"name":"x","type":"double"}]}',
            '{"z":[1],"x":1}',
            '{"x":1.0,"z":[1]}',
        ),
    ],
)
def test_a_normalized_default_is_written_in_the_type_of_its_field(
    type_: str, default: str, expected: str | None
) -> None:
    def schema(with_default: str | None) -> str:
        more = "" if with_default is None else f',"default":{with_default}'
        return f'{{"type":"record","name":"R","fields":[{{"name":"a","type":{type_}{more}}}]}}'

    assert normalized(schema(default)) == schema(expected)
