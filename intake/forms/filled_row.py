"""A row of a form as it came back, and what its cells say."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from intake.cell_values import any_number, plain, refuse_unseen, score, words
from intake.forms.sheet import OLDER_CHOICES, FormColumn
from intake.grid import Cell, at_cell, place
from intake.mistakes import CellRef
from intake.written_command import WrittenCommand
from ledger.field_errors import Path as Keys
from ledger.language import Say, Text, listing, speaker
from ledger.values import Invalid

IDS: Final = re.compile(r"[;；、,，\n]")
FILES: Final = re.compile(r"[;；\n]")
"""What separates the ids, or the names of files, of one cell."""

T = TypeVar("T")
Fields = dict[str, Any]


class FormRow(NamedTuple):
    """A filled-in row.

    Attributes:
        cells: by the keys of their columns.
        changed: the keys of the cells that are not as the form was made.
        before: what the form was made with, by key.
        names: the ids of indicators, by what they are called in the form.
    """

    path: Path
    sheet: str
    number: int
    cells: Mapping[str, Cell]
    changed: frozenset[str]
    before: Mapping[str, str]
    names: Mapping[str, str] = {}

    @property
    def place(self) -> Text:
        """Where the row is, in words."""
        return Text(
            f"{self.path} 工作表“{self.sheet}” 第 {self.number} 行",
            f"{self.path}, sheet '{self.sheet}', row {self.number}",
        )

    def place_of(self, keys: Keys) -> Text:
        """Where the part of a command that some keys lead to was filled in: a cell, or the row."""
        for key in reversed(keys):
            if isinstance(key, str) and key in self.cells:
                return place(self.path, self.sheet, self.cells[key].ref)
        return self.place

    def cell_of(self, keys: Keys) -> CellRef:
        """The same as a cell; of the row, the first that people see."""
        for key in reversed(keys):
            if isinstance(key, str) and key in self.cells:
                return CellRef(self.sheet, self.cells[key].ref)
        return CellRef(self.sheet, f"A{self.number}")

    def written(self, fields: Fields) -> WrittenCommand:
        """A command that the row asks for."""
        return WrittenCommand(fields, self.place_of, self.cell_of)

    def text(self, key: str) -> str:
        """The words in a column; empty where there are none."""
        return self.read(key, words) if key in self.cells else ""

    def indicator(self, key: str) -> str:
        """The id of the indicator that a cell names; as it is written where it names none."""
        text = self.text(key)
        return self.names.get(text, text)

    def indicators(self, key: str) -> list[str]:
        """The ids of the indicators that a cell names, several or none."""
        found: list[str] = []
        for name in listed(self.text(key), FILES):
            known = self.names.get(name)
            parts = [known] if known else listed(name, IDS)
            found += [self.names.get(part, part) for part in parts]
        return found

    def read(self, key: str, how: Callable[[Cell], T]) -> T:
        """What a reader returns for a cell; a refusal says which cell.

        Raises:
            Invalid: the reader refuses it.
        """
        cell = self.cells[key]
        try:
            refuse_unseen(cell)
            return how(cell)
        except Invalid as error:
            raise at_cell(self.path, self.sheet, cell.ref, error.text.zh, error.text.en) from None

    def refused(self, zh: str, en: str) -> Invalid:
        """What is wrong with the row, after its first cell."""
        return at_cell(self.path, self.sheet, self.cell_of(()).ref, zh, en)

    def refusal(self, key: str, zh: str, en: str) -> Invalid:
        """What is wrong with a cell of the row."""
        return at_cell(self.path, self.sheet, self.cells[key].ref, zh, en)


Reader = Callable[[FormRow, int], Iterator[Fields]]
"""What a row asks to be recorded, given the decimals of a score."""


class SheetKind(NamedTuple):
    """A sheet of a form: what its columns are and how a row of it is read back.

    Attributes:
        key: its name in the first line of the sheet.
        columns: the same that it is written with.
        read: what a row asks to be recorded; in the order in which it must be.
        also: columns that people do not fill in and without which a row cannot be read.
        fixed: whether its rows are given, and no row is added.
    """

    key: str
    columns: Callable[[Say], tuple[FormColumn, ...]]
    read: tuple[Reader, ...]
    also: frozenset[str] = frozenset()
    fixed: bool = False

    @property
    def open(self) -> frozenset[str]:
        """The columns that people fill in; of the cover and what is asked on it, the value."""
        return frozenset(c.key for c in self.columns(speaker("en")) if c.open) or self.also

    @property
    def computed(self) -> frozenset[str]:
        """The columns that formulas work out."""
        return frozenset(c.key for c in self.columns(speaker("en")) if c.computed)

    @property
    def needed(self) -> frozenset[str]:
        """The columns that must be there when the form comes back."""
        columns = self.columns(speaker("en"))
        return frozenset({"id", *(column.key for column in columns if column.open)}) | self.also


def score_of(row: FormRow, key: str, scale: int) -> str | None:
    """A score as text, within its row's weight."""
    given = row.read(key, lambda cell: score(cell, scale))
    if given is None:
        return None
    weight = row.read("weight", any_number) if "weight" in row.cells else None
    if given < 0 or (weight is not None and given > weight):
        limit = f"0–{weight}" if weight is not None else "≥ 0"
        raise row.refusal(key, f"{given} 不在 {limit} 之内", f"{given} is not within {limit}")
    return f"{given:f}"


def needed_score(row: FormRow, key: str, scale: int) -> str:
    """A score as text.

    Raises:
        Invalid: there is none, or it cannot be read.
    """
    given = score_of(row, key, scale)
    if given is None:
        raise row.refusal(key, "没有填分数", "the points are missing")
    return given


def optional(row: FormRow, *keys: str) -> Fields:
    """The columns that hold words, by key."""
    return {key: text for key in keys if (text := row.text(key))}


def cited(row: FormRow) -> Fields:
    """The files that a row cites, if it does."""
    files = listed(row.text("evidence"), FILES)
    return {"evidence": files} if files else {}


def listed(text: str, between: re.Pattern[str]) -> list[str]:
    """The parts of a cell that holds several."""
    return [part.strip() for part in between.split(text) if part.strip()]


def choice_of(row: FormRow, key: str, known: Mapping[str, Text]) -> str:
    """The word of ours that a choice means; empty where nothing was chosen."""
    text = plain(row.text(key)).lower()
    if not text:
        return ""
    for word, named in known.items():
        if OLDER_CHOICES.get(text, text) in {word, *(plain(name).lower() for name in named)}:
            return word
    zh, en = listing(known.values())
    raise row.refusal(key, f"无法识别“{text}”；可用 {zh}", f"'{text}' is not recognised; use {en}")
