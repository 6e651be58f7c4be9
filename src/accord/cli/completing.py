"""What a shell may put in place of a name that is being typed. Whatever fails is no matter: nothing is offered then."""

from collections.abc import Iterable
from contextlib import closing
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

from accord.cli.options import environment, project_place
from accord.errors import AccordError

WITHIN_S: Final = 0.5
"""Whoever types waits no longer for a registry."""

Items = list[CompletionItem[str]]


def subjects(context: click.Context, _: click.Parameter, incomplete: str) -> Items:
    """Subjects of the registry that the command line, the environment or accord.toml names."""
    try:
        return _items(_registered(context, incomplete))
    except AccordError:
        return []


def contracts(context: click.Context, _: click.Parameter, incomplete: str) -> Items:
    """Contracts of the project, by id."""
    try:
        known = project_place(_given(context, "project")).load().contracts
    except AccordError:
        return []
    return _items(contract.id for contract in known if contract.id.startswith(incomplete))


def _registered(context: click.Context, incomplete: str) -> Iterable[str]:
    from accord.client import Patience, Registry  # noqa: PLC0415 -- only who completes a subject waits for it

    place = environment(
        _given(context, "env"), _given(context, "registry"), project=_given(context, "project")
    )
    if place.registry_url is None:
        return ()
    once = Patience(tries=1)
    with closing(Registry(place.registry_url, timeout_s=WITHIN_S, patience=once)) as registry:
        return registry.subjects(subject_prefix=incomplete)


def _given(context: click.Context, name: str) -> Any:  # noqa: ANN401 -- whatever the option holds
    return context.params.get(name)


def _items(names: Iterable[str]) -> Items:
    return [CompletionItem(name) for name in names]
