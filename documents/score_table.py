"""The review score table (核查评分表), in the columns that review reports print."""

from collections.abc import Iterable, Iterator
from typing import Final

from documents.last_year import awarded_before, cited_below
from documents.page import (
    Block,
    Cell,
    Document,
    PageColumn,
    PageRow,
    PageTable,
    Paragraph,
    Picture,
)
from documents.pictures.waterfall import waterfall
from documents.source import Source, footer, table_signatures
from documents.wording import unspaced
from ledger import terms
from ledger.events import (
    BonusClaimed,
    PenaltyRecorded,
)
from ledger.language import Language, Say, in_language, speaker
from ledger.rules.rule import DecidedBy
from ledger.values import IndicatorId, ItemId, Sha256
from projections import formatting
from projections.as_of import CaseAsOf
from projections.bridge import bridge
from projections.provenance import remarks
from projections.score_sheet import ScoreSheet, by_standard_in_words, review_table
from projections.signed_commands import signed_in_case

LEVELS: Final = 3


def score_table(source: Source, language: Language) -> Document:
    """The score table at a point, and the way from the claims to the awards as a picture."""
    say, sheet = speaker(language), source.sheet()
    blocks: list[Block] = [scores(source, language)]
    if note := _printed(sheet, say):
        blocks.append(Paragraph(note))
    blocks += by_standard(source, language)
    blocks += [*cited_below(source, language), *not_signed(source, language)]
    blocks += [*moves_drawn(source, language), table_signatures(source, language)]
    return Document(
        title=source.titled(say("核查评分表", "Review score table"), language),
        subtitle=say(f"{source.unit}，{source.year}年度", f"{source.unit}, {source.year}"),
        blocks=tuple(blocks),
        footer=footer(source, language),
        language=language,
        made=source.last.at,
        landscape=True,
    )


def scores(source: Source, language: Language) -> PageTable:
    """Claim, standard, award and reason of every row; below them what leads to the total."""
    say, sheet = speaker(language), source.sheet()
    restated = source.case.claims_restated
    differs = any(restated.get(row.id, row.claim) != row.claim for row in sheet.indicators)
    reasons, rubric = printed_reasons(source, say), source.rubric
    last = source.last_year
    explained = any(row.explanation for row in rubric.indicators)
    columns = (
        PageColumn(say(*terms.LEVEL_1), 7, merged=True),
        PageColumn(say(*terms.LEVEL_2), 7, merged=True),
        PageColumn(say(*terms.LEVEL_3), 12),
        PageColumn(say(*terms.WEIGHT), 6, number=True),
        PageColumn(say(*terms.CLAIMED), 6, number=True),
        *((PageColumn(say(*terms.RESTATED_CLAIM), 8, number=True),) if differs else ()),
        *((PageColumn(say(*terms.EXPLANATION), 14),) if explained else ()),
        PageColumn(say(*terms.STANDARD), 24),
        PageColumn(say(*terms.AWARDED), 6, number=True),
        PageColumn(say(*terms.DECIDED_BY), 6),
        *((PageColumn(say(*terms.LAST_YEAR), 6, number=True),) if last else ()),
        PageColumn(say(*terms.JUSTIFICATION), 28),
    )

    def cells(
        levels: tuple[str, ...],
        scores: tuple[Cell, Cell, Cell],
        award: tuple[Cell, str],
        before: Cell,
        words: tuple[str, str, str],
    ) -> tuple[Cell, ...]:
        weight, claim, other = scores
        explanation, standard, reason = words
        own = (weight, claim, other) if differs else (weight, claim)
        about = (explanation,) if explained else ()
        known = (before,) if last else ()
        return (*levels, *own, *about, standard, *award, *known, reason)

    excluded = say("不适用", "not applicable")
    rows = [
        PageRow(
            cells(
                levels(row.path),
                (row.weight, row.claim, restated.get(row.id, row.claim)),
                (excluded, "") if row.excluded else (row.award, decided(row.decided_by, say)),
                awarded_before(last, row.id, row.weight, say) if last else "",
                (
                    rubric.by_id[row.id].explanation,
                    rubric.by_id[row.id].standard,
                    "\n".join(reasons.get(row.id, ())),
                ),
            )
        )
        for row in sheet.indicators
    ]
    claim, award = sheet.claim, sheet.award
    other = review_table(source.point).totals
    for part in award.lines():
        points = [totals.lines()[part] for totals in (claim, other, award)]
        if any(points) or part in {"bonus", "penalty"}:
            own, restating, given = (
                said if totals.shown(part) is not None else None
                for totals, said in zip((claim, other, award), points, strict=True)
            )
            rows.append(
                PageRow(
                    cells(
                        (source.line_name(part, say), "", ""),
                        (None, own, restating),
                        (given, ""),
                        "",
                        _extra(source, part, say),
                    ),
                    span=LEVELS,
                )
            )
    whole = cells(
        (say("合计", "Total"), "", ""),
        (rubric.in_scale(rubric.full), source.claim_total, other.shown("total")),
        (source.award_total, ""),
        last.total if last else "",
        ("", "", ""),
    )
    total = PageRow(whole, strong=True, span=LEVELS)
    return PageTable(say("核查评分表", "score table"), columns, (*rows, total))


def decided(by: DecidedBy | None, say: Say) -> str:
    """What an award rests on, in a word; nothing where there is none."""
    return say(*terms.DECIDERS[by]) if by else ""


def by_standard(source: Source, language: Language) -> list[Paragraph]:
    """What the standard gives in sum and which rows decide the grade, next to what was scored."""
    said = by_standard_in_words(source.sheet(), source.rubric)
    return [Paragraph(unspaced(sentence, language)) for sentence in said]


def not_signed(source: Source, language: Language) -> list[Paragraph]:
    """Which commands lack a sound signature of their author, and why; nothing where none do."""
    found = signed_in_case(source.point)
    return [Paragraph(in_language(found.fault_words, language))] if found.faults else []


def levels(path: tuple[str, ...]) -> tuple[str, ...]:
    """A path as three columns: a short one repeats its last name, a long one joins the rest."""
    if len(path) <= LEVELS:
        return (*path[:-1], *[path[-1]] * (LEVELS + 1 - len(path)))
    return (*path[: LEVELS - 1], " / ".join(path[LEVELS - 1 :]))


def printed_reasons(source: Source, say: Say) -> dict[IndicatorId, list[str]]:
    """The reason of each current award: its reason, the ground of discretion, and the remarks."""
    events, reasons = source.events, {}
    for row, award in source.case.in_force.items():
        lines = [award.justification]
        if award.ground and award.ground != award.justification:
            lines.append(say(f"酌情理由：{award.ground}", f"Ground: {award.ground}"))
        amended = _amended_evidence(source, award.version, award.evidence, say)
        reasons[row] = [*lines, *amended, *remarks(events[award.version], say)]
    return reasons


def _amended_evidence(
    source: Source, version: int, evidence: Iterable[Sha256], say: Say
) -> list[str]:
    """What a decision rests on since its evidence was amended; the log shows what it cited."""
    cited = [*evidence]
    if cited == [*getattr(source.events[version], "evidence", ())]:
        return []
    files = [source.case.evidence.get(sha256) for sha256 in cited]
    titles = [file.title for file in files if file]
    return [
        say(f"补正后的佐证材料：{'、'.join(titles)}", f"Evidence as amended: {', '.join(titles)}")
    ]


def _extra(source: Source, part: str, say: Say) -> tuple[str, str, str]:
    """What a line below the rows is about, its standard, and why it is as it is."""
    rubric, reasons = source.rubric, "\n".join(_item_reasons(source, part, say))
    if part == "bonus" and rubric.bonus:
        return rubric.bonus.explanation, rubric.bonus.standard, reasons
    if part == "penalty" and rubric.penalty:
        return rubric.penalty.explanation, rubric.penalty.standard, reasons
    if part == "cap_loss":
        return "", say(f"总分不超过{rubric.cap}", f"no total is above {rubric.cap}"), ""
    return "", "", ""


def _item_reasons(source: Source, part: str, say: Say) -> Iterator[str]:
    """Why the items of a line count as they do: the reason of the last decision on each."""
    case, titles = source.case, item_titles(source.point)
    for decided, reason in case.reasons.items():
        kind, item = decided
        if kind == part:
            version = case.sources[decided]
            why = reason.justification or formatting.NOTHING
            yield f"{titles.get(item, item)}{say('：', ': ')}{why}"
            yield from _amended_evidence(source, version, reason.evidence, say)
            yield from remarks(source.events[version], say)


def item_titles(point: CaseAsOf) -> dict[ItemId, str]:
    """The titles of bonus and penalty items."""
    return {
        move.recorded.event.item: move.recorded.event.title
        for move in point.moves
        if isinstance(move.recorded.event, BonusClaimed | PenaltyRecorded)
    }


def _printed(sheet: ScoreSheet, say: Say) -> str:
    """Printed totals and grades next to the computed ones; neither replaces the other."""
    lines = []
    for name, column in (
        (say(*terms.CLAIMED), sheet.claim),
        (say(*terms.AWARDED), sheet.award),
    ):
        if column.printed is not None:
            computed, grade = column.total, column.grade or "—"
            lines.append(
                say(
                    f"{name}：计算{computed}（{grade}），"
                    f"文件所列{column.printed}（{column.printed_grade or '—'}）",
                    f"{name}: computed {computed} ({grade}),"
                    f" printed {column.printed} ({column.printed_grade or '—'})",
                )
            )
    if sheet.award.waiting:
        lines.append(say(*sheet.award.waiting))
    return say("；", "; ").join(lines)


def moves_drawn(source: Source, language: Language) -> list[Picture]:
    """The waterfall from the self-evaluation, once there is one and something has moved."""
    point = source.point
    if source.case.submitted is None or not source.case.awards:
        return []
    found = bridge(point.earlier("self"), point)
    return waterfall(found, source.rubric, language, source.point.zone) if found.steps else []
