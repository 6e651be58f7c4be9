"""Classes that hold events, as codecs see them: dataclasses, msgspec Structs, pydantic's models and dataclasses.

model = model_of(OrderCreated)      # raises ModelDoesNotFit
for field in model.fields:
    field.name, field.type, getattr(event, field.attribute)
model.type(**{field.keyword: ...})
"""

from accord.codecs.models.documentation import documentation_of
from accord.codecs.models.hints import Hint, alternatives, hint_name, origin_of, plain
from accord.codecs.models.kinds import fields_of, is_model, model_of
from accord.codecs.models.model import COMPUTED_DEFAULT, NO_DEFAULT, Default, Model, ModelField
from accord.codecs.models.pydantic_marks import EXTRAS, keeps_more_than_fields
from accord.codecs.models.refusals import refused_by_model

__all__ = [
    "COMPUTED_DEFAULT",
    "EXTRAS",
    "NO_DEFAULT",
    "Default",
    "Hint",
    "Model",
    "ModelField",
    "alternatives",
    "documentation_of",
    "fields_of",
    "hint_name",
    "is_model",
    "keeps_more_than_fields",
    "model_of",
    "origin_of",
    "plain",
    "refused_by_model",
]
