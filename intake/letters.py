"""Whether letters can be seen: by their colour on that of their background, and by their size."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from intake.grid import RAISED, STRUCK, UNSEEN
from ledger.language import Text

CONTRAST_MIN: Final = Decimal("1.3")
"""Less is as good as invisible; black on white has 21, none is 1 (WCAG 2.1, 1.4.3)."""
POINTS_MIN: Final = 4
PAPER: Final = "FFFFFF"
_NUMBER: Final = re.compile(r"[\d\s.,+−-]*\d[\d\s.,%分]*")


class Letters(NamedTuple):
    """How letters look.

    Attributes:
        struck: whether they are struck out.
        colour: six hex digits; `None` where the program that shows them chooses.
        points: their size; `None` where it is the usual one.
        hidden: whether they are hidden altogether.
        raised: whether they are above or below the line, next to others that are not.
    """

    struck: bool = False
    colour: str | None = None
    points: Decimal | None = None
    hidden: bool = False
    raised: bool = False

    def doubt(self, background: str | None) -> Text | None:
        """Why people may not see them, or may not mean them.

        Args:
            background: six hex digits; `None` where nobody can tell.
        """
        if self.struck:
            return STRUCK
        small = self.points is not None and self.points < POINTS_MIN
        faint = (
            self.colour is not None
            and background is not None
            and contrast(self.colour, background) < CONTRAST_MIN
        )
        if self.hidden or small or faint:
            return UNSEEN
        return RAISED if self.raised else None


def in_a_number(text: str) -> bool:
    """Whether a text is digits and signs alone, so that a raised one would be read as its digit."""
    return bool(_NUMBER.fullmatch(text))


@lru_cache(1024)
def contrast(one: str, other: str) -> Decimal:
    """The contrast of two colours of six hex digits (WCAG 2.1, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + _FLARE) / (dark + _FLARE)


_FLARE: Final = Decimal("0.05")
_SHARES: Final = tuple(map(Decimal, ("0.2126", "0.7152", "0.0722")))
"""How much red, green and blue contribute to the luminance."""


def _luminance(colour: str) -> Decimal:
    parts = (Decimal(int(colour[at : at + 2], 16)) / 255 for at in (0, 2, 4))
    return sum((s * _linear(p) for s, p in zip(_SHARES, parts, strict=True)), Decimal(0))


def _linear(part: Decimal) -> Decimal:
    """A part of a colour of sRGB in proportion to the light."""
    if part <= Decimal("0.04045"):
        return part / Decimal("12.92")
    return ((part + Decimal("0.055")) / Decimal("1.055")) ** Decimal("2.4")
