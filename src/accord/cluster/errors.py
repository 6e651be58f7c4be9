"""What can go wrong with a Kafka on this machine.

AccordError
├── ConfigurationError
│   ├── PortTaken          another process listens where a broker must
│   ├── ClusterMismatch    what is asked does not fit the cluster that is there
│   ├── JarRefused         a jar is missing or is not the file that the lock names
│   ├── JavaMissing        no Java that can run Kafka
│   ├── JavaRefused        Avro's compiler for Java does not take a schema
│   └── UnknownTool        Kafka has no such command
└── UnavailableError
    ├── DownloadFailed     a jar could not be fetched
    ├── BrokerFailed       a broker ended, or did not come up in time
    └── ClusterNotRunning  the command needs a running broker
"""

from accord.errors import ConfigurationError, UnavailableError


class PortTaken(ConfigurationError):
    """Another process listens on a port that a broker needs."""


class ClusterMismatch(ConfigurationError):
    """The cluster in this folder was made with other settings than those asked for."""


class JarRefused(ConfigurationError):
    """A jar is missing or is not, byte for byte, the file that the lock names."""


class JavaMissing(ConfigurationError):
    """No Java runtime that can run Kafka was found."""


class JavaRefused(ConfigurationError):
    """Avro's compiler for Java does not take a schema."""


class UnknownTool(ConfigurationError):
    """Kafka has no command of this name."""


class DownloadFailed(UnavailableError):
    """A jar could not be fetched."""


class BrokerFailed(UnavailableError):
    """A broker ended by itself, or did not come up in time."""


class ClusterNotRunning(UnavailableError):
    """The command needs a running broker and there is none."""
