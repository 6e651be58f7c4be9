"""From a change of a version's tags, metadata and rules to the registration that makes it."""

from dataclasses import replace

from accord.registry.core.commands import NEXT_VERSION, RegisterSchema, TagChange
from accord.registry.core.errors import InvalidRuleSet
from accord.registry.core.ids import StoredVersion
from accord.registry.http.bodies import TagsBody
from accord.schemas import RuleSet
from accord.schemas.rule_set import merged, without_rules


def revision(stored: StoredVersion, body: TagsBody) -> RegisterSchema:
    """The registration of ``stored`` as a new version with what ``body`` says of it. Raises InvalidRuleSet."""
    if body.rule_set is not None and (body.rules_to_merge is not None or body.rules_to_remove):
        raise InvalidRuleSet(["a rule set in place of the old one leaves nothing to merge or to remove"])
    known = stored.content.schema
    rule_set = body.rule_set
    if rule_set is None:
        rule_set = merged(known.rule_set, body.rules_to_merge) or RuleSet()
        rule_set = without_rules(rule_set, body.rules_to_remove or ())
    metadata = known.metadata if body.metadata is None else body.metadata
    return RegisterSchema(
        stored.subject,
        replace(known, metadata=metadata, rule_set=rule_set),
        # Without that, what is said like this of an older version would find that one, and the latest would stay.
        version=body.new_version or NEXT_VERSION,
        tags=TagChange(body.tags_to_add or (), body.tags_to_remove or ()),
    )
