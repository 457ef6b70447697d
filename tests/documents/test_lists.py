"""Lists: a cell without a value gives the reason where another column tells it."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import portfolio_lists, read_lists
from documents.lists import ListColumn, cell, csv_table, written_rows
from ledger.language import Text


@pytest.mark.parametrize("columns", [portfolio_lists.REQUESTS, read_lists.REQUESTS])
@pytest.mark.parametrize(
    ("due", "due_by", "zh", "en"),
    [
        (None, "clock", "节假日不明", "days off unknown"),
        (None, "notice", "节假日不明", "days off unknown"),
        (None, None, "未设", "unset"),
        (date(2024, 1, 18), "clock", "2024-01-18", "2024-01-18"),
    ],
)
def test_a_last_day_that_is_not_there_has_its_reason_in_its_place(
    columns: tuple[ListColumn, ...], due: date | None, due_by: str | None, zh: str, en: str
) -> None:
    (column,) = (column for column in columns if column.name == "due")
    row = {"due": due, "due_by": due_by}

    assert [column.written(row, "-", language) for language in ("zh", "en")] == [zh, en]


def test_several_accounts_in_a_cell_are_written_as_people_list_them() -> None:
    (column,) = (column for column in portfolio_lists.DUE_WORK if column.name == "accounts")
    row = {"accounts": ("lead", "reviewer")}

    assert [column.written(row, "-", language) for language in ("zh", "en")] == [
        "lead、reviewer",
        "lead, reviewer",
    ]
    assert column.written({"accounts": ()}, "-", "zh") == ""


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(0, 2),
    st.sampled_from([Decimal(1), Decimal("1.0"), Decimal("-6.11"), Text("是", "yes"), "open", ""]),
)


@given(st.lists(st.fixed_dictionaries({"any": VALUES, "same": st.integers(0, 2) | st.none()})))
def test_a_list_is_written_value_by_value(rows: list[dict[str, Any]]) -> None:
    state = {"open": Text("未反馈", "open")}
    columns = (
        ListColumn("any", Text("一", "any")),
        ListColumn("any", Text("二", "word"), words=state),
        ListColumn("same", Text("三", "number"), number=True),
        ListColumn("same", Text("四", "reason"), reasons=("same", {None: Text("无", "none")})),
    )
    assert [*written_rows(columns, rows, "-", "zh")] == [
        tuple(column.written(row, "-", "zh") for column in columns) for row in rows
    ]


CELLS = st.text(st.sampled_from("=-+1.,\"'\n\t 甲\u202e＝")) | st.just("-6.11")


@given(st.lists(st.tuples(CELLS, CELLS)))
def test_a_table_of_csv_is_made_cell_by_cell(rows: list[tuple[str, str]]) -> None:
    right = StringIO(newline="")
    lines = [[cell(text), cell(number, number=True)] for text, number in [("a", "b"), *rows]]
    csv.writer(right, lineterminator="\r\n").writerows(lines)
    assert csv_table(["a", "b"], rows, {1}) == right.getvalue()
