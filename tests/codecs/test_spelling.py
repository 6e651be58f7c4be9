"""Values of JSON Schema and Protobuf as JSON and back."""

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accord.codecs import InvalidEvent, codec_for
from accord.codecs.spelling import spelling_for
from accord.schemas import Schema, SchemaType

PROTO = Schema(
    """
    syntax = "proto3";
    import "google/protobuf/timestamp.proto";
    import "google/protobuf/duration.proto";
    import "google/protobuf/wrappers.proto";
    message Order {
      enum State { NEW = 0; PAID = 1; }
      message Line { string sku = 1; int64 cents = 2; }
      string order_id = 1;
      bytes token = 2;
      double weight = 3;
      repeated Line lines = 4;
      map<int32, string> notes = 5;
      State state = 6;
      google.protobuf.Timestamp at = 7;
      google.protobuf.Duration took = 8;
      google.protobuf.StringValue coupon = 9;
      optional int32 rank = 10;
    }
    """,
    SchemaType.PROTOBUF,
)
ORDER: dict[str, Any] = {
    "order_id": "o-1",
    "token": b"\xff",
    "weight": math.inf,
    "lines": [{"sku": "a", "cents": 2**60}],
    "notes": {7: "seven"},
    "state": "PAID",
    "at": datetime(2026, 3, 1, 12, 0, 0, 5, UTC),
    "took": timedelta(seconds=-1.5),
    "coupon": "X",
    "rank": None,
}


def test_a_message_leads_back_to_its_bytes() -> None:
    codec = codec_for(PROTO)
    spelling = spelling_for(PROTO, codec)
    written = codec.encode(ORDER)

    told = json.loads(json.dumps(spelling.spell(codec.decode(written))))

    assert told == {
        "order_id": "o-1",
        "token": "/w==",
        "weight": "Infinity",
        "lines": [{"sku": "a", "cents": 2**60}],
        "notes": {"7": "seven"},
        "state": "PAID",
        "at": "2026-03-01T12:00:00.000005Z",
        "took": "-1.500000s",
        "coupon": "X",
        "rank": None,
    }
    assert codec.encode(spelling.read(told)) == written


@pytest.mark.parametrize("spelled", [[], {"nope": 1}, {"state": "LOST"}, {"rank": 2**40}, {"at": "noon"}])
def test_what_is_no_message_is_refused(spelled: object) -> None:
    spelling = spelling_for(PROTO, codec_for(PROTO))

    with pytest.raises(InvalidEvent):
        spelling.read(spelled)


def test_json_is_its_own_spelling() -> None:
    schema = Schema('{"type": "object"}', SchemaType.JSON)
    spelling = spelling_for(schema, codec_for(schema))

    assert spelling.spell({"a": [1, None]}) == spelling.read({"a": [1, None]}) == {"a": [1, None]}
