"""What is questionable in schemas and contracts on their own, without a look at what was there before.

findings = lint(project, Style(), known_rules=known)
"""

from accord.contracts.lint.lint import lint
from accord.contracts.lint.style import Style

__all__ = ["Style", "lint"]
