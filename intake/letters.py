"""Whether letters can be seen: by their colour on that of their background, and by their size."""

from typing import Final, NamedTuple

from intake.grid import STRUCK, UNSEEN
from ledger.language import Text

CONTRAST_MIN: Final = 1.3
"""Less is as good as invisible; black on white has 21, none is 1 (WCAG 2.1, 1.4.3)."""
POINTS_MIN: Final = 4.0
PAPER: Final = "FFFFFF"


class Letters(NamedTuple):
    """How letters look.

    Attributes:
        struck: whether they are struck out.
        colour: six hex digits; `None` where the program that shows them chooses.
        points: their size; `None` where it is the usual one.
        hidden: whether they are hidden altogether.
    """

    struck: bool = False
    colour: str | None = None
    points: float | None = None
    hidden: bool = False

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
        return UNSEEN if self.hidden or small or faint else None


def contrast(one: str, other: str) -> float:
    """The contrast of two colours of six hex digits (WCAG 2.1, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB
