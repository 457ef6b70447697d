"""What people do not see of a cell, or do not mean, in whatever way a file says so: asked about.

Struck out or hidden by a style, a named style or one for some values; in the colour of the
background; not shown by the number format. The same troubles in every format of workbook, and those
that documents have.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from intake.cell_values import any_number
from intake.delivered_file import read_sheets
from intake.grid import Cell, Sheet
from intake.number_formats import shown_by
from intake.stated_figures import StatedTarget, StatedValue, target_of, value_of
from intake.table_mapping import propose
from intake.table_questions import Found, questions
from intake.table_rows import read_tables
from ledger.rubric import read as read_rubric
from ledger.values import Invalid
from tests.support.small_case import RUBRIC
from tests.support.troubled_cells import (
    CELL,
    HEADING,
    OLD,
    OPEN,
    RIGHT,
    ROWS,
    TROUBLES,
    ZERO,
    write_today,
)


def outcome(path: Path, sheets: list[Sheet], score: int = 38) -> str:
    """What comes of reading a table: the score is right, or which place is asked about first."""
    pinned = read_rubric(RUBRIC.encode())
    tables = read_tables(path, sheets, 2)
    rows = propose(tables, pinned)
    asked = questions(path, Found(tables, rows), pinned)
    scores = {means: row.award for row, means in rows}
    if asked:
        assert scores.get("spending") in {None, Decimal(score)}
        return asked[0].where.en.rpartition(" ")[2]
    assert list(scores.values()) == [Decimal(score), Decimal(30), Decimal("25.5")]
    return RIGHT


BOOKS: Final[dict[str, Callable[[], bytes]]] = {
    "xlsx": write_today,
    "xls": OLD.read_bytes,
    "ods": OPEN.read_bytes,
}


@pytest.mark.parametrize("suffix", BOOKS)
def test_a_workbook_of_any_format_asks_about_what_people_do_not_see(suffix: str) -> None:
    path = Path(f"t.{suffix}")
    sheets = read_sheets(path, BOOKS[suffix]())

    found = {sheet.name: outcome(path, [sheet], 38 * (sheet.name != ZERO)) for sheet in sheets}

    assert found == {name: wanted for name, (_, wanted) in TROUBLES.items()}


def without_zeros(suffix: str) -> bytes:
    """A workbook of which no sheet shows zeros."""
    content = BOOKS[suffix]()
    if suffix == "xls":
        window = re.compile(rb"(\x3e\x02\x12\x00)(.)", re.DOTALL)  # [MS-XLS] 2.4.346
        return window.sub(lambda found: found[1] + bytes([found[2][0] & ~0x10]), content)
    was, becomes = {
        "xlsx": (b"<sheetView ", b'<sheetView showZeros="0" '),
        "ods": (
            b'"ShowZeroValues" config:type="boolean">true',
            b'"ShowZeroValues" config:type="boolean">false',
        ),
    }[suffix]
    out = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(was, becomes))
    return out.getvalue()


@pytest.mark.parametrize("suffix", BOOKS)
def test_a_zero_is_asked_about_on_a_sheet_that_shows_none(suffix: str) -> None:
    path = Path(f"t.{suffix}")
    (sheet,) = (s for s in read_sheets(path, without_zeros(suffix)) if s.name == ZERO)

    assert outcome(path, [sheet], 0) == CELL


# What no program writes ------------------------------------------------------------------------


def spoiled(part: str, was: bytes, becomes: bytes) -> bytes:
    """The workbook with something else in one of its parts."""
    out = BytesIO()
    with ZipFile(BytesIO(write_today())) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            assert name != part or was in content
            new.writestr(name, content.replace(was, becomes) if name == part else content)
    return out.getvalue()


STYLES, FIRST = "xl/styles.xml", "xl/worksheets/sheet1.xml"
RULE = (
    b'<conditionalFormatting sqref="%s"><cfRule type="cellIs" dxfId="0" priority="1"'
    b' operator="equal"><formula>1</formula></cfRule></conditionalFormatting>'
)
END = b"</sheetData>"


@pytest.mark.parametrize(
    ("part", "was", "becomes"),
    [
        (STYLES, b'<sz val="11"', b'<sz val="1e999999999"'),
        (STYLES, b'<sz val="11"', b'<sz val="nan"'),
        (STYLES, b'tint="-0.05"', b'tint="dark"'),
        (STYLES, b'rgb="00FFFFFF"', b'rgb="white"'),
        (STYLES, b'rgb="00FFFFFF"', b'indexed="999999999999"'),
        (STYLES, b'formatCode="', b'formatCode="' + b"#," * 500_000),
        (STYLES, b'xfId="0"', b'xfId="-1"'),
        (FIRST, END, END + RULE % b"A0 #REF! A:B 3:4 ZZZZ9"),
        (FIRST, END, END + RULE % b"A1:XFD1048576" * 20_000),
    ],
)
def test_what_a_style_cannot_mean_is_no_reason_not_to_read(
    part: str, was: bytes, becomes: bytes
) -> None:
    content = spoiled(part, was, becomes)

    assert outcome(Path("t.xlsx"), read_sheets(Path("t.xlsx"), content)[:1]) == RIGHT


def test_more_conditional_formats_than_can_be_looked_at_are_refused_with_the_sheet() -> None:
    far = b'</row><row r="8000"><c r="F8000"><v>1</v></c></row></sheetData>'
    content = spoiled(FIRST, b"</row></sheetData>", far + RULE % b"A1:XFD1048576" * 30)

    with pytest.raises(Invalid, match="'as it is': too many conditional formats"):
        read_sheets(Path("t.xlsx"), content)


def test_a_part_in_an_encoding_that_nobody_knows_is_damage() -> None:
    content = spoiled(STYLES, b"<styleSheet", b'<?xml version="1.0" encoding="UTF-9"?><styleSheet')

    with pytest.raises(Invalid, match=r"t\.xlsx: not an intact"):
        read_sheets(Path("t.xlsx"), content)


# Number formats ----------------------------------------------------------------------------------

SHOWN: Final = {
    ("0;-0;;@", "0"): "veiled",
    ("0;-0;;@", "38"): "38",
    (";;;", "38"): "veiled",
    ("**;**", "38"): "veiled",
    ("0.00_);[Red]\\(0.00\\)", "-5"): "-5",
    ("0;0", "-5"): "veiled",
    ("0;[Red]0", "-5"): "-5",
    ('_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "0"): "veiled",
    ("#", "0"): "veiled",
    ("#.0", "0.5"): "0.5",
    ('[=0]"";General', "0"): "veiled",
    ('[=0]"";General', "38"): "38",
    ("[>=90]0", "38"): "veiled",
    ("[Color2]0", "38"): "veiled",
    ("# ??/??", "37.5"): "veiled",
    ("0.00E+00", "38"): "veiled",
    ('0!.0,"万"', "38000"): "veiled",
    ("000-000", "38"): "veiled",
    ("[$¥-804]#,##0.00", "38"): "38",
    ("[DBNum1]0", "38"): "38",
    ("G/通用格式", "38"): "38",
    ('G/通用格式"分"', "38"): "38",
    ('0"/40"', "38"): "refused",
    ('"第"0', "38"): "refused",
    ('0"%"', "38"): "refused",
    ('0.0"分"', "38"): "38",
}
"""Formats with numbers, and the score that is read."""


@pytest.mark.parametrize(("code", "number"), SHOWN)
def test_a_number_is_read_where_its_format_shows_it(code: str, number: str) -> None:
    shown = shown_by(code, Decimal(number))
    cell = Cell(Decimal(number), "E2", **shown._asdict())

    if shown.veiled:
        found = "veiled"
    else:
        try:
            found = str(any_number(cell))
        except Invalid:
            found = "refused"

    assert found == SHOWN[code, number]


def test_the_words_of_a_format_are_those_of_a_figure() -> None:
    def formatted(number: str, code: str) -> Cell:
        return Cell(Decimal(number), "D2", **shown_by(code, Decimal(number))._asdict())

    parts = {"target": formatted("1", '"≥"0"万册"')}
    target = target_of(parts, frozenset())

    assert target == StatedTarget("at-least", "1", "万册")
    given = value_of(formatted("0.98", '0.00"万册"'), parts, target, frozenset())
    assert given == StatedValue("0.98", "number", "万册")


# Word --------------------------------------------------------------------------------------------


class Styled:
    """A document with the table, in which the score's cell has styles that were added."""

    def __init__(self) -> None:
        self.document = Document()
        self.table = self.document.add_table(len(ROWS) + 1, len(HEADING))
        for line, row in zip(self.table.rows, (HEADING, *ROWS), strict=True):
            for cell, value in zip(line.cells, row, strict=True):
                cell.text = str(value)
        self.score = self.table.cell(1, 4).paragraphs[0]

    def style(self, kind: str, id_: str, inner: str, based_on: str = "") -> None:
        base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
        self.document.styles.element.append(
            parse_xml(
                f'<w:style {nsdecls("w")} w:type="{kind}" w:styleId="{id_}"><w:name w:val="{id_}"/>'
                f"{base}{inner}</w:style>"
            )
        )

    def of_run(self, style: str, *, before: str = "") -> None:
        """The score in a style of runs, or digits in it before the score."""
        runs = f'<w:r><w:rPr><w:rStyle w:val="{style}"/></w:rPr><w:t>{before or 38}</w:t></w:r>'
        if before:
            runs += "<w:r><w:t>38</w:t></w:r>"
        self.run(runs)

    def run(self, runs: str) -> None:
        """The score's paragraph with other runs."""
        paragraph = self.score._p  # noqa: SLF001 - python-docx has no such properties
        for run in list(paragraph):
            paragraph.remove(run)
        for element in parse_xml(f"<w:p {nsdecls('w')}>{runs}</w:p>"):
            paragraph.append(element)

    def of_paragraph(self, style: str) -> None:
        properties = self.score._p.get_or_add_pPr()  # noqa: SLF001 - the same
        properties.append(parse_xml(f'<w:pStyle {nsdecls("w")} w:val="{style}"/>'))

    def of_table(self, style: str, look: str = "04A0") -> None:
        properties = self.table._tbl.tblPr  # noqa: SLF001 - the same
        for old in list(properties):
            properties.remove(old)
        properties.append(parse_xml(f'<w:tblStyle {nsdecls("w")} w:val="{style}"/>'))
        properties.append(parse_xml(f'<w:tblLook {nsdecls("w")} w:val="{look}"/>'))

    def shade(self, fill: str) -> None:
        properties = self.table.cell(1, 4)._tc.get_or_add_tcPr()  # noqa: SLF001 - the same
        properties.append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{fill}"/>'))


STRIKE: Final = "<w:rPr><w:strike/></w:rPr>"
VANISH: Final = "<w:rPr><w:vanish/></w:rPr>"
WHITE: Final = '<w:rPr><w:color w:val="FFFFFF"/></w:rPr>'
NOT_STRUCK: Final = '<w:r><w:rPr><w:strike w:val="0"/></w:rPr><w:t>38</w:t></w:r>'


def by_run(inner: str, before: str = "") -> Callable[[Styled], None]:
    def spoil(made: Styled) -> None:
        made.style("character", "one", inner)
        made.style("character", "two", "", "one")
        made.of_run("two", before=before)

    return spoil


def by_paragraph(inner: str, runs: str = "") -> Callable[[Styled], None]:
    def spoil(made: Styled) -> None:
        made.style("paragraph", "one", inner)
        made.style("paragraph", "two", "", "one")
        if runs:
            made.run(runs)
        made.of_paragraph("two")

    return spoil


def by_table(inner: str) -> Callable[[Styled], None]:
    def spoil(made: Styled) -> None:
        made.style("table", "one", inner)
        made.style("table", "two", "", "one")
        made.of_table("two")

    return spoil


def by_defaults(made: Styled) -> None:
    defaults = made.document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr")[0]
    defaults.append(parse_xml(f"<w:strike {nsdecls('w')}/>"))


def hidden_twice(made: Styled) -> None:
    """Hidden by the style of its paragraph and by its own: programs disagree, so a person looks."""
    by_paragraph(VANISH)(made)
    made.style("character", "three", VANISH)
    made.run('<w:r><w:rPr><w:rStyle w:val="three"/></w:rPr><w:t>38</w:t></w:r>')
    made.of_paragraph("two")


def on_dark(made: Styled) -> None:
    by_run(WHITE)(made)
    made.shade("1F3864")


def usual(made: Styled) -> None:
    made.document.styles["Normal"].font.strike = True


def part(name: str, inner: str, fill: str = "") -> str:
    shade = f'<w:tcPr><w:shd w:val="clear" w:fill="{fill}"/></w:tcPr>' if fill else ""
    return f'<w:tblStylePr w:type="{name}">{inner}{shade}</w:tblStylePr>'


def equation(text: str) -> Callable[[Styled], None]:
    space = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    return lambda made: made.run(f"<m:oMath {space}>{text}</m:oMath>")


def raised(text: str, before: str = "38") -> Callable[[Styled], None]:
    """The score with something raised behind it, such as the number of a note."""
    run = f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>{text}</w:t></w:r>'
    return lambda made: made.run(f"<w:r><w:t>{before}</w:t></w:r>{run}")


def square_metres(made: Styled) -> None:
    """The reason with a raised digit, which is part of a word."""
    made.score = made.table.cell(1, 5).paragraphs[0]
    raised("2", "少 m")(made)


M_38: Final = "<m:r><m:t>38</m:t></m:r>"
NAME: Final = "'一级指标'"
WORD: Final[dict[str, tuple[Callable[[Styled], None], str]]] = {
    "as it is": (lambda _: None, RIGHT),
    "struck by a style of runs": (by_run(STRIKE), CELL),
    "a digit struck by a style": (by_run(STRIKE, "1"), CELL),
    "struck by a style of paragraphs": (by_paragraph(STRIKE), CELL),
    "struck by a style, and not struck itself": (by_paragraph(STRIKE, NOT_STRUCK), RIGHT),
    "struck by the style of the table": (by_table(STRIKE), NAME),
    "a first column struck by the style": (by_table(part("firstCol", STRIKE)), NAME),
    "a last row struck that is not used": (by_table(part("lastRow", STRIKE)), RIGHT),
    "struck by the defaults": (by_defaults, NAME),
    "struck by the usual style": (usual, NAME),
    "a digit hidden by a style": (by_run(VANISH, "1"), RIGHT),
    "hidden by two styles": (hidden_twice, CELL),
    "white by a style": (by_run(WHITE), CELL),
    "a white digit": (by_run(WHITE, "1"), CELL),
    "white on dark": (on_dark, RIGHT),
    "a heading white on dark by the style": (by_table(part("firstRow", WHITE, "1F3864")), RIGHT),
    "a heading white on white by the style": (by_table(part("firstRow", WHITE)), NAME),
    "tiny": (by_run('<w:rPr><w:sz w:val="2"/></w:rPr>'), CELL),
    "a sign of a font of signs": (
        lambda made: made.run('<w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:t>38</w:t></w:r>'),
        CELL,
    ),
    "a picture alone": (lambda made: made.run("<w:r><w:drawing/></w:r>"), CELL),
    "a raised digit": (raised("1"), CELL),
    "a raised digit of a word": (square_metres, RIGHT),
    "words with their reading": (
        lambda made: made.run(
            "<w:r><w:ruby><w:rt><w:r><w:t>9</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>38</w:t></w:r>"
            "</w:rubyBase></w:ruby></w:r>"
        ),
        RIGHT,
    ),
    "an equation": (equation(M_38), RIGHT),
    "a fraction": (
        equation(f"<m:f><m:num>{M_38}</m:num><m:den>{M_38}</m:den></m:f>"),
        CELL,
    ),
}


@pytest.mark.parametrize("trouble", WORD)
def test_a_document_asks_about_what_people_do_not_see(trouble: str) -> None:
    spoil, wanted = WORD[trouble]
    made, out = Styled(), BytesIO()
    spoil(made)
    made.document.save(out)

    found = outcome(Path("t.docx"), read_sheets(Path("t.docx"), out.getvalue()))

    assert found == wanted


def test_a_table_goes_on_after_words_that_say_so() -> None:
    document, out = Document(), BytesIO()
    for lines in ((HEADING, *ROWS[:1]), ROWS[1:]):
        table = document.add_table(len(lines), len(HEADING))
        for line, row in zip(table.rows, lines, strict=True):
            for cell, value in zip(line.cells, row, strict=True):
                cell.text = str(value)
        document.add_paragraph("（续上表）")
    document.save(out)

    assert outcome(Path("t.docx"), read_sheets(Path("t.docx"), out.getvalue())) == RIGHT
