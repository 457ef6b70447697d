"""Where a document's numbers come from: the point, the rubric and the checkpoint."""

from datetime import date

from msgspec import Struct

from ledger.case import Case
from ledger.envelope import RecordedEvent
from ledger.events import CaseEvent, RubricPinned, RubricRepinned
from ledger.language import Language, speaker
from ledger.rubric import Rubric
from ledger.values import Invalid
from projections import formatting
from projections.as_of import CaseAsOf
from projections.score_sheet import ScoreSheet, pinned, score_sheet

CHECKPOINT_LINES = 3
DIGEST_SHOWN = 16
"""Hex digits of a digest that a footer shows: enough to compare by eye."""


class Source(Struct, frozen=True, kw_only=True):
    """A point of a case that a document is made from.

    Attributes:
        checkpoint: the checkpoint of the log that covers it, in one line; empty where none is.
        printed: the day to count open days to.
    """

    point: CaseAsOf
    case: Case
    rubric: Rubric
    sha256: str
    last: RecordedEvent
    checkpoint: str
    today: date

    @property
    def events(self) -> dict[int, CaseEvent]:
        """The events that count, by their versions."""
        return {
            recorded.version: recorded.event  # type: ignore[misc]  # a case's stream holds case events only
            for recorded in self.point.history
        }

    @property
    def unit(self) -> str:
        """The name of the reviewed department."""
        return self.case.opened.unit_name if self.case.opened else self.case.id

    @property
    def year(self) -> int:
        """The year that is scored."""
        return self.case.opened.year if self.case.opened else self.last.dated.year

    def sheet(self) -> ScoreSheet:
        """The score sheet at the point."""
        sheet = score_sheet(self.point)
        if sheet is None:
            raise unopened(self.point)
        return sheet


def source(point: CaseAsOf, today: date, checkpoint: str = "") -> Source:
    """The source of a document.

    Raises:
        Invalid: the case was not opened by then, or no rubric was pinned.
    """
    case = point.case
    if case.opened is None:
        raise unopened(point)
    rubric = pinned(point)
    pin = next(
        recorded.event
        for recorded in reversed(point.history)
        if isinstance(recorded.event, RubricPinned | RubricRepinned)
    )
    return Source(
        point=point,
        case=case,
        rubric=rubric,
        sha256=pin.sha256,
        last=point.history[-1],
        checkpoint=checkpoint,
        today=today,
    )


def checkpoint_line(text: str) -> str:
    """A checkpoint (C2SP tlog-checkpoint) in one line: origin, size, root.

    Raises:
        Invalid: it does not begin with those three lines.
    """
    lines = text.split("\n")[:CHECKPOINT_LINES]
    if len(lines) < CHECKPOINT_LINES or not all(lines) or not lines[1].isdecimal():
        raise Invalid(
            "不是检查点文件：前三行应为来源、条数、根摘要",
            "not a checkpoint: it begins with origin, size and root, a line each",
        )
    return " ".join(lines)


def unopened(point: CaseAsOf) -> Invalid:
    """What to say where there is nothing to print yet."""
    return Invalid(
        f"到“{point.label}”为止还没有立项，没有可印的文件",
        f"by “{point.label}” the case was not opened, so there is nothing to print",
    )


def footer(source: Source, language: Language) -> tuple[str, ...]:
    """The lines that say which point, version, rubric edition and checkpoint."""
    say, last, rubric = speaker(language), source.last, source.rubric
    dated = formatting.day(last.dated, language)
    lines = [
        say(
            f"评价事项 {source.case.id}，时点 {source.point.label}，第 {last.version} 条"
            f"（业务日期 {dated}，记录于 {last.at}）",
            f"case {source.case.id} at {source.point.label}, v{last.version}"
            f" (dated {dated}, recorded {last.at})",
        ),
        say(
            f"指标体系 {rubric.id} {rubric.edition} 版，SHA-256 {source.sha256[:DIGEST_SHOWN]}…",
            f"rubric {rubric.id}, edition {rubric.edition},"
            f" SHA-256 {source.sha256[:DIGEST_SHOWN]}…",
        ),
    ]
    if source.checkpoint:
        lines.append(say(f"检查点 {source.checkpoint}", f"checkpoint {source.checkpoint}"))
    return tuple(lines)
