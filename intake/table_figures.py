"""The figures that a delivered table states: which cell gives which figure of the case.

Where a rule reads figures by their ids, the one that the rubric declares under the name of the row
is meant, and others are asked about; where it reads what is reported under its row, or nothing, the
figure has an id of its own. A figure that the case has keeps its id.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from intake.grid import Cell
from intake.headings import NAMES, normal
from intake.stated_figures import (
    Open,
    StatedTarget,
    StatedValue,
    other_unit,
    target_of,
    value_of,
)
from intake.table_columns import ASKED, IGNORED
from intake.table_mapping import Mapped
from intake.table_rows import TableRow
from ledger.figure_declarations import FigureDeclaration
from ledger.language import Text
from ledger.rubric import Indicator, Rubric
from ledger.rules.measure import Rate
from ledger.rules.ratio import Ratio
from ledger.rules.rule import Figures
from ledger.terms import FIGURE_KINDS
from ledger.values import Figure, FigureId, IndicatorId, Target

OWN: Final = ("budget", "spent", "actual")
"""The roles of the cells that give figures of the unit."""
RESTATED: Final = ("actual-restated",)
"""The same of the reviewer."""


class TableFigure(NamedTuple):
    """A cell that gives a figure.

    Attributes:
        id: of the figure; `?` where a person has to say, `ignore` where it is none.
        choices: what a person who is asked may answer.
    """

    row: TableRow
    indicator: IndicatorId
    cell: Cell
    id: str
    choices: tuple[str, ...]
    name: str
    value: StatedValue
    target: StatedTarget | None

    def fields(self, source: str) -> dict[str, Any]:
        """The figure as a command states it."""
        fields = {
            "id": self.id,
            "indicator": self.indicator,
            "name": self.name,
            "kind": self.value.kind,
            "value": self.value.value,
            "unit": self.value.unit,
            "target": self.target and {"sense": self.target.sense, "value": self.target.value},
            "source": source,
        }
        return {name: part for name, part in fields.items() if part is not None and part != ""}

    def is_new(self, known: Mapping[FigureId, Figure]) -> bool:
        """Whether it differs from what is known; where it is printed is not compared.

        An empty cell takes nothing back, and neither does a row without a target.
        """
        if self.id in {ASKED, IGNORED}:
            return False
        before = known.get(self.id)
        if before is None or self.value.value is None:
            return before is None
        stated = StatedValue(before.value, before.kind, before.unit)
        return not _is_same(stated, self.value) or bool(
            self.target
            and before.target != Target(sense=self.target.sense, value=self.target.value)
        )


def with_stated(known: Mapping[FigureId, Figure], stated: Iterable[TableFigure]) -> Figures:
    """What is known of a case together with what a table states."""
    new = {
        figure.id: Figure(
            id=figure.id,
            indicator=figure.indicator,
            name=figure.name,
            kind=figure.value.kind,
            value=figure.value.value,
            unit=figure.value.unit,
        )
        for figure in stated
        if figure.id not in {ASKED, IGNORED}
    }
    return Figures({**known, **new}.values())


class Answered(NamedTuple):
    """What people said about figures.

    Attributes:
        cells: the cells that they answered, by sheet.
        ids: which figure a cell gives, by sheet and letters with number.
    """

    cells: frozenset[tuple[str, str]]
    ids: Mapping[tuple[str, str], str]


def figures_of(
    mapped: Sequence[Mapped],
    rubric: Rubric,
    known: Mapping[FigureId, Figure],
    answered: Answered,
    roles: Sequence[str],
) -> tuple[list[TableFigure], list[tuple[TableRow, Open]]]:
    """The figures of the rows that are indicators, and what their cells leave open.

    Args:
        mapped: the rows.
        rubric: which figures the rules read.
        known: the figures of the case.
        answered: what people said.
        roles: which columns give them.
    """
    figures: list[TableFigure] = []
    opened: list[tuple[TableRow, Open]] = []
    taken = set(known)
    for row, means in mapped:
        indicator = rubric.by_id.get(means)
        if indicator is None:
            continue
        own = (cell.ref for cell in row.parts.values())
        cells = frozenset(ref for ref in own if (row.sheet, ref) in answered.cells)
        money = "budget" in row.parts or "spent" in row.parts
        target = None if money else target_of(row.parts, cells)
        if isinstance(target, Open):
            opened.append((row, target))
        for role in roles:
            cell = row.parts.get(role)
            if cell is None and not (role == "actual" and isinstance(target, StatedTarget)):
                continue
            place = cell if cell is not None else row.parts["target"]
            name = NAMES[role].zh if money else row.part or row.name
            said = answered.ids.get((row.sheet, place.ref))
            choices = _choices(indicator, rubric, role)
            id_ = said or _id_of(indicator, rubric, name, role, known, choices, taken)
            declared = rubric.declaration(id_)
            value = _value(cell, row.parts, target, cells, declared)
            if isinstance(value, Open):
                opened.append((row, value))
                continue
            goal = target if isinstance(target, StatedTarget) else None
            if goal and goal.unit and value.unit and goal.unit != value.unit:
                goal = None  # the target is that of another quantity: 2,000 volumes, not 98%
            if value.value is None and goal:
                value = value._replace(kind="number" if goal.is_number else "text", unit=goal.unit)
            name = declared.name if declared and not declared.many else name
            if id_ not in {ASKED, IGNORED}:
                taken.add(id_)
            figures.append(
                TableFigure(
                    row,
                    _home(rubric, id_, indicator),
                    place,
                    id_,
                    (*choices, IGNORED),
                    name,
                    value,
                    goal,
                )
            )
    return _once_each(figures), opened


def _is_same(one: StatedValue, other: StatedValue) -> bool:
    """Whether two values say the same; a workbook keeps no zeros at the end of a number."""
    if (one.kind, one.unit) != (other.kind, other.unit):
        return False
    if one.kind == "number" and one.value and other.value:
        return Decimal(one.value) == Decimal(other.value)
    return one.value == other.value


def _home(rubric: Rubric, figure: FigureId, indicator: Indicator) -> IndicatorId:
    """The row under which a figure is reported: that of its declaration, else where it is read."""
    declared = rubric.declaration(figure)
    own = rubric.rows_of_figures.get(declared.id) if declared else None
    return own or indicator.id


def _once_each(figures: Sequence[TableFigure]) -> list[TableFigure]:
    """The figures; one that several cells give is read once if they agree, else asked about."""
    given: dict[FigureId, list[TableFigure]] = {}
    for figure in figures:
        given.setdefault(figure.id, []).append(figure)
    kept = []
    for figure in figures:
        same = given[figure.id]
        if len(same) > 1 and figure.id not in {ASKED, IGNORED}:
            first = max(same, key=lambda one: one.target is not None)
            agree = all(one.target in {None, first.target} for one in same)
            if not agree or not all(_is_same(one.value, first.value) for one in same):
                kept.append(figure._replace(id=ASKED))
                continue
            figure = figure if figure is first else figure._replace(id=IGNORED)  # noqa: PLW2901 - the same cell, read or not
        kept.append(figure)
    return kept


def _value(
    cell: Cell | None,
    parts: Mapping[str, Cell],
    target: StatedTarget | Open | None,
    cells: frozenset[str],
    declared: FigureDeclaration | None,
) -> StatedValue | Open:
    """The value of a cell, of the kind and in the unit in which a rule reads the figure.

    Words stay words where words are declared, even 是 and 否.
    """
    if declared is None or declared.many or cell is None:
        return value_of(cell, parts, target, cells)
    if declared.unit and "unit" not in parts:
        parts = {**parts, "unit": Cell(declared.unit, "")}
    value = value_of(cell, parts, target, cells)
    if isinstance(value, Open) or value.value is None:
        return value
    if declared.kind == "text" and value.kind == "yes-no":
        return value._replace(kind="text", value=cell.text)
    if declared.kind != value.kind:
        kind = FIGURE_KINDS[declared.kind]
        why = Text(
            f"“{declared.name}”的种类为“{kind.zh}”，“{cell.text}”不符",
            f"'{declared.name}' is of the kind {kind.en}, which '{cell.text}' is not",
        )
        return Open(cell, why, ("是", "否") if declared.kind == "yes-no" else ())
    if declared.kind == "number" and declared.unit and value.unit != declared.unit:
        return other_unit(value.value, value.unit, declared.unit, cell)
    return value


def _choices(indicator: Indicator, rubric: Rubric, role: str) -> tuple[str, ...]:
    """The figures that a rule reads by their ids; of a rate of spending, the one that it is."""
    rule = indicator.rule
    if role in {"budget", "spent"} and isinstance(rule, Ratio) and isinstance(rule.value, Rate):
        return tuple(rule.value.under if role == "budget" else rule.value.over)
    return tuple(rubric.rule_result(indicator, Figures()).missing)


def _id_of(  # noqa: PLR0913, PLR0917 - what a figure may be known by
    indicator: Indicator,
    rubric: Rubric,
    name: str,
    role: str,
    known: Mapping[FigureId, Figure],
    choices: Sequence[str],
    taken: set[str],
) -> str:
    same = [
        figure.id
        for figure in known.values()
        if figure.indicator == indicator.id and figure.name == name
    ]
    if len(same) == 1:
        return same[0]
    money = role in {"budget", "spent"}
    named = [
        one.id for one in rubric.figures if one.id in choices and normal(one.name) == normal(name)
    ]
    if len(named) == 1:
        return named[0]
    if choices:
        return choices[0] if money and len(choices) == 1 else ASKED
    return next(free for free in _ids(indicator.id, role if money else "") if free not in taken)


def _ids(indicator: str, role: str) -> Iterator[str]:
    base = f"{indicator}-{role}" if role else indicator
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1
