"""Between any two points the steps add up, whatever a `[totals]` table does to the sums.

The small case, told with a row that does not apply, is scored by rubrics with other such tables.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from ledger.case import fold
from ledger.case_totals import own_grade
from ledger.commands import ExcludeIndicator
from ledger.editions import Editions
from ledger.events import RubricPublished
from ledger.rubric import digest, read
from projections.as_of import CaseAsOf, at
from projections.bridge import Bridge, bridge, residual
from projections.formatting import plain
from projections.score_sheet import score_sheet, standing
from tests.support.small_case import OPENED, REVIEWED, RUBRIC, SMALL, on
from tests.support.specification import history

EXCLUDE = ExcludeIndicator(indicator="service", justification="没有服务对象", clause="附件1 第三条")
STORY = REVIEWED + on("2024-10-20", ("reviewer", EXCLUDE))
HISTORY = tuple(history(STORY))
FIRST, LAST = len(OPENED), len(HISTORY)
SUBMITTED = next(one.version for one in HISTORY if one.type == "SelfEvaluationSubmitted")
KINDS = ["indicator", "rebase", "scale", "bonus", "penalty", "cap", "grade-drop"]


def editions(source: str) -> Editions:
    """The same edition of the same rubric, as if it had been published like this."""
    published = RubricPublished(
        rubric="small", edition="2023", sha256=digest(source.encode()), source=source
    )
    return Editions(published={"2023": published})


def source(table: str, full: Decimal, cap: Decimal = Decimal(100)) -> str:
    head, rows = RUBRIC.replace("full = 100", f'full = "{full}"').split("[bonus]")
    return f"{head.replace('cap = 100', f'cap = {cap}')}{table}[bonus]{rows}"


def table(
    management: int = 100, effect: int = 100, offset: int = 0, drops: str = '"90", "80"'
) -> tuple[str, Decimal]:
    """A table, and what the weights then add up to."""
    written = f"""
[totals]
not_applicable = "rebase"
offset = "{offset}"
grade_drop = [{drops}]
blocks = [
  {{ under = ["管理"], percent = "{management}" }},
  {{ under = ["效果"], percent = "{effect}" }},
]
"""
    return written, offset + Decimal(70 * management + 30 * effect) / 100


def point(version: int, rubric: str) -> CaseAsOf:
    return at(HISTORY, editions(rubric), f"v{version}")


def steps(found: Bridge) -> dict[str, str]:
    return {step.indicator or step.kind: f"{step.delta:+}" for step in found.steps}


PERCENT = st.integers(1, 100)


@given(
    st.builds(
        table,
        PERCENT,
        PERCENT,
        st.integers(0, 50),
        st.sampled_from(["", '"90", "80"', '"33.3", "0"']),
    ),
    st.integers(1, 120),
    st.tuples(st.integers(FIRST, LAST), st.integers(FIRST, LAST)),
)
def test_the_residual_is_nothing_between_any_two_points(
    made: tuple[str, Decimal], cap: int, versions: tuple[int, int]
) -> None:
    rubric = source(*made, Decimal(cap))
    read(rubric.encode())
    start, end = (point(version, rubric) for version in versions)

    for baseline in ("claims", "review-table"):
        found = bridge(start, end, baseline)
        moved = sum((step.delta for step in found.steps), Decimal(0))
        assert found.residual == residual(start, end, baseline) == 0
        assert moved == found.end.total - found.start.total
        assert all(step.delta for step in found.steps)
        kinds = [KINDS.index(step.kind) for step in found.steps]
        assert kinds == sorted(kinds)


def test_each_line_of_the_totals_is_a_step_of_its_own() -> None:
    # The unit: 98 rows + 3 bonus; 管理 counts 90%, 效果 100%, and 7 points are given:
    #   7 + 90% × 70 + 28 = 98, + 3 = 101, cap 100; its report prints 优.
    # The review: 38 + 30 = 68, `service` does not apply, bonus 1.5, penalty 2:
    #   base 68.00; × 93/63 = 100.38; 7 + 90% × 100.38… = 97.34; + 1.5 − 2 = 96.84
    made, full = table(management=90, offset=7)
    rubric = source(made, full)

    found = bridge(point(SUBMITTED, rubric), point(LAST, rubric))

    assert (str(found.start.total), str(found.end.total)) == ("100.00", "96.84")
    assert steps(found) == {
        "spending": "-2.00",
        "service": "-28.00",
        "rebase": "+32.38",
        "scale": "-3.04",
        "bonus": "-1.50",
        "penalty": "-2.00",
        "cap": "+1.00",
    }
    assert found.residual == 0


def test_a_grade_that_fell_is_the_last_step_and_only_once_all_is_reviewed() -> None:
    # 55% of all. Half-way the scores give 差 already, but there is no grade of the review yet.
    # At the end 68 × 55/38.5 × 55% = 53.43, + 1.5 − 2 = 52.93, 差, two below 优: × 80% = 42.344
    made, full = table(management=55, effect=55)
    rubric = source(made, full)

    half_way = next(one.version for one in HISTORY if one.type == "ScoreConfirmed")
    before, after = (
        bridge(point(SUBMITTED, rubric), point(version, rubric)) for version in (half_way, LAST)
    )

    assert "grade-drop" not in steps(before)
    assert steps(after)["grade-drop"] == "-10.59"
    assert str(after.end.total) == "42.34"
    assert standing(point(LAST, rubric)).totals.grade == "差"
    assert after.steps[-1].kind == "grade-drop"


def test_a_row_that_does_not_apply_traces_to_the_event_that_says_so() -> None:
    rubric = source(*table())

    found = bridge(point(LAST - 1, rubric), point(LAST, rubric))

    row, rebase = (
        next(one for one in found.steps if (one.indicator or one.kind) == name)
        for name in ("service", "rebase")
    )
    assert [one.type for one in row.events] == ["IndicatorExcluded"]
    assert [one.type for one in rebase.events] == ["IndicatorExcluded"]


def test_the_sheet_shows_a_row_that_does_not_apply_and_every_line() -> None:
    made, full = table(management=90, offset=7)
    sheet = score_sheet(point(LAST, source(made, full)))
    assert sheet is not None

    shown = plain(sheet, "zh")
    award, claim = shown["award"], shown["claim"]
    assert isinstance(award, dict)
    assert isinstance(claim, dict)

    assert (award["rebased"], award["scaled"], award["grade_drop"]) == ("32.38", "-3.04", "0.00")
    assert award["pending"] == 0
    assert claim["rebased"] == "0.00"  # the unit claimed every row, and its column stays its own
    rows = {row.id: row for row in sheet.indicators}
    assert (rows["service"].excluded, rows["service"].award) == (True, None)
    assert not rows["plan"].excluded


@pytest.mark.parametrize("version", range(FIRST, LAST + 1))
def test_without_a_table_nothing_is_rebased_scaled_or_dropped(version: int) -> None:
    found = bridge(point(FIRST, RUBRIC), point(version, RUBRIC))

    assert not {"rebase", "scale", "grade-drop"} & {step.kind for step in found.steps}


@pytest.mark.parametrize(
    ("printed", "own"), [("良", "良"), ("优", "优"), ("", "优"), ("优秀", "优")]
)
def test_the_units_own_grade_is_the_printed_one_if_it_is_a_grade(printed: str, own: str) -> None:
    case = fold(HISTORY[:SUBMITTED])
    assert case.submitted is not None
    case.submitted = structs.replace(case.submitted, printed_grade=printed)

    assert own_grade(case, SMALL) == own  # the claims add up to 100: 优
