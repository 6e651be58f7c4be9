"""What can stand in a query string: each parameter once, for the route that reads it and for the description of the API."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from starlette.requests import Request


@dataclass(frozen=True, slots=True)
class Flag:
    """True or not; anything but ``true`` is not."""

    name: str
    meaning: str

    def of(self, request: Request) -> bool:
        """What ``request`` says."""
        return _first(request, self.name).lower() == "true"


@dataclass(frozen=True, slots=True)
class Word:
    """A text, "" where there is none."""

    name: str
    meaning: str

    def of(self, request: Request) -> str:
        """What ``request`` says."""
        return _first(request, self.name)


@dataclass(frozen=True, slots=True)
class Words:
    """Any number of texts."""

    name: str
    meaning: str

    def of(self, request: Request) -> list[str]:
        """What ``request`` says."""
        if not request.scope["query_string"]:
            return []
        return request.query_params.getlist(self.name)


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number as text, "" where there is none; who reads it judges it."""

    name: str
    meaning: str

    def of(self, request: Request) -> str:
        """What ``request`` says."""
        return _first(request, self.name)


Parameter: TypeAlias = Flag | Word | Words | Number

DELETED: Final = Flag("deleted", "What is soft-deleted counts too.")
DELETED_ONLY: Final = Flag("deletedOnly", "Only what is soft-deleted counts.")
DELETED_AS_NEGATIVE: Final = Flag("deletedAsNegative", "Soft-deleted versions are shown as negative numbers.")
PERMANENT: Final = Flag("permanent", "Erase what is soft-deleted, instead of soft-deleting.")
NORMALIZE: Final = Flag(
    "normalize", "Put everything that carries no meaning in one order before it is compared or stored."
)
FORCE_REGISTRATION: Final = Flag("force", "Register without checking the compatibility.")
FORCE_MODE: Final = Flag("force", "Set the mode IMPORT where schemas are already.")
RECURSIVE: Final = Flag("recursive", "Take back the modes of all subjects in the context as well.")
VERBOSE: Final = Flag("verbose", "Say why: messages, findings, and who may deploy first.")
DEFAULT_TO_GLOBAL: Final = Flag(
    "defaultToGlobal", "Answer what counts for the subject where it has nothing of its own."
)
FETCH_MAX_ID: Final = Flag("fetchMaxId", "Answer the highest id of the context too.")
ALIASES: Final = Flag("aliases", "Name the aliases of each subject.")
LATEST_ONLY: Final = Flag("latestOnly", "Only the newest version of each subject.")

OFFSET: Final = Number("offset", "How many to leave out at the beginning.")
LIMIT: Final = Number("limit", "How many to answer at most; all, unless it is above 0.")
AFTER: Final = Number("after", "The position to begin behind; from the beginning unless given.")

SUBJECT: Final = Word("subject", "A subject that uses the schema; it also names the context, as in `:.eu:`.")
SUBJECT_PREFIX: Final = Word(
    "subjectPrefix",
    "What the names begin with, in the default context unless `:.eu:` names one or `:*:` all.",
)
CONTEXT_PREFIX: Final = Word("contextPrefix", "What the names begin with.")
FORMAT: Final = Word(
    "format", "`resolved` writes references out (Avro); an unknown one counts as the default."
)
REFERENCE_FORMAT: Final = Word("referenceFormat", "`qualified` names the context of every reference.")
FIND_TAGS: Final = Words(
    "findTags", "Answer the tags of the records and fields that have one of these; `*` means all."
)
KEY: Final = Words("key", "The name of a property in the metadata.")
VALUE: Final = Words("value", "The value of the property named by the key in the same place.")


def _first(request: Request, name: str) -> str:
    if not request.scope["query_string"]:
        return ""
    return next((value for key, value in request.query_params.multi_items() if key == name), "")
