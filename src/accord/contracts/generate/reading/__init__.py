"""Whether a service can read what is written: what `accord generate tests` keeps, and what its tests try.

READINGS = readings(Path(__file__).with_name("billing_reads"))
READINGS.case("orders.created-value: version 1").check()
"""

from accord.contracts.generate.reading.readings import (
    KeptSchema,
    Reading,
    ReadingCase,
    Readings,
    Writer,
    readings,
)
from accord.contracts.generate.reading.samples import samples_of

__all__ = ["KeptSchema", "Reading", "ReadingCase", "Readings", "Writer", "readings", "samples_of"]
