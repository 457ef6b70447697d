"""An empty list of cases (清单空表), with the cases of a year that its command can be done with."""

from collections.abc import Callable
from datetime import date

from application.look import rubrics
from intake.case_list import empty_list
from ledger.decide.stages import STAGES_OF
from ledger.language import Language
from ledger.store import Store
from ledger.values import Invalid
from projections.portfolio.case_pages import CaseSearch, Parties, page_of_cases

MOST = 1_000_000
"""Cases of a year: all that there can be."""


def list_for(  # noqa: PLR0913 - of what, for whom and in which form
    store: Callable[[], Store],
    do: str,
    year: int | None,
    suffix: str,
    *,
    language: Language,
    today: date,
    parties: Parties | None = None,
) -> bytes:
    """An empty list.

    Args:
        store: opens the ledger, which is asked for a year only.
        do: the command that it is of.
        year: whose cases it names; `None` for a list without any.
        suffix: of its file.
        language: of its headings.
        today: the day on which it is made.
        parties: of whose cases, as `CaseSearch` has it.

    Raises:
        Invalid: no such format, or no case of the year is at a stage that allows the command; of
            cases to be opened, no unit of the year before is without one.
    """
    if year is None:
        return empty_list(do, suffix, language, [], today)
    if do == "open-case":
        rows = _to_open(store(), year, parties)
        if not rows:
            raise Invalid(
                f"{year - 1} 年度没有可据以启动的评价事项，或各单位 {year} 年度均已启动；"
                "不写年度即为空表",
                f"no unit of {year - 1} is without a case of {year}; leave the year out for an"
                " empty list",
            )
        return empty_list(do, suffix, language, rows, today)
    columns = ("unit_name", "stage")
    found = page_of_cases(store(), columns, CaseSearch(parties, year=year, limit=MOST))
    rows = [
        {"case": case, "unit_name": unit}
        for case, unit, stage in found
        if stage in STAGES_OF.get(do, ())
    ]
    if not rows:
        raise Invalid(
            f"{year} 年度没有可办理此项操作的评价事项",
            f"no case of {year} is at a stage that allows this",
        )
    return empty_list(do, suffix, language, rows, today)


def _to_open(store: Store, year: int, parties: Parties | None) -> list[dict[str, str]]:
    """A row for each case of the year before whose unit has none of this year, as far as known."""
    columns = (
        *("unit", "unit_name", "title", "bureau_id", "bureau", "rubric", "agency_id", "agency"),
    )
    wanted = CaseSearch(parties, year=year - 1, limit=MOST)
    there = {row[1] for row in page_of_cases(store, ("unit",), wanted._replace(year=year))}
    newest = {name: editions.newest for name, editions in rubrics(store).items()}
    rows = []
    for (
        case,
        unit,
        unit_name,
        title,
        bureau,
        bureau_name,
        rubric,
        agency,
        agency_name,
    ) in page_of_cases(store, columns, wanted):
        if unit in there:
            continue
        named = case.replace(str(year - 1), str(year))
        row = {
            "case": named if named != case else "",
            "title": title.replace(str(year - 1), str(year)),
            "year": str(year),
            "unit": unit,
            "unit_name": unit_name,
            "bureau": bureau,
            "bureau_name": bureau_name,
            "rubric": rubric,
            "edition": newest.get(rubric) if rubric else None,
            "agency": agency,
            "agency_name": agency_name,
        }
        rows.append({name: value for name, value in row.items() if value})
    return rows
