"""Which cases hold which files: filed in them, and not erased there."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Index

from projections.portfolio.steps import FoldedCase, ViewRow
from projections.portfolio.tables import case_key, key, table

EVIDENCE: Final = table("evidence", case_key(), key("sha256"))
"""One row a file that a case holds."""

Index(f"{EVIDENCE.name}_by_file", EVIDENCE.c.sha256)


def rows(folded: FoldedCase) -> Iterator[ViewRow]:
    """The files of a case."""
    if folded.case.opened is not None:
        held = (sha256 for sha256 in folded.case.evidence if sha256 not in folded.case.erased)
        yield from ((sha256,) for sha256 in held)
