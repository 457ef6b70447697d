"""How the cells of an OpenDocument spreadsheet look (OpenDocument 1.3, part 3, 16 and 20)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Final
from xml.etree import ElementTree as ET

from intake.conditional_formats import ConditionalFormat
from intake.grid import MergedCells
from intake.letters import PAPER, Letters
from intake.workbook_styles import CellStyle, index_of, number_in

NAMES: Final = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "config": "urn:oasis:names:tc:opendocument:xmlns:config:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}
_KINDS: Final = tuple(
    f"{kind}-style" for kind in ("number", "currency", "percentage", "boolean", "text")
)
_CONDITION: Final = re.compile(
    r"(?:value\(\)|cell-content\(\))?\s*(<=|>=|!=|<|>|=)\s*(-?\d+(?:\.\d+)?)\Z"
)
_BETWEEN: Final = re.compile(
    r"(?:cell-content-)?(?:is-)?(not-)?between\(\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*\)\Z"
)
_OPERATORS: Final = {
    "<=": "lessThanOrEqual",
    ">=": "greaterThanOrEqual",
    "!=": "notEqual",
    "<": "lessThan",
    ">": "greaterThan",
    "=": "equal",
}
_SHEET: Final = r"(?:[^\s'.]+|'(?:[^']|'')*')?"
_RANGE: Final = re.compile(
    rf"{_SHEET}\.(\$?[A-Z]+\$?\d+)(?::{_SHEET}\.?(\$?[A-Z]+\$?\d+))?(?=\s|\Z)"
)
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}\Z")
_POINTS: Final = re.compile(r"(\d+(?:\.\d+)?)pt\Z")
_PLACES_MAX: Final = 30
_LENGTH: Final = re.compile(r"(\d{1,5}(?:\.\d{1,9})?)(cm|mm|in|pt|pc|px)\Z")
_POINTS_OF: Final = {
    "cm": Decimal("28.35"),
    "mm": Decimal("2.835"),
    "in": Decimal(72),
    "pt": Decimal(1),
    "pc": Decimal(12),
    "px": Decimal("0.75"),
}
_THIN: Final = Decimal(3)
"""How many points a row or a column has at least in which something can be read."""
Properties = Mapping[str, str]


def q(name: str) -> str:
    """A name with the namespace that its prefix usually means."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMES[prefix]}}}{local}"


def points(length: str) -> Decimal | None:
    """A length such as `2.5cm` in points; `None` where it is none, or negative."""
    found = _LENGTH.match(length)
    return Decimal(found[1]) * _POINTS_OF[found[2]] if found else None


class OpenStyles:
    """The styles of a spreadsheet.

    Args:
        roots: the parts that hold styles, the named ones before those of single cells.
    """

    def __init__(self, roots: Iterable[ET.Element]) -> None:
        self._styles: dict[tuple[str, str], ET.Element] = {}
        self._defaults: dict[str, ET.Element] = {}
        self._data: dict[str, ET.Element] = {}
        self._cells: dict[str, CellStyle] = {}
        for element in (element for root in roots for element in root.iter()):
            name, family = element.get(q("style:name"), ""), element.get(q("style:family"), "")
            if element.tag == q("style:style"):
                self._styles[family, name] = element
            elif element.tag == q("style:default-style"):
                self._defaults[family] = element
            elif element.tag in {q(f"number:{kind}") for kind in _KINDS}:
                self._data[name] = element

    def is_hidden(self, table: ET.Element) -> bool:
        """Whether a sheet is not displayed."""
        found = self._properties("table", table.get(q("table:style-name"), ""))
        return found.get(q("table:display")) == "false"

    def is_narrow(self, element: ET.Element) -> bool:
        """Whether a row or a column is so thin that nobody sees what is in it."""
        size = self.size(element)
        return size is not None and size < _THIN

    def size(self, element: ET.Element) -> Decimal | None:
        """The height of a row or the width of a column in points; `None` where it states none."""
        name = element.get(q("table:style-name"), "")
        row = self._properties("table-row", name).get(q("style:row-height"), "")
        column = self._properties("table-column", name).get(q("style:column-width"), "")
        return points(row or column)

    def is_filled(self, shape: ET.Element) -> bool:
        """Whether one cannot see through a shape."""
        found = self._properties("graphic", shape.get(q("draw:style-name"), ""))
        return found.get(q("draw:fill")) != "none"

    def cell(self, name: str) -> CellStyle:
        """How the cells of a style look."""
        if name not in self._cells:
            background = self._background(name)
            letters = self.letters("table-cell", name)
            data = next((d for d in self._chain("table-cell", name) if _data_of(d)), None)
            code = self._code(_data_of(data)) if data is not None else None
            self._cells[name] = CellStyle(code, background, letters.doubt(background))
        return self._cells[name]

    def is_protected(self, name: str) -> bool:
        """Whether the contents are hidden where the sheet is protected."""
        return self._properties("table-cell", name).get(q("style:cell-protect"), "") in {
            "hidden-and-protected",
            "protected hidden-and-protected",
        }

    def letters(self, family: str, name: str) -> Letters:
        """How the letters of a style look."""
        found = self._properties(family, name)
        struck = any(
            found.get(q(f"style:text-line-through-{what}"), "none") != "none"
            for what in ("style", "type")
        )
        colour = found.get(q("fo:color"), "")
        if found.get(q("style:use-window-font-color")) == "true" or not _COLOUR.match(colour):
            colour = ""
        size = _POINTS.match(found.get(q("fo:font-size"), ""))
        return Letters(
            struck,
            colour[1:] or None,
            number_in(size[1]) if size else None,
            hidden=found.get(q("text:display")) == "none",
            raised=family == "text" and _is_raised(found.get(q("style:text-position"), "")),
        )

    def conditional(self, table: ET.Element) -> Iterator[ConditionalFormat]:
        """The conditional formats of a sheet."""
        for format_ in table.iter(q("calcext:conditional-format")):
            target = format_.get(q("calcext:target-range-address"), "")
            areas = [
                MergedCells(*index_of(first), *index_of(last or first))
                for first, last in _RANGE.findall(target)
            ]
            for rule in format_:
                style = rule.get(q("calcext:apply-style-name"), "")
                bare = rule.get(q("calcext:show-value")) == "false"
                yield self._conditional(areas, rule.get(q("calcext:value"), ""), style, bare=bare)

    def mapped(self, name: str, at: tuple[int, int]) -> Iterator[ConditionalFormat]:
        """The formats that a cell's own style has for some values."""
        area = [MergedCells(*at, *at)]
        for style in self._chain("table-cell", name):
            for rule in style.findall(q("style:map")):
                other = rule.get(q("style:apply-style-name"), "")
                yield self._conditional(area, rule.get(q("style:condition"), ""), other, bare=False)

    def _conditional(
        self, areas: list[MergedCells], said: str, style: str, *, bare: bool
    ) -> ConditionalFormat:
        operator, bounds = "", list[Decimal]()
        if found := _CONDITION.match(said):
            operator, bounds = _OPERATORS[found[1]], [Decimal(found[2])]
        elif between := _BETWEEN.match(said):
            with suppress(InvalidOperation):
                bounds = [Decimal(between[2]), Decimal(between[3])]
                operator = "notBetween" if between[1] else "between"
        look = self.cell(style)
        own = self._properties("table-cell", style).get(q("fo:background-color"))
        return ConditionalFormat(
            areas,
            operator,
            bounds,
            self.letters("table-cell", style),
            look.background if own else None,
            look.code,
            bare,
        )

    def _chain(self, family: str, name: str) -> Iterator[ET.Element]:
        """A style and those that it is based on, the nearest first."""
        seen = set[str]()
        while (style := self._styles.get((family, name))) is not None and name not in seen:
            yield style
            seen.add(name)
            name = style.get(q("style:parent-style-name"), "")
        if family in self._defaults:
            yield self._defaults[family]

    def _properties(self, family: str, name: str) -> Properties:
        found: dict[str, str] = {}
        for style in self._chain(family, name):
            for properties in style:
                if properties.tag.endswith("-properties"):
                    found = dict(properties.attrib) | found
        return found

    def _background(self, name: str) -> str | None:
        colour = self._properties("table-cell", name).get(q("fo:background-color"), "transparent")
        if colour == "transparent":
            return PAPER
        return colour[1:] if _COLOUR.match(colour) else None

    def _code(self, name: str) -> str | None:
        """A number format as workbooks write it, with a section for each condition."""
        style = self._data.get(name)
        if style is None:
            return None
        sections = []
        for other in style.findall(q("style:map")):
            condition = _CONDITION.match(other.get(q("style:condition"), ""))
            part = self._data.get(other.get(q("style:apply-style-name"), ""))
            if condition and part is not None:
                sign = condition[1].replace("!=", "<>")
                sections.append(f"[{sign}{condition[2]}]{_section(part)}")
        if style.tag == q("number:text-style"):
            own = _section(style)
            return ";".join([*(sections + ["General"] * 3)[:3], own])
        return ";".join([*sections, _section(style)])


def _is_raised(position: str) -> bool:
    return bool(position) and position.split(maxsplit=1)[0] not in {"0%", "0"}


def _data_of(style: ET.Element) -> str:
    return style.get(q("style:data-style-name"), "")


def _section(style: ET.Element) -> str:
    """What a style of data shows, as a section of a number format."""
    percent = style.tag == q("number:percentage-style")
    section = ""
    for part in style:
        match part.tag:
            case tag if tag == q("number:text"):
                text = (part.text or "").replace('"', "")
                section += "%" if percent and "%" in text else f'"{text}"' if text.strip() else ""
            case tag if tag == q("number:number"):
                section += _digits(part)
            case tag if tag == q("number:boolean"):
                section += '"TRUE"'  # in the place of 1
            case tag if tag == q("number:fraction"):
                section += "# ?/?"
            case tag if tag == q("number:scientific-number"):
                section += "0.00E+00"
            case tag if tag == q("number:currency-symbol"):
                section += f"[${part.text or ''}]"
            case tag if tag == q("number:text-content"):
                section += "@"
            case tag if tag == q("style:text-properties"):
                colour = part.get(q("fo:color"), "").lower()
                section += {"#ffffff": "[White]", "#ff0000": "[Red]"}.get(colour, "")
    return section


def _digits(number: ET.Element) -> str:
    places = number.get(q("number:decimal-places"))
    if places is None:
        return "General"
    whole = "0" if number.get(q("number:min-integer-digits"), "1") != "0" else "#"
    if number.find(q("number:embedded-text")) is not None:
        whole = f'{whole}" "{whole}'
    factor = number_in(number.get(q("number:display-factor"), "1"))
    decimals = min(int(places), _PLACES_MAX)
    return whole + ("." + "0" * decimals if decimals else "") + "," * (factor != 1)
