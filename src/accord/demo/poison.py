"""Records that no contract allows, as they turn up on real topics."""

import random

from accord.codecs import framing

UNKNOWN_SCHEMA_ID = 999_999
TRUNCATED_BY = 3
SEED = 7


def kinds(valid: bytes) -> dict[str, bytes]:
    """The five kinds of poison by name, made from one ``valid`` record value (prefix and Avro)."""
    dice = random.Random(SEED)  # noqa: S311 -- noise, not secrets
    body = valid[framing.PREFIX_LENGTH :]
    return {
        "random bytes": bytes([dice.randrange(1, 256), *dice.randbytes(31)]),
        "wrong magic byte": b"\x01" + valid[1:],
        "unknown schema id": framing.prefixed(UNKNOWN_SCHEMA_ID, body),
        "truncated Avro": valid[:-TRUNCATED_BY],
        "zero bytes": b"",
    }
