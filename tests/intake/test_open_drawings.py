"""Which cells of an OpenDocument spreadsheet are below what is drawn over them."""

from xml.etree import ElementTree as ET

import pytest

from intake.grid import MergedCells
from intake.open_drawings import drawn
from intake.open_styles import NAMES, OpenStyles, q

NAMESPACES = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in NAMES.items())
STYLES = """
<style:style style:name="wide" style:family="table-column">
  <style:table-column-properties style:column-width="100pt"/></style:style>
<style:style style:name="high" style:family="table-row">
  <style:table-row-properties style:row-height="20pt"/></style:style>
<style:style style:name="clear" style:family="graphic">
  <style:graphic-properties draw:fill="none"/></style:style>
<style:style style:name="clearer" style:family="graphic" style:parent-style-name="clear"/>
"""
ENDS = 'table:end-cell-address="表.{}" table:end-x="{x}pt" table:end-y="{y}pt"'
RECTANGLE = "<draw:rect {}/>"


def below(in_a_cell: str = "", on_the_page: str = "") -> list[MergedCells]:
    """What is doubted where something is drawn from C3 on, or on the page."""
    root = ET.fromstring(  # noqa: S314 - our own
        f"<office:document-content {NAMESPACES}>{STYLES}<table:table>"
        f"<table:shapes>{on_the_page}</table:shapes>"
        '<table:table-column table:style-name="wide" table:number-columns-repeated="9"/>'
        '<table:table-row table:style-name="high" table:number-rows-repeated="2"/>'
        '<table:table-row table:style-name="high">'
        '<table:table-cell table:number-columns-repeated="2"/>'
        f"<table:table-cell>{in_a_cell}</table:table-cell></table:table-row>"
        '<table:table-row table:style-name="high" table:number-rows-repeated="9"/>'
        "</table:table></office:document-content>"
    )
    (table,) = root.iter(q("table:table"))
    rows, columns = (table.findall(q(f"table:table-{line}")) for line in ("row", "column"))
    return list(drawn(table, rows, columns, OpenStyles([root])))


@pytest.mark.parametrize(
    ("place", "cells"),
    [
        (ENDS.format("D5", x=9, y=9), (2, 2, 4, 3)),
        (ENDS.format("$D$5", x=0, y=0), (2, 2, 3, 2)),  # up to their edge
        (ENDS.format("C3", x=0, y=0), (2, 2, 2, 2)),
        ('svg:x="90pt" svg:y="5pt" svg:width="20pt" svg:height="10pt"', (2, 2, 2, 3)),
        ('svg:width="100pt" svg:height="20pt"', (2, 2, 2, 2)),
        ('svg:x="-3pt" svg:width="1pt" svg:height="1pt"', (2, 2, 2, 2)),
        ("", (2, 2, 2, 2)),
    ],
)
def test_a_drawing_in_a_cell_ends_where_it_says(
    place: str, cells: tuple[int, int, int, int]
) -> None:
    assert below(RECTANGLE.format(place)) == [cells]


def test_a_drawing_on_the_page_is_over_the_cells_that_are_there() -> None:
    place = 'svg:x="150pt" svg:y="30pt" svg:width="160pt" svg:height="30pt"'

    assert below(on_the_page=RECTANGLE.format(place)) == [(1, 1, 2, 3)]


@pytest.mark.parametrize(
    ("what", "hides"),
    [
        ("<draw:rect/>", True),
        ('<draw:custom-shape draw:style-name="clearer"/>', False),
        (
            '<draw:custom-shape draw:style-name="clear"><text:p>20</text:p></draw:custom-shape>',
            True,
        ),
        ('<draw:frame draw:style-name="clear"><draw:image/></draw:frame>', True),
        ('<draw:frame draw:style-name="clear"><draw:object/></draw:frame>', True),
        ('<draw:frame draw:style-name="clear"><draw:text-box/></draw:frame>', False),
        ('<draw:rect draw:style-name="clear"><text:p> </text:p></draw:rect>', False),
        ("<draw:line/>", False),
        ("<draw:line><text:p>见上</text:p></draw:line>", True),
        ("<draw:g><draw:line/><draw:rect/></draw:g>", True),
        ("<draw:g><draw:line/></draw:g>", False),
        ("<office:annotation><text:p>批注</text:p></office:annotation>", False),
    ],
)
def test_lines_frames_and_comments_hide_nothing(what: str, *, hides: bool) -> None:
    assert bool(below(what)) is hides
