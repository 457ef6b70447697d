"""The columns of the change log for spreadsheets: one fact per column."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, Final

from documents.lists import ListColumn, Row
from ledger import terms
from ledger.language import Language, speaker
from projections.change_log import ChangeLogRow
from projections.facts import Reader, labelled, run_on
from projections.formatting import to_the_minute
from projections.provenance import cite, with_remarks
from projections.replay import ReplayStep

LOG: Final = (
    ListColumn("version", terms.VERSION, number=True),
    ListColumn("position", terms.POSITION, number=True),
    ListColumn("dated", terms.BUSINESS_DATE),
    ListColumn("at", terms.RECORDED),
    ListColumn("recorded_late_days", terms.RECORDED_LATE_DAYS, number=True),
    ListColumn("account", terms.ACCOUNT),
    ListColumn("role", terms.ROLE, words=terms.ROLES),
    ListColumn("organisation", terms.ORGANISATION),
    ListColumn("event", terms.EVENT, words=terms.EVENTS),
    ListColumn("type", terms.EVENT_TYPE),
    ListColumn("subject", terms.SUBJECT),
    ListColumn("indicator", terms.INDICATOR),
    ListColumn("before", terms.BEFORE, number=True),
    ListColumn("after", terms.AFTER, number=True),
    ListColumn("change", terms.CHANGE),
    ListColumn("justification", terms.JUSTIFICATION),
    ListColumn("ground", terms.GROUND),
    ListColumn("clause", terms.CLAUSE),
    ListColumn("content", terms.CONTENT),
    ListColumn("number", terms.NUMBER),
    ListColumn("evidence", terms.EVIDENCE),
    ListColumn("cites", terms.CITATIONS),
    ListColumn("transcriber_note", terms.TRANSCRIBER_NOTE),
    ListColumn("undocumented", terms.UNDOCUMENTED),
    ListColumn("caused_by", terms.CAUSED_BY),
)
REPLAY: Final = (
    *LOG,
    ListColumn("stage", terms.STAGE, words=terms.STAGES),
    ListColumn("shown_before", terms.TOTAL_BEFORE, number=True),
    ListColumn("shown_after", terms.TOTAL_AFTER, number=True),
)
"""The columns of a replay, whose steps are rows of the log with the totals around them."""


def table_columns(*, recorded: bool) -> tuple[ListColumn, ...]:
    """The columns of the log for people; with when it was recorded, where that is asked."""
    when = (
        ListColumn("minute", terms.RECORDED),
        ListColumn("recorded_late_days", terms.RECORDED_LATE_DAYS, number=True),
    )
    return (
        ListColumn("version", terms.VERSION, number=True),
        ListColumn("dated", terms.BUSINESS_DATE),
        *(when if recorded else ()),
        ListColumn("account", terms.ACCOUNT),
        ListColumn("titled", terms.EVENT),
        ListColumn("row", terms.INDICATOR),
        ListColumn("moved", terms.CHANGE),
        ListColumn("told", terms.CONTENT_AND_JUSTIFICATION),
    )


def log_rows(
    rows: Iterable[ChangeLogRow], reader: Reader, columns: Sequence[ListColumn]
) -> Iterator[Row]:
    """The rows of a log, with lists joined to one text.

    Args:
        rows: of the log.
        reader: of the words.
        columns: those that are shown, with the version and the day among them; what others would
            say is not put into words.
    """
    names = [column.name for column in columns]
    writers = [(name, _WRITERS[name]) for name in names if name in _WRITERS]
    fields = [name for name in names if name not in _WRITERS]
    values = attrgetter(*(_FIELDS.get(name, name) for name in fields))
    for row in rows:
        shown = dict(zip(fields, values(row), strict=True))
        for name, write in writers:
            shown[name] = write(row, reader)
        yield shown


def told(row: ChangeLogRow, reader: Reader) -> str:
    """What an event says and on what it rests, and in brackets what its transcriber says."""
    say = speaker(reader.language)
    lines = row.content(reader, ("figure.value", "points"))
    if sources := row.sources(reader.language):
        lines.append(labelled(terms.EVIDENCE, say("、", ", ").join(sources), reader))
    return with_remarks(run_on(lines, reader.language), row, say)


def replay_line(step: ReplayStep, reader: Reader) -> str:
    """One step of a replay in a line: who did what when, what it moved, and why."""
    say = speaker(reader.language)
    before, after = step.shown
    moved = ""
    if after is not None and after != before:
        moved = f"{'-' if before is None else before} → {after}"
    parts = (
        f"v{step.version}",
        step.dated.isoformat(),
        step.by.account,
        say(*terms.EVENTS[step.type]),
        step.indicator or "",
        step.change(reader.language),
        moved and say(f"总分 {moved}", f"total {moved}"),
        told(step, reader),
    )
    return "  ".join(filter(None, parts))


@cache
def _titled(type_: str, language: Language) -> str:
    """The title of an event with its type, which is what programs and filters call it."""
    title = terms.EVENTS[type_]
    # English titles read like the type.
    return speaker(language)(f"{title.zh} {type_}", f"{type_}: {title.en}")


def _cites(row: ChangeLogRow, reader: Reader) -> str:
    say = speaker(reader.language)
    return "; ".join(cite(place, say) for place in row.cites)


_FIELDS: Final = {
    "account": "by.account",
    "role": "by.role",
    "organisation": "by.organisation",
    "event": "type",
}
"""Where a row has what a column is named otherwise for."""

_WRITERS: Final[Mapping[str, Callable[[Any, Reader], object]]] = {
    "minute": lambda row, _: to_the_minute(row.at),
    "titled": lambda row, reader: _titled(row.type, reader.language),
    "row": lambda row, _: row.indicator or "",
    "moved": lambda row, reader: row.change(reader.language),
    "told": told,
    "change": lambda row, reader: row.change(reader.language) or None,
    "content": lambda row, reader: run_on(row.content(reader), reader.language),
    "evidence": lambda row, _: "; ".join(f"{file.title} {file.sha256}" for file in row.evidence),
    "cites": _cites,
    "shown_before": lambda row, _: row.shown[0],
    "shown_after": lambda row, _: row.shown[1],
    "caused_by": lambda row, _: " ".join(f"v{version}" for version in row.caused_by),
}
"""The content of a column that is not a field of the row."""
