"""What a form consists of. A hidden line of each sheet names its columns for the way back.

What a form was made with is kept on a hidden sheet: only what a person changed becomes a command,
and what nobody fills in must come back as it was, so that no row is read under another's id.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

from documents.page import Cell
from documents.score_table import levels
from ledger import terms
from ledger.language import Language, Say
from ledger.rubric import Indicator, Rubric

Kind = Literal["self-evaluation", "review"]
SPARE_ITEMS: Final = 15
COVER: Final = "cover"
BASELINE: Final = "baseline"
ROW: Final = "row"
"""In the baseline: the row itself, which must still be there when the form comes back."""
LABEL: Final = "label"
"""In the baseline: what the row is called, where other sheets name it."""

OLDER_CHOICES: Final = {"恰好": "exactly", "文字目标": "described"}
"""What a choice was called in forms that are still out, and what it means."""


class FormColumn(Struct, frozen=True, kw_only=True):
    """A column of a form.

    Attributes:
        key: its name in the first line, the same in every language.
        open: whether people fill it in; all else is protected.
        choices: what a drop-down offers; empty where anything may be written.
        labels: whether a drop-down offers what the rows of scores are called.
        up_to: the column whose number is the most that this one may be; a score then.
        hidden: whether it is out of sight.
        computed: a difference of two other columns, as `{award}-{claim}`; empty where one of them
            has no number.
        summed: whether the sheet gives its sum on top.
    """

    key: str
    heading: str
    width: int
    open: bool = False
    choices: tuple[str, ...] = ()
    labels: bool = False
    up_to: str = ""
    hidden: bool = False
    computed: str = ""
    summed: bool = False


class FormSheet(Struct, frozen=True, kw_only=True):
    """A sheet of a form: one row per thing, with its id in the column `id`.

    Attributes:
        spare: empty rows below, in which every column is open.
        labels: what the rows are called where other sheets name them, by id.
        portrait: whether it is printed upright.
        printed_to: the last column that is printed; empty for all of them.
    """

    key: str
    name: str
    columns: tuple[FormColumn, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()
    spare: int = 0
    labels: Mapping[str, str] = {}
    portrait: bool = False
    printed_to: str = ""

    def index(self, key: str) -> int:
        """The column of a key, from 0."""
        return [column.key for column in self.columns].index(key)


class Form(Struct, frozen=True, kw_only=True):
    """A workbook to be filled in.

    Attributes:
        about: whose it is and of which year, in one line; empty where it is of no case.
    """

    kind: Kind
    title: str
    about: str
    sheets: tuple[FormSheet, ...]
    language: Language
    made: str


def open_column(  # noqa: PLR0913 - what a column may be
    key: str,
    heading: str,
    width: int,
    *,
    up_to: str = "",
    choices: tuple[str, ...] = (),
    summed: bool = False,
) -> FormColumn:
    """A column that people fill in."""
    return FormColumn(
        key=key,
        heading=heading,
        width=width,
        open=True,
        choices=choices,
        up_to=up_to,
        summed=summed,
    )


def in_columns(columns: tuple[FormColumn, ...], cells: dict[str, Cell]) -> tuple[Cell, ...]:
    """Cells in the order of their columns."""
    return tuple(cells.get(column.key) for column in columns)


def id_column(say: Say) -> FormColumn:
    """The ids, out of sight."""
    return FormColumn(key="id", heading=say(*terms.ID), width=10, hidden=True)


def indicator_columns(say: Say) -> tuple[FormColumn, ...]:
    """What every row of scores begins with."""
    return (
        FormColumn(key="level1", heading=say(*terms.LEVEL_1), width=5),
        FormColumn(key="level2", heading=say(*terms.LEVEL_2), width=6),
        FormColumn(key="level3", heading=say(*terms.LEVEL_3), width=10),
        FormColumn(key="weight", heading=say(*terms.WEIGHT), width=4, summed=True),
        FormColumn(
            key="standard",
            heading=say("指标解释和评分标准", "Indicator and scoring standard"),
            width=20,
        ),
    )


def indicator_cells(rubric: Rubric, row: Indicator) -> dict[str, Cell]:
    """What every row of scores begins with, by key."""
    level1, level2, level3 = levels(row.path)
    return {
        "id": row.id,
        "level1": level1,
        "level2": level2,
        "level3": level3,
        "weight": rubric.in_scale(row.weight),
        "standard": "\n".join(filter(None, (row.explanation, row.standard))),
    }


def labels_of(rubric: Rubric) -> dict[str, str]:
    """What each indicator is called: its own name, with the one above it where several have it."""
    shared = Counter(row.path[-1] for row in rubric.indicators)
    named: dict[str, str] = {}
    for row in rubric.indicators:
        name = row.path[-1] if shared[row.path[-1]] == 1 else " / ".join(row.path[-2:])
        again = sum(other.partition(" #")[0] == name for other in named.values())
        named[row.id] = f"{name} #{again + 1}" if again else name
    return named


def justified_columns(say: Say) -> tuple[FormColumn, ...]:
    """What a decision on an item ends with: why, by which clause, on what evidence."""
    return (
        open_column("justification", say(*terms.JUSTIFICATION), 26),
        open_column("clause", say(*terms.CLAUSE), 16),
        open_column("evidence", say(*terms.EVIDENCE), 16),
    )
