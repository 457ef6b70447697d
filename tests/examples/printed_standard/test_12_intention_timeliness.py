"""Row 12 of the score table, 采购意向公开合规性（及时性）: 0.5 points.

Clause: the unit enters intentions within 40 days of the approval of the budget, the
department publishes them within 60 (secrets excepted), in principle no later than 30 days
before the purchase begins. As required is full, otherwise 0.
"""

from datetime import date
from decimal import Decimal

from tests.support.printed_rows import awarded, ends, engine, engine_of, said

WEIGHT = Decimal("0.5")


def test_one_of_two_was_published_on_the_77th_day() -> None:
    assert said("approval-to-publication-sampling") == "2023-03-07/2023-05-23"

    days = (date(2023, 5, 23) - date(2023, 3, 7)).days

    assert days == 77  # more than 60
    assert engine("intention-timeliness").score == 0
    assert awarded("intention-timeliness") == WEIGHT


def test_the_last_days_that_are_allowed() -> None:
    last = {
        "approval_to_entry_a": "2023-03-07/2023-04-16",  # 40 days
        "approval_to_publication_a": "2023-03-07/2023-05-06",  # 60 days
        "publication_to_start_a": "2023-05-06/2023-06-05",  # 30 days
    }
    assert (date(2023, 4, 16) - date(2023, 3, 7)).days == 40
    assert (date(2023, 5, 6) - date(2023, 3, 7)).days == 60
    assert (date(2023, 6, 5) - date(2023, 5, 6)).days == 30
    assert engine_of("intention-timeliness", **last).score == WEIGHT

    for figure, value in {
        "approval_to_entry_a": "2023-03-07/2023-04-17",
        "approval_to_publication_a": "2023-03-07/2023-05-07",
        "publication_to_start_a": "2023-05-06/2023-06-04",
    }.items():
        assert engine_of("intention-timeliness", **{**last, figure: value}).score == 0


def test_without_the_dates_of_entry_the_row_stays_open() -> None:
    known = {
        "approval_to_publication_a": "2023-03-07/2023-03-20",
        "publication_to_start_a": "2023-03-20/2023-05-20",
    }

    assert ends(engine_of("intention-timeliness", **known)) == (0, WEIGHT)
