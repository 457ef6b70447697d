"""A case's life as a timeline (时间线): its milestones downwards, with the days between them."""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from documents.page import Picture
from documents.pictures.svg import Drawing, fitted
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
from ledger.language import Language, Say, speaker
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
MILESTONES_A_PART: Final = 7
"""What fits below the facts on the first page of a register."""


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


def timeline(point: CaseAsOf, language: Language) -> list[Picture]:
    """The picture, in as many parts as pages need, and in words what each shows."""
    found = list(milestones(point))
    parts = [
        found[first : first + MILESTONES_A_PART]
        for first in range(0, len(found), MILESTONES_A_PART)
    ]
    title = speaker(language)("评价事项的时间线", "timeline of the case")
    return [
        _part(
            part,
            formatting.aside(title, f"{number}/{len(parts)}" if len(parts) > 1 else "", language),
            f"timeline-{number}",
            language,
            goes_on=number > 1,
        )
        for number, part in enumerate(parts, 1)
    ]


def _part(
    found: list[Milestone], title: str, name: str, language: Language, *, goes_on: bool
) -> Picture:
    say = speaker(language)
    drawing = Drawing(name, WIDTH)
    words = []
    y = TOP + (STEP - TOP if goes_on else 0)
    for index, one in enumerate(found):
        if index or goes_on:
            drawing.line(LINE_AT, y - STEP + 8, LINE_AT, y - 8, "link")
            drawing.text(LINE_AT + 20, y - STEP // 2 + 4, _between(one, say), kind="faint")
        day = formatting.day(one.dated, language)
        happened = formatting.happened(one.event, language) + detail(one.event, language)
        drawing.text(LINE_AT - 16, y + 5, day, anchor="end")
        drawing.dot(LINE_AT, y)
        line = say(f"{happened}（第 {one.version} 条）", f"{happened} (v{one.version})")
        drawing.text(LINE_AT + 20, y + 5, fitted(line, WIDTH - LINE_AT - 20, 1)[0])
        words.append(f"{day} {happened}")
        y += STEP
    description = say("；", "; ").join(words)
    return Picture(
        drawing.svg(y - STEP + TOP, title, description), f"{title}{say('：', ': ')}{description}"
    )


def _between(one: Milestone, say: Say) -> str:
    """What lies between a milestone and the one before; papers may be recorded in any order."""
    if one.since < 0:
        return say(
            f"日期早 {-one.since} 天，其间另有 {one.entries} 条记录",
            f"dated {-one.since} days earlier, {one.entries} entries later",
        )
    return say(
        f"相隔 {one.since} 天，其间另有 {one.entries} 条记录",
        f"{one.since} days and {one.entries} entries later",
    )


def detail(event: Event, language: Language) -> str:
    """The number or id that tells one milestone from another of its kind."""
    del language
    for field in ("appeal", "request", "number"):
        if value := getattr(event, field, None):
            return f" {value}"
    if isinstance(event, ResultIssued):
        return f" {event.printed_total}"
    return ""
