import hashlib

from accord.schemas import (
    DataRule,
    Metadata,
    Reference,
    RuleSet,
    Schema,
    Subject,
    Version,
    fingerprint,
    guid_of,
)

ONE = Reference("a", Subject("s"), Version(1))
OTHER = Reference("b", Subject("s"), Version(2))
RULE = DataRule(name="r", kind="CONDITION", mode="WRITE", type="CEL", expr="true")


def test_the_guid_is_the_md5_of_the_text_as_a_uuid() -> None:
    assert guid_of(fingerprint(Schema('"string"'))) == "095d71cf-1255-6b9d-5e33-0ad575b3df5d"


def test_everything_that_is_said_about_a_schema_is_part_of_its_identity() -> None:
    different = [
        Schema("{}"),
        Schema("{}", references=(ONE,)),
        Schema("{}", references=(ONE, OTHER)),
        Schema("{}", references=(OTHER, ONE)),
        Schema("{}", metadata=Metadata(properties={"k": "v"})),
        Schema("{}", metadata=Metadata(properties={"k": "w"})),
        Schema("{}", metadata=Metadata(properties={"k": "v"}, sensitive=("k",))),
        Schema("{}", metadata=Metadata(tags={"Order.id": ("PII",)})),
        Schema("{}", rule_set=RuleSet(domain_rules=(RULE,))),
        Schema("{}", rule_set=RuleSet(domain_rules=(RULE,), enable_at="CLIENT")),
        Schema("{}", metadata=Metadata(properties={"k": "v"}), rule_set=RuleSet(domain_rules=(RULE,))),
    ]

    assert len({fingerprint(schema) for schema in different}) == len(different)


def test_the_order_of_properties_and_tags_is_no_part_of_the_identity() -> None:
    one = Metadata({"x": ("A", "B"), "y": ("C",)}, {"k": "v", "l": "w"}, ("k", "l"))
    other = Metadata({"y": ("C",), "x": ("B", "A")}, {"l": "w", "k": "v"}, ("l", "k"))

    assert fingerprint(Schema("{}", metadata=one)) == fingerprint(Schema("{}", metadata=other))


def test_a_long_text_has_its_own_fingerprint_however_often_and_in_whatever_company_it_is_asked_for() -> None:
    long = f'{{"type":"enum","name":"E","symbols":["A"],"doc":"{"x" * 200_000}"}}'
    referring = Schema(long, references=(ONE,))

    first = [fingerprint(Schema(long)), fingerprint(referring), fingerprint(Schema(long + " "))]

    assert len(set(first)) == 3
    assert first == [fingerprint(Schema(long)), fingerprint(referring), fingerprint(Schema(long + " "))]
    assert first[0] == hashlib.md5(long.encode(), usedforsecurity=False).digest()
