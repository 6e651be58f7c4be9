"""From a row of records to what they add up to."""

from collections.abc import Iterable

from accord.registry.core.errors import IdHeld
from accord.registry.core.state import RegistryState
from accord.registry.log import records
from accord.registry.log.port import Record
from accord.transfer.errors import PlaceRefused
from accord.transfer.ports import Watcher
from accord.transfer.words import shown


def served(row: Iterable[Record]) -> RegistryState:
    """What a server with these records serves: it passes over what it cannot read and what contradicts the rest."""
    state = RegistryState()
    for record in row:
        try:
            _take(state, record)
        except (records.Undecodable, IdHeld):
            _remember_id(state, record)
    return state


def state_of(row: Iterable[Record], watcher: Watcher) -> RegistryState:
    """What the records, which are to be moved, add up to; those that cannot be read are told as left out.

    Raises PlaceRefused if one contradicts others.
    """
    state = RegistryState()
    for record in row:
        try:
            _take(state, record)
        except records.Undecodable as error:
            _remember_id(state, record)
            watcher.left_out(f"the record {shown(record.key)}: {error.message}")
        except IdHeld as error:
            raise PlaceRefused(
                f"the records that are to be moved contradict each other: {error.message}",
                hint="`accord registry doctor` says what is wrong with them, and --mend writes them without that",
            ) from error
    return state


def _take(state: RegistryState, record: Record) -> None:
    event = records.decode(record)
    if event is not None:
        state.apply(event, record.timestamp_ms)


def _remember_id(state: RegistryState, record: Record) -> None:
    given = records.id_given(record)
    if given is not None:
        state.apply(given, record.timestamp_ms)
