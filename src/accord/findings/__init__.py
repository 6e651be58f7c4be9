"""What a check reports: one model, many renderings."""

from accord.findings.model import Finding, Fix, Severity, Side

__all__ = ["Finding", "Fix", "Severity", "Side"]
