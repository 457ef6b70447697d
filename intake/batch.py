"""What `apply` takes: a batch file or a filled-in form, read once into located commands."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from msgspec.structs import replace

from intake.batch_file import json_lines_commands, toml_commands
from intake.files import HandedIn
from intake.mistakes import MistakeCollector
from intake.written_command import (
    CaseLookup,
    LocatedCommand,
    WrittenCommand,
    located_commands,
)
from ledger.values import Invalid

WORKBOOKS: Final = (".xlsx", ".xlsm")


class Batch(NamedTuple):
    """The commands of a file.

    Attributes:
        commands: in the order in which they are to be recorded.
        form: what the cover of a form says, by key; `None` for a batch file.
        undated: the day of commands that name none, where that is only the day of today.
    """

    path: Path
    commands: list[LocatedCommand]
    form: Mapping[str, str] | None = None
    undated: date | None = None

    def confirming(self, days: Sequence[date]) -> "Batch":
        """The same, with days that are confirmed in every command, next to those of its own."""
        commands = [
            command._replace(
                envelope=replace(
                    command.envelope, confirmed_dates=(*command.envelope.confirmed_dates, *days)
                )
            )
            for command in self.commands
        ]
        return self._replace(commands=commands)


def read_batch(  # noqa: PLR0913 - what, who, when and the names in it
    path: Path,
    *,
    account: str | None,
    dated: date,
    named: CaseLookup | None = None,
    handed_in: Mapping[str, HandedIn] | None = None,
    mistakes: MistakeCollector | None = None,
) -> Batch:
    """The commands of a file.

    Args:
        path: a `.toml` or `.jsonl` file, or a filled-in form (`.xlsx`).
        account: who acts where the file does not say.
        dated: the business date where the file does not say.
        named: gives the digest of evidence that is called by another name than that of a file.
        handed_in: the file and those that its commands name, by their names, where they are handed
            in from another computer: nothing else is read then.
        mistakes: where those of a form are kept, whose other rows are read; they are raised where
            none is given.

    Raises:
        Invalid: unreadable, or commands that are none; says of each mistake the file, the command,
            the line and the key, or the sheet and the cell.
    """
    facts = None
    keeps = mistakes is not None
    mistakes = mistakes or MistakeCollector()
    written: list[WrittenCommand] = []
    content = handed_in[path.name].content if handed_in is not None else None
    match path.suffix.lower():
        case ".toml":
            written = list(toml_commands(path, content))
        case ".jsonl":
            written = list(json_lines_commands(path, content))
        case suffix if suffix in WORKBOOKS:
            # What reads workbooks is slow to import.
            from intake.forms.form_reader import read_form, written_commands  # noqa: PLC0415

            try:
                form = read_form(path, content)
            except Invalid as error:
                if error.rule == "not-a-form":
                    return _list_or(error, path, account, dated, content)
                raise
            facts = form.facts
            for mistake in form.mistakes:
                mistakes.add(mistake)
            with mistakes.collecting():
                written = list(written_commands(form, mistakes))
        case _:
            raise Invalid(
                f"{path}：仅支持 .toml、.jsonl 和 .xlsx 文件",
                f"{path}: only .toml, .jsonl and .xlsx files are supported",
            )
    if not written and not mistakes.found:
        raise Invalid(f"{path}：文件中没有操作", f"{path}: the file contains no commands")
    commands = located_commands(
        written,
        None if handed_in is not None else path.parent,
        account=account,
        dated=dated,
        files=handed_in,
        named=named,
        mistakes=mistakes,
    )
    if not (keeps and facts is not None):
        mistakes.raise_all()
    return Batch(path, commands, facts)


def _list_or(
    no_form: Invalid, path: Path, account: str | None, dated: date, content: bytes | None
) -> Batch:
    """The commands of a list of cases.

    Raises:
        Invalid: it is none either.
    """
    from intake.case_list import NOT_A_LIST, read_list  # noqa: PLC0415 - slow to import

    try:
        return read_list(path, account=account, dated=dated, content=content).batch
    except Invalid as error:
        raise no_form if error.rule == NOT_A_LIST else error from None
