"""To what level the bytes behind an answer were verified, told with the answer."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click

from cli.language import t
from cli.screen import echo

if TYPE_CHECKING:
    # `--help` must not import the ledger.
    from projections.as_of import CaseAsOf

KEY: Final = "scoretrail.verified"
"""Where the command that is running keeps the level, for its JSON."""


def tell_level(points: "Sequence[CaseAsOf]") -> None:
    """Say to what level points were verified: on stderr at the end; JSON has a key for it."""
    command = click.get_current_context()
    levels = {point.verified for point in points}
    level = None if None in levels else max(filter(None, levels), default=None)
    command.meta[KEY] = level
    for note in dict.fromkeys(note for point in points for note in point.left_out):
        echo(t(*note), err=True)
    if command.params.get("json_") or not points:
        return
    if level:
        words = t(
            f"已核验 {level}：所示事项的链、条目和日志叶哈希；未与外部检查点比对",
            f"verified {level}: chain, entries and leaves of what is shown; not compared with a"
            " checkpoint held outside",
        )
    else:
        words = t("未核验所示记录的字节", "the bytes of what is shown were not verified")

    def tell() -> None:
        # Where the command failed there is no answer whose level could be told.
        if sys.exception() is None:
            echo(words, err=True)

    command.call_on_close(tell)


def with_level(value: object) -> object:
    """A JSON document, with the key `verified` where it shows points of cases."""
    command = click.get_current_context(silent=True)
    if command is None or KEY not in command.meta or not isinstance(value, dict):
        return value
    return {**value, "verified": command.meta[KEY]}
