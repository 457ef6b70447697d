"""Scores by level as bars (得分率图): what was given, within what could be given."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from documents.page import Picture
from documents.pictures.svg import Drawing, fitted
from ledger.language import Language, speaker
from projections import formatting

WIDTH: Final = 860
LABELS: Final = 220
VALUES: Final = 170
LINE: Final = 17
GAP: Final = 11
TOP: Final = 8


class Bar(NamedTuple):
    """A score within its full score."""

    name: str
    score: Decimal
    full: Decimal
    rate: str


def bars(rows: Sequence[Bar], title: str, language: Language) -> Picture:
    """The picture, and in words what it shows."""
    say = speaker(language)
    drawing = Drawing("bars", WIDTH)
    left, room = LABELS + 16, WIDTH - LABELS - 16 - VALUES
    longest = max((row.full for row in rows), default=Decimal(0)) or Decimal(1)
    y = TOP
    for row in rows:
        lines = fitted(row.name, LABELS, 2)
        height = len(lines) * LINE
        for index, line in enumerate(lines):
            drawing.text(LABELS, y + 13 + index * LINE, line, anchor="end")
        words = f"{row.score:f} / {row.full:f}"
        drawing.bar(left, y, row.full * room / longest, height, "frame", f"{row.name} {words}")
        drawing.bar(left, y, max(row.score, Decimal(0)) * room / longest, height, "total")
        drawing.text(WIDTH - VALUES + 104, y + 13, words, anchor="end")
        drawing.text(WIDTH, y + 13, row.rate, anchor="end")
        y += height + GAP
    description = say("；", "; ").join(
        formatting.aside(f"{row.name} {row.score:f} / {row.full:f}", row.rate, language)
        for row in rows
    )
    return Picture(drawing.svg(y, title, description), f"{title}{say('：', ': ')}{description}")
