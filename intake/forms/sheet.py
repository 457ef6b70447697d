"""What a form consists of. The first line of each sheet names its columns for the way back.

What a form was made with is kept on a hidden sheet: only what a person changed becomes a command.
"""

from typing import Final, Literal

from msgspec import Struct

from documents.page import Cell
from ledger import terms
from ledger.language import Language, Say

Kind = Literal["self-evaluation", "review"]
SPARE_ITEMS: Final = 15
COVER: Final = "cover"
BASELINE: Final = "baseline"
ROW: Final = "row"
"""In the baseline: the row itself, which must still be there when the form comes back."""

OLDER_CHOICES: Final = {"恰好": "exactly", "文字目标": "described"}
"""What a choice was called in forms that are still out, and what it means."""


class FormColumn(Struct, frozen=True, kw_only=True):
    """A column of a form.

    Attributes:
        key: its name in the first line, the same in every language.
        open: whether people fill it in; all else is protected.
        choices: what a drop-down offers; empty where anything may be written.
        ids_of: the sheet whose ids a drop-down offers.
        up_to: the column whose number is the most that this one may be; a score then.
    """

    key: str
    heading: str
    width: int
    open: bool = False
    choices: tuple[str, ...] = ()
    ids_of: str = ""
    up_to: str = ""


class FormSheet(Struct, frozen=True, kw_only=True):
    """A sheet of a form: a row a thing, its first cell the id.

    Attributes:
        spare: empty rows below, in which every column is open.
    """

    key: str
    name: str
    columns: tuple[FormColumn, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()
    spare: int = 0


class Form(Struct, frozen=True, kw_only=True):
    """A workbook to be filled in."""

    kind: Kind
    title: str
    sheets: tuple[FormSheet, ...]
    language: Language
    made: str


def open_column(
    key: str, heading: str, width: int, *, up_to: str = "", choices: tuple[str, ...] = ()
) -> FormColumn:
    """A column that people fill in."""
    return FormColumn(
        key=key, heading=heading, width=width, open=True, choices=choices, up_to=up_to
    )


def in_columns(columns: tuple[FormColumn, ...], cells: dict[str, Cell]) -> tuple[Cell, ...]:
    """Cells in the order of their columns."""
    return tuple(cells.get(column.key) for column in columns)


def indicator_columns(say: Say) -> tuple[FormColumn, ...]:
    """What every row of scores begins with."""
    return (
        FormColumn(key="id", heading=say(*terms.ID), width=10),
        FormColumn(key="level1", heading=say(*terms.LEVEL_1), width=8),
        FormColumn(key="level2", heading=say(*terms.LEVEL_2), width=8),
        FormColumn(key="level3", heading=say(*terms.LEVEL_3), width=14),
        FormColumn(key="weight", heading=say(*terms.WEIGHT), width=5),
        FormColumn(key="explanation", heading=say(*terms.EXPLANATION), width=18),
        FormColumn(key="standard", heading=say(*terms.STANDARD), width=26),
    )


def justified_columns(say: Say) -> tuple[FormColumn, ...]:
    """What a decision on an item ends with: why, by which clause, on what evidence."""
    return (
        open_column("justification", say(*terms.JUSTIFICATION), 26),
        open_column("clause", say(*terms.CLAUSE), 16),
        open_column("evidence", say(*terms.EVIDENCE), 16),
    )
