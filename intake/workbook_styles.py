"""How the cells of a workbook (.xlsx) look, from its styles part (ECMA-376, part 1, 18.8)."""

import re
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

from intake.conditional_formats import ConditionalFormat
from intake.grid import MergedCells
from intake.letters import PAPER, Letters
from intake.number_formats import BUILT_IN
from ledger.language import Text

_THEME: Final = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink")
"""The colours of a theme in the order in which cells number them."""
_USUAL: Final = {"lt1": PAPER, "dk1": "000000"}
_PALETTE: Final = [
    "000000",
    "FFFFFF",
    "FF0000",
    "00FF00",
    "0000FF",
    "FFFF00",
    "FF00FF",
    "00FFFF",
    "000000",
    "FFFFFF",
    "FF0000",
    "00FF00",
    "0000FF",
    "FFFF00",
    "FF00FF",
    "00FFFF",
    "800000",
    "008000",
    "000080",
    "808000",
    "800080",
    "008080",
    "C0C0C0",
    "808080",
    "9999FF",
    "993366",
    "FFFFCC",
    "CCFFFF",
    "660066",
    "FF8080",
    "0066CC",
    "CCCCFF",
    "000080",
    "FF00FF",
    "FFFF00",
    "00FFFF",
    "800080",
    "800000",
    "008080",
    "0000FF",
    "00CCFF",
    "CCFFFF",
    "CCFFCC",
    "FFFF99",
    "99CCFF",
    "FF99CC",
    "CC99FF",
    "FFCC99",
    "3366FF",
    "33CCCC",
    "99CC00",
    "FFCC00",
    "FF9900",
    "FF6600",
    "666699",
    "969696",
    "003366",
    "339966",
    "003300",
    "333300",
    "993300",
    "993366",
    "333399",
    "333333",
]
"""The colours that cells number where a file has no palette of its own (18.8.27)."""
_USUAL_MAX: Final = 10_000
_HEX: Final = re.compile(r"[0-9a-fA-F]{6}\Z")
_REF: Final = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})\Z")


class CellStyle(NamedTuple):
    """How a cell looks.

    Attributes:
        code: its number format; `None` where it has none.
        background: the colour behind its letters; `None` where nobody can tell.
        doubt: why people may not see its letters, or may not mean them.
    """

    code: str | None = None
    background: str | None = PAPER
    doubt: Text | None = None


PLAIN: Final = CellStyle()


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def named(root: ET.Element, name: str) -> Iterator[ET.Element]:
    """Every element of a name below the root, in any namespace."""
    return (element for element in root.iter() if local(element.tag) == name)


def child(element: ET.Element, name: str) -> ET.Element | None:
    """The first child of a name, in any namespace."""
    return next((part for part in element if local(part.tag) == name), None)


def index_of(ref: str) -> tuple[int, int]:
    """Row and column of a cell, counted from 0.

    Raises:
        ValueError: there is no such cell.
    """
    match = _REF.match(ref)
    if not match:
        raise ValueError(f"no cell reference: {ref!r}")
    letters, number = match.groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(number) - 1, column - 1


def number_in(text: str) -> Decimal | None:
    """The number that an attribute gives; `None` where it gives none of a usual size."""
    with suppress(ArithmeticError):
        number = Decimal(text)
        return number if number.is_finite() and abs(number) < _USUAL_MAX else None
    return None


def is_true(value: str | None) -> bool:
    """Whether an attribute says so."""
    return value in {"1", "true"}


class WorkbookStyles:
    """The styles of a workbook.

    Args:
        styles: its part; `None` where the workbook has none.
        theme: the part with its colours; `None` where it has none.
    """

    def __init__(self, styles: ET.Element | None, theme: ET.Element | None) -> None:
        self._themed = dict(_USUAL) | (_theme_colours(theme) if theme is not None else {})
        self._palette = [*_PALETTE, "000000", PAPER]
        self.cells: list[CellStyle] = []
        self._differential: list[tuple[Letters, str | None, str | None]] = []
        if styles is not None:
            self._read(styles)

    def _read(self, styles: ET.Element) -> None:
        for place, colour in enumerate(named(styles, "rgbColor")):
            if place < len(self._palette):
                self._palette[place] = colour.get("rgb", "")[-6:]
        codes = {
            int(style.get("numFmtId", "0")): style.get("formatCode", "")
            for style in named(styles, "numFmt")
        }
        fonts = [
            self.letters(font)._replace(raised=False) for font in next(named(styles, "fonts"), ())
        ]
        fills = [self._background(fill) for fill in next(named(styles, "fills"), ())]
        parents = list(next(named(styles, "cellStyleXfs"), ()))
        for cell in next(named(styles, "cellXfs"), ()):
            parent = int(cell.get("xfId", "0"))
            above = parents[parent] if 0 <= parent < len(parents) else cell
            number = int(cell.get("numFmtId", "0"))
            font, fill = int(cell.get("fontId", "0")), int(cell.get("fillId", "0"))
            background = fills[fill] if 0 <= fill < len(fills) else PAPER
            # Programs differ in whether a named style counts where the cell does not say so.
            other = font if is_true(cell.get("applyFont")) else int(above.get("fontId", "0"))
            doubts = (
                fonts[one].doubt(background) for one in (font, other) if 0 <= one < len(fonts)
            )
            doubt = next(filter(None, doubts), None)
            code = codes.get(number, BUILT_IN.get(number))
            self.cells.append(CellStyle(code, background, doubt))
        for format_ in next(named(styles, "dxfs"), ()):
            self._differential.append(self._format(format_))

    def letters(self, font: ET.Element | None) -> Letters:
        """How the letters of a font, or of the properties of a run, look."""
        if font is None:
            return Letters()
        parts = {local(part.tag): part for part in font}
        struck = any(
            name in parts and parts[name].get("val", "1") not in {"0", "false"}
            for name in ("strike", "dstrike")
        )
        size = parts["sz"].get("val", "") if "sz" in parts else ""
        level = parts["vertAlign"].get("val") if "vertAlign" in parts else "baseline"
        return Letters(
            struck,
            self._colour(parts.get("color")),
            number_in(size),
            raised=level != "baseline",
        )

    def _colour(self, element: ET.Element | None) -> str | None:
        if element is None:
            return None
        colour: str | None = None
        if element.get("rgb"):
            colour = element.get("rgb", "")[-6:]
        elif (theme := element.get("theme", "")).isdecimal():
            colour = self._themed.get(_THEME[int(theme)]) if int(theme) < len(_THEME) else None
        elif (indexed := element.get("indexed", "")).isdecimal():
            colour = self._palette[int(indexed)] if int(indexed) < len(self._palette) else None
        if colour is None or not _HEX.match(colour):
            return None
        return _tinted(colour, number_in(element.get("tint", "")) or Decimal(0))

    def _background(self, fill: ET.Element) -> str | None:
        pattern = child(fill, "patternFill")
        if pattern is None:
            return None if len(fill) else PAPER  # a gradient
        match pattern.get("patternType", "none"):
            case "none":
                return PAPER
            case "solid":
                return self._colour(child(pattern, "fgColor"))
            case _:
                return None

    def _format(self, format_: ET.Element) -> tuple[Letters, str | None, str | None]:
        """Letters, background and number format of a format that is laid over that of a cell."""
        fill = next(named(format_, "patternFill"), None)
        number = child(format_, "numFmt")
        return (
            self.letters(child(format_, "font"))._replace(raised=False),
            self._colour(child(fill, "bgColor")) if fill is not None else None,
            number.get("formatCode") if number is not None else None,
        )

    def conditional(self, sheet: ET.Element) -> Iterator[ConditionalFormat]:
        """The conditional formats of a sheet (18.3.1.18, and those of [MS-XLSX] 2.4.20)."""
        for group in named(sheet, "conditionalFormatting"):
            listed = group.get("sqref") or "".join(e.text or "" for e in named(group, "sqref"))
            areas = [area for part in listed.split() if (area := _area(part))]
            for rule in named(group, "cfRule"):
                inline, number = child(rule, "dxf"), rule.get("dxfId", "")
                letters, background, code = Letters(), None, None
                if inline is not None:
                    letters, background, code = self._format(inline)
                elif number.isdecimal() and int(number) < len(self._differential):
                    letters, background, code = self._differential[int(number)]
                bare = any(
                    part.get("showValue") in {"0", "false"}
                    for name in ("iconSet", "dataBar")
                    for part in named(rule, name)
                )
                operator, bounds = "", list[Decimal]()
                if rule.get("type") == "cellIs":
                    texts = [
                        part.text or "" for part in rule if local(part.tag) in {"formula", "f"}
                    ]
                    with suppress(InvalidOperation):
                        bounds = [Decimal(text) for text in texts]
                        operator = rule.get("operator", "")
                yield ConditionalFormat(areas, operator, bounds, letters, background, code, bare)


def _area(ref: str) -> MergedCells | None:
    """A range, a whole row or column as far as a sheet goes; `None` of what is no range."""
    with suppress(ValueError):
        return _range(ref)
    return None


def _range(ref: str) -> MergedCells:
    first, _, last = ref.replace("$", "").partition(":")
    if first.isdecimal():
        return MergedCells(int(first) - 1, 0, int(last or first) - 1, 16_383)
    if first.isalpha():
        return MergedCells(0, index_of(f"{first}1")[1], 1_048_575, index_of(f"{last or first}1")[1])
    return MergedCells(*index_of(first), *index_of(last or first))


def _theme_colours(theme: ET.Element) -> dict[str, str]:
    scheme = next(named(theme, "clrScheme"), None)
    found = {}
    for colour in scheme if scheme is not None else ():
        for value in colour:
            hexadecimal = value.get("lastClr", "") or value.get("val", "")
            if _HEX.match(hexadecimal):
                found[local(colour.tag)] = hexadecimal
    return found


def _tinted(colour: str, tint: Decimal) -> str:
    """A colour made lighter or darker (18.8.19)."""
    parts = (int(colour[at : at + 2], 16) for at in (0, 2, 4))
    tint = min(max(tint, Decimal(-1)), Decimal(1))
    light = max(tint, Decimal(0)) * 255
    return "".join(f"{int(part * (1 - abs(tint)) + light):02X}" for part in parts)
