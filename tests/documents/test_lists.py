"""Lists: a cell without a value gives the reason where another column tells it."""

from datetime import date

import pytest

from documents import portfolio_lists, read_lists
from documents.lists import ListColumn


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
