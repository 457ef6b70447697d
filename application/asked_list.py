"""A list of the portfolio as it is asked for (评价总览的查询): brought up to the log, then read."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from application.known_names import refuse_unknown_names
from application.portfolio import CaseFilter, portfolio
from application.portfolio_list import COUNTED, ListFilter, portfolio_list
from documents.lists import ListColumn, Row
from ledger.language import Language, Text
from ledger.store import Store
from projections.portfolio import Watch
from projections.portfolio.case_writer import Folding
from projections.portfolio.cases import CHOSEN


class AskedList(NamedTuple):
    """A list, in one language; its rows can be gone through once.

    Attributes:
        note: why it does not show the whole log, where it does not.
        about: what the list says of itself for programs.
    """

    columns: Sequence[ListColumn]
    rows: Iterable[Row]
    note: Text | None
    about: dict[str, object]


def asked_list(  # noqa: PLR0913, PLR0917 - what is asked, of which tables, in which words
    store: Store,
    view: str,
    named: Sequence[str],
    options: dict[str, Any],
    today: date,
    language: Language,
    watch: Watch,
    by: Folding,
) -> AskedList:
    """The list of a view.

    Args:
        store: the ledger.
        view: which.
        named: options whose values must exist.
        options: which cases, at which point, and what `ListFilter` has; used up.
        today: the day that days are counted to.
        language: of its words.
        watch: called with the progress of the tables.
        by: how many cases are folded.

    Raises:
        Invalid: no such point, or a name that the ledger does not have.
    """
    chosen = CaseFilter(**{name: options.pop(name) for name in CHOSEN})
    label = options.pop("label")
    asked = ListFilter(**options)
    every = {name: options[name] for name in named}
    refuse_unknown_names(store, chosen, watch=watch, **every)
    with portfolio(store, label, chosen, watch, by) as found:
        columns, rows = portfolio_list(view, found, asked, today, language)
    at = {"label": label, "position": found.place.taken, "size": found.place.size}
    about: dict[str, object] = {"today": today} if view in COUNTED else {}
    return AskedList(columns, rows, found.note, {**about, "at": at})
