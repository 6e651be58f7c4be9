"""Looking at what stands alone: deletions of nothing, numbers that are none, settings of what is not there."""

from collections.abc import Iterator

from accord.registry.core.contexts import is_context
from accord.schemas import Subject
from accord.transfer.doctor import rules
from accord.transfer.doctor.diagnosis import Diagnosis, diagnosis
from accord.transfer.doctor.entries import SETTINGS
from accord.transfer.doctor.history import History
from accord.transfer.doctor.mending import LeaveOut


def stray_markers(history: History) -> Iterator[Diagnosis]:
    """Subjects that are marked as deleted and have no versions."""
    for subject, entry in history.markers.items():
        if subject not in history.subjects:
            yield diagnosis(
                rules.STRAY_MARKER, entry.place, entry.record, {"subject": subject}, LeaveOut(entry.place)
            )


def bad_versions(history: History) -> Iterator[Diagnosis]:
    """Versions that do not count from 1."""
    for stored in history.versions():
        subject, version = stored.number
        if version < 1:
            facts = {"subject": subject, "version": version}
            yield diagnosis(rules.BAD_VERSION, stored.entry.place, stored.entry.record, facts)


def settings_alone(history: History) -> Iterator[Diagnosis]:
    """Subjects that are configured and have no versions."""
    for key, entry in history.settings.items():
        subject = Subject(key.subject or "")
        if not is_context(subject or None) and subject not in history.subjects:
            facts = {"subject": subject, "kind": SETTINGS[key.kind]}
            yield diagnosis(rules.SETTING_ALONE, entry.place, entry.record, facts)
