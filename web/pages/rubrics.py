"""Rubrics (指标体系): the editions that were published, one of them, and how two of them differ."""

from starlette.responses import Response

from application import look
from documents.read_lists import RUBRIC_CHANGES
from ledger.authority import may
from ledger.case import Case
from ledger.commands import COMMANDS
from ledger.editions import Editions
from ledger.envelope import rubric_stream
from ledger.ledger import Ledger
from ledger.sight import sees_beside
from projections.rubric_diff import differences
from projections.rubric_view import published, row_names, tree
from projections.rubric_words import about_rubric, row_words
from web.desk import Desk
from web.download import as_csv, handed_out, wants_csv
from web.not_found import not_found


def listed(desk: Desk) -> Response:
    """Every rubric with its editions, which everybody may read who has an account."""
    found = look.rubrics(desk.store)
    rubrics = {name: list(published(editions)) for name, editions in found.items()}
    may_publish = may(COMMANDS["publish-rubric"], Case(), desk.account)
    return desk.page("rubrics.html", rubrics=rubrics, may_publish=may_publish)


def page(desk: Desk) -> Response:
    """An edition: its rows with standard and rule, its totals and time limits, or its file.

    Raises:
        Invalid: there is no such rubric.
        CommandRefused: it has no such edition.
    """
    editions = editions_of(desk)
    edition = desk.request.query_params.get("edition") or next(reversed(editions.published))
    rubric = editions.rubric(edition)
    name = desk.request.path_params["rubric"]
    if desk.request.query_params.get("form") == "toml":
        source = editions.published[edition].source
        return handed_out(f"{name}-{edition}.toml", source.encode())
    return desk.page(
        "rubric.html",
        rubric=rubric,
        editions=list(published(editions)),
        shown=edition,
        levels=list(tree(rubric)),
        row_words=row_words,
        about=about_rubric(rubric),
        has_log=sees_beside(desk.account, rubric_stream(name)),
    )


def difference(desk: Desk) -> Response:
    """What differs between two editions, row by row.

    Raises:
        Invalid: there is no such rubric.
        CommandRefused: it has no such edition.
    """
    editions = editions_of(desk)
    asked, known = desk.request.query_params, list(editions.published)
    new = asked.get("to") or known[-1]
    old = asked.get("from") or (known[known.index(new) - 1] if new in known[1:] else known[0])
    before, after = editions.rubric(old), editions.rubric(new)
    changes = differences(before, after)
    name = desk.request.path_params["rubric"]
    if wants_csv(desk):
        columns = [column.name for column in RUBRIC_CHANGES]
        rows = ({key: getattr(change, key) for key in columns} for change in changes)
        return as_csv(desk, f"{name}-{old}-{new}", RUBRIC_CHANGES, rows)
    names = row_names(before) | row_names(after)
    return desk.page(
        "rubric_diff.html",
        rubric=after,
        editions=list(published(editions)),
        old=old,
        new=new,
        changes=changes,
        names=names,
        choices=[(name, name) for name in known],
    )


def editions_of(desk: Desk) -> Editions:
    """The editions of the rubric that the address names.

    Raises:
        Invalid: there is none of that name.
    """
    name = desk.request.path_params["rubric"]
    editions = Ledger(desk.store).editions(name)
    if not editions.published:
        raise not_found(f"没有指标体系 {name}", f"there is no rubric {name}")
    return editions
