"""A case as its documents tell it: what the unit submitted and what the reviewer restated."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Literal, NamedTuple, TypeVar

from msgspec.structs import replace

from ledger.account_registry import RegisterOverTime
from ledger.case import Award, Case, History, Reason, fold
from ledger.case_totals import awarded_totals, claimed_totals
from ledger.checks.discrepancy import distinct
from ledger.checks.rule_compliance import RuleViolation, irregularities
from ledger.editions import Editions
from ledger.envelope import RecordedEvent
from ledger.events import CaseEvent
from ledger.language import Text, listing
from ledger.rubric import Indicator, Rubric, Totals
from ledger.rule_editions import CURRENT
from ledger.rules.rule import Figures, RuleResult
from ledger.standard_totals import (
    StandardTotals,
    awards_by_standard,
    claims_by_standard,
    rule_results,
)
from ledger.values import Figure, FigureId, IndicatorId, Instant, ItemId, Sha256

E = TypeVar("E", bound=CaseEvent)


class StatedFigure(NamedTuple):
    """A figure and the event that states it.

    Attributes:
        source: where it is printed, in words; of a value that a decision after issue restates, the
            number of that decision.
    """

    figure: Figure
    recorded: RecordedEvent
    source: str

    @property
    def version(self) -> int:
        """Of the event."""
        return self.recorded.version


Data = Mapping[FigureId, StatedFigure]


class FigureView(NamedTuple):
    """The figures that one reader sees.

    Attributes:
        data: by id.
        own: ids that the document itself states; the others it takes over from the unit.
        reviewed: whether it is the reviewer's view.
    """

    data: Data
    own: frozenset[FigureId]
    reviewed: bool

    @property
    def figures(self) -> Figures:
        """The same, as rules read them."""
        return Figures(datum.figure for datum in self.data.values())


class CaseFile:
    """All that checks look at. Nothing in it changes.

    Attributes:
        history: the events that count.
        record: the whole record, for what can only be judged without gaps.
        register: the history of the accounts; empty where there is none to compare with.
        now: the moment at which it is looked at; `None` where nobody says.
        editions: of the rubric that the case pins.
        case: the state folded from the history.
        submitted: the unit's figures under rows of the rubric.
        restated: the reviewer's.
    """

    def __init__(
        self,
        history: Sequence[RecordedEvent],
        editions: Editions,
        record: Sequence[RecordedEvent] | None = None,
        register: Sequence[RecordedEvent] = (),
        now: Instant | None = None,
    ) -> None:
        self.history = History.of(history)
        self.record = tuple(history if record is None else record)
        self.register = tuple(register)
        self.now = now
        self.editions = editions
        self.case = self.history.case
        self._until = {self.history[-1].version: self.case} if self.history else {}
        self.submitted: Data = self._stated(self.case.figures, "figure")
        self.restated: Data = self._stated(self.case.restated, "restated")

    def _stated(
        self, figures: Mapping[FigureId, Figure], kind: Literal["figure", "restated"]
    ) -> Data:
        """Figures with their events; those under rows of the rubric, where one is pinned."""
        return {
            id_: self._where(figure, self.by_version[self.case.sources[kind, id_]])
            for id_, figure in figures.items()
            if not self.is_pinned or figure.indicator in self.rubric.by_id
        }

    def _where(self, figure: Figure, stated: RecordedEvent) -> StatedFigure:
        _, source = self.history.decisions.get(stated.command, (None, figure.source))
        return StatedFigure(figure, stated, source)

    def until(self, version: int) -> Case:
        """The state after the event of a version; folded once."""
        if version not in self._until:
            self._until[version] = fold(event for event in self.history if event.version <= version)
        return self._until[version]

    @property
    def is_pinned(self) -> bool:
        """Whether a published rubric is pinned, so that there is something to score by."""
        pinned = self.case.pinned
        return pinned is not None and pinned.edition in self.editions.published

    @cached_property
    def rubric(self) -> Rubric:
        """The rubric that the case has pinned last. Ask only where one is."""
        pinned = self.case.pinned
        return self.editions.rubric(pinned.edition if pinned else "")

    def of(self, kind: type[E]) -> list[tuple[int, E]]:
        """Every event of a kind with its version, oldest first."""
        return [
            (recorded.version, recorded.event)
            for recorded in self.history
            if isinstance(recorded.event, kind)
        ]

    @cached_property
    def by_version(self) -> Mapping[int, RecordedEvent]:
        """The events by their versions."""
        return {recorded.version: recorded for recorded in self.history}

    @cached_property
    def accounts(self) -> RegisterOverTime | None:
        """The accounts at every log position; `None` where nothing is known of them."""
        return RegisterOverTime(self.register) if self.register else None

    @cached_property
    def irregular(self) -> tuple[RuleViolation, ...]:
        """Acts among those that count which the rules would not have let pass."""
        found = irregularities(self.record, self.editions, register=self.accounts)
        return tuple(
            violation for violation in found if violation.recorded.version in self.by_version
        )

    @cached_property
    def refused_today(self) -> tuple[RuleViolation, ...]:
        """Commands that were right by the rules of their time and that today's would refuse."""
        if all(recorded.rules == CURRENT for recorded in self.record):
            return ()
        irregular = {(violation.recorded.version, violation.rule) for violation in self.irregular}
        return tuple(
            violation
            for violation in irregularities(self.record, self.editions, CURRENT, self.accounts)
            if violation.recorded.version in self.by_version
            and violation.recorded.rules < CURRENT
            and (violation.recorded.version, violation.rule) not in irregular
        )

    # Figures -------------------------------------------------------------------------------------

    @cached_property
    def in_force(self) -> Data:
        """The reviewer's figures where there are any, the unit's elsewhere."""
        return {**self.submitted, **self.restated}

    @cached_property
    def views(self) -> tuple[FigureView, ...]:
        """The unit's view, and the reviewer's once there is one."""
        unit = FigureView(self.submitted, frozenset(self.submitted), reviewed=False)
        reviewer = FigureView(self.in_force, frozenset(self.restated), reviewed=True)
        return (unit, reviewer) if self.restated else (unit,)

    def both(self) -> Iterator[tuple[StatedFigure, StatedFigure]]:
        """Figures that both documents state: the unit's, then the reviewer's."""
        for id_, theirs in self.restated.items():
            if own := self.submitted.get(id_):
                yield own, theirs

    def goals(self, indicator: IndicatorId) -> list[StatedFigure]:
        """Figures in force with a target under one row."""
        return [
            datum
            for datum in self.in_force.values()
            if datum.figure.target and datum.figure.indicator == indicator
        ]

    @property
    def scopes(self) -> Mapping[str, tuple[str, ...]]:
        """The units that each scope covers, where the case says so."""
        return self.case.scopes

    # Scores --------------------------------------------------------------------------------------

    @cached_property
    def _results(self) -> Mapping[IndicatorId, RuleResult]:
        return rule_results(self.case, self.rubric)

    @cached_property
    def _claimed_results(self) -> Mapping[IndicatorId, RuleResult]:
        return rule_results(self.case, self.rubric, self.views[0].figures)

    @cached_property
    def awards_by_standard(self) -> StandardTotals:
        """What the standard gives in sum from the figures in force."""
        return awards_by_standard(self.case, self.rubric, self._results)

    @cached_property
    def claims_by_standard(self) -> StandardTotals:
        """What the standard gives in sum from the unit's own figures."""
        return claims_by_standard(self.case, self.rubric, self._claimed_results)

    def rule(self, row: Indicator) -> RuleResult:
        """What the rule gives from the figures in force."""
        return self._results[row.id]

    def rule_as_submitted(self, row: Indicator) -> RuleResult:
        """What the rule gives from the unit's own figures."""
        return self._claimed_results[row.id]

    def read(self, row: Indicator) -> list[StatedFigure]:
        """The figures in force that the row's rule reads, those without a value included."""
        result = self.rule(row)
        ids = dict.fromkeys((*result.figures, *result.missing))
        return [self.in_force[id_] for id_ in ids if id_ in self.in_force]

    def read_as_submitted(self, row: Indicator) -> list[StatedFigure]:
        """The unit's figures that the row's rule reads, the same way."""
        result = self.rule_as_submitted(row)
        ids = dict.fromkeys((*result.figures, *result.missing))
        return [self.submitted[id_] for id_ in ids if id_ in self.submitted]

    def given(self, row: Indicator) -> Decimal | None:
        """The award of a row, or before there is one its claim; `None` where it does not apply."""
        if row.id in self.case.excluded:
            return None
        award = self.case.awards.get(row.id)
        return award.score if award else self.case.claims.get(row.id)

    def given_too_much(self, row: Indicator) -> bool:
        """Whether more is awarded than the rule allows, or claimed and not yet reviewed."""
        award = self.case.awards.get(row.id)
        if award is not None:
            return award.score > self.rule(row).highest
        claim = self.case.claims.get(row.id)
        return claim is not None and claim > self.rule_as_submitted(row).highest

    def is_stated(self, id_: FigureId) -> bool:
        """Whether anybody gives the figure a value."""
        return id_ in self.in_force and self.in_force[id_].figure.value is not None

    def missing_names(self, ids: Sequence[FigureId]) -> Text:
        """Figures that are not there, by name where somebody named them."""
        names = {id_: self.in_force[id_].figure.name for id_ in ids if id_ in self.in_force}
        return Text("、".join(names.get(id_, id_) for id_ in ids), ", ".join(ids))

    def full(self, row: Indicator) -> Decimal:
        """Full marks of a row, with the rubric's decimals."""
        return self.rubric.in_scale(row.weight)

    def awards(self) -> Iterator[tuple[Indicator, Award]]:
        """The rows with an award, in the rubric's order."""
        for row in self.rubric.indicators:
            if award := self.case.awards.get(row.id):
                yield row, award

    def claims(self) -> Iterator[tuple[Indicator, Decimal]]:
        """The rows with a claim, in the rubric's order."""
        for row in self.rubric.indicators:
            if (claim := self.case.claims.get(row.id)) is not None:
                yield row, claim

    def awarded(
        self,
        changed: Mapping[IndicatorId, Decimal] | None = None,
        bonus: Mapping[ItemId, Decimal] | None = None,
    ) -> Totals:
        """The totals of the awards.

        Args:
            changed: awards to take instead, where one asks what would be.
            bonus: all bonus items to count instead, the same way.
        """
        case = self.case
        awards = {
            row: replace(case.awards[row], score=score) for row, score in (changed or {}).items()
        }
        items = dict(case.bonus if bonus is None else bonus)
        return awarded_totals(
            replace(case, awards={**case.awards, **awards}, bonus=items), self.rubric
        )

    def claimed(
        self,
        changed: Mapping[IndicatorId, Decimal] | None = None,
        bonus: Mapping[ItemId, Decimal] | None = None,
    ) -> Totals:
        """The totals of the claims, the same way."""
        case = self.case
        items = dict(case.bonus_claims if bonus is None else bonus)
        claims = {**case.claims, **(changed or {})}
        return claimed_totals(replace(case, claims=claims, bonus_claims=items), self.rubric)

    def cited(self, version: int) -> tuple[str, ...]:
        """What an event cites: its clause, its evidence and places in documents."""
        event = self.by_version[version].event
        clause, evidence = getattr(event, "clause", ""), getattr(event, "evidence", ())
        return self._cited(version, clause, evidence)

    def cited_now(self, version: int, reason: Award | Reason) -> tuple[str, ...]:
        """The same of the decision of a version, as its reason reads now."""
        return self._cited(version, reason.clause, reason.evidence)

    def _cited(self, version: int, clause: str, evidence: Iterable[Sha256]) -> tuple[str, ...]:
        files = [self.case.evidence.get(sha256) for sha256 in evidence]
        titles = [file.title for file in files if file]
        return distinct((clause, *titles, *self.places(version)))

    def places(self, version: int) -> tuple[str, ...]:
        """The places in registered documents that an event cites."""
        documents = self.case.documents
        return tuple(
            f"{documents[cite.document].title} {cite.place}"
            for cite in getattr(self.by_version[version].event, "cites", ())
            if cite.document in documents
        )


def versions(*data: StatedFigure) -> tuple[int, ...]:
    """The versions of the events that state these figures, in order."""
    return tuple(sorted({datum.version for datum in data}))


def named(*data: StatedFigure) -> Text:
    """What these figures are called: their names, and for English their ids."""
    return listing(Text(datum.figure.name, datum.figure.id) for datum in data)


def amount(figure: Figure) -> str:
    """A value with its unit of measure: `0.72%`, `29 份`."""
    unit = figure.unit if figure.unit == "%" else f" {figure.unit}".rstrip()
    return f"{figure.value}{unit}"


def sources(*data: StatedFigure) -> tuple[str, ...]:
    """Where these figures are."""
    return distinct(datum.source for datum in data)
