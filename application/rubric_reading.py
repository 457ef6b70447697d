"""A rubric as it is drafted from a table that was handed in (由交来的表起草): on no disk.

What each column was taken for goes with it, so that a person can say otherwise.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from application.rubric_draft import RubricDraftView, view_of
from intake.delivered_file import read_sheets
from intake.draft_file import DraftFile, draft_file
from intake.files import HandedIn
from intake.grid import Sheet, column_letters
from intake.rubric_draft import SCALE_READ, RubricDraft, draft
from intake.table_columns import ANSWERS
from intake.table_rows import NO_ANSWERS, read_tables
from ledger.language import Text
from ledger.values import Invalid


class ReadColumn(NamedTuple):
    """A column of the table, by itself or as somebody said.

    Attributes:
        role: what it was taken for; `?` where that is open.
        why: why it was taken for that.
    """

    sheet: str
    letters: str
    heading: str
    role: str
    why: Text


class Drafted(NamedTuple):
    """The draft with its file, and what a person reads of both."""

    draft: RubricDraft
    file: DraftFile
    view: RubricDraftView


class ReadDraft(NamedTuple):
    """A table, and what came of it.

    Attributes:
        drafted: `None` where none of the columns is known to hold the weights.
    """

    columns: list[ReadColumn]
    drafted: Drafted | None


def read_draft(table: HandedIn, said: Mapping[str, str]) -> ReadDraft:
    """Draft a rubric from a table.

    Args:
        table: the table as it was handed in.
        said: what somebody says a column is, by its letters.

    Raises:
        Invalid: it is not a table at all.
    """
    path = Path(table.name)
    sheets = read_sheets(path, table.content)
    roles = {letters: role for letters, role in said.items() if role in ANSWERS}
    columns = _columns(path, sheets, roles)
    try:
        found = draft(path, sheets, roles)
    except Invalid:  # there is a table, so it is the weights that are missing
        return ReadDraft(columns, None)
    file = draft_file(found, path)
    view = view_of(found, file, path, path.with_suffix(".toml"), None)
    return ReadDraft(columns, Drafted(found, file, view))


def _columns(path: Path, sheets: list[Sheet], said: Mapping[str, str]) -> list[ReadColumn]:
    found: dict[tuple[str, str], ReadColumn] = {}
    for block in read_tables(path, sheets, SCALE_READ, NO_ANSWERS).blocks:
        for index, column in sorted(block.columns.items()):
            letters = column_letters(index)
            role = said.get(letters, column.role)
            read = ReadColumn(block.sheet.name, letters, column.heading, role, column.why)
            found.setdefault((block.sheet.name, letters), read)
    return list(found.values())
