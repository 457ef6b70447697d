"""The log's growth as steps (增长图): how many entries had been signed, over time."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from documents.page import Picture
from documents.pictures.axis import axis
from documents.pictures.svg import PHONE, Drawing

WIDTH: Final = 860
HEIGHT: Final = 220
TOP: Final = 12
LABELS: Final = 64
BOTTOM: Final = 24


class Step(NamedTuple):
    """A size that was signed, and when."""

    at: datetime
    size: int


def growth(steps: Sequence[Step], title: str, days: tuple[str, str]) -> Picture:
    """The picture.

    Args:
        steps: the earliest first; at least one.
        title: what it shows, in words.
        days: the first and the last day, as written.
    """
    sizes = f"{steps[0].size}–{steps[-1].size}"
    description = f"{title} {days[0]}–{days[1]} {sizes}"
    wide, narrow = (
        _drawn(Drawing(name, width), steps, width, days).svg(
            HEIGHT + TOP + BOTTOM, title, description
        )
        for name, width in (("growth", WIDTH), ("growth-narrow", PHONE))
    )
    return Picture(wide, narrow, (WIDTH, HEIGHT + TOP + BOTTOM), description)


def _drawn(drawing: Drawing, steps: Sequence[Step], width: int, days: tuple[str, str]) -> Drawing:
    up = axis([Decimal(0), Decimal(max(step.size for step in steps))], 0, HEIGHT)
    whole = Decimal((steps[-1].at - steps[0].at).total_seconds()) or Decimal(1)
    room = width - LABELS - 8

    def x(at: datetime) -> Decimal:
        return LABELS + room * Decimal((at - steps[0].at).total_seconds()) / whole

    def y(size: Decimal | int) -> Decimal:
        return TOP + HEIGHT - up.x(Decimal(size))

    for mark in up.marks:
        drawing.line(LABELS, y(mark), LABELS + room, y(mark))
        drawing.text(LABELS - 6, y(mark) + 4, f"{mark:f}", kind="faint", anchor="end")
    for number, step in enumerate(steps):
        right = x(steps[number + 1].at) if number + 1 < len(steps) else LABELS + room
        left, top = x(step.at), y(step.size)
        drawing.bar(left, top, max(right - left, Decimal(2)), TOP + HEIGHT - top, "total")
    drawing.text(LABELS, TOP + HEIGHT + 18, days[0], kind="faint")
    if len(steps) > 1:
        drawing.text(LABELS + room, TOP + HEIGHT + 18, days[1], kind="faint", anchor="end")
    return drawing
