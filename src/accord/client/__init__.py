"""A client of any schema registry that speaks Confluent's REST API.

registry = Registry("http://127.0.0.1:8081")
registered = registry.register("orders-value", Schema(text))
schema = registry.schema_by_id(registered.id)

async with AsyncRegistry(RegistrySettings("https://a:8081,https://b:8081", ca_file="ca.pem", token=token)) as registry:
    schema = await registry.schema_by_id(registered.id)
"""

from typing import TYPE_CHECKING

from accord.client.answers import RegisteredSchema, SubjectVersion, Verdict
from accord.client.config import Config, ConfigChange, Mode
from accord.client.errors import (
    ClientClosed,
    IncompatibleSchema,
    NotFound,
    RegistryError,
    RegistryRefused,
    RegistryUnavailable,
    ReportsUnsupported,
    Unauthorized,
    UnusableAnswer,
)
from accord.client.memory import Caching
from accord.client.patience import Patience
from accord.client.registry import Registry
from accord.client.reports import (
    DeployedRead,
    DeployedWrite,
    DeploymentReport,
    ExemptionReport,
    ReaderReport,
    ReportedSchema,
    RolloutReport,
    RolloutStep,
    VerificationReport,
)
from accord.client.settings import RegistrySettings

if TYPE_CHECKING:
    from accord.client.async_registry import AsyncRegistry

__all__ = [
    "AsyncRegistry",
    "Caching",
    "ClientClosed",
    "Config",
    "ConfigChange",
    "DeployedRead",
    "DeployedWrite",
    "DeploymentReport",
    "ExemptionReport",
    "IncompatibleSchema",
    "Mode",
    "NotFound",
    "Patience",
    "ReaderReport",
    "RegisteredSchema",
    "Registry",
    "RegistryError",
    "RegistryRefused",
    "RegistrySettings",
    "RegistryUnavailable",
    "ReportedSchema",
    "ReportsUnsupported",
    "RolloutReport",
    "RolloutStep",
    "SubjectVersion",
    "Unauthorized",
    "UnusableAnswer",
    "Verdict",
    "VerificationReport",
]


if not TYPE_CHECKING:
    # Who asks from a thread does not wait for asyncio and the HTTP library to load. A type checker, told of this
    # function, would believe in any name at all.
    def __getattr__(name: str) -> object:
        if name != "AsyncRegistry":
            raise AttributeError(f"module 'accord.client' has no attribute '{name}'")
        from accord.client.async_registry import AsyncRegistry  # noqa: PLC0415 -- see above

        globals()[name] = AsyncRegistry
        return AsyncRegistry
