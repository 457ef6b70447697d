"""One table in many layouts: read back as it is, or asked about with the place, and never wrong."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.delivered_file import read_sheets
from intake.table_mapping import propose
from intake.table_questions import Found, questions
from intake.table_rows import read_tables
from ledger.values import Invalid
from tests.support.delivered import (
    ROWS,
    RUBRIC,
    Layout,
    layouts,
    write_document,
    write_open_document,
    write_text,
    write_workbook,
)

pytestmark = pytest.mark.slow

TRUTH = {f"i{number}": (*map(Decimal, row[3:6]), row[6]) for number, row in enumerate(ROWS)}


def check(path: Path) -> bool:
    """Whether the table was understood; whatever was is the truth."""
    tables = read_tables(path, read_sheets(path, path.read_bytes()), 2)
    mapped = propose(tables, RUBRIC)
    asked = questions(path, Found(tables, mapped), RUBRIC)
    if asked:
        assert all(str(path) in question.said.en for question in asked)
        return False
    read = {means: row for row, means in mapped if means in RUBRIC.by_id}
    assert read.keys() == TRUTH.keys()
    for means, row in read.items():
        weight, claim, award, reason = TRUTH[means]
        assert row.award == award, (means, row)
        assert row.weight in {None, weight}
        assert row.claim in {None, claim}
        assert row.reason in {"", reason}
    return True


@settings(max_examples=300)
@given(layout=layouts(), as_text=st.booleans())
def test_a_known_table_is_read_as_it_is_or_asked_about(
    tmp_path_factory: pytest.TempPathFactory, layout: Layout, *, as_text: bool
) -> None:
    path = tmp_path_factory.mktemp("layout") / "t.xlsx"
    try:
        check(write_workbook(path, layout, as_text=as_text))
    except Invalid as error:
        assert str(path) in error.text.en  # noqa: PT017 - a refusal is as good, if it says where


def shape(path: Path) -> tuple[object, ...]:
    """What a file holds, without how its format keeps it."""
    (sheet,) = read_sheets(path, path.read_bytes())
    rows = [[cell.text.removesuffix(".0") for cell in row] for row in sheet.rows]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows, sorted(sheet.merged), sheet.hidden, sheet.columns_hidden


@settings(max_examples=30)
@given(layout=layouts())
def test_a_table_is_the_same_in_every_format(
    tmp_path_factory: pytest.TempPathFactory, layout: Layout
) -> None:
    folder = tmp_path_factory.mktemp("formats")
    workbook = shape(write_workbook(folder / "t.xlsx", layout, as_text=False))
    assert shape(write_open_document(folder / "t.ods", layout)) == workbook
    seen = layout._replace(columns_hidden=set(), rows_hidden=set())
    plain_workbook = shape(write_workbook(folder / "t.xlsx", seen, as_text=False))
    assert shape(write_document(folder / "t.docx", seen)) == plain_workbook
    for encoding in ("utf-8-sig", "gb18030"):
        path = write_text(folder / "评分表.csv", seen, encoding)
        assert shape(path) == (plain_workbook[0], [], frozenset(), frozenset())
        check(path)
    for name in ("t.xlsx", "t.ods", "t.docx"):
        try:
            check(folder / name)
        except Invalid as error:
            assert name in error.text.en  # noqa: PT017 - a refusal is as good, if it says where
