"""What a registry can be asked, whoever asks."""

import math
from collections.abc import Callable, Hashable, Mapping
from typing import Final, Literal, Protocol, TypeVar

from accord.client import exchanges
from accord.client.answers import RegisteredSchema, SubjectVersion, Verdict
from accord.client.asking import Asking
from accord.client.config import Config, ConfigChange, Mode
from accord.client.contexts import beside
from accord.client.exchanges import Exchange
from accord.client.exchanges.subjects import LATEST
from accord.client.memory import Caching
from accord.client.patience import ONCE, Patience
from accord.client.question import Question, answer_questions
from accord.client.report_questions import ReportQuestions
from accord.client.settings import RegistrySettings
from accord.client.talk import Recall, Talk
from accord.schemas import CompatibilityLevel, Schema, SchemaGuid, SchemaId, Subject, Version

A = TypeVar("A")

PAGE: Final = 1000
"""How many schemas are asked for at a time; registries give no more by default."""


class Known(Protocol):
    """What a client remembers, by the exchange that it came from."""

    def put(self, key: Hashable, value: object, *, keep_s: float = math.inf) -> None:
        """Remember an answer that came another way."""

    def forget(self, which: Callable[[Hashable], bool]) -> None:
        """Remember nothing under these keys."""


class Questions(ReportQuestions):
    """The methods of every client of a registry.

    A name of a subject may say its context: ``:.context:name``. What is configured is configured for a subject, for a
    context (``:.context:``), or, where ``subject`` is None, for everything. ``deleted`` means: hidden, not erased yet.
    """

    def __init_subclass__(cls) -> None:
        if Questions in cls.__bases__:
            answer_questions(cls)

    def __init__(
        self,
        settings: RegistrySettings,
        known: Known,
        patience: Patience,
        caching: Caching,
        dice: Callable[[], float],
        *,
        keeps: bool,
    ) -> None:
        self._asking = Asking(settings.urls, patience, dice, tokens=callable(settings.token))
        self._known = known
        self._caching = caching
        self._keeps = keeps

    @property
    def url(self) -> str:
        """The address that is asked first now, without credentials."""
        return self._asking.url

    @property
    def keeps(self) -> bool:
        """Whether what stays true is kept on disk."""
        return self._keeps

    @Question
    def register(
        self,
        subject: str,
        schema: Schema,
        *,
        normalize: bool = False,
        schema_id: int | None = None,
        version: int | None = None,
        force: bool = False,
    ) -> Talk[RegisteredSchema]:
        """Make ``schema`` the subject's next version, unless it has it already. Raises IncompatibleSchema.

        ``schema_id`` and ``version`` are given when a subject in the mode IMPORT gets what another registry has.
        With ``force`` nobody looks whether it is compatible. A newer registry answers what it made of the schema
        (normalized, with the metadata that is configured); of an older one, the answer has the schema as it was given.
        """
        place = Subject(subject)
        look_up = exchanges.LookUpSchema(place, schema, normalize)
        done = yield from self._change(
            exchanges.RegisterSchema(place, schema, normalize, schema_id, version, force),
            # An alias, or the default context, is the same subject under another name.
            lambda key: key == look_up or _is_latest(key),
        )
        if done.version is None:
            return (yield from self._look_up(look_up, lags=True))
        registered = RegisteredSchema(place, done.version, done.id, done.schema or schema, done.guid)
        # What is kept on disk is an answer's body, so it is asked for.
        if done.schema is not None and version is None and not self._keeps:
            self._known.put(look_up, registered, keep_s=self._caching.lookup_ttl_s)
        return registered

    @Question
    def lookup(self, subject: str, schema: Schema, *, normalize: bool = False) -> Talk[RegisteredSchema]:
        """Where the subject has this schema; remembered. Raises NotFound if it has not."""
        return self._look_up(exchanges.LookUpSchema(Subject(subject), schema, normalize))

    @Question
    def schema_by_id(
        self, schema_id: int, *, subject: str | None = None, patient: bool = True
    ) -> Talk[Schema]:
        """The schema that an id stands for; remembered. Raises NotFound if it stands for none.

        Each context has ids of its own; ``subject`` names it. Without patience each address is asked once. With it, an
        unknown id is asked for again: a registry's followers learn of a new one a little later.
        """
        return self._recall(exchanges.GetSchemaById(SchemaId(schema_id), subject), patient=patient, lags=True)

    @Question
    def schema_by_guid(self, guid: str, *, patient: bool = True) -> Talk[Schema]:
        """The schema that a GUID stands for; remembered. Raises NotFound if the registry has none such.

        Without patience each address is asked once.
        """
        return self._recall(exchanges.GetSchemaByGuid(SchemaGuid(guid)), patient=patient, lags=True)

    @Question
    def places(
        self, schema_id: int, *, subject: str | None = None, deleted: bool = False
    ) -> Talk[list[SubjectVersion]]:
        """Where the schema of an id is; ``subject`` names the context of the id."""
        return self._ask(exchanges.ListPlaces(SchemaId(schema_id), subject, deleted))

    @Question
    def referenced_by(self, schema: Schema, *, subject: str = "") -> Talk[Mapping[str, Schema]]:
        """Every schema that ``schema`` needs, directly or through others, each after what it needs itself.

        References stay in the context of ``subject``, which is one that has the schema, unless they say another.
        """
        return self._referenced(schema, subject)

    @Question
    def referrers(self, subject: str, version: int | Literal["latest"]) -> Talk[list[SchemaId]]:
        """The ids of the schemas that refer to a version."""
        return self._ask(exchanges.ListReferrers(Subject(subject), _version(version)))

    @Question
    def version(self, subject: str, version: int, *, deleted: bool = False) -> Talk[RegisteredSchema]:
        """One version of a subject; a hidden one only if ``deleted``."""
        return self._ask(exchanges.GetVersion(Subject(subject), Version(version), deleted))

    @Question
    def latest(self, subject: str) -> Talk[RegisteredSchema]:
        """The newest version of a subject; remembered for a while if the client's Caching says so."""
        exchange = exchanges.GetVersion(Subject(subject))
        if self._caching.latest_ttl_s <= 0:
            return self._ask(exchange)
        return self._recall(exchange, keep_s=self._caching.latest_ttl_s)

    @Question
    def versions(
        self, subject: str, *, deleted: bool = False, deleted_only: bool = False
    ) -> Talk[list[Version]]:
        """The numbers of a subject's versions: the hidden ones too, or they alone."""
        return self._ask(exchanges.ListVersions(Subject(subject), deleted, deleted_only))

    @Question
    def subjects(
        self, *, subject_prefix: str | None = None, deleted: bool = False, deleted_only: bool = False
    ) -> Talk[list[Subject]]:
        """The names of subjects that begin with a prefix: the hidden ones too, or they alone."""
        return self._ask(exchanges.ListSubjects(subject_prefix, deleted, deleted_only))

    @Question
    def schemas(
        self, *, subject_prefix: str | None = None, deleted: bool = False, latest_only: bool = False
    ) -> Talk[list[RegisteredSchema]]:
        """All schemas of the subjects that begin with a prefix (``:*:`` for those of every context), page by page."""
        found: list[RegisteredSchema] = []
        while True:
            page = yield from self._ask(
                exchanges.ListSchemas(subject_prefix, deleted, latest_only, len(found), PAGE)
            )
            # A full page need not have PAGE schemas, and a registry that knows no pages gives all of them again.
            if not page or page[0] in found[:1]:
                return found
            found += page

    @Question
    def check_compatibility(
        self, subject: str, schema: Schema, *, version: int | Literal["latest"] | None = None
    ) -> Talk[Verdict]:
        """Whether ``schema`` may become the next version: for all versions that the level asks for, or for one."""
        against = None if version is None else _version(version)
        return self._ask(exchanges.CheckCompatibility(Subject(subject), schema, against))

    @Question
    def compatibility(self, subject: str | None = None) -> Talk[CompatibilityLevel]:
        """The level that counts for a subject, or the global one."""
        return self._ask(exchanges.GetCompatibility(_scope(subject)))

    @Question
    def set_compatibility(self, subject: str | None, level: CompatibilityLevel) -> Talk[CompatibilityLevel]:
        """Change the level of a subject, or with None the global one."""
        return self._ask(exchanges.SetCompatibility(level, _scope(subject)))

    @Question
    def config(self, subject: str | None = None, *, default_to_global: bool = False) -> Talk[Config]:
        """What is configured here, or what counts here. Raises NotFound if nothing is."""
        return self._ask(exchanges.GetConfig(_scope(subject), default_to_global))

    @Question
    def set_config(self, subject: str | None, change: ConfigChange) -> Talk[Config]:
        """Change what is configured here; gives all that is then."""
        return self._change(exchanges.SetConfig(change, _scope(subject)), _may_pass)

    @Question
    def delete_config(self, subject: str | None) -> Talk[Config]:
        """Take back what is configured here; gives what it was. Raises NotFound if nothing was."""
        return self._change(exchanges.DeleteConfig(_scope(subject)), _may_pass)

    @Question
    def mode(self, subject: str | None = None, *, default_to_global: bool = False) -> Talk[Mode]:
        """The mode that is set here, or the one that counts here. Raises NotFound if none is."""
        return self._ask(exchanges.GetMode(_scope(subject), default_to_global))

    @Question
    def set_mode(self, subject: str | None, mode: Mode, *, force: bool = False) -> Talk[Mode]:
        """Change the mode; ``force`` lets subjects that have versions be imported into."""
        return self._ask(exchanges.SetMode(mode, _scope(subject), force))

    @Question
    def delete_mode(self, subject: str | None, *, recursive: bool = False) -> Talk[Mode]:
        """Take back the mode that is set here, with ``recursive`` those of a context's subjects too."""
        return self._ask(exchanges.DeleteMode(_scope(subject), recursive))

    @Question
    def contexts(self, *, context_prefix: str | None = None) -> Talk[list[str]]:
        """The names of contexts, which begin with a dot; ``.`` is the default one."""
        return self._ask(exchanges.ListContexts(context_prefix))

    @Question
    def delete_context(self, context: str) -> Talk[None]:
        """Erase a context whose subjects are all erased."""
        return self._ask(exchanges.DeleteContext(context))

    @Question
    def delete_subject(self, subject: str, *, permanent: bool = False) -> Talk[list[Version]]:
        """Hide a subject, or erase one that is hidden; gives the versions that went."""
        return self._change(exchanges.DeleteSubject(Subject(subject), permanent), _may_pass)

    @Question
    def delete_version(self, subject: str, version: int, *, permanent: bool = False) -> Talk[Version]:
        """Hide a version, or erase one that is hidden."""
        return self._change(exchanges.DeleteVersion(Subject(subject), Version(version), permanent), _may_pass)

    def _ask(self, exchange: Exchange[A]) -> Talk[A]:
        return self._asking.ask(exchange)

    def _recall(
        self, exchange: Exchange[A], *, patient: bool = True, lags: bool = False, keep_s: float = math.inf
    ) -> Talk[A]:
        ask = self._asking.ask_or_load if self._keeps and not _is_latest(exchange) else self._asking.ask
        asked = ask(exchange, patience=None if patient else ONCE, lags=lags)
        # Who asks again when it fails gets nothing from a talk that does not.
        answer: A = yield Recall(exchange, asked, keep_s, manner=(patient, lags))
        return answer

    def _referenced(self, schema: Schema, subject: str) -> Talk[Mapping[str, Schema]]:
        needed: dict[str, Schema] = {}
        for reference in schema.references:
            place = beside(subject, reference.subject)
            found = yield from self._look_up(exchanges.GetVersion(place, reference.version))
            needed |= yield from self._referenced(found.schema, place)
            needed[reference.name] = found.schema
        return needed

    def _look_up(self, exchange: Exchange[RegisteredSchema], *, lags: bool = False) -> Talk[RegisteredSchema]:
        return self._recall(exchange, lags=lags, keep_s=self._caching.lookup_ttl_s)

    def _change(self, exchange: Exchange[A], touched: Callable[[Hashable], bool]) -> Talk[A]:
        """Ask for what makes some remembered answers untrue."""
        try:
            return (yield from self._ask(exchange))
        finally:
            # Without an answer nobody knows whether it was done.
            self._known.forget(touched)


def _may_pass(key: Hashable) -> bool:
    """Whether an answer can become untrue: numbers of versions may be given anew; ids are not, and records bear them."""
    return not isinstance(key, exchanges.GetSchemaById | exchanges.GetSchemaByGuid)


def _is_latest(key: Hashable) -> bool:
    return isinstance(key, exchanges.GetVersion) and key.version == LATEST


def _scope(subject: str | None) -> Subject | None:
    return None if subject is None else Subject(subject)


def _version(version: int | Literal["latest"]) -> Version | Literal["latest"]:
    return version if version == "latest" else Version(version)
