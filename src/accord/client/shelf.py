"""Answers that stay true, kept in a folder: what a program that starts while the registry is away has to go by."""

import hashlib
import logging
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from accord.client.http import Request

logger = logging.getLogger(__name__)

_DIGEST_CHARACTERS: Final = 64


class Shelf:
    """One registry's answers in ``folder``, one file each; several programs may share it.

    What cannot be kept is not: there is one warning, and the program goes on. A file that is damaged counts as none.
    """

    def __init__(self, folder: Path, urls: Sequence[str]) -> None:
        self._folder = folder
        # An id means something in its own registry only.
        self._registry = "\n".join(sorted(urls))
        self._warned = False

    def load(self, request: Request) -> bytes | None:
        """The body of the answer, if there is one."""
        path = self._path(request)
        try:
            kept = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._warn(error)
            return None
        digest, body = kept[:_DIGEST_CHARACTERS], kept[_DIGEST_CHARACTERS:]
        if digest != _digest(body):
            logger.warning("a damaged file counts as none: %s", path)
            return None
        return body

    def keep(self, request: Request, body: bytes) -> None:
        """Keep the body of the answer, in the place of one that was there before."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._write(self._path(request), _digest(body) + body)
        except OSError as error:
            self._warn(error)

    def _write(self, path: Path, content: bytes) -> None:
        """All of it or nothing: another program may read the file at any time, and this one may end at any time."""
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".new-", delete=False) as file:
            try:
                file.write(content)
                file.flush()
                os.replace(file.name, path)  # noqa: PTH105 -- a name, not a Path
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise

    def _path(self, request: Request) -> Path:
        query = "&".join(f"{name}={value}" for name, value in request.query)
        asked = f"{self._registry}\n{request.method} {request.path}?{query}\n".encode(errors="surrogatepass")
        return self._folder / hashlib.sha256(asked + (request.body or b"")).hexdigest()

    def _warn(self, error: OSError) -> None:
        if not self._warned:
            logger.warning(
                "the registry's answers cannot be kept in %s: %s",
                self._folder,
                error,
                extra={"hint": "make the folder readable and writable, or name another one as keep_in"},
            )
        self._warned = True


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()
