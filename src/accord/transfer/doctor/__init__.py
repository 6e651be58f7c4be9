"""Whether a registry's records are sound, and what to do where they are not. Pure.

report = examine(records)
report.sound, report.diagnoses
mended = mend(records)
mended.records, mended.done, mended.report
"""

from accord.transfer.doctor.diagnosis import Diagnosis
from accord.transfer.doctor.examination import Mended, Report, examine, mend
from accord.transfer.doctor.rules import RULES, LogRule, find

__all__ = ["RULES", "Diagnosis", "LogRule", "Mended", "Report", "examine", "find", "mend"]
