"""All that is wrong with a form is reported at once, as text, as data and in a marked copy."""

from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.support.places import Place, Places
from tests.support.terminal import EXAMPLES, begun, done, record, scoretrail
from tests.support.workbooks import Book, Value

WHOLE_LIFE = EXAMPLES.parent / "whole-life"
CASE = "parks-2022"
SHEET, FIGURES = "核查评分", "核查数据"
REVIEWER = ("--as", "agency-reviewer", "--dated", "2023-06-12")


@pytest.fixture
def form(places: Places, tmp_path: Path) -> tuple[Place, Path]:
    """A case that was handed in, and the reviewer's form of it."""
    ledger = begun(places.new(), "2023-03-01")
    for number in (1, 2, 3):
        (file,) = WHOLE_LIFE.glob(f"{number}-*.toml")
        done(scoretrail(ledger, "apply", str(file)))
    path = tmp_path / "r.xlsx"
    done(scoretrail(ledger, "form", "review", "--case", CASE, "-o", str(path)))
    return ledger, path


def test_cells_rules_and_missing_files_are_reported_together(form: tuple[Place, Path]) -> None:
    ledger, path = form
    before, book = record(ledger), Book(path)
    wrong: dict[str, Value] = {
        book.ref(SHEET, "execution", "award"): "错一",
        book.ref(SHEET, "patrols", "award"): Decimal(1000),
    }
    no_file = book.ref(SHEET, "plan", "evidence")
    unjustified = book.ref(SHEET, "planting", "award")
    reason: dict[str, Value] = {book.ref(SHEET, "plan", "award"): Decimal(0)}
    reason[book.ref(SHEET, "plan", "justification")] = "未批准"
    book.put(SHEET, wrong | reason | {no_file: "没有.pdf", unjustified: Decimal(1)}).save()
    marked = path.with_name("marked.xlsx")

    said = scoretrail(
        ledger, *REVIEWER, "apply", "--check", str(path), "--json", "--marked", str(marked)
    )

    assert said.code == 2
    faults = {fault["cell"]: fault["message"] for fault in said.json["faults"]}
    row = book.row_of(SHEET, "planting")
    assert faults.keys() == {*wrong, no_file, f"A{row}"}
    assert "没有.pdf" in faults[no_file]
    assert str(path.parent) in faults[no_file]
    assert "原因" in faults[f"A{row}"]  # what the rules say of a row
    for cell in faults.keys() - {f"A{row}"}:
        assert cell in said.err
    assert f"第 {row} 行" in said.err
    assert record(ledger) == before

    sheet = load_workbook(marked)[SHEET]
    for cell, message in faults.items():
        assert sheet[cell].comment.text == message
    clean = book.ref(SHEET, "execution", "justification")
    assert sheet[clean].comment is None
    again = load_workbook(marked)
    again[SHEET][no_file] = None
    again.save(marked)
    once_more = scoretrail(ledger, *REVIEWER, "apply", "--check", str(marked), "--json")
    assert no_file not in {fault["cell"] for fault in once_more.json["faults"]}


def swapped(book: Book) -> str:
    """What people see is sorted, and the ids are not."""
    rows = [book.row_of(SHEET, row) for row in ("plan", "patrols")]
    columns = [book.column_of(SHEET, key) for key in ("level1", "level3", "weight", "standard")]
    texts = [{c: book.text(SHEET, f"{c}{row}") for c in columns} for row in rows]
    for row, other in zip(rows, reversed(texts), strict=True):
        book.put(SHEET, {f"{column}{row}": text for column, text in other.items()})
    return "此格不用填写"


def copied(book: Book) -> str:
    """A row is below the others once more."""
    row, last = book.row_of(SHEET, "plan"), book.add_row(SHEET)
    for key in ("level3", "id"):
        column = book.column_of(SHEET, key)
        book.put(SHEET, {f"{column}{last}": book.text(SHEET, f"{column}{row}")})
    return "已存在"


def inserted(book: Book) -> str:
    """A row without an id."""
    last = book.add_row(SHEET)
    book.put(SHEET, {f"{book.column_of(SHEET, 'level3')}{last}": "另加"})
    return "不是原表的行"


def deleted(book: Book) -> str:
    """A row is gone."""
    book.drop(SHEET, book.row_of(SHEET, "plan"))
    return "缺失"


def a_weight_typed_over(book: Book) -> str:
    """What limits the award is another number."""
    book.put(SHEET, {book.ref(SHEET, "plan", "weight"): Decimal(50)})
    return "此格不用填写"


def a_rate_for_a_percentage(book: Book) -> str:
    """0.96 where 96 was meant."""
    row = book.first_row(FIGURES) + 20
    cells: dict[str, Value] = {"name": "满意度", "indicator": "游客满意度", "unit": "%"}
    cells |= {"value": Decimal("0.96"), "reason": "重新抽样"}
    book.put(FIGURES, {f"{book.column_of(FIGURES, key)}{row}": v for key, v in cells.items()})
    return "是 96% 还是 0.96%"


BROKEN = (swapped, copied, inserted, deleted, a_weight_typed_over, a_rate_for_a_percentage)


def test_what_is_hidden_cannot_come_apart_from_what_is_seen(form: tuple[Place, Path]) -> None:
    ledger, path = form
    sound, before = path.read_bytes(), record(ledger)
    for broken in BROKEN:
        path.write_bytes(sound)
        book = Book(path)
        book.put(SHEET, {book.ref(SHEET, "execution", "award"): Decimal("1.00")})
        book.put(SHEET, {book.ref(SHEET, "execution", "justification"): "理由"})
        why = broken(book)
        book.save()

        said = scoretrail(ledger, *REVIEWER, "apply", str(path))

        assert said.code == 2, broken.__name__
        assert why in said.err, broken.__name__
    assert record(ledger) == before
