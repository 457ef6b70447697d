"""The portfolio (评价总览): many cases at once, in tables next to the ledger.

The tables follow the log: they are brought up to date in batches, and what is read changes in one
transaction together with their position; they can be dropped and made again at any time. One file
per view has its table, its rows out of the fold of a case, and its queries; `views` lists them:

- `cases`: what a case is about, for filters;
- `scores_view`: claim, award, gap and grade of every case, at any point;
- `indicators`: the same for every row of the rubric;
- `adjustments`: every award with its author, clause and distance from the claim;
- `rectification_view`: requests with their last days;
- `work_view`: whose turn it is, for what, until when;
- `appeals_view`: which awards are contested, since when;
- `evidence_view`: which cases hold which files;
- `texts_view`, `pieces_view`: what events say in words, and the index by which it is found.

`tables` is what they share, `case_reader` reads histories from the record, and `steps` folds them.
`catch_up` keeps the tables, by the transactions of `staging`, and compares them with a fresh
replay. `case_rows` asks them without SQLAlchemy. What they do not hold is folded for one reader
into tables of the same shape, and asked by the same queries (`folded_tables`).
"""

from collections.abc import Callable
from typing import Final

SHAPE: Final = 11
"""To be raised whenever a table or its content changes its meaning."""

FAMILY: Final = "portfolio_"

Watch = Callable[[int, int], None]
"""Told how many cases of how many have been folded."""


def table_name(view: str) -> str:
    """What the table of a view is called, in this shape."""
    return f"{FAMILY}{SHAPE}_{view}"


PIECES_INDEX: Final = f"search_{SHAPE}"
"""SQLite's own table of the pieces of words. Its name is none of the family, because programs drop
the tables of another shape one by one, and SQLite refuses that for the parts of this one."""


def nobody(done: int, total: int) -> None:
    """Watch nothing."""
