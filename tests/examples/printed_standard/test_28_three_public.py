"""Row 28 of the score table, “三公”经费控制情况: 1 point.

Clause: none. The column of the standard is empty in this row; only what the indicator is
about is printed. So no figure decides it, and the points are the reviewer's judgement.
"""

from tests.support.printed_rows import awarded, ends, engine, reference, said


def test_no_standard_gives_no_score_whatever_the_figures_are() -> None:
    assert said("three-public-actual") == "1101707.34"
    assert said("three-public-budget") == "1403213.88"

    within = engine("three-public")
    beyond = engine("three-public", three_public_actual="1500000")

    for result in (within, beyond):
        assert (result.score, ends(result)) == (None, (0, 1))
        assert result.missing == ()
    assert within.allows(awarded("three-public"))


def test_the_rubric_says_that_none_is_printed() -> None:
    _, rubric = reference()

    assert "没有印出评分标准" in rubric.by_id["three-public"].standard
