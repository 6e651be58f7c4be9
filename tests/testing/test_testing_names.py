"""The published door of accord.testing: exactly these names."""

import pytest

import accord.testing

NAMES = """
CONNECTION_LOST ContractBroken ContractCase DeadLetter Harness LoopbackRegistry MockBroker MockBrokerUnavailable
OutgoingRecord RawRecord examples_of registry
"""


def test_the_door_has_these_names_and_no_others() -> None:
    assert sorted(accord.testing.__all__) == sorted(NAMES.split())
    assert sorted(accord.testing._HOME_OF) == sorted(accord.testing.__all__)


@pytest.mark.parametrize("name", NAMES.split())
def test_every_name_leads_somewhere(name: str) -> None:
    assert getattr(accord.testing, name) is not None


def test_a_name_that_is_not_there_is_told_as_usual() -> None:
    with pytest.raises(AttributeError, match=r"module 'accord\.testing' has no attribute 'nope'"):
        accord.testing.nope  # type: ignore[attr-defined]  # noqa: B018 -- the point of the test
