"""Dates and whole numbers on the command line, in the digits 0-9.

Python, and click with it, reads the digits of every script; what is recorded is written in one.
"""

from typing import Any

import click

from cli.language import t


class _InAscii(click.ParamType[Any]):
    """What refuses digits of other scripts before it is read."""

    def convert(
        self,
        value: Any,  # noqa: ANN401 - what click hands over
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401 - what the type beside this one makes of it
        """The value."""
        if isinstance(value, str) and not value.isascii():
            self.fail(t(f"“{value}”：请用数字 0-9", f"“{value}”: use the digits 0-9"), param, ctx)
        return super().convert(value, param, ctx)


class AsciiDay(_InAscii, click.DateTime):
    """A date, ISO 8601."""


class AsciiNumber(_InAscii, click.types.IntParamType):
    """A whole number."""
