"""Commands and their options, each with its help in both languages."""

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


def flag(names: str, zh: str, en: str, **more: Any) -> Callable[[F], F]:  # noqa: ANN401 - the same
    """An option that is given or not."""
    return option(names, zh, en, is_flag=True, **more)


def command(
    zh: str, en: str, line: str, of: click.Group | None = None, *, no_ledger: bool = False
) -> Callable[[Callable[..., Any]], "OneOrMany"]:
    """A command, called as its function is: what it does, and a line that runs.

    Args:
        zh: what it does.
        en: the same.
        line: the example.
        of: the group in which it is called.
        no_ledger: whether it needs no ledger; others are given the session first.
    """

    def decorate(function: Callable[..., Any]) -> "OneOrMany":
        name = function.__name__.strip("_").replace("_", "-")
        called = function if no_ledger else click.pass_obj(function)
        made = click.command(name, OneOrMany, help=t(zh, en), epilog=example(line))(called)
        if of:
            of.add_command(made)
        return made

    return decorate


class OneOrMany(click.Command):
    """A command for one case; with the first option of another command, that one, for many."""

    many: click.Command | None = None

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        *rest: Any,  # noqa: ANN401 - handed on as click has it
        **more: Any,  # noqa: ANN401 - the same
    ) -> click.Context:
        """The context of the command that is meant."""
        if self.many and self.is_for_many(args):
            return self.many.make_context(info_name, args, *rest, **more)
        return super().make_context(info_name, args, *rest, **more)

    def is_for_many(self, words: list[str]) -> bool:
        """Whether the words after the command call the one for many."""
        called = self.many.params[0].opts if self.many else ()
        return any(word.partition("=")[0] in called for word in words)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, and those for many cases."""
        super().format_options(ctx, formatter)
        records = [part.get_help_record(ctx) for part in self.many.params] if self.many else []
        if listed := [record for record in records if record]:
            with formatter.section(t("一次办理多件", "For many cases at once")):
                formatter.write_dl(listed)


def example(line: str) -> str:
    """The epilog of a command: a line that runs."""
    # Without the \b click would break the line at any hyphen, and it would no longer run.
    return f"\b\n{t('例：', 'Example:')}\n  {line}"


def usage_error(zh: str, en: str) -> click.UsageError:
    return click.UsageError(t(zh, en))


def together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator, in their order."""

    def decorate(command: F) -> F:
        for one in reversed(options):
            command = one(command)
        return command

    return decorate
