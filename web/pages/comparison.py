"""The comparison of years (年度比较): as a page, a spreadsheet or a document."""

from base64 import b64encode
from typing import Final

from starlette.responses import Response

from application.comparison import names_of_rows, paper_of
from documents.comparison import METHOD, pictures
from documents.comparison_lists import DIMENSIONS, TABLES, compared_table
from documents.formats import FORMATS, printer
from ledger.values import Invalid, instant
from web.asked import NO_SUCH_COMPARISON, comparison
from web.desk import Desk
from web.download import as_csv, handed_out

ROWS: Final = 100
"""Of a table on the page; all are in the spreadsheet."""

FILTERS: Final = ("years", "by", "unit", "rubric", "at", "known")


def page(desk: Desk) -> Response:
    """The comparison that the address asks for.

    Raises:
        Invalid: the account sees no case as a whole, or there is no such point, table or format.
    """
    given = desk.request.query_params
    by, form, table = given.get("by") or "unit", given.get("form", ""), given.get("table", "groups")
    if table not in TABLES or form not in {"", "csv", *_SUFFIXES}:
        raise NO_SUCH_COMPARISON
    asked = {name: given.get(name, "") for name in FILTERS}
    try:
        found, place, behind = comparison(desk)
    except Invalid as refused:
        if refused.rule != "two-years" or form:
            raise
        return desk.page(
            "comparison.html",
            asked=asked,
            by=by,
            dimensions=DIMENSIONS,
            behind=None,
            why=refused,
        )
    rubrics = {edition.partition("@")[0] for total in found.totals for edition in [total.edition]}
    names = names_of_rows([desk.reading.editions(rubric) for rubric in sorted(rubrics)])
    if form == "csv":
        columns, rows = compared_table(found, table)
        return as_csv(desk, f"comparison-{table}", columns, rows)
    if form:
        made = instant(desk.office.clock())
        paper = paper_of(found, names, desk.language, (place.taken, place.size), made)
        return handed_out(f"comparison.{form}", printer(f".{form}")(paper))
    shown = {}
    for name in TABLES:
        columns, rows = compared_table(found, name)
        shown[name] = ([column for column in columns if column.for_people], rows)
    return desk.page(
        "comparison.html",
        found=found,
        asked=asked,
        by=by,
        why=None,
        names=names,
        behind=behind,
        shown=shown,
        titles_of=TABLES,
        dimensions=DIMENSIONS,
        method=METHOD,
        forms=_SUFFIXES,
        rows=ROWS,
        drawn=[
            (b64encode(picture.svg.encode()).decode(), picture)
            for picture in pictures(found, names, desk.language).values()
        ],
    )


_SUFFIXES: Final = tuple(suffix.removeprefix(".") for suffix in FORMATS)
