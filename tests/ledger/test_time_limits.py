from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import ValidationError, convert

from ledger.rubric import read
from ledger.time_limits import TimeLimit, TimeLimits
from ledger.values import Invalid

RECEIVED = date(2023, 12, 29)  # a Friday


def calendar(days: int) -> TimeLimit:
    return TimeLimit(days=days, counting="calendar", source="办法")


def working(days: int) -> TimeLimit:
    return TimeLimit(days=days, counting="working", source="办法")


@pytest.mark.parametrize(("days", "last"), [(20, date(2024, 1, 18)), (30, date(2024, 1, 28))])
def test_calendar_days_run_from_the_day_after_receipt(days: int, last: date) -> None:
    assert TimeLimits().last_day(calendar(days), RECEIVED) == last


def test_a_clock_without_a_rule_or_without_a_first_day_is_unset() -> None:
    """No default is guessed."""
    assert TimeLimits().last_day(None, RECEIVED) is None
    assert TimeLimits().last_day(calendar(20), None) is None


@pytest.mark.parametrize(
    ("clocks", "last"),
    [
        (TimeLimits(), date(2024, 1, 1)),
        (TimeLimits(holidays=(date(2024, 1, 1),)), date(2024, 1, 2)),
        (TimeLimits(workdays=(date(2023, 12, 30),)), date(2023, 12, 30)),
        (
            TimeLimits(holidays=(date(2024, 1, 1),), workdays=(date(2023, 12, 31),)),
            date(2023, 12, 31),
        ),
        (  # what is both is worked: the list of make-up days is the later decision
            TimeLimits(holidays=(date(2024, 1, 1),), workdays=(date(2024, 1, 1),)),
            date(2024, 1, 1),
        ),
    ],
    ids=["weekend", "holiday", "worked Saturday", "worked Sunday", "both"],
)
def test_one_working_day_after_a_friday(clocks: TimeLimits, last: date) -> None:
    assert clocks.last_day(working(1), RECEIVED) == last


def test_working_days_over_the_spring_festival() -> None:
    """The sixteen days around it as they were published: nine off, two weekend days worked."""
    clocks = TimeLimits(
        holidays=tuple(date(2024, 2, day) for day in range(10, 18)),
        workdays=(date(2024, 2, 4), date(2024, 2, 18)),
    )

    # 2 February is a Friday: 4, 5, 6, 7, 8, 9, then 18, 19, 20, 21.
    assert clocks.last_day(working(6), date(2024, 2, 2)) == date(2024, 2, 9)
    assert clocks.last_day(working(7), date(2024, 2, 2)) == date(2024, 2, 18)
    assert clocks.last_day(working(10), date(2024, 2, 2)) == date(2024, 2, 21)


DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(
    st.integers(1, 60),
    DAYS,
    st.lists(DAYS, max_size=20),
    st.lists(st.integers(1, 90), max_size=8),
)
def test_working_days_counted_one_by_one(
    days: int, first: date, holidays: list[date], worked: list[int]
) -> None:
    workdays = tuple(first + timedelta(later) for later in worked)
    clocks = TimeLimits(holidays=tuple(holidays), workdays=workdays)
    last = clocks.last_day(working(days), first)

    assert last
    passed = [first + timedelta(n) for n in range(1, (last - first).days + 1)]
    counted = [
        day for day in passed if day in workdays or (day.isoweekday() <= 5 and day not in holidays)
    ]
    assert len(counted) == days
    assert counted[-1] == last


@pytest.mark.parametrize(
    "written",
    [
        {"days": 0, "counting": "calendar", "source": "办法"},
        {"days": 20, "counting": "business", "source": "办法"},
        {"days": 20, "counting": "calendar", "source": " "},
        {"days": 20, "counting": "calendar"},
    ],
)
def test_a_clock_says_how_long_how_counted_and_where_it_stands(written: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        convert(written, TimeLimit)


def test_the_clocks_stand_in_the_rubric_file() -> None:
    from tests.support.later_life import WITH_CLOCKS  # noqa: PLC0415 - the only test here with a rubric

    clocks = read(WITH_CLOCKS.encode()).clocks

    assert (clocks.rectification, clocks.objection) == (
        TimeLimit(days=20, counting="calendar", source="办法第七条"),
        None,
    )
    assert clocks.last_day(clocks.appeal, RECEIVED) == date(2024, 1, 15)
    wrong = WITH_CLOCKS.replace('"working"', '"business"')
    with pytest.raises(Invalid, match="business"):
        read(wrong.encode())
