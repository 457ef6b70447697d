"""Groups of commands: each command answers to two names, and is imported only when it is called.

`scoretrail --help` and completion must answer at once, so the program holds the short help of its
commands itself, and their modules, with all that they import, stay on disk.
"""

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from cli.language import t
from cli.option import OneOrMany

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

CASE: Final = "SCORETRAIL_CASE"


def with_case(command: click.Command, words: list[str]) -> list[str]:
    """The words after a command, with the case that the variable names where only that lacks."""
    case = os.environ.get(CASE)
    asked = [
        parameter
        for parameter in command.params
        if isinstance(parameter, click.Argument) and parameter.required
    ]
    names = [parameter.name for parameter in asked]
    many = isinstance(command, OneOrMany) and command.is_for_many(words)
    if not case or many or "case_id" not in names:
        return words
    try:
        context = click.Context(command, resilient_parsing=True, help_option_names=["-h", "--help"])
        given, _, _ = command.make_parser(context).parse_args([*words])
    except click.UsageError:
        return words  # click says what is wrong with them
    count = sum(isinstance(given.get(parameter.name or ""), str) for parameter in asked)
    if count != len(asked) - 1:
        return words
    return [case, *words] if names[0] == "case_id" else [*words, case]


class CommandGroup(click.Group):
    """A group; `review adjust` in it is also `review adjust-score`.

    What the words of a command need is imported when that command is called, or all are listed.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as click takes them
        self._names: dict[str, str] = {}
        self._later: dict[str, Callable[[], click.Command]] = {}

    def also(self, name: str, do: str) -> None:
        """Let a command of the group also answer to the name that batch files give in `do`."""
        if do != name:
            self._names[do] = name

    def later(self, name: str, do: str, make: Callable[[], click.Command]) -> None:
        """Add a command by both names that is made when it is asked for."""
        self._later[name] = make
        self.also(name, do)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, made or not."""
        return sorted({*super().list_commands(ctx), *self._later})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of either name."""
        name = self._names.get(cmd_name, cmd_name)
        if name in self._later:
            self.add_command(self._later.pop(name)(), name)
        return super().get_command(ctx, name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of either name and what it is given, or names like the one given."""
        try:
            name, command, words = super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            names = [*self.list_commands(ctx), *self._names]
            raise click.NoSuchCommand(error.command_name, possibilities=names, ctx=ctx) from None
        return name, command, with_case(command, words) if command else words

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by both names, each with what it does."""
        others = {name: do for do, name in self._names.items()}
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            assert command  # noqa: S101 - it is listed
            names = f"{name}, {others[name]}" if name in others else name
            rows.append((names, command.get_short_help_str(limit=1000)))
        with formatter.section(t("命令", "Commands")):
            formatter.write_dl(rows)


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
        """The names that begin so, out of the table, and anything else that a command completes."""
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
