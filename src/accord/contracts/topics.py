"""Which topic a subject is about."""

from accord.contracts.model import Project
from accord.schemas import Subject


def topic_of(subject: str, project: Project) -> str:
    """The topic of its contract or of a claim, else what its name says: ``orders`` for ``orders-value``."""
    contract = project.contract_of(Subject(subject))
    if contract is not None:
        return contract.topic
    claimed = next((claim.topic for claim in project.claims if claim.subject == subject), "")
    return claimed or subject.removesuffix("-value").removesuffix("-key")
