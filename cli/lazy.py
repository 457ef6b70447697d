"""Groups that know their commands by name and import one only when it is called.

`scoretrail --help` and completion must answer at once, so a group holds the short help itself and
the modules, with all that they import, stay on disk.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import click

from cli.group import CommandGroup
from cli.language import t

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Lazy(NamedTuple):
    """Where a command lives (`module:attribute`) and what it does, in both languages."""

    place: str
    zh: str
    en: str


class LazyGroup(CommandGroup):
    """A group over a closed table of commands."""

    def __init__(self, *args: object, table: Mapping[str, Lazy], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table: that of a case's life."""
        del ctx
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command that was called."""
        del ctx
        lazy = self._table.get(cmd_name)
        if lazy is None:
            return None
        module, _, attribute = lazy.place.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """The names that begin so, out of the table, and whatever else a command completes."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - not needed for help

        return [
            CompletionItem(name, help=t(lazy.zh, lazy.en))
            for name, lazy in self._table.items()
            if name.startswith(incomplete)
        ] + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table itself, without importing anything."""
        del ctx
        with formatter.section(t("命令", "Commands")):
            formatter.write_dl([(name, t(lazy.zh, lazy.en)) for name, lazy in self._table.items()])
