"""Where a document's numbers come from: the point, the rubric and the checkpoint."""

from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from documents.page import Signatures
from ledger import terms
from ledger.case import Case, History
from ledger.envelope import RecordedEvent
from ledger.events import CaseEvent, RubricPinned, RubricRepinned
from ledger.language import Language, Say, speaker
from ledger.log.checkpoint_line import CheckpointLine
from ledger.ranking import PlaceInRanking
from ledger.rubric import Rubric, TotalsPart
from ledger.time_zone import title_of
from ledger.values import Invalid
from projections import formatting
from projections.as_of import CaseAsOf
from projections.facts import Reader, reader_of
from projections.last_year import LastYear, year_before
from projections.score_sheet import ScoreSheet, pinned, score_sheet

DIGEST_SHOWN = 16
"""Hex digits of a digest that a footer shows: enough to compare by eye."""


class Source(Struct, frozen=True, kw_only=True):
    """A point of a case that a document is made from.

    Attributes:
        checkpoint: a checkpoint of the log; `None` where nothing is signed.
        vkey: the public key of the log, in one line; empty where none is given.
        today: the day to count open days to.
        place: of the case in the ranking of its year; `None` where none is to be stated.
        before: the unit's case of the year before, as the reader of the document may see it;
            `None` where there is none, or none is to be stated.
        enclosed: whether the document goes into a dossier, which proves what it states.
    """

    point: CaseAsOf
    case: Case
    rubric: Rubric
    sha256: str
    last: RecordedEvent
    checkpoint: CheckpointLine | None
    today: date
    vkey: str = ""
    place: PlaceInRanking | None = None
    before: CaseAsOf | None = None
    enclosed: bool = False

    @property
    def events(self) -> dict[int, CaseEvent]:
        """The events that count, by their versions."""
        return {
            recorded.version: recorded.event  # type: ignore[misc]  # a case's stream holds case events only
            for recorded in self.point.history
        }

    def reader(self, language: Language) -> Reader:
        """The reader of a document, where days are written in words."""
        return reader_of(self.point, language)

    @property
    def is_covered(self) -> bool:
        """Whether the checkpoint is of the log with the last entry of the point in it."""
        position = self.last.position
        return (
            self.checkpoint is not None
            and position is not None
            and position < self.checkpoint.checkpoint.head.size
        )

    @property
    def unit(self) -> str:
        """The name of the reviewed department."""
        return self.case.opened.unit_name if self.case.opened else self.case.id

    @property
    def year(self) -> int:
        """The year that is scored."""
        return self.case.opened.year if self.case.opened else self.last.dated.year

    @property
    def title(self) -> str:
        """What the commissioning document calls the review, such as 项目支出绩效评价."""
        return self.case.opened.title if self.case.opened else self.case.id

    def titled(self, name: str, language: Language) -> str:
        """The title of a table: the review, of any kind, and the table's own name."""
        if language == "en":
            return f"{name}: {self.title}"
        return self.title.removesuffix("核查") + name

    @property
    def claim_total(self) -> Decimal | None:
        """The total that the unit claims; `None` before it claims a row."""
        return self.sheet().claim.shown("total")

    @property
    def award_total(self) -> Decimal | None:
        """The total that the review gives; `None` before it gives a row its score."""
        return self.sheet().award.shown("total")

    @property
    def last_year(self) -> LastYear | None:
        """The year before, as it was known when the point was recorded; `None` if not issued."""
        if self.before is None:
            return None
        found = year_before(self.before.earlier(f"recorded:{self.last.at}"), self.point)
        return found if found and found.is_issued else None

    def line_name(self, part: TotalsPart, say: Say) -> str:
        """What a line below the rows is called: bonus and penalty as the rubric names them."""
        named = {"bonus": self.rubric.bonus, "penalty": self.rubric.penalty}.get(part)
        return named.name if named else say(*terms.TOTALS_LINES[part])

    def upto(self, version: int, label: str = "") -> "Source":
        """The source as it was when a version had been recorded; it may have a name of its own."""
        history = History(event for event in self.point.history if event.version <= version)
        point = replace(self.point, label=label or f"v{version}", history=history)
        then = source(point, self.today, self.checkpoint, self.vkey)
        return replace(then, place=self.place, before=self.before, enclosed=self.enclosed)

    def sheet(self) -> ScoreSheet:
        """The score sheet at the point."""
        sheet = score_sheet(self.point)
        if sheet is None:
            raise unopened(self.point)
        return sheet


def source(
    point: CaseAsOf, today: date, checkpoint: CheckpointLine | None = None, vkey: str = ""
) -> Source:
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
        vkey=vkey,
    )


def unopened(point: CaseAsOf) -> Invalid:
    """What to say where there is nothing to print yet."""
    name = formatting.named(point)
    return Invalid(
        f"在时点“{name.zh}”尚未启动评价，无可生成的文书",
        f"at '{name.en}' the case was not yet opened, so there is nothing to print",
    )


def footer(source: Source, language: Language) -> tuple[str, ...]:
    """The lines that say which point, version, rubric edition and checkpoint."""
    lines = provenance(source, language)
    if source.checkpoint is None:
        return lines
    words = source.checkpoint.in_words
    return (*lines, speaker(language)(f"检查点 {words}", f"checkpoint {words}"))


def provenance(source: Source, language: Language) -> tuple[str, str]:
    """Which case, point and version the numbers are of, and which edition of the rubric."""
    say, last, rubric = speaker(language), source.last, source.rubric
    dated, at = (
        formatting.day(last.dated, language),
        formatting.moment(last.at, language, source.point.zone),
    )
    point = formatting.point_name(source.point.label, language, source.point.zone)
    zone = title_of(source.point.zone)
    named = source.point.label != f"v{last.version}"
    which = say(f"，{point}", f", {point}") if named else ""
    digest = source.sha256[:DIGEST_SHOWN]
    return (
        say(
            f"评价事项 {source.case.id}{which}，截至第{last.version}条"
            f"（业务日期{dated}，记录于{zone.zh}{at}）",
            f"case {source.case.id}{which}, up to event {last.version}"
            f" (dated {dated}, recorded {at} {zone.en})",
        ),
        say(
            f"指标体系 {rubric.id} {rubric.edition} 版，SHA-256 前{DIGEST_SHOWN}位 {digest}",
            f"rubric {rubric.id}, edition {rubric.edition}, SHA-256 beginning {digest}",
        ),
    )


def table_signatures(source: Source, language: Language) -> Signatures:
    """Where a table is signed: who reviewed it, who signed it as the second, the seal and the day.

    The record knows accounts, not people, so all but the agency is left to be written.
    """
    say, commissioned = speaker(language), source.case.commissioned
    return Signatures(
        (
            (
                say("核查机构（盖章）", "Agency (seal)"),
                commissioned.agency_name if commissioned else "",
            ),
            (say("核查人员（签字）", "Reviewer (signature)"), ""),
            (say("复核人员（签字）", "Second reviewer (signature)"), ""),
            (say("日期", "Date"), ""),
        )
    )
