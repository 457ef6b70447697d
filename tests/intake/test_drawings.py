"""Which cells of a sheet are below what is drawn over it, against counting each by itself."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.drawings import covered, drawings_of, drawn
from intake.grid import MergedCells

HEIGHT, WIDTH = 6, 5
areas = st.builds(
    lambda top, left, down, across: MergedCells(top, left, top + down, left + across),
    *(st.integers(0, 7), st.integers(0, 7), st.integers(0, 3), st.integers(0, 3)),
)
merges = areas.filter(lambda area: area.top < HEIGHT and area.left < WIDTH)


def cells(area: MergedCells) -> set[tuple[int, int]]:
    """Those of an area that the sheet has."""
    rows = range(area.top, min(area.bottom + 1, HEIGHT))
    return {
        (row, column) for row in rows for column in range(area.left, min(area.right + 1, WIDTH))
    }


@given(st.lists(areas, max_size=4), st.lists(merges, max_size=3))
def test_what_lies_below_is_what_each_drawing_covers_and_the_first_cell_of_its_merges(
    drawings: list[MergedCells], merged: list[MergedCells]
) -> None:
    below = set().union(*map(cells, drawings))
    first = {(area.top, area.left) for area in merged if cells(area) & below}

    assert covered(drawings, merged, HEIGHT, WIDTH) == below | first


def drawing(place: str, what: str = "<pic/>") -> ET.Element:
    return ET.fromstring(f"<wsDr><anchor>{place}{what}</anchor></wsDr>")  # noqa: S314 - our own


def corner(name: str, row: int, column: int, off: int = 0) -> str:
    return (
        f"<{name}><col>{column}</col><colOff>{off}</colOff>"
        f"<row>{row}</row><rowOff>{off}</rowOff></{name}>"
    )


@pytest.mark.parametrize(
    ("place", "below"),
    [
        (corner("from", 1, 2) + corner("to", 3, 4, off=9), [(1, 2, 3, 4)]),
        (corner("from", 1, 2) + corner("to", 3, 4), [(1, 2, 2, 3)]),  # up to their edge
        (corner("from", 1, 2) + corner("to", 1, 2), [(1, 2, 1, 2)]),
        (corner("from", 1, 2) + '<ext cx="609600" cy="100"/>', [(1, 2, 1, 3)]),
        ('<pos x="609600" y="381000"/><ext cx="1" cy="1"/>', [(2, 1, 2, 1)]),
        ("", []),
    ],
)
def test_a_drawing_ends_where_its_anchor_says(
    place: str, below: list[tuple[int, int, int, int]]
) -> None:
    assert list(drawn(drawing(place))) == below


@pytest.mark.parametrize(
    ("what", "hides"),
    [
        ("<sp><spPr><noFill/></spPr><txBody><p><r><t>20</t></r></p></txBody></sp>", True),
        ("<sp><spPr><solidFill/></spPr></sp>", True),
        ("<sp/>", True),
        ("<grpSp><sp><spPr><solidFill/></spPr></sp></grpSp>", True),
        ("<graphicFrame/>", True),
        ("<cxnSp/>", False),
        ("<sp><spPr><noFill/></spPr><txBody><p><r><t> </t></r></p></txBody></sp>", False),
        ('<sp><nvSpPr><cNvPr hidden="1"/></nvSpPr><spPr><solidFill/></spPr></sp>', False),
    ],
)
def test_lines_frames_and_what_is_hidden_itself_hide_nothing(what: str, *, hides: bool) -> None:
    place = corner("from", 0, 0) + corner("to", 1, 1)

    assert bool(list(drawn(drawing(place, what)))) is hides


def test_the_part_of_a_drawing_is_found_from_its_sheet_or_from_the_root() -> None:
    relations = ET.fromstring(  # noqa: S314 - our own
        '<r><a Type="x/drawing" Target="../drawings/d1.xml"/><a Type="x/comments" Target="c.xml"/>'
        '<a Type="x/drawing" Target="/xl/d2.xml"/></r>'
    )

    assert list(drawings_of("xl/worksheets/s.xml", relations)) == [
        "xl/drawings/d1.xml",
        "xl/d2.xml",
    ]
