"""What an event or a command is about: its subjects (事由), for all of them in one place.

A subject is an indicator, a figure, a bonus or penalty item, an objection, an appeal, a
rectification request, a finding, a recommendation, a file of evidence, a document, an account, a
unit, a scope, a statement, a printed sum - or the whole case, for what opens it, ends it or takes
it to another stage. `resolve` follows a subject to what it concerns in a case: a figure to every
indicator whose rule uses it, an appeal to the rows that it contests.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, Literal, NamedTuple, assert_never

from msgspec import UnsetType

from ledger import commands as c
from ledger import events as e
from ledger.case import Case, Objection
from ledger.editions import Editions
from ledger.envelope import RecordedEvent
from ledger.rubric import Rubric
from ledger.values import FigureId, IndicatorId

SubjectKind = Literal[
    "case",
    "indicator",
    "figure",
    "item",
    "objection",
    "appeal",
    "request",
    "finding",
    "recommendation",
    "evidence",
    "document",
    "account",
    "unit",
    "scope",
    "statement",
    "subtotal",
]


class Subject(NamedTuple):
    """One thing that an event or a command is about.

    Attributes:
        id: in the case, by the kind; empty for the case as a whole.
    """

    kind: SubjectKind
    id: str = ""


Subjects = tuple[Subject, ...]
WHOLE_CASE: Final = Subject("case")


def _each(kind: SubjectKind, ids: Iterable[str]) -> Subjects:
    return tuple(Subject(kind, name) for name in ids)


def _row(
    said: Objection
    | e.ObjectionRaised
    | e.ObjectionAnswered
    | e.ReasonAmended
    | e.ResultCorrected
    | e.Contested
    | e.Ruling,
) -> Subject:
    """The indicator, or the bonus or penalty item, that is contested or decided."""
    if said.item is not None:
        return Subject("item", said.item)
    return Subject("indicator", said.indicator)


def _either(names: Iterable[str]) -> Subjects:
    """Rows as a command names them: only the case knows which are indicators and which items."""
    return tuple(Subject(kind, name) for name in names for kind in _EITHER)


_EITHER: Final[tuple[SubjectKind, SubjectKind]] = ("indicator", "item")


def subjects_of(event: e.CaseEvent) -> Subjects:  # noqa: C901, PLR0911, PLR0912 - one line per kind of subject
    """The subjects of an event, as it names them; empty for one that is about none of them.

    An event that has no branch here is a type error.
    """
    # The branches are tried one after the other, so what most of a history is made of comes first.
    match event:
        case e.FigureSubmitted(figure=figure) | e.FigureRestated(figure=figure):
            return (Subject("figure", figure.id), Subject("indicator", figure.indicator))
        case e.EvidenceFiled(evidence=evidence):
            return (Subject("evidence", evidence.sha256),)
        case (
            e.ScoreClaimed()
            | e.ClaimRestated()
            | e.ScoreConfirmed()
            | e.ScoreAdjusted()
            | e.IndicatorExcluded()
            | e.AdjustmentCountersigned()
            | e.AdjustmentWithdrawn()
        ):
            return (Subject("indicator", event.indicator),)
        case e.ReasonAmended() | e.ResultCorrected():
            return (_row(event),)
        case e.WorkAssigned():
            return (Subject("account", event.account), *_each("indicator", event.indicators))
        case e.AccountRecused():
            return (Subject("account", event.account),)
        case e.FigureWithdrawn() | e.FigureConfirmed():
            return (Subject("figure", event.figure),)
        case e.DocumentRegistered():
            return (Subject("document", event.document),)
        case e.UnitListed():
            return (Subject("unit", event.member),)
        case e.ScopeDefined():
            return (Subject("scope", event.scope),)
        case e.StatementMade():
            about = _each("indicator", event.indicators) + _each("finding", event.findings)
            return (Subject("statement", event.item), *about)
        case e.SubtotalPrinted():
            return (Subject("subtotal", event.item),)
        case e.MaterialPublished():
            return () if event.document is None else (Subject("document", event.document),)
        case e.EvidenceErased():
            return (Subject("evidence", event.sha256),)
        case e.BonusClaimed() | e.BonusRecognised() | e.BonusRefused() | e.PenaltyRecorded():
            return (Subject("item", event.item),)
        case e.FindingRaised():
            return (Subject("finding", event.finding), *_each("indicator", event.indicators))
        case e.RecommendationMade():
            named = Subject("recommendation", event.recommendation)
            return (named, *_each("finding", event.findings))
        case e.ObjectionRaised() | e.ObjectionAnswered():
            return (Subject("objection", event.objection), _row(event))
        case e.AppealLodged():
            return (Subject("appeal", event.appeal), *map(_row, event.contests))
        case e.AppealDecided():
            return (Subject("appeal", event.appeal), *map(_row, event.rulings))
        case e.AppealWithdrawn():
            return (Subject("appeal", event.appeal),)
        case e.RectificationRequested():
            return (Subject("request", event.request), *_each("finding", event.findings))
        case (
            e.RectificationResponded()
            | e.RectificationReturned()
            | e.RectificationAccepted()
            | e.DeadlineExtended()
        ):
            return (Subject("request", event.request),)
        case e.DossierIssued():  # it covers the case and changes nothing in it
            return () if event.indicator is None else (Subject("indicator", event.indicator),)
        case e.ResultPublished():
            return ()
        case (
            e.CaseOpened()
            | e.RubricPinned()
            | e.RubricRepinned()
            | e.ReviewCommissioned()
            | e.SelfEvaluationSubmitted()
            | e.SubmissionReturned()
            | e.DraftSent()
            | e.ReportDelivered()
            | e.ResultIssued()
            | e.ResultReceived()
            | e.RetentionSet()
            | e.DestructionProposed()
            | e.DestructionAppraised()
            | e.DestructionDecided()
            | e.CaseClosed()
            | e.ReopeningRequested()
            | e.CaseReopened()
        ):
            return (WHOLE_CASE,)
        case _:
            assert_never(event)


def _figures(values: c.NewValues) -> Subjects:
    return _each(
        "figure", [] if isinstance(values, UnsetType) else [value.figure for value in values]
    )


def subjects_of_command(command: c.CaseCommand) -> Subjects:  # noqa: C901, PLR0911, PLR0912 - one line per kind of subject
    """The subjects of a command, as it names them: what its author must have looked at."""
    match command:
        case (
            c.ClaimScore()
            | c.RestateClaim()
            | c.ConfirmScore()
            | c.AdjustScore()
            | c.ExcludeIndicator()
            | c.CountersignAdjustment()
            | c.AmendReason()
            | c.WithdrawAdjustment()
        ):
            return (Subject("indicator", command.indicator),)
        case c.CorrectResult():
            return (*_either([command.indicator]), *_figures(command.figures))
        case c.SubmitFigure(figure=figure) | c.RestateFigure(figure=figure):
            return (Subject("figure", figure.id), Subject("indicator", figure.indicator))
        case c.WithdrawFigure() | c.ConfirmFigure():
            return (Subject("figure", command.figure),)
        case c.AssignWork():
            return (Subject("account", command.account), *_each("indicator", command.indicators))
        case c.RecuseAccount():
            return (Subject("account", command.account),)
        case c.RegisterDocument():
            return (Subject("document", command.document),)
        case c.ListUnit():
            return (Subject("unit", command.member),)
        case c.DefineScope():
            return (Subject("scope", command.scope),)
        case c.MakeStatement():
            about = _each("indicator", command.indicators) + _each("finding", command.findings)
            return (Subject("statement", command.item), *about)
        case c.PrintSubtotal():
            return (Subject("subtotal", command.item),)
        case c.PublishMaterial():
            return () if command.document is None else (Subject("document", command.document),)
        case c.FileEvidence(evidence=evidence):
            return (Subject("evidence", evidence.sha256),)
        case c.EraseEvidence():
            return (Subject("evidence", command.sha256),)
        case c.ClaimBonus() | c.RecogniseBonus() | c.RefuseBonus() | c.RecordPenalty():
            return (Subject("item", command.item),)
        case c.RaiseFinding():
            return (Subject("finding", command.finding), *_each("indicator", command.indicators))
        case c.MakeRecommendation():
            named = Subject("recommendation", command.recommendation)
            return (named, *_each("finding", command.findings))
        case c.RaiseObjection():
            named = Subject("objection", command.objection)
            return (named, *_either([command.indicator]))
        case c.AnswerObjection():
            return (Subject("objection", command.objection),)
        case c.LodgeAppeal():
            return (Subject("appeal", command.appeal), *_either(command.indicators))
        case c.DecideAppeal():
            rows = _either(award.indicator for award in command.awards)
            return (Subject("appeal", command.appeal), *rows, *_figures(command.figures))
        case c.WithdrawAppeal():
            return (Subject("appeal", command.appeal),)
        case c.RequestRectification():
            return (Subject("request", command.request), *_each("finding", command.findings))
        case (
            c.RespondRectification()
            | c.ReturnRectification()
            | c.AcceptRectification()
            | c.ExtendDeadline()
        ):
            return (Subject("request", command.request),)
        case c.PublishResult():
            return ()
        case (
            c.OpenCase()
            | c.PinRubric()
            | c.RepinRubric()
            | c.CommissionReview()
            | c.SubmitSelfEvaluation()
            | c.ReturnSubmission()
            | c.SendDraft()
            | c.DeliverReport()
            | c.IssueResult()
            | c.RecordReceipt()
            | c.SetRetention()
            | c.ProposeDestruction()
            | c.AppraiseDestruction()
            | c.DecideDestruction()
            | c.CloseCase()
            | c.RequestReopening()
            | c.ReopenCase()
            | c.IssueDossier()  # it answers for every version up to the last
        ):
            return (WHOLE_CASE,)
        case _:
            assert_never(command)


def resolve(
    subjects: Iterable[Subject], case: Case, uses: Mapping[FigureId, Collection[IndicatorId]]
) -> frozenset[Subject]:
    """The subjects with all that they concern in a case.

    Args:
        subjects: as an event or a command names them.
        case: folded up to where the question is asked.
        uses: the indicators that each figure concerns, from `uses_of_figures`.

    Returns:
        The subjects, and the indicators whose rules use a figure among them, that an objection
        among them is about, or that an appeal among them contests.
    """
    concerned = set(subjects)
    for kind, name in subjects:
        if kind == "figure":
            concerned.update(_each("indicator", uses.get(name, ())))
        elif kind == "objection" and name in case.objections:
            concerned.add(_row(case.objections[name]))
        elif kind == "appeal" and name in case.appeals:
            concerned.update(map(_row, case.appeals[name].contests))
    return frozenset(concerned)


def uses_of_figures(case: Case, rubric: Rubric | None) -> dict[FigureId, set[IndicatorId]]:
    """The indicators that each figure concerns: it is reported under them, or their rules ask it.

    A figure that a rule asks for and nobody has supplied is among them.
    """
    uses: defaultdict[FigureId, set[IndicatorId]] = defaultdict(set)
    for figure in (*case.figures.values(), *case.restated.values()):
        uses[figure.id].add(figure.indicator)
    if rubric is not None:
        for row in rubric.indicators:
            result = rubric.rule_result(row, case.figures_in_force)
            for name in (*result.figures, *result.missing):
                uses[name].add(row.id)
    return uses


def recorded_since(
    command: c.Command, later: Sequence[RecordedEvent], case: Case, editions: Editions
) -> list[RecordedEvent]:
    """Those of some later events of its stream, of any kind, that a command is about.

    A command about an account looks at that account only, one about a rubric at all its editions.

    Args:
        command: whose author had not seen the later events.
        later: events of the stream.
        case: folded up to the last of them, where it is one.
        editions: of the rubric that the case has pinned.
    """
    if isinstance(
        command,
        c.RubricCommand
        | c.SetTimeZone
        | c.DemandSignatures
        | c.RecordRanking
        | c.RecordYearNotice
        | c.FreezeLedger
        | c.NamePredecessor
        | c.TakeCheckpoint
        | c.MergeEntries
        | c.SetEntryAside,
    ):
        return list(later)
    if isinstance(command, c.RegisterCommand):
        return [
            recorded
            for recorded in later
            if getattr(recorded.event, "account", "") == command.account
        ]
    return recorded_about(command, later, case, _pinned(case, editions) if later else None)


def _pinned(case: Case, editions: Editions) -> Rubric | None:
    pinned = case.pinned
    if pinned is None or pinned.edition not in editions.published:
        return None
    return editions.rubric(pinned.edition)


def recorded_about(
    command: c.CaseCommand, later: Sequence[RecordedEvent], case: Case, rubric: Rubric | None
) -> list[RecordedEvent]:
    """Those of some later events that are about what a command is about.

    Args:
        command: whose author had not seen the later events.
        later: events of the case.
        case: folded up to the last of them.
        rubric: that it has pinned; `None` before it does.
    """
    if not later:
        return []
    uses = uses_of_figures(case, rubric)
    asked = resolve(subjects_of_command(command), case, uses)
    if WHOLE_CASE in asked:
        return list(later)
    about = asked | {WHOLE_CASE}
    return [
        recorded
        for recorded in later
        if not about.isdisjoint(resolve(subjects_of(recorded.event), case, uses))  # type: ignore[arg-type]  # a case's stream holds case events only
    ]
