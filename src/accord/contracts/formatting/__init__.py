"""Files in one layout, with nothing changed but white space.

laid = laid_out(source)
laid.text, laid.reason
"""

from accord.contracts.formatting.layout import Layout, laid_out

__all__ = ["Layout", "laid_out"]
