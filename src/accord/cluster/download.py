"""Jars from Maven repositories: exactly the file that a coordinate names, never what it depends on.

jgo knows the repositories and how they are laid out; a company's mirror stands in jgo's settings file. Proxies and
certificate authorities come from the environment (``HTTPS_PROXY``, ``REQUESTS_CA_BUNDLE``).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from jgo.config import GlobalSettings
from jgo.maven import MavenContext
from requests.adapters import HTTPAdapter

from accord.cluster.errors import DownloadFailed
from accord.cluster.jars import PARALLEL, Fetch, Jar

TIMEOUT_S = 30
CHUNK_BYTES = 1 << 16
ATTEMPTS = 3
PAUSE_S = 0.5


@contextmanager
def connected() -> Iterator[Fetch]:
    """The repositories, over connections that are kept open from one jar to the next."""
    with requests.Session() as session:
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(pool_maxsize=PARALLEL))
        yield Repositories(session)


class Repositories:
    """Brings jars from the first repository that has them."""

    def __init__(self, session: requests.Session) -> None:
        self._session = session

    def __call__(self, jar: Jar, folder: Path, *, received: Callable[[int], None]) -> Path:
        """Bring one jar into ``folder``. Raises DownloadFailed with the remedy."""
        group, artifact, version = jar.coordinate.split(":")
        maven = context(folder)
        file = maven.project(group, artifact).at_version(version).artifact()
        target = folder / jar.file_name
        answers: list[str] = []
        for repository in maven.remote_repos.values():
            address = f"{repository}/{file.component.path_prefix.as_posix()}/{file.filename}"
            answer = self._try(address, target, received)
            if not answer:
                return target
            answers.append(answer)
        raise DownloadFailed(
            f"{jar.coordinate} could not be downloaded: {'; '.join(answers)}",
            hint="check the network; behind a proxy set HTTPS_PROXY, behind a company's certificate REQUESTS_CA_BUNDLE; "
            "a company's Maven mirror stands as `central` under [repositories] in ~/.config/jgo.conf; "
            "without any network bring the jars in a folder, with --jars DIR",
        )

    def _try(self, address: str, target: Path, received: Callable[[int], None]) -> str:
        """Why there is no file; empty if there is. Failures of the network are tried again."""
        why = ""
        for attempt in range(ATTEMPTS):
            time.sleep(attempt * PAUSE_S)
            try:
                return self._download(address, target, received)
            except requests.RequestException as error:
                why = _reason(error)
        return why

    def _download(self, address: str, target: Path, received: Callable[[int], None]) -> str:
        with self._session.get(address, stream=True, timeout=TIMEOUT_S) as response:
            if response.status_code != requests.codes.ok:
                return f"HTTP status {response.status_code}"
            with target.open("wb") as file:
                for chunk in response.iter_content(CHUNK_BYTES):
                    file.write(chunk)
                    received(len(chunk))
        return ""


def context(folder: Path) -> MavenContext:
    """Maven as jgo knows it, with the repositories of the user's jgo settings and ``folder`` for its files."""
    maven = MavenContext(repo_cache=folder, timeout=TIMEOUT_S)
    maven.remote_repos.update(GlobalSettings.load().repositories)
    return maven


def _reason(error: Exception) -> str:
    """The innermost cause in one line: requests wraps errors in errors."""
    while isinstance(error.__context__, Exception):
        error = error.__context__
    return f"{type(error).__name__}: {error}".splitlines()[0]
