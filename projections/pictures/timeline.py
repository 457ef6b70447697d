"""A case's life as a timeline (时间线): its milestones downwards, with the days between them."""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from ledger.events import (
    AppealDecided,
    AppealLodged,
    AppealWithdrawn,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    DeadlineExtended,
    DraftSent,
    Event,
    RectificationAccepted,
    RectificationRequested,
    RectificationResponded,
    RectificationReturned,
    ResultCorrected,
    ResultIssued,
    ResultPublished,
    ResultReceived,
    ReviewCommissioned,
    RubricPinned,
    RubricRepinned,
    SelfEvaluationSubmitted,
    SubmissionReturned,
)
from projections import written
from projections.documents.page import Language, Picture, speaker
from projections.pictures.svg import Drawing, fitted
from projections.points import Point

MILESTONES: Final = (
    CaseOpened,
    RubricPinned,
    RubricRepinned,
    ReviewCommissioned,
    SelfEvaluationSubmitted,
    SubmissionReturned,
    DraftSent,
    ResultIssued,
    ResultReceived,
    ResultCorrected,
    ResultPublished,
    AppealLodged,
    AppealWithdrawn,
    AppealDecided,
    RectificationRequested,
    RectificationResponded,
    RectificationReturned,
    RectificationAccepted,
    DeadlineExtended,
    CaseClosed,
    CaseReopened,
)
WIDTH: Final = 860
LINE_AT: Final = 150
STEP: Final = 44
TOP: Final = 24


class Milestone(NamedTuple):
    """A turning point.

    Attributes:
        since: days from the one before.
        entries: entries of the log since then that are none.
    """

    version: int
    dated: date
    event: Event
    since: int
    entries: int


def milestones(point: Point) -> Iterator[Milestone]:
    """The turning points of a case by a point, in the order in which they were recorded."""
    entries, before = 0, None
    for one in point.history:
        if isinstance(one.event, MILESTONES):
            since = (one.dated - before).days if before else 0
            yield Milestone(one.version, one.dated, one.event, since, entries)
            entries, before = 0, one.dated
        else:
            entries += 1


def timeline(point: Point, language: Language) -> Picture:
    """The picture, and in words what it shows."""
    say = speaker(language)
    drawing = Drawing("timeline", WIDTH)
    found = list(milestones(point))
    words = []
    y = TOP
    for index, one in enumerate(found):
        if index:
            drawing.line(LINE_AT, y - STEP + 8, LINE_AT, y - 8, "link")
            between = say(
                f"相隔 {one.since} 天，其间另有 {one.entries} 条记录",
                f"{one.since} days and {one.entries} entries later",
            )
            drawing.text(LINE_AT + 20, y - STEP // 2 + 4, between, kind="faint")
        day = written.day(one.dated, language)
        name = _name(one.event, language) + detail(one.event, language)
        drawing.text(LINE_AT - 16, y + 5, day, anchor="end")
        drawing.dot(LINE_AT, y)
        line = say(f"{name}（第 {one.version} 条）", f"{name} (v{one.version})")
        drawing.text(LINE_AT + 20, y + 5, fitted(line, WIDTH - LINE_AT - 20, 1)[0])
        words.append(f"{day} {name}")
        y += STEP
    title = say("评价事项的时间线", "timeline of the case")
    description = say("；", "; ").join(words)
    return Picture(
        drawing.svg(y - STEP + TOP, title, description), f"{title}{say('：', ': ')}{description}"
    )


def _name(event: Event, language: Language) -> str:
    """What happened: the first words of the event's own description, or its name in words."""
    if language == "zh":
        return (type(event).__doc__ or "").partition("。")[0]
    name = type(event).__name__
    return "".join(f" {one.lower()}" if one.isupper() else one for one in name).strip()


def detail(event: Event, language: Language) -> str:
    """The number or id that tells one milestone from another of its kind."""
    del language
    for field in ("appeal", "request", "number"):
        if value := getattr(event, field, None):
            return f" {value}"
    if isinstance(event, ResultIssued):
        return f" {event.printed_total}"
    return ""
