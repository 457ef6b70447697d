"""The tables of both documents of the reference case, as a workbook, as Word and in other formats.

Drafted from the review's table, rows, weights and standards are those of the reference rubric;
read from it and from the unit's own, claims and awards are those of the reference case.
"""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from intake.delivered_file import read_sheets
from intake.draft_file import NOT_PRINTED, draft_file
from intake.headings import normal
from intake.rubric_draft import RubricDraft, draft
from intake.rule_sentences import FoundRule
from intake.table_mapping import BONUS, propose
from intake.table_questions import Found, questions
from intake.table_rows import read_tables
from ledger.rubric import Rubric, diagnose, read
from tests.support.delivered import (
    Layout,
    write_document,
    write_open_document,
    write_text,
    write_workbook,
)
from tests.support.drafts import answered
from tests.support.seed_tables import (
    SELF_ROWS,
    extras,
    reference,
    review_table,
    self_scores,
    self_table,
)
from tests.support.terminal import EXAMPLES

FORMATS: Final[dict[str, Callable[[Path, Layout], Path]]] = {
    "xlsx": lambda path, layout: write_workbook(path, layout, as_text=False),
    "docx": write_document,
    "ods": write_open_document,
    "csv": lambda path, layout: write_text(path, layout, "gb18030"),
}


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    """The reference rubric."""
    return read((EXAMPLES / "rubric.toml").read_bytes())


@pytest.fixture(scope="module", params=FORMATS)
def table(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The review's table in a format."""
    path = tmp_path_factory.mktemp("review") / f"评分表.{request.param}"
    return FORMATS[request.param](path, review_table())


@pytest.fixture(scope="module")
def drafted(table: Path) -> RubricDraft:
    """What is drafted from it."""
    return draft(table, read_sheets(table, table.read_bytes()), {})


def test_the_rows_weights_and_standards_drafted_are_those_of_the_reference_rubric(
    drafted: RubricDraft, rubric: Rubric, table: Path
) -> None:
    source = answered(draft_file(drafted, table).text)
    assert diagnose(source.encode()) == []
    made = read(source.encode())

    assert [row.path for row in made.indicators] == [row.path for row in rubric.indicators]
    assert [row.weight for row in made.indicators] == [row.weight for row in rubric.indicators]
    assert (made.full, made.cap) == (rubric.full, rubric.cap)
    for row, printed in zip(made.indicators, rubric.indicators, strict=True):
        if printed.id == "three-public":  # of which the table prints no standard
            assert row.standard == NOT_PRINTED
            assert NOT_PRINTED.removeprefix("评分表") in printed.standard
        else:
            assert normal(row.standard) == normal(printed.standard)
        assert row.explanation == printed.explanation
    assert drafted.differences == []


def test_bonus_and_penalty_of_one_row_are_told_apart(drafted: RubricDraft) -> None:
    found = [(extra.kind, extra.each, extra.cap) for _, extra in drafted.extras]
    assert found == [("bonus", Decimal(1), Decimal(3)), ("penalty", Decimal(1), Decimal(3))]
    bonus, penalty = extras()
    for (_, extra), own in zip(drafted.extras, (bonus, penalty), strict=True):
        assert extra.standard.endswith(own["standard"])


def test_a_rule_of_the_draft_is_of_the_shape_that_the_reference_has_or_narrower(
    drafted: RubricDraft, rubric: Rubric
) -> None:
    """What our own words state; the prose of the others is left to the reviewer and says so."""
    found = {
        indicator.id: row.rule.rule["shape"]
        for row, indicator in zip(drafted.rows, rubric.indicators, strict=True)
        if isinstance(row.rule, FoundRule)
    }
    assert found == {
        "intention-completeness": "all-or-nothing",  # a share of 100% is a yes or a no here
        "internal-control": "all-or-nothing",
        "procurement-compliance": "deductions",
        "e-contracts": "ratio",
        "contract-filing": "all-or-nothing",
        "sme-procurement": "ratio",
        "poverty-area-procurement": "ratio",
        "credit-evaluation": "ratio",
        "asset-allocation": "deductions",
        "revenue-remittance": "deductions",
        "stock-taking": "gated",
        "asset-compliance": "deductions",
        "asset-utilisation": "comparison",
        "economy-cost": "comparison",
    }


def test_the_claims_and_awards_of_the_review_are_those_of_the_case(
    table: Path, rubric: Rubric
) -> None:
    tables = read_tables(table, read_sheets(table, table.read_bytes()), rubric.scale)
    mapped = propose(tables, rubric)

    assert questions(table, Found(tables, mapped), rubric) == []
    rows = {means: row for row, means in mapped if means in rubric.by_id}
    for own in reference():
        assert (rows[own.id].claim, rows[own.id].award) == (Decimal(own.claim), Decimal(own.award))
        assert rows[own.id].reason == own.reason
    assert [row.award for row, means in mapped if means == BONUS] == [Decimal(3)]
    assert tables.totals[-1][1].award == Decimal("93.89")


@pytest.mark.parametrize("format_", FORMATS)
def test_the_claims_of_the_unit_are_those_of_its_report(tmp_path: Path, format_: str) -> None:
    path = FORMATS[format_](tmp_path / f"自评表.{format_}", self_table())
    tables = read_tables(path, read_sheets(path, path.read_bytes()), 2)

    assert tables.cells == []
    assert [(row.name, row.claim) for row in tables.rows] == [
        (name, Decimal(score)) for name, score in self_scores()
    ]
    assert {row.path[:2] for row in tables.rows} == {(one, two) for one, two, _ in SELF_ROWS}
