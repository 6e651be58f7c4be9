import re

import pytest

from accord.contracts.loading.versions import RANGE, covers


@pytest.mark.parametrize(
    ("said", "version", "is_covered"),
    [
        (">=1.0 <2", "1.0.0", True),
        (">=1.0 <2", "1.9.17", True),
        (">=1.0 <2", "2.0.0", False),
        (">=1.0, <2", "0.9", False),
        ("1", "1.4.2", True),
        ("=1.4", "1.4.2", True),
        ("==1.4.1", "1.4.2", False),
        ("!=1.4", "1.4.2", False),
        ("!=1.4", "1.5.0", True),
        (">1.4 <=1.5", "1.4.0", False),
        (">1.4 <=1.5", "1.5.0", True),
        ("<2", "v1.2.3-rc1", True),
        ("<2", "spring", True),
        ("<10", "9", True),
        ("<2", "9" * 5000, True),
    ],
)
def test_a_range_covers_a_version_or_not(said: str, version: str, is_covered: bool) -> None:  # noqa: FBT001
    assert re.fullmatch(RANGE, said)
    assert covers(said, version) is is_covered


@pytest.mark.parametrize(
    "said", ["", "soon", ">=", "^1", "~1.2", "1.x", ">=1.0 and <2", "1.2.3.4.5", "9" * 5000]
)
def test_what_is_no_range(said: str) -> None:
    assert re.fullmatch(RANGE, said) is None
