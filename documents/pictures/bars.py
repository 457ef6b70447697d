"""Scores by level as bars (得分率图): what was given, within what could be given."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from documents.page import Picture
from documents.pictures.svg import PHONE, Drawing, Length, fitted
from ledger.language import Language, speaker
from projections import formatting

WIDTH: Final = 860
LABELS: Final = 220
VALUES: Final = 170
LINE: Final = 17
GAP: Final = 11
TOP: Final = 8
ZERO: Final = Decimal(0)


class Bar(NamedTuple):
    """A score within its full score; `None` where nothing is scored yet."""

    name: str
    score: Decimal | None
    full: Decimal
    rate: str

    @property
    def words(self) -> str:
        """The score and the full score."""
        score = formatting.NOTHING if self.score is None else f"{self.score:f}"
        return f"{score} / {self.full:f}"


def bars(rows: Sequence[Bar], title: str, language: Language, name: str = "bars") -> Picture:
    """The picture, and in words what it shows."""
    say = speaker(language)
    description = say("；", "; ").join(
        formatting.aside(f"{row.name} {row.words}", row.rate, language) for row in rows
    )
    longest = max((row.full for row in rows), default=ZERO) or Decimal(1)
    drawing, narrow = Drawing(name, WIDTH), Drawing(f"{name}-narrow", PHONE)
    y, below = TOP, TOP
    for row in rows:
        y = _beside(drawing, row, y, longest)
        below = _under(narrow, row, below, longest)
    return Picture(
        drawing.svg(y, title, description),
        narrow.svg(below, title, description),
        (WIDTH, y),
        f"{title}{say('：', ': ')}{description}",
    )


def _beside(drawing: Drawing, row: Bar, y: int, longest: Decimal) -> int:
    """The name, the bar next to it and the numbers; where the next one begins."""
    left = LABELS + 16
    lines = fitted(row.name, LABELS, 2)
    height = len(lines) * LINE
    for index, line in enumerate(lines):
        drawing.text(LABELS, y + 13 + index * LINE, line, anchor="end")
    _bar(drawing, row, (left, y, WIDTH - left - VALUES, height), longest)
    drawing.text(WIDTH - VALUES + 104, y + 13, row.words, anchor="end")
    drawing.text(WIDTH, y + 13, row.rate, anchor="end")
    return y + height + GAP


def _under(drawing: Drawing, row: Bar, y: int, longest: Decimal) -> int:
    """The same below each other; where the next one begins."""
    lines = fitted(row.name, PHONE, 2)
    for index, line in enumerate(lines):
        drawing.text(0, y + 13 + index * LINE, line)
    y += len(lines) * LINE
    drawing.text(0, y + 13, row.words)
    drawing.text(PHONE, y + 13, row.rate, anchor="end")
    _bar(drawing, row, (0, y + LINE + 2, PHONE, LINE // 2), longest)
    return y + 2 * LINE + GAP


def _bar(
    drawing: Drawing, row: Bar, room: tuple[Length, Length, Length, Length], longest: Decimal
) -> None:
    x, y, width, height = room
    drawing.bar(x, y, row.full * width / longest, height, "frame", f"{row.name} {row.words}")
    if row.score is not None:
        drawing.bar(x, y, max(row.score, ZERO) * width / longest, height, "total")
