"""Python classes for schemas, with the contracts that use them."""

from accord.contracts.generate.python.names import KINDS, Kind
from accord.contracts.generate.python.package import COMMAND, LOOKED_AT, python

__all__ = ["COMMAND", "KINDS", "LOOKED_AT", "Kind", "python"]
