"""LibreOffice opens what we write, shows what our own PDF shows, and loses nothing saving it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from shutil import copytree

import pytest
from PIL import Image
from pypdfium2 import PdfDocument
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE
from xlsxwriter import Workbook

from application.look import look
from documents.formats import printer
from documents.kinds import KINDS, document_of
from documents.page import (
    Document,
    Facts,
    PageForm,
    PageHeading,
    PageTable,
    Paragraph,
    Picture,
    Signatures,
    format_cell,
)
from documents.source import source
from documents.wording import enclosures_listed
from intake.delivered_file import read_sheets
from intake.filled_workbook import filled
from intake.forms.form_workbook import form_xlsx
from intake.forms.review_form import review_form
from intake.forms.self_evaluation_form import form_of_case
from intake.grid import COVERED, Sheet
from ledger.language import Language
from ledger.log.checkpoint import Checkpoint
from ledger.log.checkpoint_line import CheckpointLine
from ledger.log.tree import TreeHead
from ledger.store import Store
from tests.intake.test_filled_workbook import delivered
from tests.support.filled_forms import countersign, fill_review, fill_self_evaluation
from tests.support.old_workbook import OLD, write_today
from tests.support.places import Place, Places
from tests.support.postgres import Databases
from tests.support.soffice import Office, squeezed, words_and_lines_of, words_of
from tests.support.terminal import CASE, EXAMPLES, done, record, scoretrail

pytestmark = pytest.mark.sqlite_only(
    "LibreOffice sees files that were made; other tests make them on both"
)

CHECKPOINT = CheckpointLine(Checkpoint("scoretrail.example/log", TreeHead(321, bytes(32))))
LATER = """
unit-filer --dated 2025-01-10 appeal lodge CASE outputs --indicator output-goals --statement 拨款未到 --number 申诉1号
bureau-officer --dated 2025-02-10 appeal decide CASE outputs --outcome partly --award output-goals=17.00 --justification 一项理由成立
bureau-officer --dated 2025-01-06 rectify request CASE stock-taking --finding stock-taking-practice --demand 明确资产管理人 --due 2025-01-26
unit-filer --dated 2025-01-20 rectify respond CASE stock-taking --statement 已指定专人
""".strip().split("\n")  # noqa: E501 - one command per line
TODAY = date(2025, 3, 1)
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def later(
    database: Databases | None,
    built: Mapping[str, Place],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Place]:
    """The reference case after an appeal and a request for rectification, both answered."""
    with Places(tmp_path_factory.mktemp("later"), database) as places:
        ledger = places.copy(built["issued"])
        for line in LATER:
            done(scoretrail(ledger, "--as", *line.replace("CASE", CASE).split()))
        yield ledger


@pytest.fixture(scope="session")
def documents(later: Place) -> dict[str, Document]:
    """Every kind in both languages, by a name such as `register-zh`."""
    with Store.open(later.target) as store:
        made_from = source(look(store, CASE), TODAY, CHECKPOINT)
    return {
        f"{kind}-{language}": document_of(kind, made_from, language)
        for language in LANGUAGES
        for kind in KINDS
    }


@pytest.fixture(scope="session")
def printed(
    office: Office, documents: dict[str, Document], tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], bytes]:
    """The PDF that each document becomes, by its name and by who printed it from what."""
    folder = tmp_path_factory.mktemp("files")
    shows: dict[tuple[str, str], bytes] = {}
    for name, document in documents.items():
        shows[name, "pdf"] = printer(".pdf")(document)
    for suffix in (".xlsx", ".docx"):
        files = []
        for name, document in documents.items():
            files.append(folder / f"{name}{suffix}")
            files[-1].write_bytes(printer(suffix)(document))
        for name, path in office.convert(files, "pdf").items():
            shows[name, suffix] = path.read_bytes()
    return shows


def said_by(document: Document) -> Iterator[str]:
    """Every text and number of a document, one by one; pictures repeat what the tables say."""
    yield from (document.title, *document.footer)
    if document.letter:
        yield from (document.letter.sender, document.letter.number, document.letter.addressee)
        yield from (*enclosures_listed(document), document.letter.dated)
    else:
        yield document.subtitle
    for block in document.every_block():
        match block:
            case PageHeading(text=text) | Paragraph(text=text):
                yield text
            case Facts(pairs=pairs):
                yield from (part for pair in pairs for part in pair)
            case PageTable(columns=columns, rows=rows):
                yield from (column.heading for column in columns)
                yield from (format_cell(cell) for row in rows for cell in row.cells)
            case PageForm(lines=lines):
                yield from (format_cell(cell.text) for cells in lines for cell in cells)
            case Signatures(places=places):
                yield from (part for place in places for part in place)
            case Picture():
                pass


def scores_in(document: Document) -> Counter[str]:
    """How often each number stands in a cell of its own; some set a sign apart from its digits."""
    return Counter(
        format_cell(cell).lstrip("−")
        for table in document.tables()
        for row in table.rows
        for cell in row.cells
        if isinstance(cell, Decimal)
    )


def numbers_in(shows: str) -> Counter[str]:
    return Counter(re.findall(r"(?<![\d.,])\d[\d,]*(?:\.\d+)?", shows))


def missing(document: Document, shows: str) -> list[str]:
    """What a print does not show; a text that a page break cuts in two is shown."""
    page = squeezed(shows)
    return [said for said in map(squeezed, said_by(document)) if not _is_shown(said, page)]


def _is_shown(said: str, page: str) -> bool:
    if said in page:
        return True
    return any(said[:at] in page and said[at:] in page for at in range(8, len(said) - 8))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("made_as", ["pdf", ".xlsx", ".docx"])
def test_every_word_and_number_of_a_document_is_shown(
    kind: str,
    made_as: str,
    language: Language,
    documents: dict[str, Document],
    printed: dict[tuple[str, str], bytes],
) -> None:
    name = f"{kind}-{language}"
    said = list(said_by(documents[name]))
    assert len(said) > 20
    shows, lines = words_and_lines_of(printed[name, made_as])
    assert missing(documents[name], shows) == []
    # LibreOffice may set a number sign by sign, and only its line says that it is one.
    numbers = numbers_in(shows) | numbers_in(lines)
    assert scores_in(documents[name]) - numbers == Counter()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_picture_in_word_reaches_beyond_the_margin(
    printed: dict[tuple[str, str], bytes], kind: str, language: Language
) -> None:
    """LibreOffice leaves room at the sides of a picture that does not say that it wants none."""
    with PdfDocument(printed[f"{kind}-{language}", ".docx"]) as pages:
        for page in pages:
            margin = 18 * 72 / 25.4
            for picture in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE]):
                left, _, right, _ = picture.get_bounds()
                assert margin - 1 <= left <= right <= page.get_width() - margin + 1


def picture_of(width: int, height: int) -> BytesIO:
    """A picture in one colour."""
    file = BytesIO()
    Image.new("RGB", (width, height), "navy").save(file, "PNG")
    return file


def covered_in(sheet: Sheet) -> set[str]:
    """The cells that something is drawn over."""
    return {cell.ref for row in sheet.rows for cell in row if cell.doubt is COVERED}


def test_the_numbers_that_matter_are_among_them(documents: dict[str, Document]) -> None:
    """Totals, the grade, point and checkpoint: what this file compares is not the small print."""
    said = {name: set(said_by(document)) for name, document in documents.items()}
    assert {"20.00", "17.00", "0.39", "94.89"} <= said["score-table-zh"]
    assert any("优" in one for one in said["composite-zh"])
    for name, document in documents.items():
        assert any(CHECKPOINT.in_words in line for line in document.footer), name
        assert any("zhanjiang-amr-2023" in line for line in document.footer), name


def test_a_table_saved_by_libreoffice_imports_without_a_difference(
    office: Office, later: Place, tmp_path: Path, places: Places
) -> None:
    ledger = places.copy(later)
    before = record(ledger)
    table = tmp_path / "table.xlsx"
    done(scoretrail(ledger, "document", "score-table", CASE, "-o", str(table)))
    (saved,) = office.convert([table], "xlsx").values()
    assert saved.read_bytes() != table.read_bytes()

    words = ("--as", "agency-reviewer", "import-table", CASE, str(saved), "--json")
    said = done(scoretrail(ledger, *words)).json

    assert said["recorded"] == 0
    assert {row["award"] for row in said["rows"]} >= {"17.00", "0.39"}
    assert said["printed"][-1]["printed"] == "94.89"
    assert record(ledger) == before


def test_forms_saved_by_libreoffice_are_applied_to_the_hundredth(
    office: Office, built: Mapping[str, Place], tmp_path: Path, places: Places
) -> None:
    """A unit and an agency that have LibreOffice: out, filled in, saved by it, in."""
    ledger = places.copy(built["opened"])
    copytree(EXAMPLES / "evidence", tmp_path / "evidence")
    for words, fill, account, dated in (
        ("self-evaluation", fill_self_evaluation, "unit-filer", "2024-07-30"),
        ("review", fill_review, "agency-reviewer", "2024-12-30"),
    ):
        form = tmp_path / f"{words}.xlsx"
        done(scoretrail(ledger, "form", words, "--case", CASE, "-o", str(form)))
        fill(form)
        (saved,) = office.convert([form], "xlsx").values()
        form.write_bytes(saved.read_bytes())
        done(scoretrail(ledger, "--as", account, "--dated", dated, "apply", str(form)))
    countersign(ledger)

    ours = scoretrail(ledger, "score", CASE, "--json").json
    theirs = scoretrail(built["reviewed"], "score", CASE, "--json").json
    for same in ("claim", "award", "indicators"):
        assert ours[same] == theirs[same]
    assert ours["award"]["total"] == "93.89"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_shows_all_that_it_was_made_with(
    office: Office, later: Place, tmp_path: Path, language: Language
) -> None:
    """Claims, reasons, evidence and standards are there to be read, and no row cuts them off."""
    with Store.open(later.target) as store:
        made_from = source(look(store, CASE), TODAY)
    for name, form in (
        ("self", form_of_case(made_from, language)),
        ("review", review_form(made_from, language)),
    ):
        path = tmp_path / f"{name}-{language}.xlsx"
        path.write_bytes(form_xlsx(form))
        (pdf,) = office.convert([path], "pdf").values()
        page = squeezed(words_of(pdf.read_bytes()))

        said = [
            format_cell(cell)
            for sheet in form.sheets
            for row in sheet.rows
            for cell, column in zip(row, sheet.columns, strict=True)
            if cell and not column.hidden
        ]
        assert len(said) > 300
        assert [one for one in map(squeezed, said) if not _is_shown(one, page)] == []


def test_a_delivered_workbook_that_was_filled_in_opens(office: Office, tmp_path: Path) -> None:
    """What was written is there, its formulas are calculated again, the rest is as it was."""
    file = tmp_path / "filled-table.xlsx"
    values: dict[str, Decimal | str] = {"C3": Decimal("8.5"), "D3": "迟四个月批准"}
    file.write_bytes(filled(file, delivered(), {"评分 & 表": values}))
    opened = office.convert([file], "ods")["filled-table"]
    sheet, hidden = read_sheets(opened, opened.read_bytes())
    cells = {cell.ref: cell.text for row in sheet.rows for cell in row}
    assert (cells["C3"], cells["D3"]) == ("8.5", "迟四个月批准")
    assert Decimal(cells["C4"]) == 17
    assert Decimal(cells["C9"]) == Decimal("25.5")
    assert not hidden.visible


def test_a_workbook_saved_in_the_old_format_is_the_same_grid(
    office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "old-workbook.xlsx"
    file.write_bytes(write_today())
    saved = office.convert([file], "xls")["old-workbook"].read_bytes()
    assert read_sheets(OLD, saved) == read_sheets(OLD, OLD.read_bytes())


@pytest.mark.parametrize("format_", ["xls", "ods"])
def test_what_is_drawn_over_cells_is_doubted_in_every_format(
    office: Office, tmp_path: Path, format_: str
) -> None:
    """A text box, a picture and a chart hide what is below them; an empty frame hides nothing."""
    file = tmp_path / "drawn-over.xlsx"
    with Workbook(file) as book:
        sheet = book.add_worksheet("评分表")
        for row in range(40):
            sheet.write_row(row, 0, [row + column for column in range(8)])
        sheet.merge_range("A31:A33", "管理")
        sheet.write_comment("C3", "批注不遮住单元格")
        sheet.insert_textbox("B2", "20", {"width": 60, "height": 18})
        sheet.insert_textbox("E2", "", {"fill": {"none": True}, "line": {"none": True}})
        sheet.insert_textbox("A32", "改为 8 分", {"width": 50, "height": 15})
        sheet.insert_image("D8", "", {"image_data": picture_of(60, 30)})
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=评分表!$B$1:$B$9"})
        sheet.insert_chart("F20", chart, {"x_scale": 0.3, "y_scale": 0.3})
    (today,) = read_sheets(file, file.read_bytes())
    saved = office.convert([file], format_)["drawn-over"]
    (read,) = read_sheets(saved, saved.read_bytes())

    below = covered_in(today)
    assert {"B2", "A31", "D8", "F20", "G22"} <= below
    assert not below & {"A1", "C3", "E2", "F19", "H40"}
    assert covered_in(read) == below
