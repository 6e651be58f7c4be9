"""Jars from Maven repositories, by jgo: exactly the file that a coordinate names, never what it depends on.

Proxies and certificate authorities come from the environment (``HTTPS_PROXY``, ``REQUESTS_CA_BUNDLE``), other
repositories from jgo's own settings file.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from jgo.config import GlobalSettings
from jgo.maven import MavenContext, PythonResolver

from accord.cluster.errors import DownloadFailed
from accord.cluster.jars import Jar

TIMEOUT_S = 30
ATTEMPTS = 3
PAUSE_S = 1.0


def fetch(jar: Jar, folder: Path, *, received: Callable[[int], None]) -> Path:
    """Bring one jar into ``folder``. Raises DownloadFailed with the remedy."""
    group, artifact, version = jar.coordinate.split(":")
    resolver = PythonResolver(progress_callback=lambda _name, _size: _counting(received))
    file = context(folder, resolver).project(group, artifact).at_version(version).artifact()
    target = folder / file.component.path_prefix / file.filename
    for attempt in range(ATTEMPTS):
        try:
            resolver.download(file)
        except requests.RequestException as error:
            target.unlink(missing_ok=True)
            if attempt == ATTEMPTS - 1:
                raise _failed(jar, _reason(error)) from error
            time.sleep(PAUSE_S)
        except RuntimeError as error:
            raise _failed(jar, "no Maven repository that is configured here has it") from error
        except OSError as error:
            raise _failed(jar, str(error)) from error
        else:
            break
    return target


def context(folder: Path, resolver: PythonResolver | None = None) -> MavenContext:
    """Maven as jgo knows it, with the repositories of the user's jgo settings and ``folder`` for its files."""
    settings = GlobalSettings.load()
    maven = MavenContext(resolver=resolver, repo_cache=folder, timeout=TIMEOUT_S)
    maven.remote_repos.update(settings.repositories)
    return maven


def _failed(jar: Jar, reason: str) -> DownloadFailed:
    return DownloadFailed(
        f"{jar.coordinate} could not be downloaded: {reason}",
        hint="check the network; behind a proxy set HTTPS_PROXY, behind a company's certificate REQUESTS_CA_BUNDLE; "
        "a company's Maven mirror stands as `central` under [repositories] in ~/.config/jgo.conf; "
        "without any network bring the jars in a folder: accord cluster up --jars DIR",
    )


@contextmanager
def _counting(received: Callable[[int], None]) -> Iterator[Callable[[int], None]]:
    yield received


def _reason(error: Exception) -> str:
    """The innermost cause in one line: requests wraps errors in errors."""
    while isinstance(error.__context__, Exception):
        error = error.__context__
    return f"{type(error).__name__}: {error}".splitlines()[0]
