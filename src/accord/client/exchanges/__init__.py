"""The registry's REST API as data: what to ask, and what the answer means. Pure.

An exchange is one question. A driver sends its request and lets it read the answer.
"""

from accord.client.exchanges.configuration import (
    DeleteConfig,
    DeleteMode,
    GetCompatibility,
    GetConfig,
    GetMode,
    SetCompatibility,
    SetConfig,
    SetMode,
)
from accord.client.exchanges.contexts import DeleteContext, ListContexts
from accord.client.exchanges.exchange import Exchange
from accord.client.exchanges.registration import CheckCompatibility, LookUpSchema, RegisterSchema
from accord.client.exchanges.reports import ForgetReport, ListReports, TellReport
from accord.client.exchanges.schemas import GetSchemaByGuid, GetSchemaById, ListPlaces, ListSchemas
from accord.client.exchanges.subjects import (
    DeleteSubject,
    DeleteVersion,
    GetVersion,
    ListReferrers,
    ListSubjects,
    ListVersions,
)

__all__ = [
    "CheckCompatibility",
    "DeleteConfig",
    "DeleteContext",
    "DeleteMode",
    "DeleteSubject",
    "DeleteVersion",
    "Exchange",
    "ForgetReport",
    "GetCompatibility",
    "GetConfig",
    "GetMode",
    "GetSchemaByGuid",
    "GetSchemaById",
    "GetVersion",
    "ListContexts",
    "ListPlaces",
    "ListReferrers",
    "ListReports",
    "ListSchemas",
    "ListSubjects",
    "ListVersions",
    "LookUpSchema",
    "RegisterSchema",
    "SetCompatibility",
    "SetConfig",
    "SetMode",
    "TellReport",
]
