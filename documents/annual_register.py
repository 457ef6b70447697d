"""The yearly register (年度台账): everything that happened to a case, in words, oldest first."""

from documents.page import Document, Facts, PageColumn, PageHeading, PageRow, PageTable, format_cell
from documents.pictures.timeline import timeline
from documents.source import Source, footer, table_signatures
from ledger import terms
from ledger.language import Language, speaker
from ledger.values import IndicatorId
from projections import formatting
from projections.change_log import ChangeLogRow, change_log
from projections.facts import Reader
from projections.provenance import remarks


def register(source: Source, language: Language, indicator: IndicatorId | None = None) -> Document:
    """The register of a case up to a point; of one indicator its change log (变动记录)."""
    say = speaker(language)
    name = say("年度台账", "Register of a case")
    about, life = _facts(source, language), [timeline(source.point, language)]
    if indicator:
        shown = indicator_name(source, indicator, language)
        name = say(f"{shown}变动记录", f"Change log of {shown}")
        # What the case as a whole went through is not a part of the log of one row.
        about, life = (*about[:1], (say(*terms.INDICATOR), shown), *about[1:-1]), []
    entries = change_log(source.point, indicator)
    return Document(
        title=source.titled(name, language),
        subtitle=say(f"{source.unit}，{source.year}年度", f"{source.unit}, {source.year}"),
        blocks=(
            Facts(about),
            *life,
            PageHeading(say("逐条记录", "Every entry")),
            log_table(source, entries, language),
            table_signatures(source, language),
        ),
        footer=footer(source, language),
        language=language,
        made=source.last.at,
        landscape=True,
    )


def _facts(source: Source, language: Language) -> tuple[tuple[str, str], ...]:
    say, case = speaker(language), source.case
    award = source.sheet().award
    grade = say(*award.waiting) if award.given and award.waiting else award.grade
    opened, commissioned = case.opened, case.commissioned
    return (
        (say(*terms.CASE), formatting.aside(opened.title if opened else "", case.id, language)),
        (say(*terms.BUREAU), opened.bureau_name if opened else ""),
        (say(*terms.AGENCY), commissioned.agency_name if commissioned else "—"),
        (say(*terms.NOTICE), (opened.notice if opened else "") or "—"),
        (say(*terms.CLAIMED), format_cell(source.claim_total)),
        (
            say(*terms.AWARDED),
            formatting.aside(
                format_cell(source.award_total), grade or formatting.NOTHING, language
            ),
        ),
        (say(*terms.COUNT_OF_EVENTS), str(len(source.point.history))),
    )


def log_table(source: Source, entries: list[ChangeLogRow], language: Language) -> PageTable:
    """Entries of the log for people."""
    say, reader = speaker(language), source.reader(language)
    columns = (
        PageColumn(say(*terms.VERSION), 4, number=True),
        PageColumn(say(*terms.BUSINESS_DATE), 12),
        PageColumn(say(*terms.ACCOUNT), 11),
        PageColumn(say(*terms.EVENT), 9),
        PageColumn(say(*terms.INDICATOR), 13),
        PageColumn(say(*terms.BEFORE), 6, number=True),
        PageColumn(say(*terms.AFTER), 6, number=True),
        PageColumn(say(*terms.CONTENT_AND_JUSTIFICATION), 26),
        PageColumn(say(*terms.CLAUSE_AND_EVIDENCE), 20),
    )
    return PageTable(
        say("变动记录", "change log"),
        columns,
        tuple(PageRow(_cells(source, entry, reader)) for entry in entries),
    )


def _cells(source: Source, entry: ChangeLogRow, reader: Reader) -> tuple[str, ...]:
    language = reader.language
    say = speaker(language)
    clause = [entry.clause] if entry.clause else []
    return (
        str(entry.version),
        formatting.day(entry.dated, language),
        formatting.aside(entry.by.account, say(*terms.ROLES[entry.by.role]), language),
        say(*terms.EVENTS[entry.type]),
        indicator_name(source, entry.indicator, language),
        "" if entry.before is None else format_cell(entry.before),
        "" if entry.after is None else format_cell(entry.after),
        "\n".join([*entry.content(reader, ("clause",)), *remarks(entry, say)]),
        "\n".join([*clause, *entry.sources(language)]),
    )


def indicator_name(source: Source, indicator: IndicatorId | None, language: Language) -> str:
    """An indicator as a reader finds it: its name, and its id because names repeat."""
    row = source.rubric.by_id.get(indicator) if indicator else None
    return formatting.aside(row.path[-1], row.id, language) if row else indicator or ""
