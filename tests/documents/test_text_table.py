"""A table at any width: every column, every value, and numbers under each other."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from documents import text_table as laying_out
from documents.line_breaking import widest_piece
from documents.text_table import TableColumn, TextTable, text_table

NAMES = ("指标", "核查得分", "Rule result", "得扣分原因和依据条款", "Account", "酌情未复核签字")
NUMBERS = ("16.00", "-1.98", "11.82–18.36", "100.00", "-", "")
TEXTS = (
    "", "agency-reviewer", "部门整体绩效目标产出指标完成情况", "实测完成 84 公顷，完成率 84%。",
    "推迟有来文依据，改为 8 分；满意度的扣分理由成立。〔附件1 第二条〕", "a note\n| of two lines",
)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[TableColumn], list[tuple[str, ...]]]:
    columns = [
        TableColumn(draw(st.sampled_from(NAMES)), number=draw(st.booleans()))
        for _ in range(draw(st.integers(1, 12)))
    ]
    cells = [st.sampled_from(NUMBERS if column.number else TEXTS) for column in columns]
    return columns, draw(st.lists(st.tuples(*cells), max_size=5))


def lines_of(table: TextTable) -> list[str]:
    return "\n".join(table.body).split("\n")


def signs(*texts: str) -> Counter[str]:
    return Counter("".join("".join(texts).split()))


@given(tables(), st.integers(10, 240))
def test_every_heading_and_every_value_is_shown_at_any_width(
    drawn: tuple[list[TableColumn], list[tuple[str, ...]]], room: int
) -> None:
    columns, rows = drawn
    table = text_table(columns, rows, room, "：")
    body = lines_of(table)
    headings = [column.heading for column in columns]
    labels = [] if table.headings else [f"{heading}：" for heading in headings] * max(len(rows), 1)

    shown = signs(*table.headings, *body)
    shown.pop("─", None)
    asked = signs(
        *labels, *(headings if table.headings else ()), *(cell for row in rows for cell in row)
    )
    assert shown == asked
    for line in (*table.headings, *body):
        assert cell_len(line) <= max(room, 2 + widest_piece(line))
    whole = "\n".join(body)
    for row in rows:
        for column, cell in zip(columns, row, strict=True):
            assert not column.number or cell in whole


@given(tables())
def test_columns_stand_under_each_other(
    drawn: tuple[list[TableColumn], list[tuple[str, ...]]],
) -> None:
    columns, rows = drawn
    table = text_table(columns, rows, 1000, ":")

    assert len({cell_len(line) for line in (*table.headings, *lines_of(table))}) == 1


def test_a_number_ends_where_its_heading_ends() -> None:
    columns = [TableColumn("指标"), TableColumn("核查得分", number=True), TableColumn("酌情")]
    table = text_table(columns, [("a", "16.00", "酌情"), ("预算执行率", "9.00", "")], 40, "：")

    assert table.headings == [" 指标         核查得分   酌情 "]
    assert lines_of(table)[1:] == [
        " a               16.00   酌情 ",
        " 预算执行率       9.00        ",
    ]


def test_where_the_screen_is_narrow_texts_are_folded_and_numbers_are_not() -> None:
    columns = [TableColumn("名称"), TableColumn("核查得分", number=True)]
    table = text_table(columns, [("部门整体绩效目标产出指标完成情况", "11.82–18.36")], 30, "：")

    assert lines_of(table)[1:] == [
        " 部门整体绩效目   11.82–18.36 ",
        " 标产出指标完成               ",
        " 情况                         ",
    ]


def test_a_column_is_as_wide_as_the_widest_part_that_is_found_while_it_is_laid_out() -> None:
    columns = [TableColumn("变动"), TableColumn("内容")]
    name = "accounts-approval-to-publication-bureau"
    rows = [("部门整体绩效目标产出指标完成情况" * 3, text * 9) for text in ("预算", f"{name} 预算")]

    table = text_table(columns, rows, 60, "：")
    body = lines_of(table)

    assert table.headings
    assert any(name in line for line in body)
    assert {cell_len(line) for line in body} == {len(body[0])}
    assert len(body[0]) <= 60


def test_where_that_is_not_enough_each_record_is_a_block() -> None:
    columns = [TableColumn("名称"), TableColumn("核查得分", number=True)]
    rows = [("预算执行率", "11.82–18.36"), ("安全巡查", "")]

    table = text_table(columns, rows, 20, "：")
    assert not table.headings
    assert lines_of(table) == [
        "名称：预算执行率",
        "核查得分：",
        "  11.82–18.36",
        "",
        "名称：安全巡查",
        "核查得分：",
    ]  # fmt: skip


def test_labels_are_aligned_where_there_is_room() -> None:
    columns = [TableColumn("Name"), TableColumn("Rule result", number=True)] + [
        TableColumn(heading) for heading in ("Awarded", "Account")
    ]
    rows = [("部门整体绩效目标产出指标完成情况", "11.82–18.36", "16.00", "agency-reviewer")]

    table = text_table(columns, rows, 40, ": ")
    assert lines_of(table) == [
        "Name:        部门整体绩效目标产出指标完",
        "             成情况",
        "Rule result: 11.82–18.36",
        "Awarded:     16.00",
        "Account:     agency-reviewer",
    ]


def test_many_texts_are_gone_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long lists take their time here: their texts are folded, and not looked through before."""
    looked_through: list[str] = []

    def counted(text: str) -> int:
        looked_through.append(text)
        return widest_piece(text)

    monkeypatch.setattr(laying_out, "widest_piece", counted)
    columns = [TableColumn("条号", number=True), TableColumn("账号"), TableColumn("得扣分原因")]
    rows = [(f"{n}", f"a-{n % 3}", f"第 {n} 次核查：实测完成，改为 8 分。" * 5) for n in range(400)]
    body = lines_of(text_table(columns, rows, 90, "："))

    assert len(body) > 2 * len(rows)
    assert {cell_len(line) for line in body} == {90}
    assert not {text for *_, text in rows} & {*looked_through}


def test_a_long_word_among_many_texts_is_not_cut() -> None:
    columns = [TableColumn("a"), TableColumn("b")]
    word = "w" * 48
    rows = [(f"甲乙丙丁{n}" * 20, "戊己庚辛" * 20) for n in range(9)]
    rows.append((f"甲乙丙丁 {word} 甲乙丙丁" * 2, "戊"))
    body = lines_of(text_table(columns, rows, 95, "："))

    assert sum(line.count(word) for line in body) == 2
    assert {cell_len(line) for line in body} == {95}
