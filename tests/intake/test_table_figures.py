"""Figures that a rubric declares: a row of that name gives the figure, others are asked about."""

from pathlib import Path

from intake.delivered_file import read_sheets
from intake.table_columns import ASKED
from intake.table_figures import OWN, Answered, TableFigure, figures_of
from intake.table_mapping import propose
from intake.table_questions import Found, Question, questions
from intake.table_rows import read_tables
from ledger.rubric import read
from tests.support.national_form import ITEMS, build, rubric

ROW = 3  # 按期完工
CELL = "F16"


def read_as(path: Path, name: str, *, said: str = "") -> tuple[TableFigure, list[Question]]:
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
    items = [*ITEMS[:ROW], ITEMS[ROW]._replace(actual="是"), *ITEMS[ROW + 1 :]]
    table = build(path / "自评表.xlsx", items)
    tables = read_tables(table, read_sheets(table, table.read_bytes()), 2, own=True)
    mapped = propose(tables, pinned)
    answers = Answered(frozenset(), {("自评表", CELL): said} if said else {})
    figures, opened = figures_of(mapped, pinned, {}, answers, OWN)
    asked = questions(table, Found(tables, mapped, figures, opened), pinned)
    return next(one for one in figures if one.cell.ref == CELL), asked


def test_a_row_of_the_declared_name_gives_the_figure_unasked(tmp_path: Path) -> None:
    figure, asked = read_as(tmp_path, "按期完工")

    assert (figure.id, figure.name, figure.value.value) == ("on-time", "按期完工", "yes")
    assert asked == []


def test_a_row_of_another_name_is_asked_about_with_the_names_to_choose_from(
    tmp_path: Path,
) -> None:
    figure, (question,) = read_as(tmp_path, "工期符合合同")

    assert figure.id == ASKED
    assert question.choices == ("on-time", "handed-over", "ignore")
    assert "on-time 工期符合合同 | handed-over 移交使用 | ignore" in question.line.remark


def test_an_answered_figure_has_its_declared_name(tmp_path: Path) -> None:
    figure, asked = read_as(tmp_path, "工期符合合同", said="on-time")

    assert (figure.id, figure.name, figure.row.name) == ("on-time", "工期符合合同", "按期完工")
    assert asked == []
