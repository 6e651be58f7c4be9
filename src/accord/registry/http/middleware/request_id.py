"""``X-Request-ID``: the asker's own if exactly one word was sent, else a new one; on every answer and in the logs."""

import os
import re
from collections.abc import Mapping
from itertools import count
from typing import Final

HEADER: Final = b"x-request-id"

# Letters, digits and marks, so that it can stand in a header and in a log; a comma would make two of it.
_WORD: Final = re.compile(rb"[!-+\--~]{1,128}")


class RequestIds:
    """The ids of one server's requests: UUIDs (version 4) of which the server draws the beginning; the end is counted."""

    def __init__(self) -> None:
        digits = os.urandom(10).hex()
        self._server = f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-a{digits[15:18]}-".encode()
        self._numbers = count(1)

    def of(self, headers: Mapping[bytes, bytes]) -> bytes:
        """The id of a request with these headers."""
        sent = headers.get(HEADER)
        if sent is not None and _WORD.fullmatch(sent):
            return sent
        return b"%s%012x" % (self._server, next(self._numbers))
