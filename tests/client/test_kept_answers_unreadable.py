"""A kept answer that this version cannot read counts as none: the outage is told, and nothing stranger."""

import hashlib
from pathlib import Path

import httpx2
import pytest

import accord
from accord.client import Patience


@pytest.mark.parametrize(
    "body", [b"[]", b"\xff", b'{"schema": 1}', b'{"schema": "{}", "schemaType": "COBOL"}']
)
def test_a_kept_answer_that_cannot_be_read_is_an_outage(tmp_path: Path, body: bytes) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if is_down:
            raise httpx2.ConnectError("connection refused", request=request)
        return httpx2.Response(200, json={"schema": '"string"'})

    def client() -> accord.Registry:
        return accord.Registry(
            "http://registry.example",
            transport=httpx2.MockTransport(answer),
            patience=Patience(tries=1),
            keep_in=tmp_path,
        )

    is_down = False
    client().schema_by_id(1)
    is_down = True
    client().schema_by_id(1)
    [kept] = tmp_path.iterdir()
    kept.write_bytes(hashlib.sha256(body).hexdigest().encode() + body)
    with pytest.raises(accord.RegistryUnavailable):
        client().schema_by_id(1)
