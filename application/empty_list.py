"""An empty list of cases (清单空表), with the cases of a year that its command can be done with."""

from collections.abc import Callable
from datetime import date

from application.lists import list_cases
from intake.case_list import empty_list
from ledger.decide.stages import STAGES_OF
from ledger.language import Language
from ledger.store import Store
from ledger.values import Invalid


def list_for(  # noqa: PLR0913 - of what, for whom and in which form
    store: Callable[[], Store],
    do: str,
    year: int | None,
    suffix: str,
    *,
    language: Language,
    today: date,
) -> bytes:
    """An empty list.

    Args:
        store: opens the ledger, which is asked for a year only.
        do: the command that it is of.
        year: whose cases it names; `None` for a list without any.
        suffix: of its file.
        language: of its headings.
        today: the day on which it is made.

    Raises:
        Invalid: no such format, or no case of the year is at a stage that allows the command.
    """
    rows = [
        {"case": case.case, "unit_name": case.unit or ""}
        for case in (list_cases(store(), today) if year is not None else ())
        if case.year == year and case.stage in STAGES_OF.get(do, ())
    ]
    if year is not None and not rows:
        raise Invalid(
            f"{year} 年度没有可办理此项操作的评价事项",
            f"no case of {year} is at a stage that allows this",
        )
    return empty_list(do, suffix, language, rows, today)
