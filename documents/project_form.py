"""The nation-wide form of self-evaluation of a project (项目支出绩效自评表, 财预〔2020〕10号).

Funds, goals and indicators one below the other, filled from what the unit recorded: figures with
their targets, claims and reasons. What the record does not hold is left for a person.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from documents.page import Document, FormCell, PageForm, Signatures
from documents.source import Source, footer
from ledger import terms
from ledger.events import ScoreClaimed, StatementKind
from ledger.language import Language, speaker
from ledger.rubric import Indicator
from ledger.rules.measure import Rate
from ledger.rules.ratio import Ratio
from ledger.values import Figure, IndicatorId
from projections import formatting

LEVELS: Final = 3
VALUES: Final = 5
"""The columns of the indicators to the right of their levels."""
DEEPEST: Final = 4
EXECUTION: Final = "预算执行率"
"""What the form scores its block of the money as."""
LABEL_WIDTH, LEVEL_WIDTH = 5, 8
VALUE_WIDTHS: Final = (11, 11, 6, 7, 13)
UNSCORED: Final = "—"
"""What the form has where a line of the money is not scored; it is not 0."""
INITIAL: Final = "年初预算"
"""How a figure begins that is the budget before it was adjusted."""


class _Funds(NamedTuple):
    """The indicator that is the rate of spending, and its two figures."""

    indicator: IndicatorId
    budget: Figure
    spent: Figure


def project_form(source: Source, language: Language) -> Document:
    """The form at a point, as the unit states itself."""
    say = speaker(language)
    made = _Form(source, language)
    places = (
        (say("填报单位（盖章）", "Unit (seal)"), source.unit),
        (say("填报人（签字）", "Filled in by (signature)"), ""),
        (say("联系电话", "Telephone"), ""),
        (say("填报日期", "Date"), ""),
    )
    return Document(
        title=say("项目支出绩效自评表", "Self-evaluation form of a project"),
        subtitle=say(f"（{source.year}年度）", f"({source.year})"),
        blocks=(made.form(), Signatures(places)),
        footer=footer(source, language),
        language=language,
        made=source.last.at,
        landscape=True,
    )


class _Form:
    """The lines of the form, from the name of the project to the total."""

    def __init__(self, source: Source, language: Language) -> None:
        say = speaker(language)
        self._language = language
        self._source = source
        self._say = say
        self._sheet = source.sheet()
        self._scores = {row.id: row for row in self._sheet.indicators}
        self._reasons = {
            recorded.event.indicator: recorded.event.justification
            for recorded in source.point.history
            if isinstance(recorded.event, ScoreClaimed)
        }
        self._figures: dict[IndicatorId, list[Figure]] = {}
        for figure in source.case.figures.values():
            self._figures.setdefault(figure.indicator, []).append(figure)
        indicators = source.rubric.indicators
        self._funds = next(filter(None, map(self._as_funds, indicators)), None)
        deepest = [len(one.path) + bool(self._parts(one)) for one in indicators]
        self._levels = min(max(LEVELS, *deepest), DEEPEST)

    def form(self) -> PageForm:
        """All blocks."""
        widths = (LABEL_WIDTH, *[LEVEL_WIDTH] * self._levels, *VALUE_WIDTHS)
        lines = (*self._head(), *self._money(), *self._goals(), *self._indicators(), self._total())
        return PageForm(self._say("自评表", "form"), widths, tuple(map(tuple, lines)))

    def _head(self) -> Iterator[list[FormCell]]:
        say, source, own = self._say, self._source, self._levels + VALUES - 1
        yield [_label(say("项目名称", "Project"), 2), FormCell(source.title, own)]
        half = own // 2
        yield [
            _label(say("主管部门", "Department in charge"), 2),
            FormCell("", half - 1),
            _label(say("实施单位", "Unit"), 1),
            FormCell(source.unit, own - half),
        ]

    # The money -----------------------------------------------------------------------------------

    def _as_funds(self, indicator: Indicator) -> _Funds | None:
        """The figures of a row that is the rate of one amount over another, and of nothing else."""
        rule, figures = indicator.rule, self._source.case.figures
        if not (isinstance(rule, Ratio) and isinstance(rule.value, Rate)):
            return None
        value, own = rule.value, self._figures.get(indicator.id, [])
        if len(value.over) != 1 or len(value.under) != 1 or value.left_out:
            return None
        if indicator.path[-1] != EXECUTION:
            return None
        spent, budget = figures.get(value.over[0]), figures.get(value.under[0])
        if spent is None or budget is None or spent.unit != budget.unit:
            return None
        others = [one for one in own if one not in {spent, budget} and not _is_initial(one)]
        return None if others else _Funds(indicator.id, budget, spent)

    def _money(self) -> Iterator[list[FormCell]]:
        """The block of the funds; where no row is scored by it, it is left for a person."""
        say, funds = self._say, self._funds
        names = self._levels - 2
        yield [
            _label(self._titled(say("项目资金", "Funds"), funds), rows=4),
            FormCell("", names, label=True),
            _label(say("年初预算数", "Initial budget")),
            _label(say("全年预算数（A）", "Budget (A)")),
            _label(say("全年执行数（B）", "Spent (B)")),
            _label(say(*terms.WEIGHT)),
            _label(say("执行率（B/A）", "Execution rate (B/A)")),
            _label(say(*terms.CLAIMED), 2),
        ]
        yield [_label(say("年度资金总额", "All funds of the year"), names), *self._spent(funds)]
        for zh, en in (("其中：财政拨款", "of which: appropriated"), ("其他资金", "other funds")):
            amounts = [FormCell("")] * 3
            scored = [FormCell(UNSCORED), FormCell(""), FormCell(UNSCORED, 2)]
            yield [_label(say(zh, en), names), *amounts, *scored]

    def _titled(self, title: str, funds: _Funds | None) -> str:
        """The title of the block with the unit of its amounts, which reading looks for there."""
        unit = funds.budget.unit if funds else ""
        return formatting.aside(title, unit, self._language)

    def _spent(self, funds: _Funds | None) -> list[FormCell]:
        if funds is None:
            return [*[FormCell("")] * 3, FormCell(UNSCORED), FormCell(""), FormCell(UNSCORED, 2)]
        row = self._scores[funds.indicator]
        initial = [one for one in self._figures.get(row.id, []) if _is_initial(one)]
        budget, spent = _amount(funds.budget), _amount(funds.spent)
        known = isinstance(budget, Decimal) and isinstance(spent, Decimal)
        return [
            FormCell(_amount(initial[0]) if len(initial) == 1 else ""),
            FormCell(budget),
            FormCell(spent),
            FormCell(row.weight),
            FormCell(formatting.rate(Decimal(spent), Decimal(budget)) if known else ""),
            FormCell("" if row.claim is None else row.claim, 2),
        ]

    # The goals -----------------------------------------------------------------------------------

    def _goals(self) -> Iterator[list[FormCell]]:
        say, own = self._say, self._levels + VALUES
        half = own // 2
        yield [
            _label(say("年度总体目标", "Goals of the year"), rows=2),
            _label(say("预期目标", "Expected"), half),
            _label(say("实际完成情况", "Achieved"), own - half),
        ]
        yield [
            FormCell(self._stated("goal"), half),
            FormCell(self._stated("achievement"), own - half),
        ]

    def _stated(self, kind: StatementKind) -> str:
        """What the unit states of a kind, one line each."""
        stated = self._source.case.statements.values()
        return "\n".join(
            made.statement for role, made in stated if role == "unit" and made.kind == kind
        )

    # The indicators ------------------------------------------------------------------------------

    def _parts(self, indicator: Indicator) -> list[Figure]:
        """The figures of a row that need a line and a name of their own."""
        if self._funds and indicator.id == self._funds.indicator:
            return []
        own = self._figures.get(indicator.id, [])
        named = len(own) == 1 and own[0].name == indicator.path[-1]
        return [] if named else own

    def _indicators(self) -> Iterator[list[FormCell]]:
        """A line for each figure; what is of the row as a whole goes over all of its lines."""
        say, levels = self._say, self._levels
        names = (terms.LEVEL_1, terms.LEVEL_2, terms.LEVEL_3, terms.LEVEL_4)
        rows = [
            row
            for row in self._source.rubric.indicators
            if not (self._funds and row.id == self._funds.indicator)
        ]
        extra = [*self._bonus()]
        lines = sum(max(1, len(self._parts(row))) for row in rows) + len(extra)
        yield [
            _label(say("绩效指标", "Indicators"), rows=lines + 1),
            *(_label(say(*name)) for name in names[:levels]),
            _label(say("年度指标值", "Target")),
            _label(say(*terms.ACTUAL)),
            _label(say(*terms.WEIGHT)),
            _label(say(*terms.CLAIMED)),
            _label(say("偏差原因分析及改进措施", "Reason of deviation")),
        ]
        above: dict[int, tuple[str, ...]] = {}
        for number, row in enumerate(rows):
            yield from self._row(row, rows[number:], above)
        yield from extra

    def _row(
        self, row: Indicator, below: Sequence[Indicator], above: dict[int, tuple[str, ...]]
    ) -> Iterator[list[FormCell]]:
        """The lines of one row; a level that goes on from the row above has its cell there."""
        parts, scores = self._parts(row), self._scores[row.id]
        high = max(1, len(parts))
        path = _path(row.path, self._levels - bool(parts))
        cells = []
        for depth, name in enumerate(path[:-1]):
            if above.get(depth) != path[: depth + 1]:
                same = self._lines_of(below, depth, path[: depth + 1])
                cells.append(FormCell(name, rows=same))
                above[depth] = path[: depth + 1]
                for deeper in range(depth + 1, self._levels):
                    above.pop(deeper, None)
        for deeper in range(len(path) - 1, self._levels):
            above.pop(deeper, None)
        wide = self._levels - bool(parts) - len(path) + 1
        cells.append(FormCell(path[-1], wide, high))
        figures = parts or self._figures.get(row.id, [])
        claim = "" if scores.claim is None else scores.claim
        scored = (scores.weight, claim, self._reasons.get(row.id, ""))
        for number, figure in enumerate(figures or [None]):
            own = [] if number else cells
            named = [FormCell(figure.name)] if parts and figure else []
            whole = [] if number else [FormCell(one, rows=high) for one in scored]
            yield [*own, *named, *_values(figure), *whole]

    def _lines_of(self, rows: Iterable[Indicator], depth: int, path: tuple[str, ...]) -> int:
        """How many lines a level goes over, from a row on."""
        count = 0
        for row in rows:
            own = self._parts(row)
            names = _path(row.path, self._levels - bool(own))
            if len(names) <= depth + 1 or names[: depth + 1] != path:
                break
            count += max(1, len(own))
        return count

    def _bonus(self) -> Iterator[list[FormCell]]:
        bonus, claim = self._source.rubric.bonus, self._sheet.claim
        if bonus and self._source.case.bonus_claims:
            yield [
                FormCell(bonus.name, self._levels),
                *[FormCell("")] * 3,
                FormCell(claim.bonus),
                FormCell(""),
            ]

    def _total(self) -> list[FormCell]:
        total = self._source.claim_total
        return [
            _label(self._say("总分", "Total"), self._levels + 3),
            FormCell(self._source.rubric.full),
            FormCell("" if total is None else total),
            FormCell(""),
        ]


def _label(text: str, columns: int = 1, rows: int = 1) -> FormCell:
    return FormCell(text, columns, rows, label=True)


def _is_initial(figure: Figure) -> bool:
    return figure.name.startswith(INITIAL)


def _amount(figure: Figure) -> Decimal | str:
    is_number = figure.kind == "number" and figure.value is not None
    return Decimal(figure.value or "") if is_number else ""


def _path(path: tuple[str, ...], levels: int) -> tuple[str, ...]:
    """A path in no more levels than there are columns; what is deeper is joined."""
    return path if len(path) <= levels else (*path[: levels - 1], " / ".join(path[levels - 1 :]))


def _values(figure: Figure | None) -> list[FormCell]:
    """Target and actual value, each with its unit."""
    if figure is None:
        return [FormCell(""), FormCell("")]
    target = formatting.target_text(figure.target) or ""
    if figure.target and figure.target.sense != "described":
        target += figure.unit
    value = figure.value or ""
    if figure.kind == "number" and value:
        value += figure.unit
    elif figure.kind == "yes-no":
        value = {"yes": "是", "no": "否"}.get(value, value)
    return [FormCell(target), FormCell(value)]
