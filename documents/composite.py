"""The composite table (综合得分表): full score, score and rate by level."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from documents.page import Document, PageColumn, PageRow, PageTable, Paragraph
from documents.pictures.bars import Bar, bars
from documents.score_table import by_standard
from documents.source import Source, footer, table_signatures
from ledger import terms
from ledger.language import Language, Say, speaker
from ledger.rubric import Rubric
from projections import formatting


class Level(Struct, frozen=True, kw_only=True):
    """The rows under one name of the second level.

    Attributes:
        weight: of the rows that count.
        score: of the rows that have an award; `None` where none has.
        pending: how many of them have none yet.
    """

    path: tuple[str, ...]
    weight: Decimal
    score: Decimal | None
    pending: int

    @property
    def rate(self) -> str:
        """The score as a part of the weight, such as `93.90%`."""
        return rate(self.score, self.weight)


def rate(score: Decimal | None, full: Decimal) -> str:
    """A score as a part of the full score; a dash where there is none."""
    return formatting.NOTHING if score is None else formatting.rate(score, full)


def by_level(source: Source) -> list[Level]:
    """The awards by the second level, in the rubric's order."""
    rubric, case = source.rubric, source.case
    heads = dict.fromkeys(row.path[:-1][:2] or row.path for row in rubric.indicators)
    return [_level(rubric, head, case.awarded, set(case.excluded)) for head in heads]


def _level(
    rubric: Rubric, head: tuple[str, ...], awarded: dict[str, Decimal], excluded: set[str]
) -> Level:
    under = [
        row
        for row in rubric.indicators
        if (row.path[:-1][:2] or row.path) == head and row.id not in excluded
    ]
    # What adds up is asked of the rubric: the base of these rows alone is their sum.
    weights = rubric.totals({row.id: rubric.in_scale(row.weight) for row in under})
    scores = rubric.totals({row.id: awarded[row.id] for row in under if row.id in awarded})
    pending = sum(1 for row in under if row.id not in awarded)
    return Level(
        path=head,
        weight=weights.base,
        score=scores.base if len(under) > pending else None,
        pending=pending,
    )


def composite(source: Source, language: Language) -> Document:
    """The table by level, with the score by level as bars."""
    say, levels = speaker(language), by_level(source)
    totals = source.sheet().award
    drawn = bars(
        [Bar(" / ".join(level.path), level.score, level.weight, level.rate) for level in levels],
        say("各部分得分与分值", "score and weight by level"),
        language,
    )
    waiting = totals.waiting
    notes = [Paragraph(say(f"{waiting.zh}。", f"{waiting.en}."))] if waiting else []
    return Document(
        title=source.titled(say("综合得分表", "Composite table of scores"), language),
        subtitle=say(
            f"{source.unit}，{source.year}年度，等级：{totals.grade or '—'}",
            f"{source.unit}, {source.year}, grade: {totals.grade or '—'}",
        ),
        blocks=(
            _table(source, levels, say),
            *notes,
            *_decided(source, say),
            *by_standard(source, language),
            drawn,
            table_signatures(source, language),
        ),
        footer=footer(source, language),
        language=language,
        made=source.last.at,
    )


def _table(source: Source, levels: list[Level], say: Say) -> PageTable:
    columns = (
        PageColumn(say(*terms.LEVEL_1), 14, merged=True),
        PageColumn(say(*terms.LEVEL_2), 16),
        PageColumn(say(*terms.WEIGHT), 8, number=True),
        PageColumn(say(*terms.SCORE), 8, number=True),
        PageColumn(say(*terms.RATE), 8, number=True),
    )
    plain = [
        PageRow((level.path[0], level.path[-1], level.weight, level.score, level.rate))
        for level in levels
    ]
    rubric = source.rubric
    full, total = rubric.in_scale(rubric.full), source.award_total
    last = PageRow((say(*terms.TOTALS), "", full, total, rate(total, full)), strong=True, span=2)
    rows = (*plain, *_other_lines(source, say), last)
    return PageTable(say("综合得分表", "composite table"), columns, rows)


def _decided(source: Source, say: Say) -> list[Paragraph]:
    """How many awards rest on what, and which of them not on the rule."""
    rows = [row for row in source.sheet().indicators if row.decided_by]
    parts = []
    for by, words in terms.DECIDERS.items():
        names = [row.path[-1] for row in rows if row.decided_by == by]
        if names:
            count = say(f"{words.zh}{len(names)}项", f"{words.en} {len(names)}")
            which = say("、", ", ").join(names)
            parts.append(
                count if by == "rule" else say(f"{count}（{which}）", f"{count} ({which})")
            )
    told = say("；", "; ").join(parts)
    return [Paragraph(say(f"评定方式：{told}。", f"Decided by: {told}."))] if parts else []


def _other_lines(source: Source, say: Say) -> Iterator[PageRow]:
    """What the totals add and take away next to the rows."""
    for part, points in source.sheet().award.lines().items():
        if points:
            yield PageRow((source.line_name(part, say), "", None, points, None), span=2)
