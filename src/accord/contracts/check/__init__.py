"""Checking a project against what was there before.

result = check(project, FilesBaseline("dir:../main", load(Folder(path))), readers=known_readers(project, registry))
result.findings, result.compatible
hit = impact(candidate, earlier, reader)      # hit.reads_new, hit.reads_old, hit.missing
"""

from accord.contracts.check.baseline import Baseline, FilesBaseline, Past, Terms
from accord.contracts.check.impact import Hit, Impact, impact
from accord.contracts.check.result import CheckResult, SubjectResult
from accord.contracts.check.verdict import check

__all__ = [
    "Baseline",
    "CheckResult",
    "FilesBaseline",
    "Hit",
    "Impact",
    "Past",
    "SubjectResult",
    "Terms",
    "check",
    "impact",
]
