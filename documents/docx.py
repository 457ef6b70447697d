"""A document for Word (.docx): Chinese fonts set, headings repeated, the same bytes every time."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Final, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx as word
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import BaseStyle, ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from documents.line_breaking import cell_len
from documents.page import (
    Block,
    Document,
    Facts,
    Letter,
    PageColumn,
    PageForm,
    PageHeading,
    PageRow,
    PageTable,
    Paragraph,
    Picture,
    Signatures,
    format_cell,
    one_line,
    printable,
)
from documents.png import POINTS_PER_PIXEL, png
from documents.titles import heading_lines, title_lines
from documents.whole_parts import OF_UNITS, SPREADING, WHOLE
from documents.wording import (
    addressed,
    annex_heading,
    enclosures_listed,
    numbered,
    signed_by,
)
from ledger.language import Language

LATIN: Final = "Times New Roman"
BODY: Final = "宋体"
TITLES: Final = "方正小标宋简体"
CODE: Final = "Consolas"
CODE_SIZE: Final = Pt(9)
"""A public key fits on one line of a letter."""
SMALL: Final = "Body Text"
"""The style of words next to tables; that of a letter's body is `Normal`."""
TABLE_STYLES: Final = {
    "Normal": (BODY, 10.5),
    SMALL: (BODY, 10.5),
    "Title": (TITLES, 18),
    "Heading 2": ("黑体", 12),
    "Heading 3": ("黑体", 10.5),
}
LETTER_STYLES: Final = {
    "Normal": ("仿宋_GB2312", 16),
    SMALL: (BODY, 10.5),
    "Title": (TITLES, 22),
    "Heading 2": ("黑体", 16),
    "Heading 3": ("楷体_GB2312", 16),
}
SUBSTITUTES: Final = {
    TITLES: "Noto Serif CJK SC,Noto Serif SC,Source Han Serif SC,SimSun",
    "仿宋_GB2312": "FangSong,FandolFang,Noto Serif CJK SC,Noto Serif SC",
    "楷体_GB2312": "KaiTi,FandolKai,LXGW WenKai,Noto Serif CJK SC",
    "黑体": "SimHei,Noto Sans CJK SC,Noto Sans SC,Source Han Sans SC",
    BODY: "SimSun,Noto Serif CJK SC,Noto Serif SC,Source Han Serif SC",
}
"""What Word takes where the fonts that the standard names are not installed."""
UNBROKEN: Final = str.maketrans({" ": "\u00a0", "＿": "__"})
"""Word breaks a line at a blank, and between wide signs."""
NOT_FIRST: Final = (
    "!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞︶︺︾﹀﹄﹚﹜﹞"
    "！＂％＇），．：；？］｀｜｝～￠"
)
NOT_LAST: Final = "$([{£¥·‘“〈《「『【〔〖〝﹙﹛﹝＄（．［｛￡￥"
"""With which no line begins, and no line ends, in any case: what Word itself has for Chinese."""
BEFORE_NUMBERS: Final = "第〕年月"
"""Nor does one end within a day, after 第, or after the year of a document: 财预〔2020〕10号."""
FONT_TABLE: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    + "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
        for name, others in SUBSTITUTES.items()
    )
    + "</w:fonts>"
).encode()
LETTER_SIZE: Final = Pt(16)
LETTER_LINE: Final = Pt(28.95)
TITLE_LINE: Final = Pt(34)
GRID_LINE: Final = "579"
CLOSER: Final = "-5"
"""22 lines of 28 characters on 225 by 156 mm: the pitch of a line in twips, and by how many twips
characters of 16 points are set closer. Not every program keeps a grid of characters that are wider
than its cells, so there is one of lines only."""
SENDER_SIZE: Final = Pt(26)
SENDER_WIDTH: Final = Mm(156)
"""A longer name of the sender is set smaller, on its one line above the rule."""
RED: Final = RGBColor(0xCC, 0, 0)
FAINT: Final = "818B98"
HIGHEST: Final = 150
"""What a page has room for below a heading, in millimetres."""
A4: Final = (Mm(210), Mm(297))
MARGIN: Final = Mm(18)
TWIPS_PER_MM: Final = 56
CELLS: Final = "17"
LETTER_CELLS: Final = "21"
"""Sizes of the words in a table, in half points."""
CELL_MARGIN: Final = "57"
COLON: Final = {"zh": "：", "en": ": "}
BLACK: Final = RGBColor(0, 0, 0)
ZIP_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def docx(document: Document) -> bytes:
    """The file."""
    word_document = word.Document()
    _set_fonts(word_document, document.language, letter=document.letter is not None)
    # Without its language Chinese is set with the shapes and marks of another country.
    spoken = word_document.styles.element.find(".//" + qn("w:lang"))
    spoken.set(qn("w:val"), "en-GB")
    spoken.set(qn("w:eastAsia"), "zh-CN")
    _keep_units(word_document)
    if document.letter:
        _write_letter(word_document, document, document.letter)
    else:
        _write_table(word_document, document)
    properties = word_document.core_properties
    moment = datetime.fromisoformat(document.made).replace(tzinfo=None)
    properties.created = properties.modified = moment
    properties.author = properties.last_modified_by = "scoretrail"
    properties.title = one_line(document.title)
    properties.comments = ""
    properties.revision = 1
    out = BytesIO()
    word_document.save(out)
    return _timeless(out.getvalue())


def _keep_units(word_document: WordDocument) -> None:
    """No line begins with the unit of a number that ends the line above.

    Signs that join a number to its unit would be copied along with it, and a search for the two
    would not find them.
    """
    before = word_document.settings.element.find(qn("w:characterSpacingControl"))
    before.addnext(_element("noLineBreaksBefore", lang="zh-CN", val=NOT_FIRST + OF_UNITS))
    before.addnext(_element("noLineBreaksAfter", lang="zh-CN", val=NOT_LAST + BEFORE_NUMBERS))


def _write_table(word_document: WordDocument, document: Document) -> None:
    """A document of tables: title, blocks, and what they come from at the foot of every page."""
    _set_page(word_document.sections[0], landscape=document.landscape)
    _set_footer(word_document.sections[0], document.footer)
    title = word_document.add_heading("\n".join(title_lines(document)), 0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    subtitle = word_document.add_paragraph(one_line(document.subtitle))
    subtitle.alignment = WD_ALIGN_PARAGRAPH.CENTER
    part = _Part(document.language, _room(word_document.sections[0]), document.title)
    _add_blocks(word_document, document.blocks, part)


def _write_letter(word_document: WordDocument, document: Document, letter: Letter) -> None:
    """A letter in its own measures, and each annex on pages of its own."""
    section, language = word_document.sections[0], document.language
    _set_letter_page(section, letter)
    _line(word_document, numbered(language, letter), WD_ALIGN_PARAGRAPH.RIGHT)
    _line(word_document, "")
    title = word_document.add_heading("\n".join(title_lines(document)), 0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _line(word_document, "")
    _line(word_document, addressed(language, letter))
    body = _Part(language, _room(section), document.title, letter=True)
    _add_blocks(word_document, document.blocks, body)
    last = len(word_document.paragraphs) - 1
    _line(word_document, "")
    for line in enclosures_listed(document):
        _line(word_document, line).paragraph_format.left_indent = 2 * LETTER_SIZE
    _line(word_document, "")
    for line in signed_by(language, letter):
        paragraph = _line(word_document, line, WD_ALIGN_PARAGRAPH.RIGHT)
        paragraph.paragraph_format.right_indent = 4 * LETTER_SIZE
    for paragraph in word_document.paragraphs[last:-1]:
        # The signatory and the seal are on a page with text.
        paragraph.paragraph_format.keep_with_next = True
    section = _annex_section(word_document)
    _set_footer(section, document.footer)
    for index, annex in enumerate(document.annexes):
        heading = word_document.add_heading(one_line(annex_heading(document, index)), 2)
        heading.paragraph_format.page_break_before = index > 0
        part = _Part(language, _room(section), annex.title)
        _add_blocks(word_document, annex.blocks, part)


def _line(
    word_document: WordDocument, text: str, alignment: WD_ALIGN_PARAGRAPH | None = None
) -> WordParagraph:
    """A line of a letter, at the height of its grid."""
    paragraph = word_document.add_paragraph(one_line(text))
    if alignment is not None:
        paragraph.alignment = alignment
    return paragraph


def _set_fonts(word_document: WordDocument, language: Language, *, letter: bool) -> None:
    """Say which font Chinese is set in: without it Word takes one that may have no Chinese."""
    styles = LETTER_STYLES if letter else TABLE_STYLES
    for name, (font, size) in styles.items():
        style: BaseStyle = word_document.styles[name]
        assert isinstance(style, ParagraphStyle)  # noqa: S101 - the five above are
        style.font.name = LATIN
        style.font.size = Pt(size)
        style.font.bold = False
        style.font.italic = False
        style.font.color.rgb = BLACK
        if (line := style.element.find(".//" + qn("w:pBdr"))) is not None:
            line.getparent().remove(line)  # the template draws one below its titles
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:hAnsi"), LATIN)
        fonts.set(qn("w:eastAsia"), font)
        if name == "Normal":  # Word parts Chinese from digits by itself; official papers do not
            for index, apart in enumerate(("autoSpaceDE", "autoSpaceDN")):
                style.element.get_or_add_pPr().insert(index, _element(apart, val="0"))
        if name == SMALL:
            style.paragraph_format.line_spacing = 1
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
        elif letter:
            style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
            style.paragraph_format.line_spacing = LETTER_LINE
            if name == "Title":  # it is higher than a line, and would take two
                style.element.get_or_add_pPr().insert(0, _element("snapToGrid", val="0"))
                style.paragraph_format.line_spacing = TITLE_LINE
            if name == "Normal":
                style.paragraph_format.alignment = (
                    WD_ALIGN_PARAGRAPH.JUSTIFY if language == "zh" else WD_ALIGN_PARAGRAPH.LEFT
                )
                style.element.find(".//" + qn("w:sz")).addprevious(_element("spacing", val=CLOSER))


def _set_page(section: Section, *, landscape: bool) -> None:
    section.page_width, section.page_height = reversed(A4) if landscape else A4
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = MARGIN


def _set_letter_page(section: Section, letter: Letter) -> None:
    """The measures of GB/T 9704-2012: margins, grid, and the head and foot of the letter form."""
    _set_page(section, landscape=False)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    grid = _element("docGrid", type="lines", linePitch=GRID_LINE)
    for old in section._sectPr.findall(qn("w:docGrid")):  # noqa: SLF001 - no grid in python-docx
        section._sectPr.remove(old)  # noqa: SLF001 - the same
    section._sectPr.append(grid)  # noqa: SLF001 - the same
    section.different_first_page_header_footer = True
    section.header_distance, section.footer_distance = Mm(30), Mm(20)
    head = section.first_page_header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = head.add_run(one_line(letter.sender))
    wide = cell_len(letter.sender)
    run.font.size, run.font.color.rgb = min(SENDER_SIZE, SENDER_WIDTH * 2 // max(wide, 1)), RED
    _set_font(run, TITLES)
    _rule(head, "bottom", "thickThinSmallGap")
    _rule(section.first_page_footer.paragraphs[0], "top", "thinThickSmallGap")
    pages = section.footer.paragraphs[0]
    pages.alignment = WD_ALIGN_PARAGRAPH.CENTER
    pages.add_run("— ")
    _add_field(pages, "PAGE")
    pages.add_run(" —")


def _rule(paragraph: WordParagraph, side: str, kind: str) -> None:
    """A red double rule of 170 mm in the middle of the page, next to a paragraph."""
    for wider in ("left_indent", "right_indent"):
        setattr(paragraph.paragraph_format, wider, Mm(-7))
    line = _element(side, val=kind, sz="24", space="4", color=str(RED))
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no borders
    properties.insert(len(properties.findall(qn("w:pStyle"))), _element("pBdr", line))


def _annex_section(word_document: WordDocument) -> Section:
    """Annexes are tables: across the page, without the head and the grid of the letter."""
    section: Section = word_document.add_section(WD_SECTION.NEW_PAGE)
    # python-docx ends a section in a paragraph of its own, which may begin another page.
    *_, signed, ending = word_document.paragraphs
    end = ending._p  # noqa: SLF001 - python-docx cannot move where a section ends
    signed._p.get_or_add_pPr().append(end.find(".//" + qn("w:sectPr")))  # noqa: SLF001 - the same
    end.getparent().remove(end)
    _set_page(section, landscape=True)
    section.different_first_page_header_footer = False
    section.header_distance = section.footer_distance = Mm(10)
    for grid in section._sectPr.findall(qn("w:docGrid")):  # noqa: SLF001 - no grid in python-docx
        section._sectPr.remove(grid)  # noqa: SLF001 - the same
    section.footer.is_linked_to_previous = False
    return section


def _set_footer(section: Section, lines: tuple[str, ...]) -> None:
    first = section.footer.paragraphs[0]
    for index, line in enumerate(lines):
        paragraph = first if index == 0 else section.footer.add_paragraph(style=first.style)
        paragraph.paragraph_format.line_spacing = 1
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)
        paragraph.add_run(one_line(line)).font.size = Pt(8)
    pages = section.footer.add_paragraph(style=SMALL)
    pages.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_field(pages, "PAGE")
    pages.add_run(" / ")
    _add_field(pages, "NUMPAGES")


def _room(section: Section) -> int:
    """How wide the text of a section is, in millimetres."""
    sides = (section.page_width, section.left_margin, section.right_margin)
    width, left, right = (Length(side or 0) for side in sides)
    return int((width - left - right) // Mm(1))


def _set_font(run: Run, font: str) -> None:
    run.font.name = LATIN
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001 - no Chinese font in python-docx


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


class _Part(NamedTuple):
    """A part of a document that blocks are added to.

    Attributes:
        room: how wide its text is, in millimetres.
        above: its title or heading; a table right below is not named a second time.
        letter: whether it is the body of a letter, whose paragraphs begin two characters in.
    """

    language: Language
    room: int
    above: str
    letter: bool = False


def _add_blocks(word_document: WordDocument, blocks: Sequence[Block], part: _Part) -> None:
    for number, block in enumerate(blocks):
        if number and isinstance(block, Paragraph) and block.code:
            # What is to be typed or compared is on the page of the words that lead to it.
            word_document.paragraphs[-1].paragraph_format.keep_with_next = True
        _add(word_document, block, part._replace(above="") if number else part)


def _add(word_document: WordDocument, block: Block, part: _Part) -> None:
    match block:
        case PageHeading(text=text, level=level):
            heading = word_document.add_heading(one_line(text), level + 1)
            heading.paragraph_format.first_line_indent = 2 * LETTER_SIZE if part.letter else None
        case Paragraph():
            _add_paragraph(word_document, block, part)
        case Facts(pairs=pairs):
            for name, text in pairs:
                paragraph = word_document.add_paragraph(style=SMALL)
                paragraph.paragraph_format.space_after = Pt(2)
                paragraph.add_run(one_line(name) + COLON[part.language]).bold = True
                paragraph.add_run(one_line(text))
        case PageTable():
            _add_table(word_document, block, part)
        case PageForm():
            body = word_document.element.body
            body.insert(len(body) - 1, _form(block, part.room))
            _space(word_document)
        case Picture():
            _add_picture(word_document, block, part.room)
        case Signatures(places=places):
            body = word_document.element.body
            body.insert(len(body) - 1, _places(places, part.language, part.room))
            _space(word_document)


def _add_paragraph(word_document: WordDocument, words: Paragraph, part: _Part) -> None:
    paragraph = word_document.add_paragraph(style="Normal" if part.letter else SMALL)
    run = paragraph.add_run(printable(words.text) if words.code else _kept(one_line(words.text)))
    if words.code or SPREADING.search(words.text):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    if words.code:
        run.font.name, run.font.size = CODE, CODE_SIZE
    elif part.letter:
        paragraph.paragraph_format.first_line_indent = 2 * LETTER_SIZE


def _kept(text: str) -> str:
    """A text whose days, numbers and blanks for a person are not broken by Word."""
    return WHOLE.sub(lambda whole: whole[0].translate(UNBROKEN), text)


def _add_table(word_document: WordDocument, table: PageTable, part: _Part) -> None:
    """A table below its caption; those in the body of a letter have none."""
    if not part.letter and (caption := table.caption(part.above)):
        named = word_document.add_paragraph(caption, style=SMALL)
        named.paragraph_format.keep_with_next = True
        named.paragraph_format.space_after = Pt(2)
    body = word_document.element.body
    body.insert(len(body) - 1, _table(table, part.room, LETTER_CELLS if part.letter else CELLS))
    _space(word_document)


def _space(word_document: WordDocument) -> None:
    """A little room after a table, and what keeps it apart from the next one."""
    paragraph = word_document.add_paragraph(style=SMALL)
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(6)


def _add_picture(word_document: WordDocument, picture: Picture, room: int) -> None:
    """A picture as wide as the text, or as high as a page has room for."""
    width, height = picture.size
    wide: Length = Mm(min(room, HIGHEST * width // height))
    paragraph = word_document.add_paragraph(style=SMALL)
    if picture.own_size:
        wide = Pt(POINTS_PER_PIXEL * width)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    inline = paragraph.add_run().add_picture(BytesIO(png(picture)), width=wide)._inline  # noqa: SLF001 - python-docx has neither
    inline.docPr.set("descr", one_line(picture.description))
    for side in ("distT", "distB", "distL", "distR"):
        inline.set(side, "0")  # LibreOffice leaves 3 mm on each side of a picture without these


def _places(places: tuple[tuple[str, str], ...], language: Language, room: int) -> BaseOxmlElement:
    """Places to sign next to each other, with room to write below."""
    width = str(room * TWIPS_PER_MM // len(places))
    cells = [
        _element(
            "tc",
            _element(
                "tcPr",
                _element("tcW", w=width, type="dxa"),
                _element("tcBorders", _element("bottom", val="single", sz="4", color=FAINT)),
            ),
            _words(f"{name}{COLON[language].strip()}\n{one_line(text)}\n\n", CELLS),
        )
        for name, text in places
    ]
    whole = _element("tblW", w=str(room * TWIPS_PER_MM), type="dxa")
    grid = _element("tblGrid", *(_element("gridCol", w=width) for _ in places))
    row = _element("tr", _element("trPr", _element("cantSplit")), *cells)
    return _element("tbl", _element("tblPr", whole), grid, row)


def _element(name: str, *inside: BaseOxmlElement, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    element.extend(inside)
    return element


def _table(table: PageTable, millimetres: int, size: str) -> BaseOxmlElement:
    """A table built element by element: python-docx itself is quadratic in the rows."""
    widths = _widths(table.shares(), millimetres)
    headings = (
        "\n".join(heading_lines(column.heading, width))
        for column, width in zip(table.columns, table.halves(), strict=True)
    )
    heading = PageRow(tuple(headings), strong=True)
    repeats = table.repeats()
    rows = [_row(heading, table.columns, widths, set(), size, heading=True)]
    for number, row in enumerate(table.rows):
        own = {index for line, index in repeats if line == number}
        rows.append(_row(row, table.columns, widths, own, size))
    return _framed(widths, rows, millimetres)


def _widths(shares: Sequence[int], millimetres: int) -> list[str]:
    return [str(share * millimetres * TWIPS_PER_MM // sum(shares)) for share in shares]


def _form(form: PageForm, millimetres: int) -> BaseOxmlElement:
    """A form: a cell over several lines is in each of them, and has its words in the first."""
    widths = _widths(form.widths, millimetres)
    lines: list[dict[int, BaseOxmlElement]] = [{} for _ in form.lines]
    for line, column, cell in form.placed():
        width = str(sum(map(int, widths[column : column + cell.columns])))
        for down in range(cell.rows):
            properties = _element("tcPr", _element("tcW", w=width, type="dxa"))
            if cell.columns > 1:
                properties.append(_element("gridSpan", val=str(cell.columns)))
            if cell.rows > 1:
                properties.append(_element("vMerge", val="continue" if down else "restart"))
            number = isinstance(cell.text, Decimal)
            text = "" if down else format_cell(cell.text)
            words = _words(text, CELLS, number=number, strong=cell.label)
            lines[line + down][column] = _element("tc", properties, words)
    rows = [
        _element(
            "tr",
            _element("trPr", _element("cantSplit")),
            *(cells[column] for column in sorted(cells)),
        )
        for cells in lines
    ]
    return _framed(widths, rows, millimetres)


def _framed(
    widths: Sequence[str], rows: Sequence[BaseOxmlElement], millimetres: int
) -> BaseOxmlElement:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = [_element(side, val="single", sz="4", color="818B98") for side in sides]
    properties = _element(
        "tblPr",
        _element("tblStyle", val="TableGrid"),
        _element("tblW", w=str(millimetres * TWIPS_PER_MM), type="dxa"),
        _element("tblBorders", *borders),
        _element("tblLayout", type="fixed"),
        _element(
            "tblCellMar",
            _element("left", w=CELL_MARGIN, type="dxa"),
            _element("right", w=CELL_MARGIN, type="dxa"),
        ),
    )
    grid = _element("tblGrid", *(_element("gridCol", w=width) for width in widths))
    return _element("tbl", properties, grid, *rows)


def _row(  # noqa: PLR0913 - what a row shows, and how
    row: PageRow,
    columns: tuple[PageColumn, ...],
    widths: list[str],
    repeated: set[int],
    size: str,
    *,
    heading: bool = False,
) -> BaseOxmlElement:
    """A row. A repetition of the cell above is faint as well: a page may begin with it."""
    cells = []
    for index, (cell, column) in enumerate(zip(row.cells, columns, strict=True)):
        if 0 < index < row.span:
            continue
        spanning = index == 0 and row.span > 1
        width = sum(map(int, widths[: row.span])) if spanning else int(widths[index])
        properties = _element("tcPr", _element("tcW", w=str(width), type="dxa"))
        if spanning:
            properties.append(_element("gridSpan", val=str(row.span)))
        if column.number and not heading:
            properties.append(_element("noWrap"))  # a score on two lines is another score
        words = _words(
            format_cell(cell),
            size,
            number=column.number,
            strong=row.strong,
            faint=index in repeated,
        )
        cells.append(_element("tc", properties, words))
    head = _element("trPr", _element("cantSplit"), *([_element("tblHeader")] if heading else []))
    return _element("tr", head, *cells)


def _words(
    text: str, size: str, *, number: bool = False, strong: bool = False, faint: bool = False
) -> BaseOxmlElement:
    """The one paragraph of a cell; its line ends stay."""
    off = _element("snapToGrid", val="0")  # the grid is the letter's, not that of its tables
    paragraph = _element("pPr", off, _element("spacing", before="0", after="0", line="240"))
    paragraph.append(_element("jc", val="right" if number else "left"))
    run = _element("rPr", _element("rFonts", eastAsia=BODY))
    if strong:
        run.append(_element("b"))
    run.append(_element("snapToGrid", val="0"))
    if faint:
        run.append(_element("color", val=FAINT))
    run.append(_element("sz", val=size))
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
    with ZipFile(BytesIO(content)) as printed, ZipFile(out, "w", ZIP_DEFLATED) as kept:
        for name in printed.namelist():
            part = ZipInfo(name, ZIP_EPOCH)
            part.compress_type = ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            kept.writestr(part, FONT_TABLE if name == "word/fontTable.xml" else printed.read(name))
    return out.getvalue()
