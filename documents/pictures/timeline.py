"""A case's life as a timeline (时间线): its milestones downwards, with the days between them."""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from documents.page import Picture
from documents.pictures.svg import PHONE, Drawing, fitted, width_of
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
    ReportDelivered,
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
from ledger.language import Language, Say, counted, speaker
from projections import formatting
from projections.as_of import CaseAsOf

MILESTONES: Final = (
    CaseOpened,
    RubricPinned,
    RubricRepinned,
    ReviewCommissioned,
    SelfEvaluationSubmitted,
    SubmissionReturned,
    DraftSent,
    ReportDelivered,
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
STEP: Final = 30
TOP: Final = 20
PHONE_STEP: Final = 58
PHONE_LINE_AT: Final = 10


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


def milestones(point: CaseAsOf) -> Iterator[Milestone]:
    """The turning points of a case by a point, in the order in which they were recorded."""
    entries, before = 0, None
    for recorded in point.history:
        if isinstance(recorded.event, MILESTONES):
            since = (recorded.dated - before).days if before else 0
            yield Milestone(recorded.version, recorded.dated, recorded.event, since, entries)
            entries, before = 0, recorded.dated
        else:
            entries += 1


def timeline(point: CaseAsOf, language: Language) -> Picture:
    """The picture, in one piece, and in words what it shows."""
    say = speaker(language)
    found = list(milestones(point))
    title = say("评价事项的时间线", "timeline of the case")
    description = say("；", "; ").join(
        f"{formatting.day(milestone.dated, language)} {_happened(milestone, language)}"
        for milestone in found
    )
    height = TOP * 2 + STEP * (len(found) - 1)
    drawing, narrow = Drawing("timeline", WIDTH), Drawing("timeline-narrow", PHONE)
    for index, milestone in enumerate(found):
        _line(drawing, index, milestone, language)
        _phone_lines(narrow, index, milestone, language)
    return Picture(
        drawing.svg(height, title, description),
        narrow.svg(PHONE_STEP * len(found), title, description),
        (WIDTH, height),
        f"{title}{say('：', ': ')}{description}",
    )


def _happened(milestone: Milestone, language: Language) -> str:
    return formatting.happened(milestone.event, language) + detail(milestone.event, language)


def _numbered(milestone: Milestone, language: Language) -> str:
    say, happened = speaker(language), _happened(milestone, language)
    return say(f"{happened}（第{milestone.version}条）", f"{happened} (v{milestone.version})")


def _line(drawing: Drawing, index: int, milestone: Milestone, language: Language) -> None:
    """Day, dot, what happened, and at the end of the line what is between it and the one before."""
    y = TOP + index * STEP
    if index:
        drawing.line(LINE_AT, y - STEP + 7, LINE_AT, y - 7, "link")
    drawing.text(LINE_AT - 16, y + 5, formatting.day(milestone.dated, language), anchor="end")
    drawing.dot(LINE_AT, y)
    between = _between(milestone, speaker(language)) if index else ""
    drawing.text(WIDTH, y + 5, between, kind="faint", anchor="end")
    room = WIDTH - LINE_AT - 20 - width_of(between) - 12
    drawing.text(LINE_AT + 20, y + 5, fitted(_numbered(milestone, language), room, 1)[0])


def _phone_lines(drawing: Drawing, index: int, milestone: Milestone, language: Language) -> None:
    """The same below each other."""
    y = 8 + index * PHONE_STEP
    if index:
        drawing.line(PHONE_LINE_AT, y - PHONE_STEP + 7, PHONE_LINE_AT, y - 7, "link")
    drawing.dot(PHONE_LINE_AT, y)
    left = PHONE_LINE_AT + 16
    drawing.text(left, y + 5, formatting.day(milestone.dated, language))
    happened = fitted(_numbered(milestone, language), PHONE - left, 1)[0]
    drawing.text(left, y + 22, happened)
    if index:
        drawing.text(left, y + 38, _between(milestone, speaker(language)), kind="faint")


def _between(one: Milestone, say: Say) -> str:
    """What lies between a milestone and the one before; papers may be recorded in any order."""
    if one.since < 0:
        return say(
            f"日期早{-one.since}天，其间另有{one.entries}条记录",
            f"dated {-one.since} days earlier, {one.entries} entries later",
        )
    when = say(f"相隔{one.since}天", f"{counted(one.since, 'day')} later")
    if one.since == 0:
        when = say("同日", "the same day")
    if not one.entries:
        return when
    others = counted(one.entries, "other entry", "other entries")
    return when + say(f"，其间另有{one.entries}条记录", f", after {others}")


def detail(event: Event, language: Language) -> str:
    """The number or id that distinguishes one milestone from another of its kind."""
    del language
    for field in ("appeal", "request", "number"):
        value = getattr(event, field, None)
        if value and isinstance(value, str):  # a reopening names the event of its request
            return f" {value}"
    if isinstance(event, ResultIssued):
        return f" {event.printed_total}"
    return ""
