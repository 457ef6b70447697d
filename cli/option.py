"""Options of a command, each with its help in both languages."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from cli.language import t

F = TypeVar("F", bound=Callable[..., Any])


def option(
    names: str,
    zh: str,
    en: str,
    kind: click.ParamType[Any] | None = None,
    **more: Any,  # noqa: ANN401 - as click takes them
) -> Callable[[F], F]:
    """An option: its names as words of one text, as `--from start`; what it asks for; its kind."""
    return click.option(*names.split(), type=kind, help=t(zh, en), **more)


def together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator, in their order."""

    def decorate(command: F) -> F:
        for one in reversed(options):
            command = one(command)
        return command

    return decorate
