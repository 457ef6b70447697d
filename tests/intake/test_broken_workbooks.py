"""Workbooks as they come back in real life: each broken in one way, each refused with its cell."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font

from tests.support.places import Place, Places
from tests.support.terminal import CASE, Said, done, record, scoretrail
from tests.support.workbooks import Book, Value, add_style, formula, styled

pytestmark = pytest.mark.slow

SHEET = "自评得分"
FIGURES = "基础数据"
PERCENT = 10


@pytest.fixture
def form(built: Mapping[str, Place], tmp_path: Path, places: Places) -> tuple[Place, Path]:
    """A ledger with nothing claimed, and an empty form for it."""
    ledger = places.copy(built["opened"])
    path = tmp_path / "form.xlsx"
    done(scoretrail(ledger, "form", "self-evaluation", "--case", CASE, "-o", str(path)))
    return ledger, path


def applied(ledger: Place, path: Path, *words: str, lang: str = "zh") -> Said:
    return scoretrail(ledger, "--as", "unit-filer", "apply", str(path), *words, lang=lang)


def scored(book: Book, id_: str = "output-goals", value: str | Decimal | None = None) -> str:
    """Fill a score in and say where it stands."""
    ref = book.ref(SHEET, id_, "score")
    book.put(SHEET, {ref: value if value is not None else Decimal("18.00")})
    return ref


def too_fine(book: Book) -> str:
    return scored(book, value=Decimal("18.005"))


def above_the_weight(book: Book) -> str:
    return scored(book, value=Decimal(21))


def a_percentage(book: Book) -> str:
    ref = scored(book, value=Decimal("0.9"))
    book.change(SHEET, ref, styled(add_style(book, PERCENT)))
    return ref


def a_percentage_in_words(book: Book) -> str:
    return scored(book, value="90％")


def words_for_a_number(book: Book) -> str:
    return scored(book, value="二十分")


def a_formula_never_calculated(book: Book) -> str:
    ref = scored(book)
    book.change(SHEET, ref, formula("SUM(A1:A2)"))
    return ref


def a_formula_calculated(book: Book) -> str:
    ref = scored(book)
    book.change(SHEET, ref, formula("10+8", "18"))
    return ref


def merged_scores(book: Book) -> str:
    scored(book)
    row = book.row_of(SHEET, "output-goals")
    column = book.column_of(SHEET, "score")
    book.merge(SHEET, f"{column}{row}:{column}{row + 1}")
    return f"A{row}"


def a_hidden_row(book: Book) -> str:
    scored(book)
    row = book.row_of(SHEET, "output-goals")
    book.hide(SHEET, row)
    return f"A{row}"


def an_id_twice(book: Book) -> str:
    row = book.row_of(SHEET, "benefit-goals")
    book.put(SHEET, {f"{book.column_of(SHEET, 'id')}{row}": "output-goals"})
    return f"A{row}"


def a_date_for_a_score(book: Book) -> str:
    ref = scored(book, value=Decimal(45239))
    book.change(SHEET, ref, styled(add_style(book, 14)))
    return ref


def another_unit(book: Book) -> str:
    row = book.row_of(FIGURES, "expenditure-actual")
    ref = f"{book.column_of(FIGURES, 'value')}{row}"
    name = f"{book.column_of(FIGURES, 'name')}{row}"
    unit = f"{book.column_of(FIGURES, 'unit')}{row}"
    book.put(FIGURES, {ref: "663.41万元", name: "支出数", unit: "元"})
    return ref


def a_date_that_is_none(book: Book) -> str:
    row = book.row_of(FIGURES, "award-to-signing")
    cells = {"name": "合同签订", "kind": "起止日期", "value": "2023年13月9日至2023年11月24日"}
    book.put(FIGURES, {f"{book.column_of(FIGURES, key)}{row}": text for key, text in cells.items()})
    return f"{book.column_of(FIGURES, 'value')}{row}"


BROKEN: dict[Callable[[Book], str], str] = {
    too_fine: "超过 2 位小数",
    above_the_weight: "不在 0–20 之内",
    a_percentage: "百分数",
    a_percentage_in_words: "百分数",
    words_for_a_number: "不是数",
    a_formula_never_calculated: "公式",
    a_formula_calculated: "公式",
    merged_scores: "合并",
    a_hidden_row: "隐藏",
    an_id_twice: "已存在",
    a_date_for_a_score: "是日期",
    another_unit: "应填 6634100",
    a_date_that_is_none: "2023-13-09",
}


@pytest.mark.parametrize(("broken", "why"), BROKEN.items(), ids=[one.__name__ for one in BROKEN])
def test_a_broken_form_is_refused_with_its_cell(
    form: tuple[Place, Path], broken: Callable[[Book], str], why: str
) -> None:
    ledger, path = form
    before = record(ledger)
    book = Book(path)
    ref = broken(book)
    book.save()

    said = applied(ledger, path)

    assert said.code == 2
    assert f"单元格 {ref}：" in said.err
    assert why in said.err
    assert record(ledger) == before


def test_a_form_speaks_english_too(form: tuple[Place, Path]) -> None:
    ledger, path = form
    book = Book(path)
    ref = too_fine(book)
    book.save()

    said = applied(ledger, path, lang="en")

    assert f"cell {ref}: 18.005 has more than 2 decimals" in said.err


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("locked.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "密码"),
        ("macro.xlsm", b"PK", "宏"),
        ("torn.xlsx", b"PK\x03\x04 torn", "不是完好的"),
        ("empty.xlsx", b"", "不是完好的"),
    ],
)
def test_a_file_that_is_no_plain_workbook_is_refused(
    form: tuple[Place, Path], name: str, content: bytes, why: str
) -> None:
    ledger, path = form
    file = path.with_name(name)
    file.write_bytes(content)

    said = applied(ledger, file)

    assert said.code == 2
    assert why in said.err


def test_macros_are_refused_whatever_the_file_is_called(form: tuple[Place, Path]) -> None:
    ledger, path = form
    book = Book(path)
    book.parts["xl/vbaProject.bin"] = b"macro"
    book.save()

    assert "宏" in applied(ledger, path).err


def test_a_torn_form_names_the_row_that_is_gone(form: tuple[Place, Path]) -> None:
    ledger, path = form
    book = Book(path)
    scored(book)
    book.drop(SHEET, book.row_of(SHEET, "three-public")).save()

    assert "“三公”经费控制情况 three-public 这一行缺失" in applied(ledger, path).err


def test_a_workbook_that_is_no_form_says_what_to_do(issued: Place, tmp_path: Path) -> None:
    table = tmp_path / "table.xlsx"
    done(scoretrail(issued, "document", "score-table", CASE, "-o", str(table)))

    assert "import-table" in applied(issued, table).err


def test_a_row_that_moved_since_the_form_was_made_is_refused(
    submitted: Place, tmp_path: Path
) -> None:
    path = tmp_path / "review.xlsx"
    done(scoretrail(submitted, "form", "review", "--case", CASE, "-o", str(path)))
    adjust = ("review", "adjust", CASE, "expenditure-rate", "9.00", "--justification", "不足 100%")
    ground = ("--ground", "报告如此")
    done(scoretrail(submitted, "--as", "agency-reviewer", *adjust, *ground))
    book = Book(path)
    row = book.row_of("核查评分", "expenditure-rate")
    cells: dict[str, Value] = {
        "award": Decimal(8),
        "justification": "另有说法",
        "ground": "另有说法",
    }
    book.put(
        "核查评分",
        {f"{book.column_of('核查评分', key)}{row}": value for key, value in cells.items()},
    ).save()

    said = scoretrail(submitted, "--as", "agency-reviewer", "apply", str(path))

    assert said.code == 2
    assert "expenditure-rate 又有改动" in said.err


@pytest.mark.parametrize("column", ["award", "justification"])
def test_what_is_only_struck_out_is_refused_with_its_cell(
    reviewed: Place, tmp_path: Path, column: str
) -> None:
    """Its value is as it was, so it would change nothing, and nobody would hear of it."""
    path = tmp_path / "review.xlsx"
    done(scoretrail(reviewed, "form", "review", "--case", CASE, "-o", str(path)))
    as_made = scoretrail(reviewed, "--as", "agency-reviewer", "apply", str(path), "--check")
    form_ = Book(path)
    ref = form_.ref("核查评分", "output-goals", column)
    book = load_workbook(path)
    book["核查评分"][ref].font = Font(strike=True)
    book.save(path)

    said = scoretrail(reviewed, "--as", "agency-reviewer", "apply", str(path), "--check")

    assert "划去" not in as_made.err
    assert said.code == 2
    assert f"单元格 {ref}：有划去的字" in said.err


# What people write and is understood -------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "score"),
    [("１８．５", "18.50"), ("18.5分", "18.50"), (" 18.5 ", "18.50"), (Decimal("18.5"), "18.50")],
)
def test_a_score_is_read_however_it_is_stored(
    form: tuple[Place, Path], written: str | Decimal, score: str
) -> None:
    ledger, path = form
    book = Book(path)
    scored(book, value=written)
    book.save()

    done(applied(ledger, path))

    rows = scoretrail(ledger, "score", CASE, "--json").json["indicators"]
    assert rows[0]["claim"] == score


@pytest.mark.parametrize("mark", ["—", "/", "*", "－", "／", "＊", "无", "--"])
def test_a_mark_for_nothing_is_no_zero(form: tuple[Place, Path], mark: str) -> None:
    ledger, path = form
    book = Book(path)
    scored(book, value=mark)
    scored(book, "benefit-goals", Decimal(19))
    book.save()

    done(applied(ledger, path))

    rows = scoretrail(ledger, "score", CASE, "--json").json["indicators"]
    assert [row["claim"] for row in rows[:2]] == [None, "19.00"]


def test_text_that_begins_like_a_formula_stays_text(form: tuple[Place, Path]) -> None:
    ledger, path = form
    for text in ("=1+1", "+SUM(A1)", "-2", "@x"):
        book = Book(path)
        scored(book)
        book.put(SHEET, {book.ref(SHEET, "output-goals", "justification"): text})
        done(applied(ledger, book.save(path.with_name("filled.xlsx"))))
        log = scoretrail(ledger, "log", CASE, "--indicator", "output-goals", "--json").json
        assert log["entries"][-1]["justification"] == text
        again = path.with_name("again.xlsx")
        done(scoretrail(ledger, "form", "self-evaluation", "--case", CASE, "-o", str(again)))
        reread = Book(again)
        assert reread.text(SHEET, reread.ref(SHEET, "output-goals", "justification")) == text
        path = again
