"""A document for Word (.docx): Chinese fonts set, headings repeated, the same bytes every time."""

from datetime import datetime
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx as word
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import BaseStyle, ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph

from documents.page import (
    Block,
    Document,
    Facts,
    PageColumn,
    PageHeading,
    PageRow,
    PageTable,
    Paragraph,
    format_cell,
    one_line,
    printable,
)
from ledger.language import Language

LATIN: Final = "Times New Roman"
BODY: Final = "宋体"
HEADINGS: Final = "黑体"
CODE: Final = "Consolas"
A4: Final = (Mm(210), Mm(297))
MARGIN: Final = Mm(18)
TWIPS_A_MM: Final = 56
CELL_MARGIN: Final = "57"
COLON: Final = {"zh": "：", "en": ": "}
BLACK: Final = RGBColor(0, 0, 0)
ZIP_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def docx(document: Document) -> bytes:
    """The file."""
    made = word.Document()
    _set_fonts(made)
    _set_page(made, document)
    title = made.add_heading(one_line(document.title), 0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    subtitle = made.add_paragraph(one_line(document.subtitle))
    subtitle.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for block in document.blocks:
        _add(made, block, document.language, landscape=document.landscape)
    properties = made.core_properties
    moment = datetime.fromisoformat(document.made).replace(tzinfo=None)
    properties.created = properties.modified = moment
    properties.author = properties.last_modified_by = "scoretrail"
    properties.title = one_line(document.title)
    properties.comments = ""
    properties.revision = 1
    out = BytesIO()
    made.save(out)
    return _timeless(out.getvalue())


def _set_fonts(made: WordDocument) -> None:
    """Say which font Chinese is set in: without it Word takes one that may have no Chinese."""
    for name, font, size in (
        ("Normal", BODY, 10.5),
        ("Title", HEADINGS, 18),
        ("Heading 2", HEADINGS, 12),
    ):
        style: BaseStyle = made.styles[name]
        assert isinstance(style, ParagraphStyle)  # noqa: S101 - the three above are
        style.font.name = LATIN
        style.font.size = Pt(size)
        style.font.color.rgb = BLACK
        if (line := style.element.find(".//" + qn("w:pBdr"))) is not None:
            line.getparent().remove(line)  # the template draws one below its titles
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:hAnsi"), LATIN)
        fonts.set(qn("w:eastAsia"), font)


def _set_page(made: WordDocument, document: Document) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = reversed(A4) if document.landscape else A4
    section.orientation = WD_ORIENT.LANDSCAPE if document.landscape else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = MARGIN
    first = section.footer.paragraphs[0]
    for index, line in enumerate(document.footer):
        paragraph = first if index == 0 else section.footer.add_paragraph()
        paragraph.add_run(one_line(line)).font.size = Pt(8)
    pages = section.footer.add_paragraph()
    pages.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_field(pages, "PAGE")
    pages.add_run(" / ")
    _add_field(pages, "NUMPAGES")


def _add_field(paragraph: WordParagraph, code: str) -> None:
    """A field that Word fills in itself, such as the number of the page."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - python-docx offers no fields


def _add(made: WordDocument, block: Block, language: Language, *, landscape: bool) -> None:
    match block:
        case PageHeading(text=text):
            made.add_heading(one_line(text), 2)
        case Paragraph(text=text, code=code):
            run = made.add_paragraph().add_run(printable(text) if code else one_line(text))
            if code:
                run.font.name = CODE
        case Facts(pairs=pairs):
            for name, text in pairs:
                paragraph = made.add_paragraph()
                paragraph.paragraph_format.space_after = Pt(2)
                paragraph.add_run(one_line(name) + COLON[language]).bold = True
                paragraph.add_run(one_line(text))
        case PageTable():
            room = (A4[1] if landscape else A4[0]) - 2 * MARGIN
            body = made.element.body
            body.insert(len(body) - 1, _table(block, room // Mm(1)))
            made.add_paragraph()
        case _:  # a picture's numbers stand in the tables; Word cannot show its SVG everywhere
            pass


def _element(name: str, *inside: BaseOxmlElement, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    element.extend(inside)
    return element


def _table(table: PageTable, millimetres: int) -> BaseOxmlElement:
    """A table built element by element: python-docx itself is quadratic in the rows."""
    whole = sum(column.width for column in table.columns)
    widths = [str(column.width * millimetres * TWIPS_A_MM // whole) for column in table.columns]
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = [_element(side, val="single", sz="4", color="818B98") for side in sides]
    properties = _element(
        "tblPr",
        _element("tblStyle", val="TableGrid"),
        _element("tblW", w=str(millimetres * TWIPS_A_MM), type="dxa"),
        _element("tblBorders", *borders),
        _element("tblLayout", type="fixed"),
        _element(
            "tblCellMar",
            _element("left", w=CELL_MARGIN, type="dxa"),
            _element("right", w=CELL_MARGIN, type="dxa"),
        ),
    )
    grid = _element("tblGrid", *(_element("gridCol", w=width) for width in widths))
    heading = PageRow(tuple(column.heading for column in table.columns), strong=True)
    spans = table.spans()
    rows = [_row(heading, table.columns, widths, {}, repeated=True)]
    for number, row in enumerate(table.rows):
        own = {index: spans.get((number, index), 1) for index in range(len(table.columns))}
        rows.append(_row(row, table.columns, widths, own))
    return _element("tbl", properties, grid, *rows)


def _row(
    row: PageRow,
    columns: tuple[PageColumn, ...],
    widths: list[str],
    spans: dict[int, int],
    *,
    repeated: bool = False,
) -> BaseOxmlElement:
    cells = []
    for index, (cell, column) in enumerate(zip(row.cells, columns, strict=True)):
        span = spans.get(index, 1)
        properties = _element("tcPr", _element("tcW", w=widths[index], type="dxa"))
        if span != 1:
            merge = _element("vMerge", val="restart") if span else _element("vMerge")
            properties.append(merge)
        if column.number and not repeated:
            properties.append(_element("noWrap"))  # a score on two lines is another score
        words = format_cell(cell) if span else ""
        cells.append(
            _element("tc", properties, _words(words, number=column.number, strong=row.strong))
        )
    head = _element("trPr", _element("cantSplit"), *([_element("tblHeader")] if repeated else []))
    return _element("tr", head, *cells)


def _words(text: str, *, number: bool, strong: bool) -> BaseOxmlElement:
    """The one paragraph of a cell; its line ends stay."""
    paragraph = _element("pPr", _element("spacing", after="0"))
    if number:
        paragraph.append(_element("jc", val="right"))
    run = _element("rPr", *([_element("b")] if strong else []), _element("sz", val="17"))
    parts = []
    for index, line in enumerate(text.split("\n")):
        words = _element("t")
        words.text = line
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        parts += [_element("br"), words] if index else [words]
    return _element("p", paragraph, _element("r", run, *parts))


def _timeless(content: bytes) -> bytes:
    """The same file with one fixed time on all its parts."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as made, ZipFile(out, "w", ZIP_DEFLATED) as kept:
        for name in made.namelist():
            part = ZipInfo(name, ZIP_EPOCH)
            part.compress_type = ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            kept.writestr(part, made.read(name))
    return out.getvalue()
