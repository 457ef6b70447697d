"""Where the tables of a sheet begin, and what each of their columns is, with the reason for it.

A heading takes one to three rows; a repeated heading continues the table, another one begins a
table with columns of its own. A column is what its heading says; where that leaves a choice, or
says nothing about a column that holds numbers, it is asked about.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from intake.cell_values import is_empty, is_number
from intake.grid import Cell, Sheet, column_letters
from intake.headings import LEVELS, NAMES, SCORES, Meaning, Role, is_total, meaning, normal
from ledger.language import Text

HEIGHTS: Final = (3, 2, 1)
WEIGHTS: Final[tuple[Role, ...]] = ("weight1", "weight2", "weight3", "weight4")
FUNDS: Final = frozenset({"budget", "spent", "rate"})
SCORED: Final[tuple[Role, ...]] = ("weight", "claim", "restated", "award", "deduction")
FIGURES: Final[tuple[Role, ...]] = ("budget", "spent", "target", "actual", "actual-restated")
AMOUNTS: Final[tuple[Role, ...]] = ("budget", "spent")
_LETTER: Final = re.compile(r"\([ab]\)")
ASKED: Final = "?"
IGNORED: Final = "ignore"
CHOICES: Final = ("claim", "award", "deduction", "weight", "reason", IGNORED)
"""What a person is asked to choose from."""
ANSWERS: Final = {*NAMES, IGNORED} - {"score", "text"}
"""What a person may declare a column to be: any role but that of nobody named."""

Merged = Mapping[tuple[int, int], tuple[int, int]]
"""The first cell of the merged area around a cell, if it is not the first itself."""


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        heading: as printed, the rows of it together.
        role: what it holds; `?` where a person has to say, `ignore` where it is not read.
        why: why it is taken for that.
        choices: what a person who is asked may answer.
    """

    heading: str
    role: str
    why: Text
    choices: tuple[str, ...] = CHOICES


class Block(NamedTuple):
    """A table: its heading and the rows below it.

    Attributes:
        first: the row where its heading begins, from 0.
        columns: by their places, from 0.
        rows: the rows that may be its own, from 0; without the headings that are printed again.
        funds: whether it is the block of the money, whose one scored line is a row of the table.
    """

    sheet: Sheet
    first: int
    columns: dict[int, Column]
    rows: list[int]
    merged: Merged
    funds: bool

    def having(self, *roles: str) -> list[int]:
        """The columns that have one of these roles, from the left."""
        return [index for index, column in self.columns.items() if column.role in roles]

    @property
    def questions(self) -> dict[int, Column]:
        """The columns that a person has to say something about."""
        return {index: self.columns[index] for index in self.having(ASKED)}


Answered = Mapping[tuple[str, int, str], str]
"""What people said columns are, by sheet, row of the heading (from 1) and letters of the column."""


def blocks_of(sheet: Sheet, answered: Answered, *, own: bool = False) -> list[Block]:
    """The tables of a sheet, from the top.

    Args:
        sheet: the sheet.
        answered: what people said about its columns.
        own: whether it is the unit's own, so that a score of nobody named is the unit's.
    """
    merged = _merged(sheet)
    found: list[tuple[int, list[tuple[str, ...]], list[int]]] = []
    number = page = 0
    wordy = [_is_wordy(row) for row in sheet.rows]
    while number < len(sheet.rows):
        height = _height(sheet, number, merged, wordy, inside=bool(found))
        if height:
            words = _words(sheet, number, height, merged)
            if not found or found[-1][1] != words or _is_over(sheet, found[-1][2][page:]):
                found.append((number, words, []))
            page = len(found[-1][2])
        elif found:
            found[-1][2].append(number)
        number += height or 1
    return [_block(sheet, *table, merged, answered, own=own) for table in found]


def _is_over(sheet: Sheet, rows: Sequence[int]) -> bool:
    """Whether a table has its total, so that the same heading begins another: a second project."""
    texts = (cell.text for row in rows for cell in sheet.rows[row] if isinstance(cell.value, str))
    return any(is_total(text) and "小计" not in text for text in texts)


def _merged(sheet: Sheet) -> Merged:
    return {
        (row, column): (area.top, area.left)
        for area in sheet.merged
        for row in range(area.top, min(area.bottom, len(sheet.rows) - 1) + 1)
        for column in range(area.left, area.right + 1)
        if (row, column) != (area.top, area.left)
    }


# Headings ----------------------------------------------------------------------------------------


def _is_wordy(row: Sequence[Cell]) -> bool:
    """Whether a row may be one of a heading: several texts and no number; one text is a title."""
    return len(list(_texts(row))) > 1 and not any(map(is_number, row))


def _height(
    sheet: Sheet, number: int, merged: Merged, wordy: Sequence[bool], *, inside: bool
) -> int:
    """How many rows the heading takes that begins in a row; 0 where none does.

    Inside a table some words in a row before the heading are the table's last row, not the upper
    half of the heading, unless they name a column themselves; nor is a title, which is one text.
    """
    for height in HEIGHTS:
        if number + height > len(sheet.rows):
            continue
        rows = sheet.rows[number : number + height]
        if not all(wordy[number : number + height]) or not any(map(meaning, _texts(rows[-1]))):
            continue
        if height > 1 and inside and not any(meaning(cell.text) for cell in rows[0]):
            continue
        meanings = _meanings(_words(sheet, number, height, merged))
        if not _is_heading(meanings):
            continue
        if height > 1:
            lower = _meanings(_words(sheet, number + 1, height - 1, merged))
            if meanings == lower:
                continue
        return height
    return 0


def _texts(row: Sequence[Cell]) -> Iterator[str]:
    return (cell.text for cell in row if not is_empty(cell))


def _words(sheet: Sheet, number: int, height: int, merged: Merged) -> list[tuple[str, ...]]:
    """The words above each column, from the top; a group's words are above all of its columns."""
    columns: list[tuple[str, ...]] = []
    spanning = [""] * height
    for index in range(len(sheet.rows[number])):
        words: list[str] = []
        origins: set[tuple[int, int]] = set()
        below = [
            not is_empty(sheet.rows[row][index]) or (row, index) in merged
            for row in range(number, number + height)
        ]
        for step, row in enumerate(range(number, number + height)):
            origin = merged.get((row, index), (row, index))
            text = _text_at(sheet, origin)
            if origin not in merged and origin == (row, index):
                # An empty cell next to a group's words belongs to the group, if something is below.
                if text or not any(below[step + 1 :]):
                    spanning[step] = text
                else:
                    text = spanning[step]
            else:
                spanning[step] = text
            if text and origin not in origins:
                words = [*(word for word in words if word != text), text]
            origins.add(origin)
        columns.append(tuple(words))
    return columns


def _text_at(sheet: Sheet, place: tuple[int, int]) -> str:
    row, column = place
    cell = sheet.rows[row][column]
    return "" if is_empty(cell) else cell.text


def _meanings(columns: list[tuple[str, ...]]) -> list[Meaning | None]:
    return [meaning(*words) for words in columns]


def _is_heading(meanings: list[Meaning | None]) -> bool:
    """Whether a row of headings begins a table: what the rows are, and what they get.

    The block of the money has no names; its heading says the rate instead.
    """
    roles = {found.role for found in meanings if found}
    scored = bool(roles & {*SCORES, "weight", *WEIGHTS, "target", "deduction"})
    named = bool(roles & {*LEVELS, "name"})
    money = len(roles & FUNDS) > 1
    return scored and (named or money) and sum(map(bool, meanings)) > 2  # noqa: PLR2004 - a table has three columns


# Columns -----------------------------------------------------------------------------------------


def _block(  # noqa: PLR0913, PLR0917 - a table, its place and its answers
    sheet: Sheet,
    first: int,
    words: list[tuple[str, ...]],
    rows: list[int],
    merged: Merged,
    answered: Answered,
    *,
    own: bool,
) -> Block:
    meanings = {
        index: found
        for index, found in enumerate(_meanings(words))
        if not (
            index and words[index] == words[index - 1] and _is_covered(sheet, index, first, rows)
        )
    }
    roles = {index: found.role for index, found in meanings.items() if found}
    funds = not set(roles.values()) & {*LEVELS, "name"}
    heading = range(first, rows[0] if rows else first + 1)
    doubts = {
        index: doubt for index in meanings if (doubt := _doubt(sheet, heading, index, merged))
    }
    decided = _Deciding(sheet, words, rows, roles, doubts, own=own).decided()
    columns = {}
    for index, column in decided.items():
        said = answered.get((sheet.name, first + 1, column_letters(index)))
        is_answer = said in ANSWERS and said != column.role
        columns[index] = Column(column.heading, str(said), _SAID) if is_answer else column
    for role in (*SCORED, *(FIGURES if own else ())):
        every = [index for index, column in columns.items() if column.role == role]
        same = [
            index for index in every if any(not is_empty(sheet.rows[row][index]) for row in rows)
        ]
        for index in set(every) - set(same) if same else ():
            empty = Text("没有填写", "nothing is filled in")
            columns[index] = Column(columns[index].heading, IGNORED, empty)
        for index in same if len(same) > 1 else ():
            several = Text(f"几列都是{NAMES[role].zh}", f"several columns are the {NAMES[role].en}")
            columns[index] = Column(columns[index].heading, ASKED, several, (role, IGNORED))
    return Block(sheet, first, columns, rows, merged, funds)


def _doubt(sheet: Sheet, heading: range, index: int, merged: Merged) -> Text | None:
    """Why people may not see the heading of a column, or may not mean it."""
    places = (merged.get((row, index), (row, index)) for row in heading)
    cells = (sheet.rows[row][column] for row, column in places)
    return next((cell.doubt for cell in cells if cell.doubt and not is_empty(cell)), None)


def _is_covered(sheet: Sheet, index: int, first: int, rows: list[int]) -> bool:
    """Whether a column is only the right half of the one before it, merged all the way down."""
    return any(
        area.left < index <= area.right and area.top <= first <= area.bottom
        for area in sheet.merged
    ) and all(is_empty(sheet.rows[row][index]) for row in rows)


NO_NUMBERS: Final = Text("没有数字", "no numbers")
"""Why a column is not read of whose heading nobody knows the meaning."""
_BY_HEADING: Final = Text("表头如此", "by its heading")
_SAID: Final = Text("对应文件写明", "the mapping says so")


def _left(choices: tuple[str, ...], held: Collection[str]) -> tuple[str, ...]:
    """The choices that no other column has been taken for."""
    return tuple(choice for choice in choices if choice == IGNORED or choice not in held)


class _Deciding:
    """What each column of one table is, given all the others."""

    def __init__(  # noqa: PLR0913 - a table and what its headings say
        self,
        sheet: Sheet,
        words: list[tuple[str, ...]],
        rows: list[int],
        roles: dict[int, Role],
        doubts: Mapping[int, Text],
        *,
        own: bool,
    ) -> None:
        self._doubts = doubts
        self._sheet = sheet
        self._words = words
        self._rows = rows
        self._roles = roles
        self._own = own
        self._columns: dict[int, Column] = {}

    def decided(self) -> dict[int, Column]:
        """All columns that have a heading or hold something, from the left."""
        name = self._names()
        self._weights(name)
        self._scores()
        self._reasons()
        self._amounts()
        for index, role in self._roles.items():
            if index not in self._columns:
                self._say(index, role, _BY_HEADING)
        for index in range(len(self._words)):
            if index not in self._columns:
                self._unknown(index)
            elif index in self._sheet.columns_hidden and self._holds(index):
                self._say(index, ASKED, Text("这一列被隐藏", "the column is hidden"))
            elif index in self._doubts and self._holds(index):
                doubt = self._doubts[index]
                self._say(index, ASKED, Text(f"表头{doubt.zh}", f"of its heading, {doubt.en}"))
        held = {column.role for column in self._columns.values()}
        return {
            index: column._replace(choices=_left(column.choices, held))
            for index, column in sorted(self._columns.items())
        }

    def _say(self, index: int, role: str, why: Text) -> None:
        self._columns[index] = Column(" ".join(self._words[index]), role, why)

    def _of(self, *roles: Role) -> list[int]:
        return [index for index, role in self._roles.items() if role in roles]

    def _holds(self, index: int, *, numbers: bool = False) -> bool:
        return any(
            is_number(cell) if numbers else not is_empty(cell)
            for cell in (self._sheet.rows[row][index] for row in self._rows)
        )

    def _ask(
        self, indexes: Sequence[int], zh: str, en: str, choices: tuple[str, ...] = CHOICES
    ) -> None:
        for index in indexes:
            heading = " ".join(self._words[index])
            self._columns[index] = Column(heading, ASKED, Text(zh, en), choices)

    def _names(self) -> int | None:
        """Which column names the rows: the deepest level, or the one that states so.

        Next to level 3 a heading 绩效指标 is the label along the table.
        """
        deepest = max(self._of(*LEVELS), key=lambda index: self._roles[index], default=None)
        names = self._of("name")
        if deepest is not None and self._roles[deepest] in {"level3", "level4"}:
            for index in names:
                self._say(index, IGNORED, Text("另有三级指标一列", "level 3 has a column"))
            names = []
        first = min(self._of(*LEVELS), default=0)
        for index in [index for index in names if len(names) > 1 and index < first]:
            self._say(index, IGNORED, Text("各级指标左边的块名", "a label along the levels"))
            names.remove(index)
        if len(names) > 1:
            choices = ("name", IGNORED)
            self._ask(names, "几列都像指标名称", "several columns may name the rows", choices)
            return None
        if names:
            return names[0]
        return deepest

    def _weights(self, name: int | None) -> None:
        """Which weight is the row's own where each level has one: that next to the row's name."""
        own_level = self._roles[name].replace("level", "weight") if name is not None else ""
        leveled, weights = self._of(*WEIGHTS), self._of("weight")
        beside = {index: self._level_of(index, name) for index in weights}
        own = [index for index in leveled if self._roles[index] == own_level]
        if not own:
            own = weights if len(weights) == 1 else [w for w in weights if beside[w] == name]
            if len(own) == 1 and beside[own[0]] not in {None, name} and self._merged_down(own[0]):
                own = []
        for index in {*leveled, *weights} - set(own):
            if len(own) == 1 or index in leveled:
                self._say(index, IGNORED, Text("是上级指标的分值", "the weight of a level above"))
        if len(own) == 1:
            several = [column_letters(index) for index in sorted({*leveled, *weights})]
            self._say(
                own[0],
                "weight",
                _BY_HEADING
                if len(several) == 1
                else Text(
                    f"{'、'.join(several)} 几列分值中，{column_letters(own[0])} 列紧靠指标名称",
                    f"of the columns {', '.join(several)} with weights, {column_letters(own[0])}"
                    " is next to the row's name",
                ),
            )
        elif weights:
            self._ask(
                own or weights,
                "几列都像分值，或看不出是哪一级的",
                "several columns may be the weight, or nobody can tell of which level it is",
            )

    def _level_of(self, index: int, name: int | None) -> int | None:
        """The column of a level that is nearest before another one."""
        before = [
            level for level in {*self._of(*LEVELS), name} if level is not None and level < index
        ]
        return max(before, default=None)

    def _merged_down(self, index: int) -> bool:
        return any(
            area.left == index and area.bottom > area.top and area.top in self._rows
            for area in self._sheet.merged
        )

    def _scores(self) -> None:
        """Whose scores the columns hold; a score of nobody named is asked about.

        评分 is a reviewer's word, and 得分 next to the unit's own column is the other side's; next
        to an award, or alone, either may be anybody's.
        """
        claims, awards, scores = self._of("claim"), self._of("award"), self._of("score")
        reviewed = self._of("reason", "deduction")  # words and points of a reviewer
        if self._own and len(scores) == 1 and not (claims or awards or reviewed):
            self._say(scores.pop(), "claim", Text("表是单位自己的", "the table is the unit's own"))
        scores = [index for index in scores if self._holds(index)]
        for role, columns in (("claim", claims), ("award", awards)):
            if len(columns) > 1:
                term = NAMES[role]
                self._ask(columns, f"几列都是{term.zh}", f"several columns are the {term.en}")
        if len(scores) == 1 and not awards:
            reviewers = "评分" in normal("".join(self._words[scores[0]]))
            if claims or reviewers:
                self._say(
                    scores[0],
                    "award",
                    Text("另有自评一列", "the unit's own score has a column")
                    if claims
                    else Text("“评分”用于评审方", "the heading is a reviewer's word"),
                )
                scores = []
        self._ask(
            scores,
            "没有说是谁的分：自评填 claim，核查填 award，都不是填 ignore",
            "whose score is not said: claim, award or ignore",
        )
        if not awards and not self._columns_said("award"):
            self._ask(
                self._of("deduction"),
                "只有扣分：按分值减扣分得分填 deduction，否则填 ignore",
                "points taken off: deduction if the award is the weight less these, else ignore",
            )

    def _columns_said(self, role: str) -> list[int]:
        return [index for index, column in self._columns.items() if column.role == role]

    def _reasons(self) -> None:
        """Which words are the reviewer's reason; 备注 is where no other column is one."""
        reasons, texts = self._of("reason"), self._of("text")
        awards = self._of("award") or self._columns_said("award")
        if len(reasons) > 1:
            self._ask(reasons, "几列都像得扣分原因", "several columns may be the reason")
        for index in texts:
            if not reasons and awards and len(texts) == 1:
                self._say(index, "reason", Text("没有别的原因列", "no other column is one"))
            else:
                self._say(index, IGNORED, Text("不是得扣分原因", "not the reviewer's reason"))

    def _amounts(self) -> None:
        """Which budget the rate of execution is of; several of one kind are asked about.

        The nation-wide form says so by letters: 全年预算数（A）, 全年执行数（B）, 执行率（B/A）.
        """
        for role in AMOUNTS:
            columns = [index for index in self._of(role) if self._holds(index)]
            lettered = [i for i in columns if _LETTER.search(normal("".join(self._words[i])))]
            if len(columns) > 1 and len(lettered) == 1:
                for index in set(columns) - set(lettered):
                    self._say(index, IGNORED, Text("执行率不按它计算", "the rate is of another"))

    def _unknown(self, index: int) -> None:
        if self._holds(index, numbers=True):
            heading = " ".join(self._words[index])
            self._say(
                index,
                ASKED,
                Text(
                    f"表头“{heading}”无法确定是什么数：请填写 claim、award、deduction 或 ignore",
                    f"heading '{heading}': unclear what its numbers are; write claim, award,"
                    " deduction or ignore",
                ),
            )
        elif self._words[index]:
            self._say(index, IGNORED, NO_NUMBERS)
