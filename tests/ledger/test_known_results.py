"""Results that are taken again are those that would be worked out, whatever figures come and go."""

from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.known_results import MOST, KnownResults
from ledger.rubric import Rubric
from ledger.rules.rule import Figures
from ledger.values import Figure
from tests.support.examples import CASES, case_and_rubric, example


def figures_of(name: str) -> tuple[list[Figure], Rubric]:
    case, rubric = case_and_rubric(name)
    return list(case.figures_in_force), rubric


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_what_is_known_is_what_the_rules_give(name: str, data: st.DataObject) -> None:
    every, rubric = figures_of(name)
    known = KnownResults()
    for _ in range(2 * MOST):
        touched = data.draw(st.integers(0, len(every) - 1))
        without = replace(every[touched], value=None)
        some = [*every]
        some[touched : touched + 1] = data.draw(st.sampled_from([[], [without], [every[touched]]]))
        figures = Figures(some)

        assert known.of(rubric, figures) == rubric.rule_results(figures)


def test_a_row_is_worked_out_again_only_where_a_figure_that_it_reads_is_another_one() -> None:
    every, rubric = figures_of("zhanjiang-2023")
    known = KnownResults()
    known.of(rubric, Figures(every))
    touched = next(number for number, figure in enumerate(every) if figure.kind == "number")
    some = [*every]
    some[touched] = replace(every[touched], value="0")

    with patch.object(
        Rubric, "rule_result", autospec=True, side_effect=Rubric.rule_result
    ) as asked:
        known.of(rubric, Figures(every))
        assert asked.call_count == 0
        known.of(rubric, Figures(some))
    assert 1 <= asked.call_count < len(rubric.indicators) / 2


def test_another_rubric_with_the_same_rows_is_asked_itself() -> None:
    every, rubric = figures_of("zhanjiang-2023")
    first, *between, last = rubric.indicators
    rows = (replace(first, rule=last.rule), *between, replace(last, rule=first.rule))
    other = replace(rubric, indicators=rows)
    known = KnownResults()
    known.of(rubric, Figures(every))

    assert known.of(other, Figures(every)) == other.rule_results(Figures(every))


def test_points_of_one_reader_share_what_is_known_and_other_readers_do_not() -> None:
    point = example("zhanjiang-2023")

    assert point.earlier("v200").known_results is point.earlier("self").known_results
    assert point.earlier("v200").earlier("v180").known_results is point.known_results
    assert replace(point).known_results is not point.known_results
