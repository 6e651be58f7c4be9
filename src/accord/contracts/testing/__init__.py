"""Contract tests: what consumers say they need, tried on what producers say they write, through the real codecs.

cases = cases_of(project, known_readers(project, registry), latest=latest_schemas(project, registry))
findings = [finding for case in cases for finding in case.run()]
for result in results_of(cases): registry.report_verification(result.report)
"""

from accord.contracts.testing.cases import Case, cases_of
from accord.contracts.testing.published import latest_schemas
from accord.contracts.testing.results import Result, own_fingerprint, results_of
from accord.contracts.testing.sides import Consumer, Example, Provider

__all__ = [
    "Case",
    "Consumer",
    "Example",
    "Provider",
    "Result",
    "cases_of",
    "latest_schemas",
    "own_fingerprint",
    "results_of",
]
