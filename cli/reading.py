"""To what level the bytes behind an answer were verified, reported with the answer."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click

from cli.language import language, t
from cli.screen import echo, tell

if TYPE_CHECKING:
    # `--help` must not import the ledger.
    from projections.as_of import CaseAsOf

KEYS: Final = "scoretrail.read"
"""Where the command that is running keeps what its JSON says of the reading."""


def tell_level(points: "Sequence[CaseAsOf]") -> None:
    """Say to what level points were verified: on stderr at the end; JSON has a key for it."""
    command = click.get_current_context()
    levels = {point.verified for point in points}
    level = None if None in levels else max(filter(None, levels), default=None)
    labels = [point.label for point in points]
    command.meta[KEYS] = {"verified": level, **(_at(*labels) if len(labels) == 1 else {})}
    for note in dict.fromkeys(note for point in points for note in point.left_out):
        tell(*note, err=True)
    if command.params.get("json_") or not points:
        return
    tell_points(points)
    from ledger.verified_reading import level_in_words  # noqa: PLC0415 - slow to import, not for help

    def at_the_end() -> None:
        # If the command failed there is no answer whose level could be reported.
        if sys.exception() is None:
            tell(*level_in_words(level), err=True)

    command.call_on_close(at_the_end)


def tell_points(points: "Sequence[CaseAsOf]") -> None:
    """Say on stderr as known when something is shown, where a point says so."""
    from projections.as_of import known_by  # noqa: PLC0415 - slow to import, not needed for help
    from projections.formatting import point_name  # noqa: PLC0415 - the same

    for label, point in {point.label: point for point in points}.items():
        if known_by(label):
            echo(t("时点：", "point: ") + point_name(label, language(), point.zone), err=True)


def _at(label: str) -> dict[str, object]:
    from projections.as_of import known_by  # noqa: PLC0415 - slow to import, not needed for help

    return {"at": {"label": label, "known": known_by(label)}}


def with_level(value: object) -> object:
    """A JSON document, with what it shows of cases: at which point, verified to which level."""
    command = click.get_current_context(silent=True)
    if command is None or KEYS not in command.meta or not isinstance(value, dict):
        return value
    return value | {**command.meta[KEYS], **value}
