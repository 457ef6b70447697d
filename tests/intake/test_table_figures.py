"""Figures that a rubric declares: a row of that name gives the figure, others are asked about."""

from pathlib import Path

from xlsxwriter import Workbook

from intake.delivered_file import read_sheets
from intake.stated_figures import Open
from intake.table_columns import ASKED
from intake.table_figures import OWN, Answered, TableFigure, figures_of
from intake.table_mapping import propose
from intake.table_questions import Found, Question, questions
from intake.table_rows import read_tables
from ledger.rubric import Rubric, read
from tests.support.national_form import ITEMS, build, rubric

ROW = 3  # 按期完工
CELL = "F16"


def read_as(
    path: Path, name: str, *, said: str = "", actual: str = "是"
) -> tuple[TableFigure | None, list[Question]]:
    """The figure of a row whose rule reads two by their ids, one of them declared by that name."""
    head, *rows = rubric().split("[[indicator]]\n")
    before = rows[ROW + 1].partition("rule.shape")[0]
    rows[ROW + 1] = (
        f'{before}rule = {{ shape = "all-or-nothing", figures = ["on-time", "handed-over"] }}\n'
    )
    declared = '[[figure]]\nid = "spent"\nname = "支出"\n[[figure]]\nid = "budget"\nname = "预算"\n'
    declared += (
        f'[[figure]]\nid = "on-time"\nname = "{name}"\nkind = "yes-no"\n'
        '[[figure]]\nid = "handed-over"\nname = "移交使用"\nkind = "yes-no"\n'
    )
    pinned = read(("[[indicator]]\n".join((head, *rows)) + declared).encode())
    items = [*ITEMS[:ROW], ITEMS[ROW]._replace(actual=actual), *ITEMS[ROW + 1 :]]
    table = build(path / "自评表.xlsx", items)
    tables = read_tables(table, read_sheets(table, table.read_bytes()), 2, own=True)
    mapped = propose(tables, pinned)
    answers = Answered(frozenset(), {("自评表", CELL): said} if said else {})
    figures, opened = figures_of(mapped, pinned, {}, answers, OWN)
    asked = questions(table, Found(tables, mapped, figures, opened), pinned)
    return next((one for one in figures if one.cell.ref == CELL), None), asked


def test_a_row_of_the_declared_name_gives_the_figure_unasked(tmp_path: Path) -> None:
    figure, asked = read_as(tmp_path, "按期完工")

    assert figure is not None
    assert (figure.id, figure.name, figure.value.value) == ("on-time", "按期完工", "yes")
    assert asked == []


def test_a_row_of_another_name_is_asked_about_with_the_names_to_choose_from(
    tmp_path: Path,
) -> None:
    figure, (question,) = read_as(tmp_path, "工期符合合同")

    assert figure is not None
    assert figure.id == ASKED
    assert question.choices == ("on-time", "handed-over", "ignore")
    assert "on-time 工期符合合同 | handed-over 移交使用 | ignore" in question.line.remark


def test_an_answered_figure_has_its_declared_name(tmp_path: Path) -> None:
    figure, asked = read_as(tmp_path, "工期符合合同", said="on-time")

    assert figure is not None
    assert (figure.id, figure.name, figure.row.name) == ("on-time", "工期符合合同", "按期完工")
    assert asked == []


def test_words_that_a_rule_cannot_read_are_asked_about_with_what_it_can(tmp_path: Path) -> None:
    figure, (question,) = read_as(tmp_path, "按期完工", actual="按期")

    assert figure is None
    assert question.line.key == ("cells", f"自评表!{CELL}")
    assert question.choices == ("是", "否")


def test_a_number_in_another_unit_than_the_rule_reads_is_asked_about(tmp_path: Path) -> None:
    """Of a rate that the rubric reads in per cent, 1,960 volumes are no 1960%."""
    rubric_ = read(
        RATE.format(kind="number", unit="%").encode(),
    )
    opened = [opened_of(tmp_path, rubric_, actual) for actual in ("98%", "1960册", "0.98", "已购")]

    assert [one and one.choices for one in opened] == [None, (), ("0.98%", "98%"), ()]
    assert "不是“%”" in str(opened[1] and opened[1].why.zh)


def opened_of(path: Path, pinned: Rubric, actual: str) -> Open | None:
    """What the cell of the rate leaves open."""
    table = path / f"{actual}.xlsx"
    with Workbook(table) as book:
        page = book.add_worksheet("表")
        page.write_row(0, 0, ("三级指标", "年度指标值", "实际完成值", "分值", "自评得分"))
        page.write_row(1, 0, ("图书采购", "完成采购", actual, 100, 98))
    tables = read_tables(table, read_sheets(table, table.read_bytes()), 2, own=True)
    answers = Answered(frozenset(), {("表", "C2"): "rate"})
    _, opened = figures_of(propose(tables, pinned), pinned, {}, answers, OWN)
    return opened[0][1] if opened else None


RATE = """
id = "books"
edition = "1"
title = "图书"
scale = 2
full = 100
cap = 100
source = "办法"
band = []
[[indicator]]
id = "books"
path = ["图书采购"]
weight = 100
clause = "第一条"
standard = "按完成率计分"
[indicator.rule]
shape = "ratio"
counts = "rate"
value = {{ take = "total", figures = ["rate"] }}
above = "full"
below = "no-score"
[[figure]]
id = "rate"
name = "完成率"
kind = "{kind}"
unit = "{unit}"
"""
