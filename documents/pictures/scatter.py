"""Pairs of numbers as points (散点图): one number to the right, the other upwards."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from documents.page import Picture
from documents.pictures.axis import Axis, axis
from documents.pictures.svg import PHONE, Drawing, width_of

WIDTH: Final = 860
HEIGHT: Final = 320
TOP, LEFT, BOTTOM, RIGHT = 28, 56, 44, 12
SIDE: Final = 8
"""Of a square."""


class Points(NamedTuple):
    """Points of one kind: their name, and where they are."""

    name: str
    places: Sequence[tuple[Decimal, Decimal]]


def scatter(
    kinds: Sequence[Points], names: tuple[str, str], title: str, description: str
) -> Picture:
    """The picture, with the line on which both numbers are the same.

    Args:
        kinds: at least one with a point; the first has dots, others have squares.
        names: of what is to the right, and of what is upwards.
        title: of the picture.
        description: what it shows, in words.
    """
    wide, narrow = (
        _drawn(Drawing(name, width), width, kinds, names).svg(
            TOP + HEIGHT + BOTTOM, title, description
        )
        for name, width in (("scatter", WIDTH), ("scatter-narrow", PHONE))
    )
    return Picture(wide, narrow, (WIDTH, TOP + HEIGHT + BOTTOM), description)


def _drawn(
    drawing: Drawing, width: int, kinds: Sequence[Points], names: tuple[str, str]
) -> Drawing:
    both = [number for kind in kinds for place in kind.places for number in place]
    right, up = axis(both, LEFT, width - LEFT - RIGHT), axis(both, 0, HEIGHT)

    def y(number: Decimal) -> Decimal:
        return TOP + HEIGHT - up.x(number)

    for mark in up.marks:
        drawing.line(LEFT, y(mark), width - RIGHT, y(mark))
        drawing.text(LEFT - 6, y(mark) + 4, f"{mark:f}", kind="faint", anchor="end")
    _below(drawing, right)
    drawing.line(right.x(right.low), y(right.low), right.x(right.high), y(right.high), "link")
    at = LEFT
    for number, kind in enumerate(kinds):
        _mark(drawing, number, Decimal(at + SIDE), Decimal(TOP - 16))
        drawing.text(at + 2 * SIDE + 2, TOP - 12, kind.name)
        at += width_of(kind.name) + 4 * SIDE
        for across, upwards in kind.places:
            _mark(drawing, number, right.x(across), y(upwards))
    drawing.text(width - RIGHT, TOP + HEIGHT + 36, names[0], kind="faint", anchor="end")
    drawing.text(LEFT, TOP + HEIGHT + 36, f"↑ {names[1]}", kind="faint")
    return drawing


def _below(drawing: Drawing, right: Axis) -> None:
    for mark in right.marks:
        drawing.line(right.x(mark), TOP, right.x(mark), TOP + HEIGHT)
        drawing.text(right.x(mark), TOP + HEIGHT + 16, f"{mark:f}", kind="faint", anchor="middle")


def _mark(drawing: Drawing, kind: int, x: Decimal, y: Decimal) -> None:
    if kind:
        half = Decimal(SIDE) / 2
        drawing.bar(x - half, y - half, SIDE, SIDE, "up" if kind % 2 else "down")
    else:
        drawing.dot(x, y)
