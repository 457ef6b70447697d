"""The fifteen kinds of table, each in several layouts and formats: right or asked, never wrong."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from intake.delivered_file import read_sheets
from intake.headings import meaning
from intake.rubric_draft import draft
from intake.table_mapping import Mapped, by_indicator, propose
from intake.table_questions import Found, questions
from intake.table_rows import read_tables
from ledger.values import Invalid
from tests.support.delivered import (
    ROWS,
    RUBRIC,
    Layout,
    write_document,
    write_open_document,
    write_text,
    write_workbook,
)
from tests.support.table_types import KINDS, LAYOUTS, laid_out, scores

FORMATS: Final[dict[str, Callable[[Path, Layout], Path]]] = {
    "xlsx": lambda path, layout: write_workbook(path, layout, as_text=False),
    "docx": write_document,
    "ods": write_open_document,
    "csv": lambda path, layout: write_text(path, layout, "gb18030"),
}
WAYS: Final = [
    *((layout, "xlsx") for layout in LAYOUTS),
    ("merged", "docx"),
    ("two-row", "docx"),
    ("merged", "ods"),
    ("plain", "csv"),
]
UNDERSTOOD: Final = {
    ("T1", True),
    ("T2", True),
    ("T4", False),
    ("T7", False),
    ("T7", True),
    ("T9", False),
}
"""Which need no question about any score, read as the review or (true) as the unit's own."""


def read(path: Path, *, own: bool) -> tuple[list[Mapped], bool] | None:
    """The rows of the indicators, and whether anything is asked; `None` where it is refused."""
    try:
        tables = read_tables(path, read_sheets(path, path.read_bytes()), 2, own=own)
    except Invalid as error:
        assert str(path) in error.text.en  # noqa: PT017 - a refusal is as good, if it says where
        return None
    rows = propose(tables, RUBRIC)
    asked = questions(path, Found(tables, rows), RUBRIC)
    assert all(str(path) in question.said.en for question in asked)
    return by_indicator(rows, RUBRIC), bool(asked)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_table_is_read_as_it_is_or_asked_about(kind: str, tmp_path: Path) -> None:
    truth = {row: (claim, award) for row, claim, award in scores(KINDS[kind])}
    for layout, suffix in WAYS:
        path = FORMATS[suffix](tmp_path / f"{layout}.{suffix}", laid_out(KINDS[kind], layout))
        for own in (False, True):
            found = read(path, own=own)
            understood, asked = found or ([], True)
            for row, means in understood:
                claim, award = truth[means]
                here = (kind, layout, suffix, own, means, row)
                assert row.award in {None, award}, here
                if own or "claim" in KINDS[kind].scores:
                    assert row.claim in {None, claim}, here
            if (kind, own) in UNDERSTOOD:
                read_ = {means: (row.claim if own else row.award) for row, means in understood}
                wanted = {row: pair[0 if own else 1] for row, pair in truth.items()}
                assert (asked, read_) == (False, wanted), (kind, layout, suffix, own)
            if not KINDS[kind].scores:
                assert asked or not any(row.award or row.claim for row, _ in understood)


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.scores])
def test_a_rubric_drafted_from_it_has_the_weights_that_it_prints(kind: str, tmp_path: Path) -> None:
    """Each row with its own weight, or the place where nobody can tell; the total stays a total."""
    weights = {(row[2], row[0], Decimal(row[3])) for row in ROWS}
    for layout, suffix in WAYS:
        path = FORMATS[suffix](tmp_path / f"{layout}.{suffix}", laid_out(KINDS[kind], layout))
        try:
            drafted = draft(path, read_sheets(path, path.read_bytes()), {})
        except Invalid as error:
            assert str(path) in error.text.en  # noqa: PT017 - a refusal is as good, if it says where
            continue
        found = {(row.path[-1], row.path[0], row.weight) for row in drafted.rows}
        money = ("预算执行率", "预算执行率", Decimal(20))
        assert found <= weights | {money}, (
            kind,
            layout,
            suffix,
        )
        assert drafted.total == Decimal(100), (kind, layout, suffix)


UNSEEN_HEADINGS: Final = {
    "考核组评分": ("award", True),
    "专家组意见": ("reason", True),
    "审定理由": ("reason", True),
    "评价内容": ("name", True),
    "上年得分": ("beside", True),
    "去年评分": ("beside", True),
    "完成": ("actual", True),
    "本年自评得分": None,
    "复核得分（2031年）": None,
    "评分（百分制）": None,
}
"""Headings of tables that nobody had seen before, and what they mean; others are asked about."""


@pytest.mark.parametrize("heading", UNSEEN_HEADINGS)
def test_a_heading_in_other_words_is_known_by_who_and_what(heading: str) -> None:
    assert meaning(heading) == UNSEEN_HEADINGS[heading]


def test_a_draft_lists_the_columns_of_words_that_nobody_understands(tmp_path: Path) -> None:
    cells = {
        (0, column): text for column, text in enumerate(("指标名称", "分值", "甲乙丙", "评分标准"))
    }
    cells |= {(1, 0): "救助人次", (1, 1): "100", (1, 2): "按人次计", (1, 3): "酌情"}
    path = write_workbook(tmp_path / "t.xlsx", Layout(cells, [], set(), set()), as_text=False)

    drafted = draft(path, read_sheets(path, path.read_bytes()), {})

    assert ["C1“甲乙丙”" in text.zh for text in drafted.left_out] == [True]
