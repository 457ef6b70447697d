"""Sheets that both forms have: the cover, the figures, the evidence."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from documents.page import Cell
from intake.forms.sheet import COVER, FormColumn, FormSheet
from ledger import terms
from ledger.case import Case
from ledger.language import Say
from ledger.rubric import Rubric
from ledger.rules.rule import Figures
from ledger.values import Figure, Sha256

SPARE_FIGURES: Final = 200
SPARE_ITEMS: Final = 15
SPARE_FILES: Final = 40

CoverLine = tuple[str, str, Cell]


def cover(
    lines: Iterable[CoverLine], asked: Iterable[CoverLine], say: Say
) -> tuple[FormSheet, FormSheet]:
    """The cover in two sheets: what the form is for, and what is asked on it."""
    columns = (
        FormColumn(key="id", heading=say("项", "key"), width=10),
        FormColumn(key="label", heading=say(*terms.NAME), width=16),
    )
    value = FormColumn(key="value", heading=say("内容", "content"), width=36)
    filled = FormColumn(key="value", heading=say("填写", "to be filled in"), width=24, open=True)
    return (
        FormSheet(
            key=COVER, name=say("封面", "cover"), columns=(*columns, value), rows=tuple(lines)
        ),
        FormSheet(
            key="asked", name=say("汇总", "totals"), columns=(*columns, filled), rows=tuple(asked)
        ),
    )


def explanation(say: Say) -> tuple[CoverLine, ...]:
    """How to fill the form in, on its cover."""
    return (
        (
            "how",
            say("怎样填", "how"),
            say(
                "只填浅黄色的格。得分写数字，最多到分值的小数位；没有就空着，缺失不等于零。"
                "金额按“计量单位”一列的单位填，不写“万元”等字样。日期写 2023-11-09，起止日期写"
                " 2023-11-09/2023-11-24。佐证材料写文件名，一行一个。"
                "不要用公式，不要合并或隐藏行。",
                "Fill in the pale yellow cells only. Scores are numbers with no more decimals than"
                " the rubric has; leave empty what is missing: missing is not zero. Amounts are in"
                " the unit of their row. Dates are 2023-11-09, stretches 2023-11-09/2023-11-24."
                " Evidence is the name of a file, one a line. No formulas, merged or hidden rows.",
            ),
        ),
    )


def indicator_columns(say: Say) -> tuple[FormColumn, ...]:
    """What every row of scores begins with."""
    return (
        FormColumn(key="id", heading=say(*terms.ID), width=10),
        FormColumn(key="level1", heading=say(*terms.LEVEL_1), width=8),
        FormColumn(key="level2", heading=say(*terms.LEVEL_2), width=8),
        FormColumn(key="level3", heading=say(*terms.LEVEL_3), width=14),
        FormColumn(key="weight", heading=say(*terms.WEIGHT), width=5),
        FormColumn(key="standard", heading=say(*terms.STANDARD), width=26),
    )


def figure_columns(say: Say, *, restated: bool) -> tuple[FormColumn, ...]:
    """The parts of a figure; a review adds what was submitted and the reason for another value."""
    was = FormColumn(key="submitted", heading=say(*terms.SUBMITTED), width=10)
    why = FormColumn(key="reason", heading=say(*terms.REASON), width=18, open=True)
    parts = (
        FormColumn(key="id", heading=say(*terms.ID), width=12),
        FormColumn(
            key="indicator", heading=say("指标编号", "indicator"), width=12, ids_of="scores"
        ),
        _open("name", say(*terms.NAME), 18),
        _open(
            "kind",
            say(*terms.FIGURE_KIND),
            6,
            tuple(say(*words) for words in terms.FIGURE_KINDS.values()),
        ),
        *((was,) if restated else ()),
        _open("value", say(*terms.ACTUAL), 12),
        _open("unit", say(*terms.UNIT_OF_MEASURE), 6),
        _open(
            "sense",
            say(*terms.DIRECTION),
            7,
            tuple(say(*words) for words in terms.DIRECTIONS.values()),
        ),
        _open("target", say(*terms.TARGET), 8),
        _open("scope", say(*terms.SCOPE), 12),
        _open("source", say(*terms.SOURCE), 18),
        _open("note", say(*terms.NOTE), 14),
    )
    return (*parts, why) if restated else parts


def _open(key: str, heading: str, width: int, choices: tuple[str, ...] = ()) -> FormColumn:
    return FormColumn(key=key, heading=heading, width=width, open=True, choices=choices)


def figure_cells(figure: Figure, say: Say) -> dict[str, Cell]:
    """A figure by the columns of its sheet."""
    target = figure.target
    value = figure.value
    if figure.kind == "yes-no" and value is not None:
        value = say(*terms.ANSWERS[value])
    return {
        "id": figure.id,
        "indicator": figure.indicator,
        "name": figure.name,
        "kind": say(*terms.FIGURE_KINDS[figure.kind]),
        "value": value,
        "unit": figure.unit,
        "sense": say(*terms.DIRECTIONS[target.sense]) if target else "",
        "target": target.value if target else "",
        "scope": figure.scope,
        "source": figure.source,
        "note": figure.note,
    }


def wanted_figures(rubric: Rubric, known: Iterable[str]) -> list[dict[str, Cell]]:
    """The figures that rules ask for and nobody has supplied, in the rubric's order."""
    seen = set(known)
    wanted: list[dict[str, Cell]] = []
    for row in rubric.indicators:
        for figure in rubric.rule_result(row, Figures()).missing:
            if figure not in seen:
                seen.add(figure)
                wanted.append({"id": figure, "indicator": row.id})
    return wanted


def in_columns(columns: tuple[FormColumn, ...], cells: dict[str, Cell]) -> tuple[Cell, ...]:
    """Cells in the order of their columns."""
    return tuple(cells.get(column.key) for column in columns)


def evidence_sheet(case: Case, say: Say) -> FormSheet:
    """The files that are filed, by the names that rows cite them by, and room for more."""
    names = cited_names(case)
    return FormSheet(
        key="evidence",
        name=say(*terms.EVIDENCE),
        columns=(
            FormColumn(key="id", heading=say(*terms.FILE), width=30, open=True),
            FormColumn(key="title", heading=say(*terms.TITLE), width=30, open=True),
            FormColumn(key="number", heading=say(*terms.NUMBER), width=18, open=True),
            FormColumn(key="sha256", heading=say("已提交", "filed"), width=14),
        ),
        rows=tuple(
            (names[digest], one.title, one.number, digest) for digest, one in case.evidence.items()
        ),
        spare=SPARE_FILES,
    )


def cited_names(case: Case) -> dict[Sha256, str]:
    """What each filed file is called in the form: its title, told apart where several have it."""
    # A line end or a semicolon stands between the names of two files.
    plain = {
        digest: " ".join(re.split(r"[;；\s]+", one.title)).strip()
        for digest, one in case.evidence.items()
    }
    shared = Counter(plain.values())
    return {
        digest: name if shared[name] == 1 and name else f"{name} {digest[:8]}".strip()
        for digest, name in plain.items()
    }
