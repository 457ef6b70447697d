"""Score tables: whatever would have to be guessed is refused with its place."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from intake.files import hand_in
from intake.table_mapping import (
    SKIPPED,
    UNKNOWN,
    Mapped,
    obeyed,
    propose,
)
from intake.table_questions import Found, questions
from intake.table_rows import Answers, DeliveredTables, read_tables
from intake.workbook import read_workbook
from ledger.rubric import read as read_rubric
from tests.support.small_case import RUBRIC

HEADING: Final = ("一级指标", "三级指标", "分值", "自评得分", "核查得分", "得扣分原因")
ROWS: Final = (
    ("管理", "预算执行率", 40, 40, 38, "执行率 95%"),
    ("管理", "年度计划", 30, 30, 30, ""),
    ("效果", "服务对象满意度", 30, 28, 25.5, "投诉"),
    ("合计", "", 100, 98, 93.5, ""),
)
Spoil = Callable[[Workbook, Worksheet], object]


def table(
    path: Path,
    spoil: Spoil | None = None,
    heading: tuple[str, ...] = HEADING,
    rows: Sequence[Sequence[object]] = ROWS,
) -> DeliveredTables:
    """A good table with one thing changed, read."""
    return read_tables(path, read_workbook(path, built(path, spoil, heading, rows)), 2)


def built(
    path: Path,
    spoil: Spoil | None = None,
    heading: tuple[str, ...] = HEADING,
    rows: Sequence[Sequence[object]] = ROWS,
) -> bytes:
    """The bytes of such a workbook."""
    book = Workbook(path)
    page = book.add_worksheet("评分表")
    page.write_row(0, 0, heading)
    for number, row in enumerate(rows, 1):
        page.write_row(number, 0, row)
    if spoil:
        spoil(book, page)
    book.close()
    return hand_in(path).content


def test_the_good_table_is_read(tmp_path: Path) -> None:
    tables = table(tmp_path / "t.xlsx")
    assert [row.name for row in tables.rows] == ["预算执行率", "年度计划", "服务对象满意度"]
    assert [row.award for row in tables.rows] == [Decimal(38), Decimal(30), Decimal("25.5")]
    assert [row.claim for row in tables.rows] == [Decimal(40), Decimal(30), Decimal(28)]
    assert tables.totals[0][1].award == Decimal("93.50")


def rich(book: Workbook, page: Worksheet) -> None:
    """`10.5` with the 1 struck out: a rich text, of which readers of values give all."""
    struck = book.add_format({"font_strikeout": True})
    page.write_rich_string("E2", "3", struck, "1", "8")


def hidden_sheet(book: Workbook, _: Worksheet) -> None:
    other = book.add_worksheet("旧稿")
    other.write_row(0, 0, HEADING)
    other.hide()


def very_hidden_sheet(book: Workbook, _: Worksheet) -> None:
    other = book.add_worksheet("旧稿")
    other.write(0, 0, "x")
    other.very_hidden()


SPOILT: Final[dict[str, tuple[Spoil, str, str]]] = {
    "a hidden sheet": (hidden_sheet, "旧稿", "hidden"),
    "a very hidden sheet": (very_hidden_sheet, "旧稿", "hidden"),
    "a hidden row": (lambda _, page: page.set_row(2, None, None, {"hidden": 1}), "row 3", "hidden"),
    "a row of no height": (lambda _, page: page.set_row(2, 0), "row 3", "hidden"),
    "a hidden column": (
        lambda _, page: page.set_column("D:D", None, None, {"hidden": 1}),
        "D1",
        "hidden",
    ),
    "a struck-out number": (
        lambda book, page: page.write("E2", 38, book.add_format({"font_strikeout": True})),
        "E2",
        "struck out",
    ),
    "a struck-out digit": (rich, "E2", "struck out"),
    "a struck-out name": (
        lambda book, page: page.write("B2", "预算", book.add_format({"font_strikeout": True})),
        "B2",
        "struck out",
    ),
    "decimals that are not shown": (
        lambda book, page: page.write("E2", 37.6, book.add_format({"num_format": "0"})),
        "E2",
        "shows 38 but contains 37.6",
    ),
    "decimals that a format of one's own does not show": (
        lambda book, page: page.write("E2", 37.66, book.add_format({"num_format": '0.0"分"'})),
        "E2",
        "shows 37.7 but contains 37.66",
    ),
    "a column of numbers that nobody names": (
        lambda _, page: page.write_column("G1", ["财政审定分", 38, 30, 25]),
        "G1",
        "财政审定分",
    ),
    "a column of numbers as text": (
        lambda _, page: page.write_column("G1", ["加权", "38分", "９０%", "x"]),
        "G1",
        "加权",
    ),
    "a column of numbers without a heading": (
        lambda _, page: page.write_column("G2", [38, 30, 25]),
        "G1",
        "unclear what its numbers are",
    ),
    "two columns of weights": (
        lambda _, page: page.write_column("G1", ["权重", 40, 30, 30]),
        "G1",
        "several columns may be the weight",
    ),
    "two columns of awards": (
        lambda _, page: page.write_column("G1", ["评审得分", 40, 30, 30]),
        "G1",
        "several columns are the Awarded",
    ),
}


@pytest.mark.parametrize("situation", SPOILT)
def test_what_would_be_guessed_is_asked_with_its_place(situation: str, tmp_path: Path) -> None:
    spoil, place, why = SPOILT[situation]
    path = tmp_path / "t.xlsx"
    tables = table(path, spoil)
    asked = [
        question.said.en
        for question in questions(path, Found(tables, propose(tables, PLAIN)), PLAIN)
    ]
    assert [said for said in asked if place in said and why in said], asked


HARMLESS: Final[dict[str, Spoil]] = {
    "an empty hidden sheet": lambda book, _: book.add_worksheet("x").hide(),
    "a hidden row below": lambda _, page: page.set_row(40, None, None, {"hidden": 1}),
    "a hidden empty column": lambda _, page: page.set_column("H:J", None, None, {"hidden": 1}),
    "numbers of the rows": lambda _, page: page.write_column("G1", ["序号", 1, 2, 3]),
    "a column of words": lambda _, page: page.write_column("G1", ["指标解释", "x", "y"]),
    "a second column of words": lambda _, page: page.write_column("G1", ["备注", "x", "y"]),
    "signatures below": lambda _, page: page.write_row("A8", ["填报人", "甲", "", "", "日期"]),
    "a struck-out title beside": lambda book, page: page.write(
        "H9", "旧", book.add_format({"font_strikeout": True})
    ),
    "a format with enough decimals": lambda book, page: page.write(
        "E4", 25.5, book.add_format({"num_format": "0.00"})
    ),
}


@pytest.mark.parametrize("situation", HARMLESS)
def test_what_says_nothing_else_is_no_hindrance(situation: str, tmp_path: Path) -> None:
    good = table(tmp_path / "good.xlsx")
    found = table(tmp_path / "t.xlsx", HARMLESS[situation]).rows
    assert [row._replace(explanation="") for row in found] == good.rows


# Which row is which indicator ---------------------------------------------------------------------

PLAIN: Final = read_rubric(RUBRIC.encode())
TWINS: Final = read_rubric(
    RUBRIC.replace(
        'path = ["管理", "预算执行率"]\nweight = 40', 'path = ["管理", "合规"]\nweight = 35'
    )
    .replace('path = ["管理", "年度计划"]\nweight = 30', 'path = ["效果", "合规"]\nweight = 35')
    .encode()
)


def meant(path: Path, rows: list[tuple[object, ...]], heading: tuple[str, ...]) -> list[str]:
    tables = table(path, heading=heading, rows=rows)
    return [one.means for one in propose(tables, TWINS)]


LEVELS: Final = ("一级指标", "三级指标", "分值", "核查得分")


def test_rows_of_one_name_are_told_apart_by_their_path(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [("效果", "合规", 35, 1), ("管理", "合规", 35, 2)]
    rows.append(("效果", "服务对象满意度", 30, 3))
    assert meant(tmp_path / "t.xlsx", rows, LEVELS) == ["plan", "spending", "service"]


@pytest.mark.parametrize(
    ("rows", "heading"),
    [
        ([("合规", 35, 1), ("合规", 35, 2)], LEVELS[1:]),
        ([("其他", "合规", 35, 1), ("管理", "合规", 35, 2)], LEVELS),
        ([("管理", "合规", 35, 1), ("管理", "合规", 35, 2)], LEVELS),
    ],
    ids=["without a path", "with a path that is none", "twice the same"],
)
def test_rows_that_could_be_several_are_asked_about(
    rows: list[tuple[object, ...]], heading: tuple[str, ...], tmp_path: Path
) -> None:
    found = meant(tmp_path / "t.xlsx", rows, heading)
    assert UNKNOWN in found
    assert SKIPPED not in found


def test_rows_of_one_path_are_told_apart_by_their_standard(tmp_path: Path) -> None:
    first, second = TWINS.by_id["spending"].standard, TWINS.by_id["plan"].standard
    heading = (*LEVELS[1:], "评分标准")
    rows: list[tuple[object, ...]] = [("合规", 35, 1, second), ("合规", 35, 2, first)]
    assert meant(tmp_path / "t.xlsx", rows, heading) == ["plan", "spending"]


# What people answer ------------------------------------------------------------------------------

DEDUCTIONS: Final = ("一级指标", "三级指标", "分值", "自评得分", "扣分", "得扣分原因")


def answered(path: Path, role: str, points: float = 2) -> tuple[DeliveredTables, list[Mapped]]:
    """A table that prints what was taken off, read with an answer about that column."""
    rows = [("管理", "预算执行率", 40, 40, points, "执行率 95%"), *ROWS[1:3]]
    content = built(path, heading=DEDUCTIONS, rows=rows)
    answers = Answers(columns={("评分表", 1, "E"): role})
    tables = read_tables(path, read_workbook(path, content), 2, answers)
    return tables, obeyed(propose(tables, PLAIN), {}, {}, PLAIN)


def test_points_taken_off_leave_the_award_when_a_person_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    tables, _ = answered(path, UNKNOWN)
    (question,) = questions(path, Found(tables, propose(tables, PLAIN)), PLAIN)
    assert "deduction" in question.said.en  # an open question keeps its words

    tables, rows = answered(path, "deduction")
    assert questions(path, Found(tables, rows), PLAIN) == []
    assert rows[0].row.award == Decimal(38)

    tables, rows = answered(path, "ignore")
    assert [row.award for row, _ in rows] == [None] * 3


def test_a_minus_before_points_taken_off_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    tables, rows = answered(path, "deduction", -2)
    assert rows[0].row.award is None
    assert [question.line.key for question in questions(path, Found(tables, rows), PLAIN)] == [
        ("cells", "评分表!E2")
    ]


def test_a_score_of_nobody_named_is_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    tables, rows = answered(path, "score")
    assert [question.kind for question in questions(path, Found(tables, rows), PLAIN)] == ["column"]
