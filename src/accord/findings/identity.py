"""What stays the same of a finding while lines move above it."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from accord.findings.model import Finding


def identified(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Each finding with a fingerprint of its own: of its rule, file, words and line of text, and of no number of a line.

    Those that are alike in all of that are told apart by their order.
    """
    seen: Counter[str] = Counter()
    for finding in findings:
        text = _words(finding)
        seen[text] += 1
        yield finding, hashlib.sha256(f"{text}\0{seen[text]}".encode(errors="surrogatepass")).hexdigest()


def _words(finding: Finding) -> str:
    file, excerpt = (finding.at.file, finding.at.snippet.strip()) if finding.at else ("", "")
    return "\0".join(
        (
            finding.rule,
            file,
            finding.contract,
            finding.subject,
            str(finding.version),
            finding.message,
            excerpt,
        )
    )
