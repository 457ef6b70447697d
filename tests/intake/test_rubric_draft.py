"""A rubric in a table, however it is laid out, is drafted as it is printed; the rest is asked."""

import tomllib
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.delivered_file import read_sheets
from intake.draft_file import DraftFile, draft_file
from intake.rubric_draft import RubricDraft, draft
from intake.rule_sentences import FoundRule, LeftToReviewer
from ledger.rubric import diagnose, read
from ledger.values import Invalid
from tests.support.delivered import (
    Layout,
    write_document,
    write_open_document,
    write_text,
    write_workbook,
)
from tests.support.drafts import answered

Row = tuple[str, ...]
HEADING: Final = ("一级指标", "二级指标", "三级指标", "分值", "指标解释", "评分标准")
ROWS: Final[Sequence[Row]] = (
    ("管理", "预算", "预算执行率", "40", "看执行进度", "得分=执行率×分值"),
    ("管理", "计划", "年度计划", "25", "看计划", "每缺1份扣1分，扣完为止"),
    ("效果", "满意", "游客满意度", "35", "看问卷", "满意度不高的酌情扣分"),
)


def drafted(path: Path, columns: dict[str, str] | None = None) -> RubricDraft:
    """What is drafted from a file."""
    return draft(path, read_sheets(path, path.read_bytes()), columns or {})


def table(path: Path, heading: Row = HEADING, rows: Sequence[Row] = ROWS) -> Path:
    """A workbook with a heading and rows."""
    cells = {
        (line, column): text
        for line, row in enumerate((heading, *rows))
        for column, text in enumerate(row)
        if text
    }
    return write_workbook(path, Layout(cells, [], set(), set()), as_text=False)


def test_what_is_printed_is_drafted_with_its_cell(tmp_path: Path) -> None:
    path = table(tmp_path / "t.xlsx")
    made = drafted(path)
    file = draft_file(made, path)

    assert [row.clause for row in made.rows] == [
        "评分表!F2 预算执行率",
        "评分表!F3 年度计划",
        "评分表!F4 游客满意度",
    ]
    assert [type(row.rule) for row in made.rows] == [FoundRule, FoundRule, LeftToReviewer]
    assert made.total == made.full == Decimal(100)
    assert "# 读自 read from: 得分=执行率×分值\n" in file.text
    assert (
        "# 由人评定：由人掌握：“酌情” Left to the reviewer: leaves points to judgement" in file.text
    )
    assert 'name = "每缺1份"' in file.text
    assert tomllib.loads(file.text)["drafted"] is True


def test_it_cannot_be_published_before_it_is_read_and_answered(tmp_path: Path) -> None:
    path = table(tmp_path / "t.xlsx")
    source = draft_file(drafted(path), path).text
    errors = {(error.place, error.message.en) for error in diagnose(source.encode())}

    assert ("drafted", "this is a draft; read every row, correct it, then take out this line") in (
        errors
    )
    assert ("title", "a question is not answered") in errors
    places = {place for place, _ in errors}
    assert {"id", "edition", "scale", "band", "indicator[i01].rule.above"} <= places
    with pytest.raises(Invalid):
        read(source.encode())

    assert diagnose(answered(source).encode()) == []
    almost = answered(source).replace('above = "full"', 'above = "?"')
    assert [error.place for error in diagnose(almost.encode())] == ["indicator[i01].rule.above"]
    undrafted = source.replace("drafted = true\n", "")
    assert diagnose(undrafted.encode())
    assert [error.place for error in diagnose(f"drafted = true\n{answered(source)}".encode())] == [
        "drafted"
    ]


def test_every_question_is_listed_where_it_is_asked(tmp_path: Path) -> None:
    path = table(tmp_path / "t.xlsx")
    file = draft_file(drafted(path), path)

    asked = [(question.indicator, question.key) for question in file.questions]
    assert asked == [
        *(("", key) for key in ("id", "edition", "title", "scale", "band")),
        ("i01", "rule.above"),
    ]
    assert file.text.count('"?"') == len(asked)


# What does not add up ----------------------------------------------------------------------------


def test_a_table_of_110_points_is_told_and_its_full_score_is_asked(tmp_path: Path) -> None:
    rows = (*ROWS, ("效果", "满意", "投诉", "10", "", "每起扣1分"), ("合计", "", "", "100", "", ""))
    path = table(tmp_path / "t.xlsx", rows=rows)
    made = drafted(path)

    assert made.full is None
    assert [tuple(sum_) for sum_ in made.differences] == [("合计", 100, 110)]
    text = draft_file(made, path).text
    assert 'full = "?"  # 各行分值相加 110，表中印出的合计是 100' in text
    assert 'cap = "?"' in text


def test_110_points_without_a_printed_total_are_asked_as_well(tmp_path: Path) -> None:
    path = table(tmp_path / "t.xlsx", rows=(*ROWS, ("效果", "满意", "投诉", "10", "", "")))
    assert 'full = "?"  # 各行分值相加 110 the weights' in draft_file(drafted(path), path).text


def test_weights_in_the_names_of_levels_are_checked_and_names_are_kept(tmp_path: Path) -> None:
    rows = [("1.管理（60分）", "预算（40分）", *ROWS[0][2:]), ("1.管理（60分）", *ROWS[1][1:]),
            ("2.效果（35分）", *ROWS[2][1:])]  # fmt: skip
    made = drafted(table(tmp_path / "t.xlsx", rows=rows))

    assert made.rows[0].path == ("1.管理（60分）", "预算（40分）", "预算执行率")
    assert [tuple(sum_) for sum_ in made.differences] == [("1.管理（60分）", 60, 65)]


def test_columns_with_the_weights_of_levels_are_checked(tmp_path: Path) -> None:
    heading = ("一级指标", "分值", "二级指标", "分值", "三级指标", "分值", "评分标准")
    rows = [("管理", "65", "预算", "40", "预算执行率", "40", "得分=执行率×分值"),
            ("管理", "65", "计划", "30", "年度计划", "25", ""),
            ("效果", "35", "满意", "35", "游客满意度", "35", "")]  # fmt: skip
    made = drafted(table(tmp_path / "t.xlsx", heading, rows))

    assert [row.weight for row in made.rows] == [40, 25, 35]
    assert [tuple(sum_) for sum_ in made.differences] == [("管理 / 计划", 30, 25)]


def test_weights_may_be_behind_the_names_alone(tmp_path: Path) -> None:
    heading = ("一级指标", "三级指标", "目标值", "评分标准")
    rows = [
        ("产出", "1.开放天数（60分）", "≥300天", "每少1天扣1分"),
        ("产出", "2.藏书（40分）", "1万册", ""),
    ]
    path = table(tmp_path / "t.xlsx", heading, rows)
    made = drafted(path)

    assert [row.weight for row in made.rows] == [60, 40]
    text = draft_file(made, path).text
    assert "# 目标值 target: ≥300天" in text
    assert diagnose(answered(text).encode()) == []


# What is asked or refused ------------------------------------------------------------------------


def test_a_table_without_a_column_of_weights_asks_which_it_is(tmp_path: Path) -> None:
    heading = ("一级指标", "三级指标", "指标值", "分数", "评分标准")
    rows = [
        ("管理", "预算执行率", "95%", "60", "得分=执行率×分值"),
        ("管理", "计划", "有", "40", ""),
    ]
    path = table(tmp_path / "t.xlsx", heading, rows)

    with pytest.raises(Invalid) as refused:
        drafted(path)
    assert "cell D1, '分数': no column is certain to hold the weights" in refused.value.text.en
    assert "D=weight" in refused.value.text.zh
    assert [row.weight for row in drafted(path, {"D": "weight"}).rows] == [60, 40]


def test_a_weight_that_cannot_be_read_is_asked(tmp_path: Path) -> None:
    rows = [(*ROWS[0][:3], "四十", *ROWS[0][4:]), *ROWS[1:]]
    path = table(tmp_path / "t.xlsx", rows=rows)
    made = drafted(path)
    text = draft_file(made, path).text

    assert made.rows[0].weight is None
    assert made.full is None
    assert 'weight = "?"' in text
    solved = answered(text, weight='"40"', full='"100"', deduct='"[0,40]"', out_of='"40"')
    assert diagnose(solved.encode()) == []


def test_hidden_rows_are_named_and_not_drafted(tmp_path: Path) -> None:
    cells = {
        (line, column): text
        for line, row in enumerate((HEADING, *ROWS))
        for column, text in enumerate(row)
    }
    path = write_workbook(tmp_path / "t.xlsx", Layout(cells, [], set(), {2}), as_text=False)
    made = drafted(path)

    assert [row.path[-1] for row in made.rows] == ["预算执行率", "游客满意度"]
    assert [text.en for text in made.left_out] == [
        f"{path}, sheet '评分表', row 3: hidden, not read"
    ]


@pytest.mark.parametrize(
    ("standard", "each", "cap"),
    [
        ("受市级表彰每次加2分，最多加4分", 2, 4),
        ("获奖一项加一分，累计不超过3分", 1, 3),
        ("国家级每项加3分，省级每项加2分，最多5分", None, 5),
        ("视情况加1分，最多3分", None, None),
        ("每项加1-2分", None, None),
        ("", None, None),
    ],
)
def test_what_a_bonus_states_is_taken_and_the_rest_is_asked(
    tmp_path: Path, standard: str, each: int | None, cap: int | None
) -> None:
    path = table(tmp_path / "t.xlsx", rows=(*ROWS, ("加分", "加分", "加分项", "0", "", standard)))
    made = drafted(path)
    ((_, extra),) = made.extras

    assert (extra.kind, extra.each, extra.cap) == ("bonus", each, cap)
    assert diagnose(answered(draft_file(made, path).text, cap='"5"', each='"1"').encode()) == []


# Always ------------------------------------------------------------------------------------------

STANDARDS: Final = (
    "得分=执行率×分值", "每缺1份扣1分，扣完为止", "酌情扣分", "齐全得满分，否则不得分",
    "90%以上得满分；90%以下不得分", "每低1%扣0.5分",
    '引号"和反斜线\\，制表\t与\n换行', "优=95，良=85，差=50",
    "'''三个引号\"\"\"", "说明性文字", "",
)  # fmt: skip
NAMES: Final = st.text('甲乙丙丁戊（）“”及"\\#=', min_size=1, max_size=6).filter(
    lambda name: name.strip() and name not in {"（", "）"}
)
WRITERS: Final[dict[str, Callable[[Path, Layout], Path]]] = {
    "t.xlsx": lambda path, layout: write_workbook(path, layout, as_text=False),
    "t.docx": write_document,
    "t.ods": write_open_document,
    "t.csv": lambda path, layout: write_text(path, layout, "utf-8-sig"),
}


@st.composite
def rubrics(draw: st.DrawFn) -> tuple[list[Row], Layout]:
    """Rows of a rubric, and a layout of them."""
    rows: list[Row] = []
    for level in range(draw(st.integers(1, 3))):
        for group in range(draw(st.integers(1, 2))):
            rows.extend(
                (
                    f"{'一二三'[level]}类",
                    f"{'一二三'[level]}类{group}组",
                    draw(NAMES),
                    draw(st.sampled_from(("5", "10", "2.5", "0.5", "20"))),
                    draw(st.sampled_from(STANDARDS)),
                )
                for _ in range(draw(st.integers(1, 2)))
            )
    heading = [
        draw(st.sampled_from(("一级指标", "一级"))),
        draw(st.sampled_from(("二级指标", "二级"))),
        draw(st.sampled_from(("三级指标", "三级指标名称"))),
        draw(st.sampled_from(("分值", "分值（分）", "权重(%)", "满分"))),
        draw(st.sampled_from(("评分标准", "评分细则", "扣分标准"))),
    ]
    order = draw(st.sampled_from(((0, 1, 2, 3, 4), (0, 1, 2, 4, 3))))
    cells: dict[tuple[int, int], str] = {}
    merged: list[tuple[int, int, int, int]] = []
    top = draw(st.integers(0, 1))
    if top:
        cells[0, 0] = "评价指标体系"
    filled = draw(st.booleans())
    for column, index in enumerate(order):
        cells[top, column] = heading[index]
        begun = top + 1
        for line, row in enumerate(rows, top + 1):
            above = rows[line - top - 2] if line > top + 1 else None
            same = index < 2 and above is not None and above[: index + 1] == row[: index + 1]
            if not same or filled:
                cells[line, column] = row[index]
            if not same:
                begun = line
            elif not filled:
                merged = [area for area in merged if area[:2] != (begun, column)]
                merged.append((begun, column, line, column))
    if draw(st.booleans()):
        last = top + len(rows) + 1
        cells[last, 0] = "合计"
        cells[last, order.index(3)] = str(sum(Decimal(row[3]) for row in rows))
    return rows, Layout(
        {place: text for place, text in cells.items() if text}, merged, set(), set()
    )


@settings(max_examples=25)
@given(case=rubrics(), name=st.sampled_from(list(WRITERS)))
def test_a_rubric_is_drafted_as_it_is_printed_in_every_format(
    tmp_path_factory: pytest.TempPathFactory, case: tuple[list[Row], Layout], name: str
) -> None:
    rows, layout = case
    path = WRITERS[name](tmp_path_factory.mktemp("rubric") / name, layout)
    made = drafted(path)
    file: DraftFile = draft_file(made, path)
    total = sum(Decimal(row[3]) for row in rows)
    source = answered(file.text, full=f'"{total}"', cap=f'"{total}"')

    assert diagnose(source.encode()) == []
    rubric = read(source.encode())
    assert [(*row.path, row.weight) for row in rubric.indicators] == [
        (*(text.strip() for text in row[:3]), Decimal(row[3])) for row in rows
    ]
    assert [_words(row.standard) for row in rubric.indicators] == [
        _words(row[4]) or "评分表这一行没有印出评分标准。" for row in rows
    ]
    assert made.differences == []


def _words(text: str) -> list[str] | str:
    """A text by its words: how white space is kept is each format's own."""
    return " ".join(text.split()) or ""
