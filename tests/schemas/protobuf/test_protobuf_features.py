"""What features say of fields, and who hands them down."""

import pytest

from accord.schemas.protobuf.comparison.features import Features, features_of
from accord.schemas.protobuf.model import Field, Label
from accord.schemas.protobuf.text.parse import parse_file


def field_and_features(text: str) -> tuple[Field, Features]:
    """The first field of the first message, and what the file and the message say."""
    file = parse_file(text)
    message = file.messages[0]
    return message.fields[0], features_of(file).within(message.options)


@pytest.mark.parametrize(
    ("text", "label", "also"),
    [
        ('syntax = "proto3"; message A {int32 a = 1;}', None, {"packed"}),
        ('syntax = "proto3"; message A {optional int32 a = 1;}', Label.OPTIONAL, {"packed"}),
        ('syntax = "proto3"; message A {int32 a = 1 [packed = false];}', None, set()),
        ('syntax = "proto2"; message A {required int32 a = 1;}', Label.REQUIRED, set()),
        ("message A {repeated int32 a = 1 [packed = true];}", Label.REPEATED, {"packed"}),
        ('edition = "2023"; message A {int32 a = 1;}', Label.OPTIONAL, {"packed"}),
        ('edition = "2023"; message A {repeated int32 a = 1;}', Label.REPEATED, {"packed"}),
        (
            """edition = "2023"; option features.field_presence = IMPLICIT;
            message A {int32 a = 1;}""",
            None,
            {"packed"},
        ),
        (
            """edition = "2023"; option features = {field_presence: IMPLICIT repeated_field_encoding: EXPANDED};
            message A {int32 a = 1 [features.field_presence = LEGACY_REQUIRED];}""",
            Label.REQUIRED,
            set(),
        ),
        (
            """edition = "2024";
            message A {option features.message_encoding = DELIMITED; A a = 1;}""",
            Label.OPTIONAL,
            {"packed", "delimited"},
        ),
        (
            'edition = "2023"; message A {A a = 1 [features.message_encoding = DELIMITED];}',
            Label.OPTIONAL,
            {"packed", "delimited"},
        ),
        (
            'edition = "2023"; message A {int32 a = 1 [(features).field_presence = IMPLICIT];}',
            Label.OPTIONAL,
            {"packed"},
        ),
    ],
)
def test_a_field_has_the_features_of_what_it_stands_in_unless_it_says_otherwise(
    text: str, label: Label | None, also: set[str]
) -> None:
    field, features = field_and_features(text)
    assert features.label_of(field) is label
    said = {"packed": features.is_packed(field), "delimited": features.is_delimited(field)}
    assert {name for name, is_so in said.items() if is_so} == also
