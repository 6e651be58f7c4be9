from collections.abc import Iterator

import pytest

from accord.errors import AccordError
from accord.registry.core.errors import RegistryError
from accord.registry.http.errors import CODES, HttpError
from accord.registry.log.port import LogFailed, LogInDoubt
from accord.registry.reports.errors import ReportError
from accord.schemas import InvalidSchema


def leaves(root: type[AccordError]) -> Iterator[type[AccordError]]:
    children = [child for child in root.__subclasses__() if child.__module__.startswith("accord.")]
    for child in children:
        yield from leaves(child)
    if not children:
        yield root


ROOTS: list[type[AccordError]] = [RegistryError, ReportError, HttpError, InvalidSchema, LogFailed, LogInDoubt]


@pytest.mark.parametrize("error", [leaf for root in ROOTS for leaf in leaves(root)])
def test_every_error_has_a_status_and_a_code(error: type[AccordError]) -> None:
    assert any(known in CODES for known in error.__mro__)


def test_a_code_begins_with_its_status() -> None:
    for status, code in CODES.values():
        assert str(code).startswith(str(status))
        assert 400 <= status < 600
