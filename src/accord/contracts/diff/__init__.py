"""What changes from one version of a schema to the next: in meaning first, then in text.

difference = diff(Side("version 1", old_text, old), Side("order.avsc", text, parsed))
difference.changes, difference.verdicts[CompatibilityLevel.FULL]
"""

from accord.contracts.diff.changes import Change, changes_between
from accord.contracts.diff.difference import SchemaDiff, Side, diff
from accord.contracts.diff.rendering import to_json, to_markdown, to_text

__all__ = ["Change", "SchemaDiff", "Side", "changes_between", "diff", "to_json", "to_markdown", "to_text"]
