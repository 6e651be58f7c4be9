"""What can stand in a path or a query string: each once, for the route that reads it and for the description of the API."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from msgspec import Meta

from accord.errors import AccordError
from accord.registry.core.errors import InvalidVersion
from accord.registry.http.errors import PathNotFound
from accord.registry.http.exchange import Request


@dataclass(frozen=True, slots=True)
class Parameter:
    """A name and what it means; its values are of ``kind``, and ``refusal`` tells of those that are not.

    Without one that is ``required`` a question is refused.
    """

    name: str
    meaning: str
    example: str = ""
    kind: Any = str
    refusal: type[AccordError] | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Segment(Parameter):
    """A part of the path, as text, "" where the path has none; who reads it judges it."""

    def of(self, request: Request) -> str:
        """What ``request`` says."""
        return request.segments.get(self.name, "")


@dataclass(frozen=True, slots=True)
class Flag(Parameter):
    """True or not; anything but ``true`` is not."""

    kind: Any = bool

    def of(self, request: Request) -> bool:
        """What ``request`` says."""
        return _first(request, self.name).lower() == "true"


@dataclass(frozen=True, slots=True)
class Word(Parameter):
    """A text, "" where there is none."""

    def of(self, request: Request) -> str:
        """What ``request`` says."""
        return _first(request, self.name)

    def given(self, request: Request) -> bool:
        """Whether ``request`` names it at all."""
        return bool(_values(request, self.name))


@dataclass(frozen=True, slots=True)
class Words(Parameter):
    """Any number of texts."""

    kind: Any = list[str]

    def of(self, request: Request) -> list[str]:
        """What ``request`` says."""
        return _values(request, self.name)


@dataclass(frozen=True, slots=True)
class Number(Parameter):
    """A whole number as text, "" where there is none; who reads it judges it."""

    kind: Any = int
    refusal: type[AccordError] | None = PathNotFound

    def of(self, request: Request) -> str:
        """What ``request`` says."""
        return _first(request, self.name)


def asks_for_more(request: Request) -> bool:
    """Whether there is a query string at all; most requests have none, and looking at each parameter costs."""
    return bool(request.query)


_HIGHEST: Final = 2**31 - 1

SUBJECT_IN_PATH: Final = Segment(
    "subject",
    "A subject, as in `orders-value`, or in the context `.eu`: `:.eu:orders-value`. A slash in it is sent as `%2F`. "
    "For settings also a whole context, `:.eu:`.",
    "orders-value",
)
VERSION_IN_PATH: Final = Segment(
    "version",
    "The number of a version, or `latest` (or -1) for the newest.",
    "latest",
    Annotated[int, Meta(ge=1, le=_HIGHEST)] | Literal["latest"],
    InvalidVersion,
)
ID_IN_PATH: Final = Segment(
    "id", "The id of a schema.", "1", Annotated[int, Meta(ge=-_HIGHEST, le=_HIGHEST)], PathNotFound
)
GUID_IN_PATH: Final = Segment(
    "guid",
    "What names a schema in every registry: a UUID made from its content.",
    "6d0eeb5c-6bd0-4a4b-8f4e-0d9f6c6a3c5e",
)
CONTEXT_IN_PATH: Final = Segment(
    "context", "The name of a context, with or without its dot and colons.", ".eu"
)

IN_PATH: Final = {
    segment.name: segment
    for segment in (
        SUBJECT_IN_PATH,
        VERSION_IN_PATH,
        ID_IN_PATH,
        GUID_IN_PATH,
        CONTEXT_IN_PATH,
        Segment("resource", "The id of a topic.", "lkc-1:orders"),
        Segment("namespace", "The cluster of a topic.", "lkc-1"),
        Segment("name", "The name of a topic.", "orders"),
    )
}
"""All that can stand in a path, by the name in its braces."""

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

OFFSET: Final = Number(
    "offset", "How many to leave out at the beginning.", kind=Annotated[int, Meta(ge=0, le=_HIGHEST)]
)
LIMIT: Final = Number(
    "limit",
    "How many to answer at most; all, unless it is above 0.",
    kind=Annotated[int, Meta(ge=-_HIGHEST, le=_HIGHEST)],
)
AFTER: Final = Number(
    "after",
    "The position to begin behind; from the beginning unless given.",
    kind=Annotated[int, Meta(ge=-1, lt=10**18)],
)

SUBJECT: Final = Word(
    "subject", "A subject that uses the schema; it also names the context, as in `:.eu:`.", ":.eu:"
)
SUBJECT_PREFIX: Final = Word(
    "subjectPrefix",
    "What the names begin with, in the default context unless `:.eu:` names one or `:*:` all.",
    ":.eu:orders",
)
CONTEXT_PREFIX: Final = Word("contextPrefix", "What the names begin with.", ".e")
FORMAT: Final = Word(
    "format",
    "Avro: `resolved` writes references out. Protobuf: `serialized` is the file descriptor in base64, "
    "`ignore_extensions` leaves extensions out. Any other counts as the default.",
    "resolved",
)
REFERENCE_FORMAT: Final = Word(
    "referenceFormat", "`qualified` names the context of every reference.", "qualified"
)
FIND_TAGS: Final = Words(
    "findTags", "Answer the tags of the records and fields that have one of these; `*` means all.", "*"
)
KEY: Final = Words("key", "The name of a property in the metadata.", "owner")
VALUE: Final = Words("value", "The value of the property named by the key in the same place.", "sales")


def _first(request: Request, name: str) -> str:
    values = _values(request, name)
    return values[0] if values else ""


def _values(request: Request, name: str) -> list[str]:
    return request.values(name) if request.query else []
