"""The explanation (得分说明): the rule, its figures, its derivation and every move of one score."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from ledger.case import Case, History
from ledger.envelope import IdempotencyKey, RecordedEvent
from ledger.events import DocumentRegistered
from ledger.language import Say, Text
from ledger.rubric import Rubric
from ledger.rules.rule import DecidedBy, RuleResult, range_text
from ledger.standard_totals import (
    StandardTotals,
    in_words,
    total_in_words,
    with_row_by_rule,
)
from ledger.terms import ANSWERS
from ledger.values import DocumentId, Figure, FigureId, FigureKind, IndicatorId, Invalid
from projections.as_of import CaseAsOf
from projections.change_log import ChangeLogRow, change_log
from projections.formatting import target_text
from projections.provenance import CitedPlace, cite, cited_places
from projections.score_sheet import by_standard, pinned, rule_results


class ExplainedFigure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A figure in force, and the version of the event that states it.

    Attributes:
        target: as documents print it; `None`, as `unit`, `scope`, `source`, `goal_class`, `period`
            and `as_of`, where there is none.
        source: in words; of a value that a decision after issue restates, the number of that
            decision, because the document that the figure had before holds another value.
        cites: where the event cites it from.
        transcriber_note: what the transcriber adds to it.
        decision: version of the decision after issue that restates it; absent where none does.
    """

    id: FigureId
    name: str
    kind: FigureKind
    value: str | None
    target: str | None
    unit: str | None
    scope: str | None
    source: str | None
    goal_class: str | None
    period: str | None
    as_of: date | None
    cites: tuple[CitedPlace, ...]
    transcriber_note: str | None
    version: int
    decision: int | None = None

    def source_text(self, say: Say) -> str:
        """Where it is printed: the places that it cites, else its source in words."""
        if places := [cite(place, say) for place in self.cites]:
            return "; ".join(places)
        if self.decision is None:
            return self.source or ""
        event = say(f"第{self.decision}条", f"event {self.decision}")
        if self.source:
            return say(f"{self.source}（{event}）", f"{self.source} ({event})")
        return say(f"{event}决定", f"decision, {event}")

    def value_text(self, say: Say) -> str:
        """What it states, in words; its unit is apart. Missing is not zero."""
        if self.kind == "yes-no" and self.value:
            return say(*ANSWERS[self.value])
        return self.value or say("缺", "missing")


class ExplainedRule(Struct, frozen=True, kw_only=True):
    """What the rule gives, step by step.

    Attributes:
        figures: those that the rule read, and all others reported under the indicator.
    """

    score: Decimal | None
    lowest: Decimal
    highest: Decimal
    derivation: tuple[Text, ...]
    figures: tuple[ExplainedFigure, ...]
    missing: tuple[FigureId, ...]
    clause: str

    @property
    def range_text(self) -> Text:
        """The score as text, or from the least to the most where it is open."""
        return range_text(self.score, self.lowest, self.highest)


class TotalByRule(Struct, frozen=True, kw_only=True):
    """The total of the awards with one indicator at the least and at the most of its rule."""

    lowest: Decimal
    highest: Decimal
    grade_lowest: str | None
    grade_highest: str | None

    @property
    def in_words(self) -> Text:
        """The same in a sentence."""
        least = total_in_words(self.lowest, self.grade_lowest)
        most = total_in_words(self.highest, self.grade_highest)
        if self.lowest == self.highest:
            return Text(
                f"仅此项按标准计，其余按核查得分计，总分为 {most.zh}",
                f"with this row alone by its rule, all others as awarded, the total is {most.en}",
            )
        return Text(
            f"仅此项按标准计，其余按核查得分计，总分在 {least.zh}与 {most.zh}之间",
            f"with this row alone by its rule, all others as awarded, the total is between"
            f" {least.en} and {most.en}",
        )


class Explanation(Struct, frozen=True, kw_only=True):
    """How one score came about. The fields are the keys of the command line's contract.

    Attributes:
        standard: the scoring standard as printed.
        explanation: what the indicator is about, as printed; empty where that is not.
        decided_by: what the award rests on; `None` before there is one.
        moves: every event about the indicator, oldest first.
        total_by_rule: what the total would be with this indicator alone by its rule; `None` before
            every indicator is reviewed.
        standard_totals: what the standard gives in sum, all indicators at once.
        by_standard: the same in plain words; empty before every indicator is reviewed.
    """

    indicator: IndicatorId
    path: tuple[str, ...]
    standard: str
    explanation: str
    weight: Decimal
    claim: Decimal | None
    rule: ExplainedRule
    award: Decimal | None
    decided_by: DecidedBy | None
    moves: tuple[ChangeLogRow, ...]
    total_by_rule: TotalByRule | None
    standard_totals: StandardTotals
    by_standard: tuple[Text, ...]

    def sentences(self) -> Iterator[Text]:
        """What comes before the figures and the moves: the row, its standard, its scores, how."""
        path, rule = " / ".join(self.path), self.rule
        yield Text(f"{path}（{self.indicator}）", f"{path} ({self.indicator})")
        if self.explanation:
            yield Text(f"指标解释：{self.explanation}", f"about: {self.explanation}")
        yield Text(f"评分标准：{self.standard}", f"standard: {self.standard}")
        claim, award = ("-" if score is None else score for score in (self.claim, self.award))
        yield Text(
            f"分值 {self.weight}  自评 {claim}  按标准 {rule.range_text.zh}  核查 {award}",
            f"weight {self.weight}  claim {claim}  rule {rule.range_text.en}  award {award}",
        )
        if self.total_by_rule:
            yield self.total_by_rule.in_words
        for number, step in enumerate(rule.derivation, 1):
            yield Text(f"  {number}. {step.zh}", f"  {number}. {step.en}")
        if rule.missing:
            ids = ", ".join(rule.missing)
            yield Text(f"缺少基础数据：{ids}", f"missing figures: {ids}")
        yield from self.by_standard


def explain(point: CaseAsOf, indicator: IndicatorId) -> Explanation:
    """How the score of an indicator came about by a point.

    Raises:
        Invalid: no rubric was pinned by then, or it has no such indicator.
    """
    rubric = pinned(point)
    row = rubric.by_id.get(indicator)
    if row is None:
        known = tuple(rubric.by_id)
        raise Invalid(
            f"没有指标 {indicator}。现有：{'、'.join(known)}",
            f"no indicator {indicator}; there are: {', '.join(known)}",
            subject=rubric.meant(indicator),
            known=known,
        )
    case = point.case
    rule = point.made(rule_results)[indicator]
    stated = {recorded.version: recorded for recorded in point.history}
    decisions = History.of(point.history).decisions
    in_sum = point.made(by_standard)
    return Explanation(
        indicator=row.id,
        path=row.path,
        standard=row.standard,
        explanation=row.explanation,
        weight=rubric.in_scale(row.weight),
        claim=case.claims.get(indicator),
        rule=ExplainedRule(
            score=rule.score,
            lowest=rule.lowest,
            highest=rule.highest,
            derivation=rule.derivation,
            figures=tuple(
                _figure(figure, stated[case.stated_in(figure.id)], case.documents, decisions)
                for figure in case.figures_in_force
                if figure.id in rule.figures or figure.indicator == indicator
            ),
            missing=rule.missing,
            clause=row.clause,
        ),
        award=case.awarded.get(indicator),
        decided_by=rule.decides(case.awarded.get(indicator)),
        moves=tuple(change_log(point, indicator)),
        total_by_rule=_total_by_rule(case, rubric, indicator, rule),
        standard_totals=in_sum,
        by_standard=() if in_sum.given is None else (in_words(in_sum, rubric, "award"),),
    )


def _total_by_rule(
    case: Case, rubric: Rubric, indicator: IndicatorId, rule: RuleResult
) -> TotalByRule | None:
    least, most = with_row_by_rule(case, rubric, indicator, rule)
    if most.pending or indicator in case.excluded:
        return None
    return TotalByRule(
        lowest=least.total,
        highest=most.total,
        grade_lowest=least.grade,
        grade_highest=most.grade,
    )


def _figure(
    figure: Figure,
    stated: RecordedEvent,
    documents: Mapping[DocumentId, DocumentRegistered],
    decisions: Mapping[IdempotencyKey, tuple[int, str]],
) -> ExplainedFigure:
    decision, source = decisions.get(stated.command, (None, figure.source))
    return ExplainedFigure(
        id=figure.id,
        name=figure.name,
        kind=figure.kind,
        value=figure.value,
        target=target_text(figure.target),
        unit=figure.unit or None,
        scope=figure.scope or None,
        source=source or None,
        goal_class=figure.goal_class or None,
        period=figure.period or None,
        as_of=figure.as_of or None,
        cites=cited_places(stated.event, documents),
        transcriber_note=stated.event.transcriber_note or None,
        version=stated.version,
        decision=decision,
    )
