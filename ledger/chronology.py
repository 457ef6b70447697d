"""When a command can have been done: which dates its author has to confirm.

A date in another century, of tomorrow, or before what the command rests on is nearly always a slip
of the pen, and clocks, replays and documents all run by it. So such a command is refused until its
author confirms that very date. What depends on what is defined here once, as data: `PAIRS` between
events, `WITHIN` one event.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final, NamedTuple, get_args

from ledger import refusals
from ledger.envelope import RecordedEvent
from ledger.events import (
    AccountOpened,
    AdjustmentCountersigned,
    AdjustmentWithdrawn,
    AppealDecided,
    AppealLodged,
    AppealWithdrawn,
    BonusClaimed,
    BonusRecognised,
    BonusRefused,
    CaseClosed,
    CaseEvent,
    CaseOpened,
    CaseReopened,
    ClaimRestated,
    DeadlineExtended,
    DestructionAppraised,
    DestructionDecided,
    DestructionProposed,
    DocumentRegistered,
    DossierIssued,
    DraftSent,
    Event,
    EvidenceErased,
    EvidenceFiled,
    FigureConfirmed,
    FigureRestated,
    FigureSubmitted,
    FigureWithdrawn,
    FindingRaised,
    IndicatorExcluded,
    MaterialPublished,
    ObjectionAnswered,
    ObjectionRaised,
    PenaltyRecorded,
    ReasonAmended,
    RecommendationMade,
    RectificationAccepted,
    RectificationRequested,
    RectificationResponded,
    RectificationReturned,
    ReopeningRequested,
    ReportDelivered,
    ResultCorrected,
    ResultIssued,
    ResultPublished,
    ResultReceived,
    RetentionSet,
    RoleGranted,
    RoleRevoked,
    RubricPinned,
    RubricPublished,
    RubricRepinned,
    RubricSuperseded,
    ScopeDefined,
    ScoreAdjusted,
    ScoreClaimed,
    ScoreConfirmed,
    SelfEvaluationSubmitted,
    StatementMade,
    SubmissionReturned,
    UnitListed,
)
from ledger.language import Text
from ledger.rule_editions import STRICTER, RuleEdition, holds
from ledger.terms import BUSINESS_DATE, EVENTS, FIELDS
from ledger.values import Instant

DATED: Final = "dated"
"""The business date, which is in the envelope."""
VERSION: Final = "version"
"""Its own version, by which a later event may name it."""

FIRST_YEAR: Final = 1949
YEARS: Final = 10
"""So many years before the year under review nothing of a case was done; nor is a last day so many
years after the command that sets it."""

FARTHEST_EAST: Final = timedelta(hours=14)
"""The first place on Earth to have a day has it so long before Greenwich."""

DAYS: Final = (
    *(DATED, "respond_by", "due", "received", "commended", "printed_date", "starts"),
    "accesses_before",
)
"""Days that events state, by the name of their field."""

TITLES: Final = {
    DATED: BUSINESS_DATE,
    **FIELDS,
    "received": Text(FIELDS["received"].zh, "Date received"),
}


class Pair(NamedTuple):
    """An effect that is not dated before its cause.

    Attributes:
        on: where the effect names the cause, and where the cause has that name; every event of the
            kind is a cause where both are empty.
        effect_day: the day of the effect that is compared; likewise that of the cause.
    """

    effect: type[Event]
    cause: type[Event]
    on: tuple[str, str] = ("", "")
    effect_day: str = DATED
    cause_day: str = DATED


def _rest_on(
    effects: Iterable[type[Event]],
    causes: Iterable[type[Event]],
    on: tuple[str, str] = ("", ""),
) -> Iterator[Pair]:
    causes = tuple(causes)
    return (Pair(effect, cause, on) for effect in effects for cause in causes)


AWARDS: Final = (ScoreConfirmed, ScoreAdjusted, IndicatorExcluded)
DECISIONS: Final = (*AWARDS, BonusRecognised, BonusRefused, PenaltyRecorded)

PAIRS: Final[tuple[Pair, ...]] = (
    # The register and the rubrics
    *_rest_on([RoleGranted, RoleRevoked], [AccountOpened], ("account", "account")),
    Pair(RoleRevoked, RoleGranted, ("account", "account")),
    Pair(RubricSuperseded, RubricPublished, ("edition", "edition")),
    Pair(RubricSuperseded, RubricPublished, ("by_edition", "edition")),
    # Opening. Material may have been public before there was a case.
    *_rest_on(
        [kind for kind in get_args(CaseEvent) if kind not in {CaseOpened, MaterialPublished}],
        [CaseOpened],
    ),
    Pair(RubricRepinned, RubricPinned),
    Pair(UnitListed, UnitListed, ("within", "member")),
    Pair(ScopeDefined, UnitListed, ("members", "member")),
    Pair(StatementMade, FindingRaised, ("findings", "finding")),
    # Self-evaluation
    Pair(FigureWithdrawn, FigureSubmitted, ("figure", "figure.id")),
    *_rest_on(
        [SelfEvaluationSubmitted],
        [FigureSubmitted, FigureWithdrawn, ScoreClaimed, BonusClaimed, SubmissionReturned],
    ),
    Pair(SubmissionReturned, SelfEvaluationSubmitted),
    # Review
    *_rest_on(
        [
            *DECISIONS,
            FigureRestated,
            FigureConfirmed,
            ClaimRestated,
            FindingRaised,
            RecommendationMade,
            DraftSent,
            ReportDelivered,
            ResultIssued,
        ],
        [SelfEvaluationSubmitted],
    ),
    *_rest_on([AdjustmentCountersigned, AdjustmentWithdrawn], AWARDS, ("adjustment", VERSION)),
    *_rest_on([ReasonAmended], [*AWARDS, ResultCorrected, AppealDecided], ("adjustment", VERSION)),
    Pair(RecommendationMade, FindingRaised, ("findings", "finding")),
    *_rest_on(
        [DraftSent, ReportDelivered, ResultIssued],
        [*DECISIONS, AdjustmentCountersigned, AdjustmentWithdrawn],
    ),
    # Consultation
    *_rest_on([ObjectionRaised], [DraftSent]),
    *_rest_on([ObjectionRaised], AWARDS, ("contests", VERSION)),
    Pair(ObjectionAnswered, ObjectionRaised, ("objection", "objection")),
    # Result
    *_rest_on([ResultIssued], [DraftSent, ObjectionAnswered, ReportDelivered]),
    Pair(ResultReceived, ResultIssued),
    Pair(ResultReceived, ResultIssued, effect_day="received"),
    *_rest_on(
        [ResultCorrected, ResultPublished, AppealLodged, RectificationRequested, CaseClosed],
        [ResultIssued],
    ),
    # Appeal
    Pair(AppealLodged, ResultReceived, cause_day="received"),
    *_rest_on(
        [AppealLodged], [*AWARDS, ResultCorrected, AppealDecided], ("contests.version", VERSION)
    ),
    *_rest_on([AppealWithdrawn, AppealDecided], [AppealLodged], ("appeal", "appeal")),
    # Rectification
    Pair(RectificationRequested, FindingRaised, ("findings", "finding")),
    *_rest_on(
        [RectificationResponded, DeadlineExtended],
        [RectificationRequested, RectificationReturned],
        ("request", "request"),
    ),
    Pair(RectificationResponded, StatementMade, ("promises", "item")),
    *_rest_on(
        [RectificationReturned, RectificationAccepted],
        [RectificationResponded],
        ("request", "request"),
    ),
    # Evidence
    Pair(EvidenceErased, EvidenceFiled, ("sha256", "evidence.sha256")),
    # Retention
    Pair(RetentionSet, CaseOpened, effect_day="starts"),
    Pair(RetentionSet, CaseClosed, effect_day="starts"),
    *_rest_on([DestructionProposed], [RetentionSet, CaseClosed]),
    *_rest_on([DestructionAppraised], [DestructionProposed], ("number", "number")),
    *_rest_on([DestructionDecided], [DestructionAppraised], ("number", "number")),
    # End
    *_rest_on([CaseClosed], [AppealWithdrawn, AppealDecided, RectificationAccepted]),
    Pair(ReopeningRequested, CaseClosed),
    Pair(CaseReopened, ReopeningRequested, ("request", VERSION)),
    *_rest_on([DossierIssued], [ResultIssued, ResultCorrected, AppealLodged, AppealDecided]),
)

WITHIN: Final[tuple[tuple[type[Event], str, str], ...]] = (
    (BonusClaimed, "commended", DATED),
    (DocumentRegistered, "printed_date", DATED),
    (DraftSent, DATED, "respond_by"),
    (ResultReceived, "received", DATED),
    (RectificationRequested, DATED, "due"),
    (DeadlineExtended, DATED, "due"),
)
"""Of one event, the earlier day and the later one."""

_WITHIN: Final[dict[type[Event], list[tuple[str, str]]]] = {}
for _kind, _first, _last in WITHIN:
    _WITHIN.setdefault(_kind, []).append((_first, _last))

AHEAD: Final = ("respond_by", "due", "starts")
"""Days that may be in the future."""

OF_ANY_AGE: Final = ("printed_date",)
"""What a case rests on may be much older than it."""


class DateInQuestion(NamedTuple):
    """A day that an author has to confirm.

    Attributes:
        why: what speaks against it, as the end of a sentence about it.
        cause: version of the event that it precedes; 0 where it is not about another event.
    """

    day: date
    why: Text
    cause: int = 0


class _Noted(NamedTuple):
    day: date
    version: int


_PAIRS_OF: Final[dict[type[Event], list[Pair]]] = {}
_NAMES_OF: Final[dict[type[Event], set[tuple[str, str]]]] = {}
for _pair in PAIRS:
    _PAIRS_OF.setdefault(_pair.effect, []).append(_pair)
    _NAMES_OF.setdefault(_pair.cause, set()).add((_pair.on[1], _pair.cause_day))


_SINCE: Final = STRICTER["date"].since


class Chronology:
    """The days of a stream, event by event."""

    def __init__(self, history: Iterable[RecordedEvent] = ()) -> None:
        self._latest: dict[tuple[type[Event], str, str, object], _Noted] = {}
        self._history = list(history)
        self._doubted: dict[int, Collection[date]] = {}  # of versions whose author was not asked
        # Those of each kind that were not looked at yet: a command rests on few kinds.
        self._ahead = _by_kind(self._history)
        opened = (one.event for one in self._history if isinstance(one.event, CaseOpened))
        self._year = next((event.year for event in opened), None)
        # Whether days of a history may be in question whose authors were not asked.
        self._unsettled = any(recorded.rules < _SINCE for recorded in self._history)

    def note(self, recorded: RecordedEvent) -> None:
        """Remember an event, for what will rest on it; a day in question is nobody's cause."""
        event = recorded.event
        if recorded.rules < _SINCE:  # nobody had to confirm one
            questions = self.questions(event, recorded.dated, recorded.at)
            self._doubted[recorded.version] = {doubt.day for doubt in questions}
        if isinstance(event, CaseOpened):
            self._year = event.year
        self._history.append(recorded)
        self._ahead[type(event)].append(recorded)

    def _settle(self) -> None:
        """Look which days of the history are in question, each event by those before it."""
        settled = Chronology()
        for recorded in self._history:
            settled.note(recorded)
        self._doubted, self._unsettled = settled._doubted, False
        self._latest, self._ahead = {}, _by_kind(self._history)

    def _later_cause(self, pair: Pair, value: object, effect: date) -> _Noted | None:
        """What an effect that names a value rests on although it is of an earlier day.

        A day in question only takes causes away, so it is asked for where there is such a cause.
        """
        cause = self._cause(pair, value)
        if cause and effect < cause.day and self._unsettled:
            self._settle()
            cause = self._cause(pair, value)
        return cause if cause and effect < cause.day else None

    def _cause(self, pair: Pair, value: object) -> _Noted | None:
        """What an effect that names a value rests on, the latest of its kind."""
        for recorded in self._ahead.pop(pair.cause, ()):
            self._take_up(recorded)
        return self._latest.get((pair.cause, pair.on[1], pair.cause_day, value))

    def _take_up(self, recorded: RecordedEvent) -> None:
        event, kind = recorded.event, type(recorded.event)
        doubted = self._doubted.get(recorded.version, recorded.confirmed)
        for key, name in _NAMES_OF[kind]:
            day = _day(event, name, recorded.dated)
            if day is None or day in doubted:
                continue
            for value in [recorded.version] if key == VERSION else _values(event, key):
                known = self._latest.get((kind, key, name, value))
                if known is None or known.day <= day:
                    self._latest[kind, key, name, value] = _Noted(day, recorded.version)

    def questions(self, event: Event, dated: date, at: Instant) -> Sequence[DateInQuestion]:
        """The days of an event that its author has to confirm, each once.

        Args:
            event: what is to be recorded, or was.
            dated: its business date.
            at: when it is recorded.
        """
        found: dict[date, DateInQuestion] = {}
        for doubt in (*self._implausible(event, dated, at), *self._early(event, dated)):
            found.setdefault(doubt.day, doubt)
        return tuple(found.values())

    def _implausible(self, event: Event, dated: date, at: Instant) -> Iterator[DateInQuestion]:
        year = event.year if isinstance(event, CaseOpened) else self._year
        for name in _days_of(type(event)):
            day = _day(event, name, dated)
            if day is None:
                continue
            if day.year < FIRST_YEAR:
                yield _question(day, name, f"早于 {FIRST_YEAR} 年", f"is before {FIRST_YEAR}")
            elif year is not None and name not in OF_ANY_AGE and day.year < year - YEARS:
                yield _question(
                    day,
                    name,
                    f"比评价年度 {year} 早 {YEARS} 年以上",
                    f"is more than {YEARS} years before {year}, the year under review",
                )
            elif name not in AHEAD and _is_to_come(day, at):
                yield _question(day, name, "尚未到来", "has not come yet")
            elif name in AHEAD and day.year > dated.year + YEARS:
                yield _question(
                    day,
                    name,
                    f"在业务日期 {dated} 的 {YEARS} 年以后",
                    f"is more than {YEARS} years after {dated}, the date of the command",
                )

    def _early(self, event: Event, dated: date) -> Iterator[DateInQuestion]:
        for first, last in _WITHIN.get(type(event), ()):
            early, late = _day(event, first, dated), _day(event, last, dated)
            if early is not None and late is not None and late < early:
                # Facts stated for the first time are doubted, not the date of the command.
                name, day = (first, early) if last == DATED else (last, late)
                zh = f"{'晚' if last == DATED else '早'}于业务日期 {dated}"
                en = f"is {'after' if last == DATED else 'before'} {dated}, the date of the command"
                yield _question(day, name, zh, en)
        for pair in _PAIRS_OF.get(type(event), ()):
            effect = _day(event, pair.effect_day, dated)
            if effect is None:
                continue
            for value in _values(event, pair.on[0]):
                if cause := self._later_cause(pair, value, effect):
                    title, of = EVENTS[pair.cause.__name__], TITLES[pair.cause_day]
                    yield _question(
                        effect,
                        pair.effect_day,
                        f"早于“{title.zh}”的{of.zh} {cause.day}",
                        f"is before {cause.day}, the {of.en.lower()} of '{title.en}'",
                        cause.version,
                    )


def _by_kind(history: Iterable[RecordedEvent]) -> defaultdict[type[Event], list[RecordedEvent]]:
    found: defaultdict[type[Event], list[RecordedEvent]] = defaultdict(list)
    for recorded in history:
        found[type(recorded.event)].append(recorded)
    return found


def _question(day: date, name: str, zh: str, en: str, cause: int = 0) -> DateInQuestion:
    title = TITLES[name]
    return DateInQuestion(day, Text(f"{title.zh} {day} {zh}", f"{title.en} {day} {en}"), cause)


def _is_to_come(day: date, at: Instant) -> bool:
    """Whether a day had not begun anywhere at an instant."""
    if day.isoformat() <= at[:10]:  # in Greenwich it had, as nearly always
        return False
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC) - FARTHEST_EAST
    return begins > datetime.fromisoformat(at)


@cache
def _days_of(kind: type[Event]) -> tuple[str, ...]:
    """Which of `DAYS` an event of a kind has."""
    return tuple(name for name in DAYS if name in {DATED, *kind.__struct_fields__})


def _day(event: Event, name: str, dated: date) -> date | None:
    day: date | None = dated if name == DATED else getattr(event, name, None)
    return day


def _values(event: Event, path: str) -> list[object]:
    """The value at a path of fields; of a tuple each part. One thing in common without a path."""
    if not path:
        return [None]
    found: list[object] = [event]
    for name in path.split("."):
        parts = [getattr(part, name) for part in found]
        found = [each for part in parts for each in (part if isinstance(part, tuple) else (part,))]
    return found


def confirmed_days(  # noqa: PLR0913, PLR0917 - an event and its metadata
    event: Event,
    before: Chronology,
    dated: date,
    at: Instant,
    confirmed: Iterable[date],
    rules: RuleEdition,
) -> tuple[date, ...]:
    """The days of an event that its author had to confirm and did, each once and in order.

    Args:
        event: what is to be recorded, or was.
        before: what was recorded before the command.
        dated: its business date.
        at: when it is recorded.
        confirmed: the days that its author confirms; others than are asked for do not matter.
        rules: the edition of the rules to judge by.

    Raises:
        CommandRefused: a day has to be confirmed and is not (`date`); or one is, under rules whose
            programs did not ask (`not-known-then`).
    """
    confirmed = tuple(confirmed)
    if not holds("date", rules):
        if confirmed:
            raise refusals.not_known_then(["confirmed"], rules, STRICTER["date"].since)
        return ()
    questions = before.questions(event, dated, at)
    if missing := [question for question in questions if question.day not in confirmed]:
        raise refusals.date_in_question(missing[0].day, [question.why for question in missing])
    return tuple(sorted(question.day for question in questions))
