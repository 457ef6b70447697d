"""The nation-wide form in many layouts: read as it is, or asked about, and never wrong."""

from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from intake.delivered_file import read_sheets
from intake.table_columns import IGNORED
from intake.table_figures import OWN, Answered, TableFigure, figures_of
from intake.table_mapping import by_indicator, propose
from intake.table_questions import Found, Question, questions
from intake.table_rows import NO_ANSWERS, Answers, read_tables
from ledger.rubric import read as read_rubric
from ledger.values import Invalid
from tests.support.national_form import ITEMS, build, rubric

RUBRIC: Final = read_rubric(rubric().encode())
CLAIMS: Final = {f"i{number}": Decimal(item.claim) for number, item in enumerate(ITEMS, 1)}
FIGURES: Final = {
    "i1": ("302", "天", "at-least", "300"),
    "i2": ("0.98", "万册", "at-least", "1"),
    "i3": ("97", "%", "at-least", "95"),
    "i4": ("已完成", "", "described", "按计划完成"),
    "i5": ("25", "万人次", "at-least", "20"),
    "i6": ("91.5", "%", "at-least", "90"),
}
MONEY: Final = {"budget": ("118.5", "万元"), "spent": ("115.43", "万元")}


class Read(NamedTuple):
    """What was understood of a form."""

    claims: dict[str, Decimal | None]
    figures: list[TableFigure]
    asked: list[Question]


def read(path: Path, answers: Answers = NO_ANSWERS) -> Read:
    sheets = read_sheets(path, path.read_bytes())
    tables = read_tables(path, sheets, 2, answers, own=True)
    rows = propose(tables, RUBRIC)
    figures, opened = figures_of(rows, RUBRIC, {}, Answered(frozenset(), {}), OWN)
    asked = questions(path, Found(tables, rows, figures, opened, answers), RUBRIC)
    return Read({m: row.claim for row, m in by_indicator(rows, RUBRIC)}, figures, asked)


def never_wrong(path: Path) -> bool:
    """Whether the form was understood; whatever was is the truth."""
    try:
        claims, figures, asked = read(path)
    except Invalid as error:
        assert str(path) in error.text.en  # noqa: PT017 - a refusal is as good, if it says where
        return False
    if asked:
        assert all(str(path) in question.said.en for question in asked)
        return False
    for means, claim in claims.items():
        assert claim in {None, CLAIMS.get(means, Decimal("9.74"))}, (means, claim)
    for figure in figures:
        value, target = figure.value, figure.target
        if figure.id in MONEY:
            assert (value.value, value.unit) == MONEY[figure.id]
            continue
        truth = FIGURES[figure.indicator]
        assert (value.value, value.unit) in {truth[:2], (None, truth[1])}, figure
        assert target is None or (target.sense, target.value) == truth[2:], figure
    return claims.keys() >= CLAIMS.keys()


HEADINGS: Final = {
    "level1": ("一级指标", "一级", "Ⅰ级指标"),
    "level2": ("二级指标", "二级", "Ⅱ级指标"),
    "name": ("三级指标", "三级", "指标名称", "具体指标", "甲乙"),
    "target": ("年度指标值", "目标值", "预期指标值（2021年）", "计划值", "丙丁"),
    "actual": ("实际完成值", "全年实际完成值", "完成情况", "自评完成值", "戊己"),
    "weight": ("分值", "分值（100分）", "权重", "标准分", "庚辛"),
    "claim": ("得分", "自评得分", "实际得分", "自评分", "评分", "壬癸"),
    "reason": ("偏差原因分析及改进措施", "未完成原因", "备注"),
}
BESIDE: Final = (
    ("复核得分", ("15", "14", "9", "8", "29", "10")),
    ("得分", ("1", "2", "3", "4", "5", "6")),
    ("复核完成值", ("300天", "0.9万册", "96%", "已完成", "24万人次", "90%")),
    ("完成率", ("100%", "98%", "100%", "100%", "100%", "100%")),
    ("财政口径", ("1", "2", "3", "4", "5", "6")),
)


class Form(NamedTuple):
    """A form on a grid, and which column or row is hidden, from 0."""

    rows: list[list[str]]
    column_hidden: int | None
    row_hidden: int | None


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """The known form with its columns and rows in some order and its headings in some words."""
    order = draw(st.permutations(range(len(ITEMS))))
    items = [ITEMS[index] for index in order]
    texts = {key: [item[at] for item in items] for at, key in enumerate(HEADINGS)}
    keys = draw(st.permutations(list(HEADINGS)[3:]))
    columns = [(key, draw(st.sampled_from(words))) for key, words in HEADINGS.items()]
    columns = columns[:3] + [next(c for c in columns if c[0] == key) for key in keys]
    grid = [[heading, *map(str, texts[key])] for key, heading in columns]
    for heading, values in draw(st.lists(st.sampled_from(BESIDE), max_size=2, unique=True)):
        at = draw(st.sampled_from((3, len(grid))))
        grid.insert(at, [heading, *(values[index] for index in order)])
    rows = [list(row) for row in zip(*grid, strict=True)]
    if draw(st.booleans()):
        total = [""] * len(grid)
        total[0] = draw(st.sampled_from(("总分", "合计", "总计：", "综合得分")))
        total[-1] = draw(st.sampled_from(("89.7", "100", "优")))
        rows += [total, ["填报人：", *[""] * (len(grid) - 1)]]
    if draw(st.integers(0, 9)) == 0:  # a second project below the first
        rows += rows
    seldom = st.sampled_from((None,) * 6 + (0,))
    column = draw(st.integers(0, len(grid) - 1)) if draw(seldom) == 0 else None
    row = draw(st.integers(1, len(items))) if draw(seldom) == 0 else None
    return Form(rows, column, row)


def write(path: Path, form: Form, *, as_text: bool) -> Path:
    book = Workbook(path, {"strings_to_numbers": not as_text, "strings_to_formulas": False})
    page = book.add_worksheet("自评表")
    for number, row in enumerate(form.rows):
        page.write_row(number, 0, row)
    if form.column_hidden is not None:
        page.set_column(form.column_hidden, form.column_hidden, None, None, {"hidden": 1})
    if form.row_hidden is not None:
        page.set_row(form.row_hidden, None, None, {"hidden": 1})
    book.close()
    return path


@settings(max_examples=60)
@given(form=forms(), as_text=st.booleans())
def test_a_known_form_is_read_as_it_is_or_asked_about(
    tmp_path_factory: pytest.TempPathFactory, form: Form, *, as_text: bool
) -> None:
    never_wrong(write(tmp_path_factory.mktemp("form") / "t.xlsx", form, as_text=as_text))


def test_the_form_as_it_is_delivered_is_understood_whole(tmp_path: Path) -> None:
    assert never_wrong(build(tmp_path / "t.xlsx"))


def test_the_form_in_other_words_is_understood_whole(tmp_path: Path) -> None:
    """The label along the levels names no row, and the goals above are no part of the heading."""
    levels, figures = ("一级", "二级", "具体指标"), ("年初目标值", "实际完成情况")
    heading = ("绩效指标", *levels, *figures, "分值", "得分", "备注")

    assert never_wrong(build(tmp_path / "t.xlsx", heading=heading))


def kinds(path: Path) -> list[tuple[str, str]]:
    return [(question.kind, question.line.place) for question in read(path).asked]


def test_two_projects_in_a_sheet_are_asked_about_by_table(tmp_path: Path) -> None:
    """Never one project's claims for another's; once one table is left out, nothing is asked."""
    heading = ["一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "自评得分"]
    lines = [
        [item.level1, item.name, str(item.target), str(item.actual), item.weight, item.claim]
        for item in ITEMS
    ]
    between = ["项目资金", "年初预算数", "执行率", "分值", "得分", "执行数"]
    money = ["资金总额", "100", "97%", "10", "9.7", "97"]
    rows = [between, money, heading, *lines, between, money, heading, *lines]
    path = write(tmp_path / "t.xlsx", Form(rows, None, None), as_text=False)
    assert kinds(path) == [("block", f"自评表!{row}") for row in (1, 3, 10, 12)]
    answers = Answers(blocks={("自评表", row): IGNORED for row in (1, 3)})
    claims, _, asked = read(path, answers)
    assert (len(claims), asked) == (7, [])


def test_the_same_heading_below_a_total_begins_another_project(tmp_path: Path) -> None:
    """Below a subtotal of a page it goes on; one question for each table, and none for each row."""
    heading = ["一级指标", "三级指标", "分值", "自评得分"]
    lines = [[item.level1, item.name, item.weight, item.claim] for item in ITEMS]
    total, page = ["合计", "", "90", "89.7"], ["本页小计", "", "30", "29.7"]
    two = write(
        tmp_path / "two.xlsx", Form([heading, *lines, total] * 2, None, None), as_text=False
    )
    paged = [heading, *lines[:2], page, heading, *lines[2:], total]
    one = write(tmp_path / "one.xlsx", Form(paged, None, None), as_text=False)

    assert kinds(two) == [("block", "自评表!1"), ("block", "自评表!9")]
    assert kinds(one) == []


@pytest.mark.parametrize(
    ("claim", "answer"), [("扣1分", "扣1分"), ("满分", "满分"), ("9/10", "9/10"), ("90%", "90%")]
)
def test_a_claim_that_is_no_number_is_asked(claim: str, answer: str, tmp_path: Path) -> None:
    items = [ITEMS[0]._replace(claim=claim), *ITEMS[1:]]
    assert kinds(build(tmp_path / "t.xlsx", items)) == [("value", "自评表!H13")]
    assert answer in str(read(tmp_path / "t.xlsx").asked[0].line)


def test_not_scored_is_not_zero(tmp_path: Path) -> None:
    items = [ITEMS[0]._replace(claim="—"), *ITEMS[1:]]
    claims = read(build(tmp_path / "t.xlsx", items)).claims
    assert claims["i1"] is None
    assert claims["i2"] == Decimal("14.7")


def test_two_columns_of_one_kind_stay_a_question_even_if_both_are_said_to_be_it(
    tmp_path: Path,
) -> None:
    scores = build(tmp_path / "t.xlsx", more=(("得分", ("1", "2", "3", "4", "5", "6")),))
    both = Answers(columns={("自评表", 12, letters): "claim" for letters in "HJ"})
    for answers in (NO_ANSWERS, both):
        claims, _, asked = read(scores, answers)
        assert [question.line.place for question in asked] == ["自评表!H12", "自评表!J12"]
        assert claims["i1"] is None
    actuals = build(tmp_path / "a.xlsx", more=(("完成情况", ("1", "2", "3", "4", "5", "6")),))
    assert kinds(actuals) == [("column", "自评表!F12"), ("column", "自评表!J12")]
