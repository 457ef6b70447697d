"""Search (检索): what was said in words, in all cases that the account sees."""

from typing import Final

from msgspec.structs import asdict
from starlette.responses import Response

from application.search import KINDS, SearchResults
from documents.search_list import RESULTS
from web import asked
from web.desk import Desk
from web.download import as_csv, wants_csv

ROWS: Final = 50
"""On a page."""

FILTERS: Final = ("q", "year", "unit", "kind", "by", "at", "known")


def page(desk: Desk) -> Response:
    """The texts with the words that the address asks for, or only the form; or a spreadsheet.

    Raises:
        Invalid: too many words, or no such point or place.
    """
    given = desk.request.query_params
    is_asked = bool(given.get("q", "").strip())
    found = asked.search(desk, None if wants_csv(desk) else ROWS) if is_asked else _NOTHING
    if is_asked and wants_csv(desk):
        return as_csv(desk, "search", RESULTS, map(asdict, found.results))
    return desk.page(
        "search.html",
        is_asked=is_asked,
        results=found.results,
        further=found.further and asked.mark_written(found.further),
        asked={name: given.get(name, "") for name in FILTERS},
        kinds=KINDS,
    )


_NOTHING: Final = SearchResults([], None)
