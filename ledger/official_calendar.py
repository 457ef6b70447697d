"""Which days were worked in China, year by year, as the State Council arranged them.

A rubric that counts working days may list days itself, which then come first. A year of which
neither knows anything is not known, and no last day is worked out across it.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

SATURDAY: Final = 5


class OfficialYear(NamedTuple):
    """The arrangement of a year.

    Attributes:
        source: the notices that make it, by number.
        holidays: days off, weekends among them.
        workdays: days of a weekend that are worked (调休上班).
    """

    source: str
    holidays: frozenset[date]
    workdays: frozenset[date]


def _days(year: int, text: str) -> frozenset[date]:
    """Days of a year out of `1-24..2-2 4-4`: single ones, and stretches with both ends."""
    days = set()
    for part in text.split():
        first, last = (date(year, *map(int, end.split("-"))) for end in (part.split("..") * 2)[:2])
        days |= {first + timedelta(each) for each in range((last - first).days + 1)}
    return frozenset(days)


def _year(year: int, source: str, holidays: str, workdays: str) -> OfficialYear:
    return OfficialYear(source, _days(year, holidays), _days(year, workdays))


OFFICIAL_YEARS: Final[Mapping[int, OfficialYear]] = {
    2020: _year(
        2020,
        "国办发明电〔2019〕16号，国办发明电〔2020〕1号",
        "1-1 1-24..2-2 4-4..4-6 5-1..5-5 6-25..6-27 10-1..10-8",
        "1-19 4-26 5-9 6-28 9-27 10-10",
    ),
    2021: _year(
        2021,
        "国办发明电〔2020〕27号",
        "1-1..1-3 2-11..2-17 4-3..4-5 5-1..5-5 6-12..6-14 9-19..9-21 10-1..10-7",
        "2-7 2-20 4-25 5-8 9-18 9-26 10-9",
    ),
    2022: _year(
        2022,
        "国办发明电〔2021〕11号",
        "1-1..1-3 1-31..2-6 4-3..4-5 4-30..5-4 6-3..6-5 9-10..9-12 10-1..10-7",
        "1-29 1-30 4-2 4-24 5-7 10-8 10-9",
    ),
    2023: _year(
        2023,
        "国办发明电〔2022〕16号",
        "1-1..1-2 1-21..1-27 4-5 4-29..5-3 6-22..6-24 9-29..10-6",
        "1-28 1-29 4-23 5-6 6-25 10-7 10-8",
    ),
    2024: _year(
        2024,
        "国办发明电〔2023〕7号",
        "1-1 2-10..2-17 4-4..4-6 5-1..5-5 6-10 9-15..9-17 10-1..10-7",
        "2-4 2-18 4-7 4-28 5-11 9-14 9-29 10-12",
    ),
    2025: _year(
        2025,
        "国办发明电〔2024〕12号",
        "1-1 1-28..2-4 4-4..4-6 5-1..5-5 5-31..6-2 10-1..10-8",
        "1-26 2-8 4-27 9-28 10-11",
    ),
    2026: _year(
        2026,
        "国办发明电〔2025〕7号",
        "1-1..1-3 2-15..2-23 4-4..4-6 5-1..5-5 6-19..6-21 9-25..9-27 10-1..10-7",
        "1-4 2-14 2-28 5-9 9-20 10-10",
    ),
}
