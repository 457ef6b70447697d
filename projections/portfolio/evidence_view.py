"""Which cases hold which files: filed in them, and not erased there."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Index

from projections.portfolio.steps import FoldedCase, ViewRow
from projections.portfolio.tables import key, life_number, table

EVIDENCE: Final = table("evidence", life_number(), key("sha256"))
"""One row a file that a case holds."""

Index(f"{EVIDENCE.name}_by_file", EVIDENCE.c.sha256)
TABLE = EVIDENCE


def rows(life: FoldedCase) -> Iterator[ViewRow]:
    """The files of a case."""
    case = life.case
    if case.opened is not None:
        yield from ((life.number, sha256) for sha256 in case.evidence if sha256 not in case.erased)
