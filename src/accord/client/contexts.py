"""Names of subjects that say their context: ``:.context:name``."""

import re
from typing import Final

from accord.schemas import Subject

_QUALIFIED: Final = re.compile(r":[^:]*:")


def beside(subject: str, name: Subject) -> Subject:
    """The subject that ``name`` means where ``subject`` is: in its context, unless it says another."""
    context = _QUALIFIED.match(subject)
    return name if context is None or _QUALIFIED.match(name) else Subject(context[0] + name)
