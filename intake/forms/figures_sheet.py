"""The figures (基础数据): as the unit submits them, and as the reviewer restates them."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Final

from documents.page import Cell
from documents.source import Source
from intake.cell_values import figure_value, is_empty, may_be_a_rate
from intake.forms.filled_row import Fields, FormRow, SheetKind, choice_of
from intake.forms.sheet import FormColumn, FormSheet, in_columns, labels_of, open_column
from ledger import terms
from ledger.case import Case
from ledger.language import Say
from ledger.rubric import Rubric
from ledger.rules.rule import Figures
from ledger.terms import DIRECTIONS, FIGURE_KINDS
from ledger.values import Figure

SPARE: Final = 200
HANDED_ON: Final = ("goal_class", "period", "as_of")
"""What a document says of a figure, and nobody fills in again."""
NOT_FILLED_IN: Final = {"id", "indicator", *HANDED_ON}
DATA_COLUMNS: Final = ("name", "value", "unit", "target", "scope", "source", "note")


def figure_columns(
    say: Say, *, restated: bool, hinted: bool = False, named: bool = False
) -> tuple[FormColumn, ...]:
    """The parts of a figure; a review adds what was submitted and the reason for another value.

    Args:
        say: the words of a language.
        restated: whether it is of a review.
        hinted: whether the rubric says where figures are found.
        named: whether every figure has a name, so that ids need not be seen.
    """
    hint = FormColumn(key="hint", heading=say("填写提示", "Hint"), width=10)
    was = FormColumn(key="submitted", heading=say(*terms.SUBMITTED), width=8)
    why = FormColumn(key="reason", heading=say(*terms.REASON), width=14, open=True)
    return (
        open_column("name", say(*terms.NAME), 14),
        FormColumn(key="indicator", heading=say(*terms.INDICATOR), width=10, labels=True),
        *((hint,) if hinted else ()),
        *((was,) if restated else ()),
        open_column("value", say(*terms.ACTUAL), 10),
        open_column("unit", say(*terms.UNIT_OF_MEASURE), 5),
        open_column(
            "sense",
            say(*terms.DIRECTION),
            5,
            choices=tuple(say(*words) for words in terms.DIRECTIONS.values()),
        ),
        open_column("target", say(*terms.TARGET), 7),
        *((why,) if restated else ()),
        open_column("scope", say(*terms.SCOPE), 8),
        open_column("source", say(*terms.SOURCE), 14),
        open_column("note", say(*terms.NOTE), 10),
        open_column(
            "kind",
            say(*terms.FIGURE_KIND),
            5,
            choices=tuple(say(*words) for words in terms.FIGURE_KINDS.values()),
        ),
        # Shown and handed on: an older form does not have them.
        *(FormColumn(key=key, heading=say(*terms.FIELDS[key]), width=5) for key in HANDED_ON),
        FormColumn(key="id", heading=say(*terms.ID), width=8, hidden=named),
    )


def figure_cells(figure: Figure, names: Mapping[str, str], say: Say) -> dict[str, Cell]:
    """A figure by the columns of its sheet, given what indicators are called."""
    target = figure.target
    value = figure.value
    if figure.kind == "yes-no" and value is not None:
        value = say(*terms.ANSWERS[value])
    if figure.kind == "number" and value is not None and may_be_a_rate(value, figure.unit):
        value = f"{value}%"  # so that nobody takes it for a rate
    return {
        "id": figure.id,
        "indicator": names.get(figure.indicator, figure.indicator),
        "name": figure.name,
        "kind": say(*terms.FIGURE_KINDS[figure.kind]),
        "value": value,
        "unit": figure.unit,
        "sense": say(*terms.DIRECTIONS[target.sense]) if target else "",
        "target": target.value if target else "",
        "scope": figure.scope,
        "source": figure.source,
        "note": figure.note,
        "goal_class": figure.goal_class or "",
        "period": figure.period or "",
        "as_of": figure.as_of.isoformat() if figure.as_of else "",
    }


def wanted_figures(rubric: Rubric, known: Iterable[str], say: Say) -> list[dict[str, Cell]]:
    """The figures that rules ask for and nobody has supplied, in the rubric's order."""
    seen, names = set(known), labels_of(rubric)
    wanted: list[dict[str, Cell]] = []
    for row in rubric.indicators:
        for figure in rubric.rule_result(row, Figures()).missing:
            if figure not in seen:
                seen.add(figure)
                cells: dict[str, Cell] = {"id": figure, "indicator": names[row.id]}
                if declared := rubric.declaration(figure):
                    kind = say(*terms.FIGURE_KINDS[declared.kind])
                    cells |= {"name": declared.name, "unit": declared.unit, "kind": kind}
                wanted.append(cells)
    return wanted


def _sheet(
    key: str, name: str, rubric: Rubric, cells: list[dict[str, Cell]], say: Say
) -> FormSheet:
    """A sheet of figures, with hints and without ids where the rubric declares its figures."""
    for line in cells:
        declared = rubric.declaration(str(line["id"]))
        line["hint"] = declared.hint if declared else ""
    columns = figure_columns(
        say,
        restated=key == "restated",
        hinted=any(line["hint"] for line in cells),
        named=all(line.get("name") for line in cells),
    )
    rows = tuple(in_columns(columns, line) for line in cells)
    return FormSheet(key=key, name=name, columns=columns, rows=rows, spare=SPARE)


def submitted_sheet(rubric: Rubric, case: Case, say: Say) -> FormSheet:
    """The figures that the unit has submitted, those that rules ask for, and room for more."""
    names = labels_of(rubric)
    known = [figure_cells(figure, names, say) for figure in case.figures.values()]
    cells = [*known, *wanted_figures(rubric, case.figures, say)]
    return _sheet("figures", say(*terms.FIGURES), rubric, cells, say)


def restated_sheet(source: Source, say: Say) -> FormSheet:
    """The figures in force next to those submitted, and room for more."""
    case, names = source.case, labels_of(source.rubric)
    known = {**case.figures, **case.restated}
    cells = []
    for id_, figure in known.items():
        submitted = case.figures.get(id_)
        was = figure_cells(submitted, names, say)["value"] if submitted else ""
        cells.append({**figure_cells(figure, names, say), "submitted": was})
    cells += wanted_figures(source.rubric, known, say)
    return _sheet("restated", say(*terms.RESTATED_FIGURES), source.rubric, cells, say)


def _figure(row: FormRow) -> Fields:
    kind = choice_of(row, "kind", FIGURE_KINDS) or "number"
    unit = row.text("unit")
    figure: Fields = {
        "id": row.text("id") or f"{row.indicator('indicator')}-{row.number}",
        "indicator": row.indicator("indicator"),
        "name": row.text("name"),
        "kind": kind,
    }
    asks = bool(row.names)  # an older form does not say how a percentage is written
    value = row.read(
        "value",
        lambda cell: figure_value(cell, kind, unit, asks_about_rates=asks),  # type: ignore[arg-type]  # a key of FIGURE_KINDS is a kind
    )
    if value is not None:
        figure["value"] = value
    for key in ("unit", "scope", "source", "note", *HANDED_ON):
        if text := row.text(key):
            figure[key] = text
    sense = choice_of(row, "sense", DIRECTIONS)
    target = row.text("target")
    if bool(sense) != bool(target):
        raise row.refusal(
            "target", "目标方向和目标值要一起填", "the side and the target go together"
        )
    if sense:
        if sense != "described":
            target = (
                row.read(
                    "target", lambda cell: figure_value(cell, "number", unit, asks_about_rates=asks)
                )
                or ""
            )
        figure["target"] = {"sense": sense, "value": target}
    if not figure["name"]:
        raise row.refusal("name", "没有写名称", "the name is missing")
    return figure


def _submitted(row: FormRow, scale: int) -> Iterator[Fields]:
    del scale
    if row.changed - NOT_FILLED_IN and any(not is_empty(row.cells[key]) for key in DATA_COLUMNS):
        yield {"do": "submit-figure", "figure": _figure(row)}


def _restated(row: FormRow, scale: int) -> Iterator[Fields]:
    del scale
    if row.changed - NOT_FILLED_IN - {"submitted"}:
        reason = row.text("reason")
        if not reason:
            raise row.refusal(
                "reason",
                "已修改核查数据，未填写核查理由",
                "the figure is restated without a reason",
            )
        yield {"do": "restate-figure", "figure": _figure(row), "reason": reason}


SUBMITTED: Final = SheetKind(
    "figures", partial(figure_columns, restated=False), (_submitted,), frozenset({"indicator"})
)
RESTATED: Final = SheetKind(
    "restated", partial(figure_columns, restated=True), (_restated,), frozenset({"indicator"})
)
