"""Asking whoever sits at the terminal before something is changed."""

from typing import ClassVar

import click

from accord.errors import AccordError


class NotAgreed(AccordError):
    """Somebody was asked, and said no."""

    exit_code: ClassVar[int] = 1


def require_agreement(question: str) -> None:
    """Ask; only a yes leads on. Raises NotAgreed."""
    if not click.confirm(question, err=True):
        raise NotAgreed("nothing was changed, as you said", hint="--yes goes on without being asked")
