"""Who reads what: told by producers' contracts, claimed by services, observed where they run.

readers = known_readers(project, registry)
"""

from accord.contracts.readers.gathering import known_readers
from accord.contracts.readers.merging import joined, merged

__all__ = ["joined", "known_readers", "merged"]
