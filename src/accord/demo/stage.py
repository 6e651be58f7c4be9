"""Everything that runs in the demo: cluster, registry, order service and two members of billing, all on loopback."""

import sys
from dataclasses import dataclass
from pathlib import Path

import accord
from accord.cluster import Cluster
from accord.cluster.ports import is_free
from accord.demo.processes import Service, take_over
from accord.demo.reporter import Reporter
from accord.errors import ConfigurationError

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the programs of the demo listen; the brokers' ports follow from the cluster's own plan."""

    registry: int = 8081
    orders: int = 8090
    billing: tuple[int, int] = (8091, 8092)


class Stage:
    """The running system. ``prepare`` makes room for it, ``close`` ends every program that was started."""

    def __init__(self, folder: Path, ports: Ports, cluster: Cluster) -> None:
        self.folder = folder
        self.ports = ports
        self.cluster = cluster
        self._registry_database = folder / "registry.db"
        self._billing_database = folder / "billing.db"
        self.registry = self._registry()
        self.orders = self._orders(event_version=1)
        self.billing = [self._billing(number, event_version=1) for number in (0, 1)]
        self.client = accord.Registry(self.registry.url)

    def prepare(self) -> None:
        """Clear away what an earlier run in this folder has left, and make sure that every port is free.

        Raises ConfigurationError if the folder cannot be used, another demo runs there, or a port is taken.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            take_over(self.folder)
        except OSError as error:
            raise ConfigurationError(
                f"the folder {self.folder} cannot be used: {error.strerror}", hint="name another with --dir"
            ) from error
        self.cluster.down(delete=True)
        # By name: the folder may hold files that are none of the demo's.
        for service in (self.registry, self.orders, *self.billing):
            service.log.unlink(missing_ok=True)
        _delete(self._registry_database)
        self.empty_billing()
        for port in (self.ports.registry, self.ports.orders, *self.ports.billing):
            require_free(port)

    def empty_billing(self) -> None:
        """Delete the invoices; billing must not run."""
        _delete(self._billing_database)

    def restart_orders(self, *, event_version: int) -> None:
        """Replace the order service by one that speaks another version of the event."""
        self.orders.stop()
        self.orders = self._orders(event_version=event_version)
        self.orders.start()
        self.orders.wait_until_well()

    def restart_billing(self, number: int, *, event_version: int) -> None:
        """Replace one member of billing; the other goes on."""
        self.billing[number].stop()
        self.billing[number] = self._billing(number, event_version=event_version)
        self.billing[number].start()
        self.billing[number].wait_until_well()

    def close(self, reporter: Reporter) -> None:
        """End everything, services first so that they can finish what they hold."""
        self.client.close()
        for service in (self.orders, *self.billing, self.registry):
            reporter.doing(f"stopping {service.name}")
            service.stop()
        reporter.doing("stopping the brokers")
        self.cluster.down()

    def _registry(self) -> Service:
        log = f"sqlite:{self._registry_database}"
        serve = [
            sys.executable,
            "-m",
            "accord.cli",
            "serve",
            "--port",
            str(self.ports.registry),
            "--log",
            log,
        ]
        return Service("registry", serve, f"http://{LOOPBACK}:{self.ports.registry}", self.folder)

    def _orders(self, *, event_version: int) -> Service:
        return self._service("order_service", "order-service", self.ports.orders, event_version=event_version)

    def _billing(self, number: int, *, event_version: int) -> Service:
        name = f"billing-service-{number + 1}"
        return self._service("billing_service", name, self.ports.billing[number], event_version=event_version)

    def _service(self, module: str, name: str, port: int, *, event_version: int) -> Service:
        environment = {
            "SHOP_KAFKA": self.cluster.bootstrap_servers,
            "SHOP_REGISTRY": self.registry.url,
            "SHOP_HTTP_PORT": str(port),
            "SHOP_EVENT_VERSION": str(event_version),
            "SHOP_DATABASE": str(self._billing_database),
        }
        command = [sys.executable, "-m", f"accord.demo.shop.{module}"]
        return Service(name, command, f"http://{LOOPBACK}:{port}", self.folder, environment)


def require_free(port: int) -> None:
    """Raise ConfigurationError if somebody listens on ``port`` already."""
    if is_free(port):
        return
    raise ConfigurationError(
        f"port {port} on {LOOPBACK} is taken, and the demo needs it",
        hint=f"stop what listens there (ss -ltnp 'sport = :{port}' names it) and run the demo again",
    )


def _delete(database: Path) -> None:
    """A SQLite file, and what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
