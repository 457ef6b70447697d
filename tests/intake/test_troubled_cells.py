"""What a cell may have that people do not see or did not mean, by format: read right or asked.

The score in question is 38. Whatever is wrong with its cell is asked about with the cell; what only
looks unusual is read; nothing that nobody sees, or that was deleted, is ever the score.
"""

import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.table import Table
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from intake.delivered_file import read_sheets
from intake.table_mapping import propose
from intake.table_questions import Found, questions
from intake.table_rows import read_tables
from ledger.rubric import read as read_rubric
from tests.support.small_case import RUBRIC

HEADING: Final = ("一级指标", "三级指标", "分值", "自评得分", "核查得分", "得扣分原因")
ROWS: Final = (
    ("管理", "预算执行率", "40", "40", "38", "支出慢"),
    ("管理", "年度计划", "30", "30", "30", ""),
    ("效果", "服务对象满意度", "30", "28", "25.5", "投诉"),
)
CELL: Final = "E2"
SMALL: Final = {"width": 40, "height": 15}
"""A box that stays within the cell at whose corner it begins."""
SEAL: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b5500"
    "00000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)
"""A picture of one point."""
Outcome = str
"""`right`, or the place that is asked about."""


def outcome(path: Path, content: bytes) -> Outcome:
    """What comes of reading a table: the score is right, or which place is asked about first."""
    pinned = read_rubric(RUBRIC.encode())
    tables = read_tables(path, read_sheets(path, content), 2)
    rows = propose(tables, pinned)
    asked = questions(path, Found(tables, rows), pinned)
    scores = {means: row.award for row, means in rows}
    assert scores.get("spending") in {None, Decimal(38)}, scores
    if asked:
        return asked[0].where.en.rpartition(" ")[2]
    assert list(scores.values()) == [Decimal(38), Decimal(30), Decimal("25.5")]
    return "right"


# Workbooks ---------------------------------------------------------------------------------------


def workbook(spoil: Callable[[Workbook, Worksheet], object]) -> bytes:
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("表")
        page.write_row(0, 0, HEADING)
        for line, row in enumerate(ROWS, 1):
            for column, text in enumerate(row):
                if text.replace(".", "").isdigit():
                    page.write_number(line, column, float(text))
                else:
                    page.write_string(line, column, text)
        spoil(book, page)
    return out.getvalue()


def formatted(value: float, code: str) -> Callable[[Workbook, Worksheet], object]:
    return lambda book, page: page.write(CELL, value, book.add_format({"num_format": code}))


def hidden_sheet(book: Workbook, _: Worksheet) -> None:
    other = book.add_worksheet("旧稿")
    other.write_row(0, 0, HEADING)
    other.write_row(1, 0, ("管理", "预算执行率", 40, 40, 20, ""))
    other.hide()


def chart(book: Workbook, page: Worksheet) -> None:
    drawn = book.add_chart({"type": "column"})
    drawn.add_series({"values": "=表!$E$2:$E$4"})
    page.insert_chart(CELL, drawn)


XLSX: Final[dict[str, tuple[Callable[[Workbook, Worksheet], object], Outcome]]] = {
    "as it is": (lambda _book, _page: None, "right"),
    "struck out": (
        lambda book, page: page.write(CELL, 38, book.add_format({"font_strikeout": True})),
        CELL,
    ),
    "a struck-out digit": (
        lambda book, page: page.write_rich_string(
            CELL, "3", book.add_format({"font_strikeout": True}), "1", "8"
        ),
        CELL,
    ),
    "decimals that are hidden": (formatted(37.6, "0"), CELL),
    "a number that is not shown": (formatted(37.6, ";;;"), CELL),
    "words in the place of a number": (formatted(37.6, '"优"'), CELL),
    "thousands": (formatted(38000, "0,"), CELL),
    "a fraction": (formatted(37.6, "# ?/?"), CELL),
    "a unit that is shown": (formatted(38, '0.0"分"'), "right"),
    "a format of its own": (formatted(38, "G/通用格式"), "right"),
    "a percentage": (formatted(0.95, "0%"), CELL),
    "a date": (formatted(38, "yyyy-mm-dd"), CELL),
    "a formula with its value": (
        lambda _, page: page.write_formula(CELL, "=40-2", None, 38),
        "right",
    ),
    "a formula that nobody calculated": (
        lambda _, page: page.write_formula(CELL, "=40-2", None, ""),
        CELL,
    ),
    "a formula that fails": (
        lambda _, page: page.write_formula(CELL, "=1/0", None, "#DIV/0!"),
        CELL,
    ),
    "noise of storage": (lambda _, page: page.write_number(CELL, 37.99999999999999289), "right"),
    "a number as text": (lambda _, page: page.write_string(CELL, "38"), "right"),
    "full-width digits": (lambda _, page: page.write_string(CELL, "３８．０"), "right"),
    "a suffix": (lambda _, page: page.write_string(CELL, "38分"), "right"),
    "a full stop for a point": (lambda _, page: page.write_string(CELL, "3。8"), CELL),
    "a score of its weight": (lambda _, page: page.write_string(CELL, "38/40"), CELL),
    "points taken off": (lambda _, page: page.write_string(CELL, "扣2分"), CELL),
    "a tick": (lambda _, page: page.write_string(CELL, "√"), CELL),
    "true": (lambda _, page: page.write_boolean(CELL, True), CELL),  # noqa: FBT003 - a cell of truth
    "a hidden column": (
        lambda _, page: page.set_column("E:E", None, None, {"hidden": True}),
        "'核查得分'",
    ),
    "a column of no width": (lambda _, page: page.set_column("E:E", 0), "'核查得分'"),
    "a hidden row": (lambda _, page: page.set_row(1, None, None, {"hidden": True}), "2"),
    "a row of no height": (lambda _, page: page.set_row(1, 0), "2"),
    "rows that are hidden unless they hold something": (
        lambda _, page: page.set_default_row(hide_unused_rows=True),
        "right",
    ),
    "a hidden sheet": (hidden_sheet, "'旧稿'"),
    "a text box over it": (lambda _, page: page.insert_textbox(CELL, "应为 20", SMALL), CELL),
    "a text box beside the table": (lambda _, page: page.insert_textbox("H2", "应为 20"), "right"),
    "a box of colour over it": (lambda _, page: page.insert_textbox(CELL, "", SMALL), CELL),
    "an empty frame around it": (
        lambda _, page: page.insert_textbox(CELL, "", {**SMALL, "fill": {"none": True}}),
        "right",
    ),
    "a picture over it": (
        lambda _, page: page.insert_image(CELL, "seal.png", {"image_data": BytesIO(SEAL)}),
        CELL,
    ),
    "a chart over it": (chart, CELL),
    "a text box over no more than the edge of a merged name": (
        lambda _, page: (
            page.merge_range("B2:B3", "预算执行率"),
            page.insert_textbox("B3", "废", SMALL),
        ),
        "B2",
    ),
    "a note to it": (lambda _, page: page.write_comment(CELL, "已核对"), "right"),
    "a score over two rows": (lambda _, page: page.merge_range("E2:E3", 68), CELL),
    "a score over two columns": (lambda _, page: page.merge_range("E2:F2", 38), "right"),
}


@pytest.mark.parametrize("trouble", XLSX)
def test_of_a_workbook(trouble: str) -> None:
    spoil, wanted = XLSX[trouble]

    assert outcome(Path("t.xlsx"), workbook(spoil)) == wanted


def rewritten(content: bytes, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> bytes:
    """A package with its parts changed, renamed or left out."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if changed := change(name, old.read(name)):
                new.writestr(*changed)
    return out.getvalue()


def without_styles(name: str, part: bytes) -> tuple[str, bytes] | None:
    if name == "xl/styles.xml":
        return None
    if name.endswith(("workbook.xml.rels", "[Content_Types].xml")):
        part = re.sub(rb"<(?:Relationship|Override) [^>]*styles[^>]*/>", b"", part)
    return name, part


def without_references(name: str, part: bytes) -> tuple[str, bytes]:
    if "worksheets/" in name:
        part = re.sub(rb'(<c|<row)( [^>]*?)? r="[A-Z]*\d+"', rb"\1\2", part)
        part = re.sub(rb'<(c|row) r="[A-Z]*\d+"', rb"<\1", part)
    return name, part


def under_other_names(name: str, part: bytes) -> tuple[str, bytes]:
    for old, new in (
        (b"worksheets/sheet1.xml", b"seiten/eins.xml"),
        (b"xl/workbook.xml", b"xl/book.xml"),
        (b"sharedStrings.xml", b"words.xml"),
        (b"styles.xml", b"looks.xml"),
    ):
        part = part.replace(old, new)
        name = name.replace(old.decode(), new.decode())
    return name.replace("_rels/workbook.xml.rels", "_rels/book.xml.rels"), part


def under_a_merge(name: str, part: bytes) -> tuple[str, bytes]:
    """A score that lies below merged cells, as scripts leave it: 38 is not seen, and not read."""
    if "worksheets/" in name:
        merge = b'<mergeCells count="1"><mergeCell ref="D2:E2"/></mergeCells>'
        part = part.replace(b"</sheetData>", b"</sheetData>" + merge)
    return name, part


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (without_styles, "right"),
        (without_references, "right"),
        (under_other_names, "right"),
    ],
)
def test_of_a_valid_package_that_is_written_otherwise(
    change: Callable[[str, bytes], tuple[str, bytes] | None], wanted: Outcome
) -> None:
    plain = workbook(lambda _book, _page: None)
    content = rewritten(plain, change)

    assert content != rewritten(plain, lambda name, part: (name, part))
    assert outcome(Path("t.xlsx"), content) == wanted


def test_what_lies_below_merged_cells_is_not_read() -> None:
    content = rewritten(workbook(lambda _book, _page: None), under_a_merge)
    (sheet,) = read_sheets(Path("t.xlsx"), content)

    assert (sheet.rows[1][3].text, sheet.rows[1][4].text) == ("40.0", "")
    with pytest.raises(AssertionError):  # the score is lacking, and is nobody's
        outcome(Path("t.xlsx"), content)


# OpenDocument ------------------------------------------------------------------------------------


def ods(cell: str, styles: str = "", *, row: str = "", column: str = "", more: str = "") -> bytes:
    def shown(text: str) -> str:
        if text.replace(".", "").isdigit():
            return (
                f'<table:table-cell office:value-type="float" office:value="{text}">'
                f"<text:p>{text}</text:p></table:table-cell>"
            )
        return words(escape(text))

    lines = []
    for number, texts in enumerate((HEADING, *ROWS)):
        cells = [shown(text) for text in texts]
        if number == 1:
            cells[4] = cell
        lines.append(
            f"<table:table-row{row if number == 1 else ''}>{''.join(cells)}</table:table-row>"
        )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
        for name, urn in (
            ("office", "office"),
            ("table", "table"),
            ("text", "text"),
            ("style", "style"),
            ("number", "datastyle"),
            ("fo", "xsl-fo-compatible"),
        )
    )
    columns = (
        f'<table:table-column table:number-columns-repeated="4"/><table:table-column{column}/>'
    )
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="表">{columns}{"".join(lines)}</table:table>{more}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("content.xml", content)
    return out.getvalue()


def number(value: str, shown: str = "", attributes: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}"{attributes}>'
        f"<text:p>{shown or value}</text:p></table:table-cell>"
    )


def words(text: str) -> str:
    return (
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    )


STRUCK: Final = (
    '<style:style style:name="s" style:family="table-cell">'
    '<style:text-properties style:text-line-through-style="solid"/></style:style>'
)
WHOLE: Final = (
    '<number:number-style style:name="n"><number:number number:decimal-places="0"/>'
    '</number:number-style><style:style style:name="c" style:family="table-cell"'
    ' style:data-style-name="n"/>'
)
UNSEEN: Final = (
    '<style:style style:name="t" style:family="table">'
    '<style:table-properties table:display="false"/></style:style>'
)
STYLED: Final = ' table:style-name="{}"'
ODS: Final[dict[str, tuple[bytes, Outcome]]] = {
    "as it is": (ods(number("38")), "right"),
    "struck out": (ods(number("38", attributes=STYLED.format("s")), STRUCK), CELL),
    "a formula that shows a truth for 1": (ods(number("1", "TRUE")), CELL),
    "decimals that are hidden": (ods(number("37.6", "38", STYLED.format("c")), WHOLE), CELL),
    "a formula with its value": (
        ods(number("38", attributes=' table:formula="of:=40-2"')),
        "right",
    ),
    "a formula that nobody calculated": (
        ods('<table:table-cell table:formula="of:=40-2"/>'),
        CELL,
    ),
    "noise of storage": (ods(number("37.99999999999999289", "38")), "right"),
    "a number as text": (ods(words("38")), "right"),
    "a suffix": (ods(words("38分")), "right"),
    "a percentage": (
        ods(number("0.95", "95%").replace('"float"', '"percentage"')),
        CELL,
    ),
    "a comment": (
        ods(
            number("38").replace(
                "<text:p>", "<office:annotation><text:p>20</text:p></office:annotation><text:p>"
            )
        ),
        "right",
    ),
    "a hidden column": (ods(number("38"), column=' table:visibility="collapse"'), "'核查得分'"),
    "a hidden row": (ods(number("38"), row=' table:visibility="collapse"'), "2"),
    "a row that a filter hides": (ods(number("38"), row=' table:visibility="filter"'), "2"),
    "a hidden sheet": (
        ods(
            number("38"),
            UNSEEN,
            more=f'<table:table table:name="旧稿"{STYLED.format("t")}><table:table-row>'
            f"{words('得分')}</table:table-row></table:table>",
        ),
        "'旧稿'",
    ),
}


@pytest.mark.parametrize("trouble", ODS)
def test_of_an_open_document(trouble: str) -> None:
    content, wanted = ODS[trouble]

    assert outcome(Path("t.ods"), content) == wanted


# Word --------------------------------------------------------------------------------------------

BY: Final = 'w:id="1" w:author="x" w:date="2024-01-01T00:00:00Z"'


def runs(inner: str) -> Callable[[Table], None]:
    """The score's cell with other runs in its paragraph."""

    def change(table: Table) -> None:
        paragraph = table.cell(1, 4).paragraphs[0]._p  # noqa: SLF001 - python-docx has no revisions
        for run in list(paragraph):
            paragraph.remove(run)
        for element in parse_xml(f"<w:p {nsdecls('w')}>{inner}</w:p>"):
            paragraph.append(element)

    return change


def of_row(inner: str, line: int = 1) -> Callable[[Table], None]:
    def change(table: Table) -> None:
        properties = table.rows[line]._tr.get_or_add_trPr()  # noqa: SLF001 - the same
        properties.append(parse_xml(inner.replace("/>", f" {nsdecls('w')}/>")))

    return change


def deleted_row(table: Table) -> None:
    """A row above, of the same name, that somebody has deleted with revisions on."""
    row = table.add_row()  # type: ignore[no-untyped-call]  # of python-docx
    for cell, text in zip(row.cells, ("管理", "预算执行率", "40", "40", "20", ""), strict=True):
        cell.text = text
    table.rows[1]._tr.addprevious(row._tr)  # noqa: SLF001 - the same
    of_row(f"<w:del {BY}/>")(table)


def run(text: str, properties: str = "") -> str:
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}<w:t>{text}</w:t></w:r>"


def gone(text: str) -> str:
    return f"<w:del {BY}><w:r><w:delText>{text}</w:delText></w:r></w:del>"


def boxed(text: str, fallback: str = "") -> str:
    """A run with a text box, in the two formats in which Word writes it."""
    content = f"<w:txbxContent><w:p>{run(text)}</w:p></w:txbxContent>"
    return (
        f"<w:r><mc:AlternateContent xmlns:mc='{COMPATIBLE}'><mc:Choice Requires='wps'>"
        f"<w:drawing>{content}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{fallback or content}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


COMPATIBLE: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def framed(table: Table) -> None:
    """The score's paragraph is a frame, which stands somewhere on the page."""
    properties = table.cell(1, 4).paragraphs[0]._p.get_or_add_pPr()  # noqa: SLF001 - the same
    properties.append(parse_xml(f"<w:framePr {nsdecls('w')} w:w='900' w:x='9000' w:y='12000'/>"))


def narrow(table: Table) -> None:
    """The column of the scores is a tenth of a millimetre wide."""
    table.autofit = False
    for cell in table.columns[4].cells:
        cell.width = 6 * 635


WORD: Final[dict[str, tuple[Callable[[Table], None], Outcome]]] = {
    "as it is": (lambda _: None, "right"),
    "a struck-out digit": (runs(run("3") + run("1", "<w:strike/>") + run("8")), CELL),
    "deleted words and inserted ones": (
        runs(gone("20") + f"<w:ins {BY}>{run('38')}</w:ins>"),
        CELL,
    ),
    "deleted words alone": (runs(gone("20") + run("38")), CELL),
    "hidden digits": (runs(run("1", "<w:vanish/>") + run("38")), "right"),
    "a content control": (
        runs(f"<w:sdt><w:sdtContent>{run('38')}</w:sdtContent></w:sdt>"),
        "right",
    ),
    "words in several runs": (runs(run("3") + run("8")), "right"),
    "a suffix": (runs(run("38分")), "right"),
    "full-width digits": (runs(run("３８")), "right"),
    "a row that was inserted": (of_row(f"<w:ins {BY}/>"), "A2"),
    "a row that was deleted": (deleted_row, "right"),
    "a text box beside the digits": (runs(run("20") + boxed("38")), CELL),
    "a text box alone": (runs(boxed("38")), CELL),
    "an empty text box": (runs(run("38") + boxed("")), "right"),
    "a frame": (framed, CELL),
    "a row too thin to be read": (of_row("<w:trHeight w:hRule='exact' w:val='20'/>"), "2"),
    "a row that is thin at least": (of_row("<w:trHeight w:val='20'/>"), "right"),
    "a column too narrow to be read": (narrow, "'核查得分'"),
}


@pytest.mark.parametrize("trouble", WORD)
def test_of_a_word_document(trouble: str) -> None:
    spoil, wanted = WORD[trouble]
    document, out = Document(), BytesIO()
    table = document.add_table(len(ROWS) + 1, len(HEADING))
    for line, texts in zip(table.rows, (HEADING, *ROWS), strict=True):
        for cell, text in zip(line.cells, texts, strict=True):
            cell.text = text
    spoil(table)
    document.save(out)

    assert outcome(Path("t.docx"), out.getvalue()) == wanted


@pytest.mark.parametrize("between", ["续表", "（接上页）", "— 12 —", "第 3 页", ""])
def test_a_table_that_a_page_break_has_cut_goes_on(between: str) -> None:
    document, out = Document(), BytesIO()
    for part in ((HEADING, *ROWS[:2]), ROWS[2:]):
        table = document.add_table(len(part), len(HEADING))
        for line, texts in zip(table.rows, part, strict=True):
            for cell, text in zip(line.cells, texts, strict=True):
                cell.text = text
        document.add_paragraph(between)
    document.save(out)

    assert outcome(Path("t.docx"), out.getvalue()) == "right"


def test_a_table_in_a_text_box_is_read_once() -> None:
    document, out = Document(), BytesIO()
    rows = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:p>{run(text)}</w:p></w:tc>" for text in texts) + "</w:tr>"
        for texts in (HEADING, *ROWS)
    )
    box = boxed("x").replace(f"<w:p>{run('x')}</w:p>", f"<w:tbl>{rows}</w:tbl><w:p/>")
    document.add_paragraph()._p.append(  # noqa: SLF001 - the same
        parse_xml(f"<w:p {nsdecls('w')}>{box}</w:p>")[0]
    )
    document.save(out)

    assert outcome(Path("t.docx"), out.getvalue()) == "right"


# Text --------------------------------------------------------------------------------------------

TEXT: Final = {
    "38": "right",
    "38.00": "right",
    "３８": "right",
    "38分": "right",
    '"=""38"""': CELL,
    "=40-2": CELL,
    "95%": CELL,
    "38/40": CELL,
    "#REF!": CELL,
    "满分": CELL,
}


@pytest.mark.parametrize("score", TEXT)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_of_lines_of_text(score: str, encoding: str) -> None:
    lines = [",".join(texts) for texts in (HEADING, *ROWS)]
    lines[1] = lines[1].replace(",38,", f",{score},")

    assert outcome(Path("t.csv"), "\n".join(lines).encode(encoding)) == TEXT[score]
