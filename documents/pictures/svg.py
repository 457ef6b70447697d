"""Drawings as SVG: text a screen reader can read, light and dark by preference, no script.

Lengths are `Decimal` or `int`, so that the same picture is the same bytes everywhere.
"""

from decimal import Decimal
from html import escape
from typing import Final
from unicodedata import east_asian_width

Length = Decimal | int

FONT: Final = 13
WIDE: Final = 10
NARROW: Final = 6
"""Widths of a Chinese and of a Latin character, in tenths of the font size."""
PHONE: Final = 350
"""How wide a picture is on a telephone of 390 pixels."""

# Plain classes and one media query: also readers of SVG without custom properties draw it right.
STYLE: Final = (
    "text{font:13px 'Noto Sans SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif;"
    "fill:#1f2328}"
    ".faint{fill:#59636e;font-size:11px}.grid{stroke:#d1d9e0}.link{stroke:#818b98}"
    ".up{fill:#1a7f37}.down{fill:#cf222e}.total{fill:#0969da}.frame{fill:#eaeef2}"
    ".dot{fill:#0969da}.gap{stroke:#fff;stroke-width:5}.tear{stroke:#59636e}"
    "media screen and (prefers-color-scheme:dark){text{fill:#f0f6fc}.faint{fill:#9198a1}"
    ".grid{stroke:#3d444d}.link{stroke:#656c76}.up{fill:#3fb950}.down{fill:#f85149}"
    ".total{fill:#4493f8}.frame{fill:#2a313c}.dot{fill:#4493f8}.gap{stroke:#0d1117}"
    ".tear{stroke:#9198a1}}"
)


class Drawing:
    """A picture that grows downwards; its height is known when it is finished."""

    def __init__(self, name: str, width: int) -> None:
        self._name = name
        self._width = width
        self._parts: list[str] = []

    def bar(  # noqa: PLR0913, PLR0917 - a rectangle has four sides
        self, x: Length, y: Length, width: Length, height: Length, kind: str, title: str = ""
    ) -> None:
        """A filled rectangle; its title shows when a pointer rests on it."""
        inside = f"<title>{_text(title)}</title>" if title else ""
        self._parts.append(
            f'<rect class="{kind}" x="{_n(x)}" y="{_n(y)}" width="{_n(width)}"'
            f' height="{_n(height)}">{inside}</rect>'
        )

    def line(self, x1: Length, y1: Length, x2: Length, y2: Length, kind: str = "grid") -> None:
        """A thin line."""
        self._parts.append(
            f'<line class="{kind}" x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"/>'
        )

    def torn(self, x: Length, y: Length, height: Length) -> None:
        """Two slanted strokes with a gap between them, as where an axis leaves numbers out."""
        low, high = y + height + 3, y - 3
        self.line(x - 3, low, x + 3, high, "gap")
        for side in (-3, 3):
            self.line(x - 3 + side, low, x + 3 + side, high, "tear")

    def dot(self, x: Length, y: Length) -> None:
        """A small filled circle."""
        self._parts.append(f'<circle class="dot" cx="{_n(x)}" cy="{_n(y)}" r="5"/>')

    def text(
        self, x: Length, y: Length, words: str, *, kind: str = "", anchor: str = "start"
    ) -> None:
        """A line of text on its base line."""
        of_kind = f' class="{kind}"' if kind else ""
        at = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self._parts.append(f'<text{of_kind} x="{_n(x)}" y="{_n(y)}"{at}>{_text(words)}</text>')

    def svg(self, height: Length, title: str, description: str) -> str:
        """The finished picture."""
        name = escape(self._name)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self._width} {_n(height)}"'
            f' width="{self._width}" height="{_n(height)}" role="img"'
            f' aria-labelledby="{name}-title {name}-desc">'
            f'<title id="{name}-title">{_text(title)}</title>'
            f'<desc id="{name}-desc">{_text(description)}</desc>'
            f"<style>{STYLE}</style>{''.join(self._parts)}</svg>"
        )


def _n(length: Length) -> str:
    """A length to the tenth of a pixel."""
    text = f"{Decimal(length).quantize(Decimal('0.1')):f}"
    return text.removesuffix(".0")


def _text(words: str) -> str:
    """Words as XML writes them, without the control characters that it cannot hold."""
    return escape("".join(word if word.isprintable() else " " for word in words), quote=False)


def width_of(words: str, font: int = FONT) -> int:
    """About how wide a text is, in pixels."""
    tenths = sum(WIDE if east_asian_width(word) in "WFA" else NARROW for word in words)
    return tenths * font // 10


def fitted(words: str, width: int, lines: int) -> list[str]:
    """A text broken into lines of a width; what does not fit ends in an ellipsis."""
    broken = [""]
    for word in words:
        if width_of(broken[-1] + word) <= width:
            broken[-1] += word
        elif len(broken) < lines:
            broken.append(word)
        else:
            while broken[-1] and width_of(broken[-1] + "…") > width:
                broken[-1] = broken[-1][:-1]
            broken[-1] += "…"
            break
    return broken
