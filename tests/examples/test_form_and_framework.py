"""The nationwide form and the reference framework: checked, published, filled, on a score table."""

from datetime import date
from decimal import Decimal
from typing import Final

import pytest

from documents.kinds import document_of
from documents.source import source
from ledger.rubric import read
from ledger.rules.rule import Figures
from projections.rubric_check import check
from projections.score_sheet import score_sheet
from tests.support.examples import EXAMPLES, example

FORM: Final = "project-self-evaluation"
FRAMEWORK: Final = "evaluation-framework"
BY_HAND: Final = {
    FORM: [
        "execution 10.00 9.00 9.00",  # 288 ÷ 320 = 90 %
        "quantity 15.00 14.25 14.25",  # (18 ÷ 20 + 6 of 6) ÷ 2 = 95 %
        "quality 15.00 15.00 15.00",  # 100 of 95, not 30 % beyond it
        "timeliness 10.00 0.00 0.00",  # not done
        "cost 10.00 10.00 10.00",  # 15.2 of at most 16
        "economic-benefit 10.00 10.00 10.00",  # 1.5 ÷ 1.2 = 125 %
        "social-benefit 10.00 5.00 5.00",  # 2 where 1 is the most: 1 ÷ 2
        "ecological-benefit 5.00 4.50 4.50",  # 90 % in words
        "sustainability 5.00 3.50 3.50",  # 70 % in words
        "satisfaction 10.00 0.00–10.00 -",  # no goal: does not apply
    ],
    FRAMEWORK: [
        "basis 4.00 4.00 4.00",
        "procedure 3.00 2.00 2.00",  # documents lack: 1 off
        "goal-quality 4.00 2.40–3.19 3.00",  # 60 % to below 80 %
        "goal-clarity 3.00 1.50 1.50",
        "budgeting 3.00 3.00 3.00",
        "allocation 3.00 3.00 3.00",
        "funds-in-place 3.00 2.88 2.88",  # 480 ÷ 500
        "execution 5.00 4.00 4.00",  # 379 ÷ 480 × 5 = 3.95, in whole points
        "funds-use 4.00 3.00 3.00",  # two faults, 0.5 each
        "rules 4.00 4.00 4.00",
        "compliance 4.00 3.00 3.00",
        "output-rate 10.00 9.20 9.20",  # 46 ÷ 50
        "quality-rate 10.00 9.61 9.61",  # 42 ÷ 46 = 91.3 % of 95 %
        "timeliness 5.00 3.00 3.00",  # 22 days late of 200: two steps of 5 %
        "saving 5.00 3.00 3.00",  # 3 % over
        "benefit 20.00 12.00 12.00",  # 4 % more than the year before, not recognised
        "satisfaction 10.00 10.00 10.00",
    ],
}
TOTALS: Final = {
    FORM: ("100.00", "79.17", "中"),  # 71.25 of 90
    FRAMEWORK: ("89.00", "80.19", "良"),  # 78.96 % of the funds spent: at most 89
}


@pytest.mark.parametrize("name", BY_HAND)
def test_it_can_be_published_as_it_is(name: str) -> None:
    found = check((EXAMPLES / name / "rubric.toml").read_bytes())

    assert found.rubric is not None
    assert found.problems == ()
    assert {figure.id for figure in found.rubric.figures} == set(found.readers)


@pytest.mark.parametrize("name", BY_HAND)
def test_the_case_ends_where_a_hand_calculation_does(name: str) -> None:
    sheet = score_sheet(example(name))
    assert sheet is not None

    assert [
        f"{row.id} {row.weight} {row.rule_text.en} {'-' if row.award is None else row.award}"
        for row in sheet.indicators
    ] == BY_HAND[name]
    totals = (str(sheet.claim.total), str(sheet.award.total), sheet.award.grade)
    assert totals == TOTALS[name]


@pytest.mark.parametrize("name", BY_HAND)
def test_the_score_table_shows_every_row_by_its_name(name: str) -> None:
    point = example(name)
    assert point.rubric is not None
    made = source(point, date(2025, 5, 6))
    (table, *_) = document_of("score-table", made, "zh").tables()
    shown = str(table)

    for row in point.rubric.indicators:
        assert row.path[-1] in shown
    assert TOTALS[name][1] in shown


@pytest.mark.parametrize("name", BY_HAND)
def test_no_derivation_calls_a_figure_by_its_id(name: str) -> None:
    """Of an empty case, where every figure is missing, each is called what the rubric calls it."""
    rubric = read((EXAMPLES / name / "rubric.toml").read_bytes())
    said = " ".join(
        step.zh for result in rubric.rule_results(Figures()).values() for step in result.derivation
    )

    assert not [figure.id for figure in rubric.figures if figure.id in said]
    assert rubric.figures[0].name in said or name == FORM


def test_what_rows_share_is_written_once() -> None:
    source_ = (EXAMPLES / FORM / "rubric.toml").read_text("utf-8")
    rubric = read(source_.encode())
    first, *others = [row.rule for row in rubric.indicators if row.id != "execution"]

    assert source_.count('shape = "completion"') == 1
    assert others == [first] * 8
    assert sum((row.weight for row in rubric.indicators), Decimal(0)) == 100
