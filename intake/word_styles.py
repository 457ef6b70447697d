"""How the words of a document (.docx) look, from its styles part (ECMA-376, part 1, 17.7).

What a run says itself counts before its character style, that before the style of its paragraph,
that before the style of the table, and the defaults of the document last.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

from intake.letters import PAPER, Letters
from intake.workbook_styles import child, local, named
from ledger.language import Text

_HEX: Final = re.compile(r"[0-9a-fA-F]{6}\Z")
_REGIONS: Final = ("firstRow", "lastRow", "firstColumn", "lastColumn")
_PARTS: Final = ("firstRow", "lastRow", "firstCol", "lastCol")
"""The same as the styles of tables call them (17.18.89)."""
_LOOKS: Final = (0x0020, 0x0040, 0x0080, 0x0100)
"""The same as bits of what a table uses of its style (17.4.55)."""
_BANDS: Final = frozenset({"band1Horz", "band2Horz", "band1Vert", "band2Vert"})
_OFF: Final = frozenset({"0", "false", "off"})


class Look(NamedTuple):
    """How a run of words looks.

    Attributes:
        hidden: whether it is shown neither on a screen nor on paper.
        doubt: why people may not see it, or may not mean it.
    """

    hidden: bool = False
    doubt: Text | None = None


class Surroundings(NamedTuple):
    """What the words of a cell get from its table.

    Attributes:
        properties: those of runs in the style of the table, the nearest first.
        background: the colour behind the words; `None` where nobody can tell.
    """

    properties: tuple[ET.Element, ...] = ()
    background: str | None = PAPER


class WordStyles:
    """The styles of a document.

    Args:
        root: their part; `None` where the document has none.
    """

    def __init__(self, root: ET.Element | None) -> None:
        self._styles: dict[str, ET.Element] = {}
        self._usual: dict[str, str] = {}
        self._defaults: tuple[ET.Element, ...] = ()
        for style in named(root, "style") if root is not None else ():
            id_, kind = _attribute(style, "styleId"), _attribute(style, "type")
            self._styles[id_] = style
            if _attribute(style, "default") in {"1", "true", "on"}:
                self._usual[kind] = id_
        if root is not None and (defaults := child(root, "docDefaults")) is not None:
            self._defaults = tuple(named(defaults, "rPr"))

    def surroundings(
        self, table: ET.Element, cell: ET.Element, at: tuple[int, int], size: tuple[int, int]
    ) -> Surroundings:
        """What the words of a cell get from its table.

        Args:
            table: the table.
            cell: the cell.
            at: its row and column, from 0.
            size: how many rows and columns the table has.
        """
        properties = child(table, "tblPr")
        style = _value(child(properties, "tblStyle")) if properties is not None else ""
        styles = list(self._chain(style or self._usual.get("table", "")))
        ends = (at[0] == 0, at[0] == size[0] - 1, at[1] == 0, at[1] == size[1] - 1)
        used = _uses(child(properties, "tblLook") if properties is not None else None)
        parts = [name for name, end, use in zip(_PARTS, ends, used, strict=True) if end and use]
        inside: list[ET.Element] = []
        for wanted in (set(parts), _BANDS, {"wholeTable"}):
            inside += [
                part
                for style_ in styles
                for part in style_
                if local(part.tag) == "tblStylePr" and _attribute(part, "type") in wanted
            ]
        inside += styles
        own = child(cell, "tcPr")
        shades = [child(own, "shd") if own is not None else None]
        shades += [next(named(part, "shd"), None) for part in inside if part not in styles]
        shades += [_of(part, "tcPr", "shd") for part in styles]
        if properties is not None:
            shades.append(child(properties, "shd"))
        return Surroundings(_present(child(part, "rPr") for part in inside), _shade(shades, PAPER))

    def look(self, run: ET.Element, paragraph: ET.Element | None, around: Surroundings) -> Look:
        """How a run of words looks."""
        own = child(run, "rPr")
        of_paragraph = child(paragraph, "pPr") if paragraph is not None else None
        style = _value(child(own, "rStyle")) if own is not None else ""
        levels = (
            self._of_runs(style or self._usual.get("character", "")),
            self._of_runs(self._named(of_paragraph)),
            around.properties,
            self._defaults,
        )
        direct = () if own is None else (own,)
        said = [_toggled(direct, "vanish")] if _toggled(direct, "vanish") is not None else None
        vanish = said if said is not None else [_toggled(level, "vanish") for level in levels]
        if vanish.count(True) == 1:
            return Look(hidden=True)
        struck = any(_is_on(direct, levels, name) for name in ("strike", "dstrike"))
        every = [part for level in (direct, *levels) for part in level]
        colour = _first(every, "color")
        size = _first(every, "sz")
        marked = child(own, "highlight") if own is not None else None
        shades = [child(own, "shd") if own is not None else None]
        shades += [child(of_paragraph, "shd") if of_paragraph is not None else None]
        shades += [_of(one, "pPr", "shd") for one in self._chain(self._named(of_paragraph))]
        letters = Letters(
            struck,
            colour if _HEX.match(colour) else None,
            Decimal(size[:4]) / 2 if size.isdecimal() else None,
            raised=_first(every, "vertAlign") in {"superscript", "subscript"},
            hidden=vanish.count(True) > 1,  # two styles that hide may cancel each other out
        )
        return Look(
            doubt=letters.doubt(None if marked is not None else _shade(shades, around.background))
        )

    def _named(self, properties: ET.Element | None) -> str:
        style = _value(child(properties, "pStyle")) if properties is not None else ""
        return style or self._usual.get("paragraph", "")

    def _of_runs(self, style: str) -> tuple[ET.Element, ...]:
        return _present(child(one, "rPr") for one in self._chain(style))

    def _chain(self, style: str) -> Iterator[ET.Element]:
        """A style and those that it is based on, the nearest first."""
        seen = set[str]()
        while style in self._styles and style not in seen:
            seen.add(style)
            yield self._styles[style]
            style = _value(child(self._styles[style], "basedOn"))


def _attribute(element: ET.Element, name: str) -> str:
    return next((text for key, text in element.attrib.items() if local(key) == name), "")


def _value(element: ET.Element | None) -> str:
    return "" if element is None else _attribute(element, "val")


def _present(elements: Iterable[ET.Element | None]) -> tuple[ET.Element, ...]:
    return tuple(element for element in elements if element is not None)


def _of(element: ET.Element, first: str, second: str) -> ET.Element | None:
    around = child(element, first)
    return None if around is None else child(around, second)


def _uses(look: ET.Element | None) -> Sequence[bool]:
    """Which regions of its style a table uses: first row, last row, first column, last column."""
    if look is None:
        return (True,) * 4
    value = _value(look)
    bits = int(value, 16) if re.fullmatch(r"[0-9a-fA-F]{1,4}", value) else 0
    return [
        _attribute(look, name) in {"1", "true", "on"} or bool(bits & bit)
        for name, bit in zip(_REGIONS, _LOOKS, strict=True)
    ]


def _toggled(properties: Iterable[ET.Element], name: str) -> bool | None:
    """Whether the first of some properties that mentions it switches something on."""
    for one in properties:
        if (found := child(one, name)) is not None:
            return _value(found) not in _OFF
    return None


def _is_on(direct: Sequence[ET.Element], levels: Iterable[Sequence[ET.Element]], name: str) -> bool:
    said = _toggled(direct, name)
    return said if said is not None else any(_toggled(level, name) for level in levels)


def _first(properties: Iterable[ET.Element], name: str) -> str:
    return next(
        (_value(found) for one in properties if (found := child(one, name)) is not None), ""
    )


def _shade(shades: Iterable[ET.Element | None], usual: str | None) -> str | None:
    """The colour of the first shading that has one."""
    for shade in shades:
        if shade is None:
            continue
        pattern, fill = _value(shade), _attribute(shade, "fill")
        colour = _attribute(shade, "color") if pattern == "solid" else fill
        if pattern in {"clear", "nil", "solid", ""}:
            if _HEX.match(colour):
                return colour
        else:
            return None  # a pattern
    return usual
