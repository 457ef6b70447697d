from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import ValidationError, convert

from ledger.official_calendar import OFFICIAL_YEARS
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
        (TimeLimits(), date(2024, 1, 2)),  # New Year's Day is off, as the State Council says
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
    ids=["official", "holiday", "worked Saturday", "worked Sunday", "both"],
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


DAYS = st.dates(date(2020, 1, 1), date(2026, 9, 1))


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
    counted = [day for day in passed if day in workdays or (day not in holidays and official(day))]
    assert len(counted) == days
    assert counted[-1] == last


def official(day: date) -> bool:
    """Whether a day was worked by the arrangement of its year."""
    year = OFFICIAL_YEARS[day.year]
    return day in year.workdays or (day.isoweekday() <= 5 and day not in year.holidays)


@pytest.mark.parametrize(
    ("days", "first", "last"),
    [
        (1, date(2020, 1, 23), date(2020, 2, 3)),  # the holiday that was extended
        (10, date(2023, 12, 29), date(2024, 1, 15)),
        (10, date(2024, 2, 1), date(2024, 2, 20)),
        (5, date(2024, 9, 27), date(2024, 10, 10)),
        (3, date(2026, 2, 13), date(2026, 2, 25)),
    ],
)
def test_the_arrangements_of_the_state_council_count(days: int, first: date, last: date) -> None:
    assert TimeLimits().last_day(working(days), first) == last


def test_every_arrangement_is_of_its_year_and_gives_back_weekends_only() -> None:
    for year, arranged in OFFICIAL_YEARS.items():
        assert {day.year for day in arranged.holidays | arranged.workdays} == {year}
        assert all(day.isoweekday() > 5 for day in arranged.workdays)
        assert not arranged.holidays & arranged.workdays
        assert "国办发明电" in arranged.source


# A year that nobody knows ------------------------------------------------------------------------

AUTUMN = date(2026, 12, 20)


def test_no_last_day_is_stated_through_a_year_whose_days_off_are_not_known() -> None:
    assert TimeLimits().last_day(working(8), AUTUMN) == date(2026, 12, 30)
    assert TimeLimits().unstated(working(8), AUTUMN) is None
    assert TimeLimits().last_day(working(10), AUTUMN) is None
    why = TimeLimits().unstated(working(10), AUTUMN)
    assert why
    assert "2027" in why.zh
    assert "2027" in why.en
    assert TimeLimits().last_day(calendar(90), AUTUMN) == date(2027, 3, 20)
    assert TimeLimits().unstated(calendar(90), AUTUMN) is None
    assert TimeLimits().unstated(None, AUTUMN) is None


def test_a_year_that_the_rubric_lists_is_known() -> None:
    clocks = TimeLimits(holidays=(date(2027, 1, 1),))

    assert clocks.last_day(working(10), AUTUMN) == date(2027, 1, 4)


def test_the_first_day_is_not_counted_so_its_year_need_not_be_known() -> None:
    assert TimeLimits().last_day(working(1), date(2019, 12, 31)) == date(2020, 1, 2)
    why = TimeLimits().unstated(working(300), date(2026, 12, 31))
    assert why
    assert "2027" in why.en


def test_older_rules_counted_what_no_rubric_listed_as_worked() -> None:
    day = TimeLimits().last_day(working(1), RECEIVED, by_calendar=False)

    assert day == date(2024, 1, 1)
    assert TimeLimits().last_day(working(10), AUTUMN, by_calendar=False) == date(2027, 1, 1)


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
