"""A client of any schema registry that speaks Confluent's REST API.

registry = Registry("http://127.0.0.1:8081")
registered = registry.register("orders-value", Schema(text))
schema = registry.schema_by_id(registered.id)
"""

from accord.client.errors import (
    IncompatibleSchema,
    NotFound,
    RegistryError,
    RegistryRefused,
    RegistryUnavailable,
    Unauthorized,
)
from accord.client.exchanges import RegisteredSchema, Verdict
from accord.client.registry import Patience, Registry

__all__ = [
    "IncompatibleSchema",
    "NotFound",
    "Patience",
    "RegisteredSchema",
    "Registry",
    "RegistryError",
    "RegistryRefused",
    "RegistryUnavailable",
    "Unauthorized",
    "Verdict",
]
