"""Groups whose commands also answer to the names that batch files call them by."""

from collections.abc import Callable

import click

from cli.language import t


class CommandGroup(click.Group):
    """A group; `review adjust` in it is `review adjust-score`, too.

    What the words of an act need is imported when that act is called, or all are listed.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as click takes them
        self._names: dict[str, str] = {}
        self._later: dict[str, Callable[[], click.Command]] = {}

    def also(self, name: str, do: str) -> None:
        """Let a command of the group answer to the name that batch files give in `do`, too."""
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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by both names, each with what it does."""
        others = {name: do for do, name in self._names.items()}
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            assert command  # noqa: S101 - it is listed
            names = f"{name}, {others[name]}" if name in others else name
            rows.append((names, command.get_short_help_str(formatter.width)))
        with formatter.section(t("命令", "Commands")):
            formatter.write_dl(rows)
