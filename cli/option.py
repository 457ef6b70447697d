"""Options of a command, each with its help in both languages."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from cli.language import t

F = TypeVar("F", bound=Callable[..., Any])


class Written(click.ParamType[Any]):
    """What a function below, or one of `ledger.values` by its name, returns for a text."""

    def __init__(self, name: str, read: Callable[[str], object] | str) -> None:
        self.name = name
        self._read = read

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> object:
        """The value that a text writes; what is none any more is handed on."""
        from ledger import values  # noqa: PLC0415 - slow to import, not needed for help

        read = getattr(values, self._read) if isinstance(self._read, str) else self._read
        try:
            return read(value) if isinstance(value, str) else value
        except values.Invalid as error:
            self.fail(t(*error.text), param, ctx)


DAY: Final = Written("date", "day_of")


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
