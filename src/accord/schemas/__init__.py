"""What a schema is, and whether two of them get along. Pure: no I/O, no clock.

parsed = parse(Schema(text))                      # raises InvalidSchema
report = check_compatibility(parsed, [Earlier(Version(1), old)], level=CompatibilityLevel.BACKWARD)
report.compatible, report.findings, report.messages, report.deployment
parsed.position(report.findings[0].here.path)    # line and column
"""

from accord.schemas.compatibility import CompatibilityReport, Earlier, check_compatibility
from accord.schemas.deploy_order import DeployOrder
from accord.schemas.deployment import Deployment
from accord.schemas.errors import InvalidSchema, UnsupportedSchemaType
from accord.schemas.fingerprint import SchemaGuid, fingerprint, guid_of
from accord.schemas.json_documents import JsonDocuments, json_documents
from accord.schemas.metadata import Metadata
from accord.schemas.model import (
    CompatibilityLevel,
    CompatibilityPolicy,
    ParsedSchema,
    Reference,
    Schema,
    SchemaId,
    SchemaType,
    Subject,
    Version,
)
from accord.schemas.parse import parse
from accord.schemas.rule_set import DataRule, RuleSet
from accord.schemas.tagging import inherited_tags, tags_in, with_tags
from accord.schemas.tags import SchemaEntity, SchemaTags

__all__ = [
    "CompatibilityLevel",
    "CompatibilityPolicy",
    "CompatibilityReport",
    "DataRule",
    "DeployOrder",
    "Deployment",
    "Earlier",
    "InvalidSchema",
    "JsonDocuments",
    "Metadata",
    "ParsedSchema",
    "Reference",
    "RuleSet",
    "Schema",
    "SchemaEntity",
    "SchemaGuid",
    "SchemaId",
    "SchemaTags",
    "SchemaType",
    "Subject",
    "UnsupportedSchemaType",
    "Version",
    "check_compatibility",
    "fingerprint",
    "guid_of",
    "inherited_tags",
    "json_documents",
    "parse",
    "tags_in",
    "with_tags",
]
