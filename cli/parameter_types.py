"""Values on the command line that functions below read, so that click names the option."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from cli.language import t


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
WHOLE: Final = Written("integer", "whole_of")
VERSION: Final = Written("VERSION", "version_seen")
FILE: Final = click.Path(path_type=Path)
FOLDER: Final = click.Path(path_type=Path, file_okay=False)
