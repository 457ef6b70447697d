"""What a form consists of. The first line of each sheet names its columns for the way back.

What a form was made with is kept on a hidden sheet: only what a person changed becomes an act.
"""

from typing import Final, Literal

from msgspec import Struct

from documents.page import Cell
from ledger.language import Language

Kind = Literal["self-evaluation", "review"]
COVER: Final = "cover"
BASELINE: Final = "baseline"
ROW: Final = "row"
"""In the baseline: the row itself, which must still be there when the form comes back."""

OLDER_CHOICES: Final = {"恰好": "exactly", "文字目标": "described"}
"""What a choice was called in forms that are still out, and what it stands for."""


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
