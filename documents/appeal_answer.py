"""The answer to an appeal (申诉答复): plain words, the exact changes, how each score came about."""

from hashlib import sha256

from documents.annual_register import log_table
from documents.page import (
    Block,
    Document,
    Facts,
    PageColumn,
    PageHeading,
    PageRow,
    PageTable,
    Paragraph,
    format_cell,
)
from documents.score_table import by_standard
from documents.source import Source, footer
from ledger import terms
from ledger.envelope import RecordedEvent
from ledger.events import AppealDecided, AppealLodged, AppealWithdrawn, Contested
from ledger.language import Language, Say, in_language, speaker
from ledger.values import Invalid, ItemId
from projections import formatting
from projections.change_log import change_log
from projections.explanation import Explanation, explain


def appeal_answer(source: Source, language: Language, appeal: ItemId | None = None) -> Document:
    """The answer to an appeal, decided or not yet.

    Args:
        source: where the numbers come from.
        language: of the answer.
        appeal: which one; may be left out where the case has only one.

    Raises:
        Invalid: no such appeal, none at all, or several and none is named.
    """
    lodged = _lodged(source, appeal)
    event = lodged.event
    assert isinstance(event, AppealLodged)  # noqa: S101 - `_lodged` picked it by that
    say = speaker(language)
    end = _end(source, event.appeal)
    blocks: list[Block] = [
        Facts(_facts(lodged, event, end, say, language)),
        PageHeading(say("结论", "In short")),
        *(Paragraph(_in_short(source, contest, say)) for contest in event.contests),
    ]
    if end and isinstance(end.event, AppealDecided):
        blocks.append(
            Paragraph(
                say(
                    f"决定的理由：{end.event.justification}",
                    f"Grounds of the decision: {end.event.justification}",
                )
            )
        )
    blocks += by_standard(source, language)
    for contest in event.contests:
        blocks += _row(source, contest, say, language)
    blocks += _verify(source, event, say)
    return Document(
        title=say("关于申诉的答复", "Answer to an appeal"),
        subtitle=say(
            f"{source.unit}，{source.year} 年度，申诉 {event.appeal}",
            f"{source.unit}, {source.year}, appeal {event.appeal}",
        ),
        blocks=tuple(blocks),
        footer=footer(source, language),
        language=language,
        made=source.last.at,
        landscape=True,
    )


def _lodged(source: Source, appeal: ItemId | None) -> RecordedEvent:
    lodged = {
        recorded.event.appeal: recorded
        for recorded in source.point.history
        if isinstance(recorded.event, AppealLodged)
    }
    if not lodged:
        raise Invalid(
            f"到“{source.point.label}”为止没有申诉", f"by “{source.point.label}” there is no appeal"
        )
    if appeal is None and len(lodged) == 1:
        return next(iter(lodged.values()))
    if appeal not in lodged:
        zh, en = "、".join(lodged), ", ".join(lodged)
        raise Invalid(
            f"有几件申诉，请指明是哪一件：{zh}",
            f"there are several appeals; say which one: {en}",
            rule="which-appeal",
            field="appeal",
        )
    return lodged[appeal]


def _end(source: Source, appeal: ItemId) -> RecordedEvent | None:
    return next(
        (
            recorded
            for recorded in reversed(source.point.history)
            if isinstance(recorded.event, AppealDecided | AppealWithdrawn)
            and recorded.event.appeal == appeal
        ),
        None,
    )


def _facts(
    lodged: RecordedEvent,
    event: AppealLodged,
    end: RecordedEvent | None,
    say: Say,
    language: Language,
) -> tuple[tuple[str, str], ...]:
    outcome = say("尚未决定", "not yet decided")
    if end and isinstance(end.event, AppealDecided):
        outcome = say(*terms.APPEAL_OUTCOMES[end.event.outcome])
    elif end:
        outcome = say("已撤回", "withdrawn")
    return (
        (say(*terms.NUMBER), event.number or "—"),
        (say(*terms.LODGED), formatting.day(lodged.dated, language)),
        (say(*terms.STATEMENT), event.statement),
        (say(*terms.DECISION), outcome),
        (say(*terms.DECIDED), formatting.day(end.dated if end else None, language)),
    )


def _in_short(source: Source, contested: Contested, say: Say) -> str:
    """What stands of a contested row now, in a sentence."""
    name = _name(source, contested)
    now = source.case.awarded.get(contested.indicator)
    claim = format_cell(source.case.claims.get(contested.indicator))
    if now == contested.award:
        return say(
            f"“{name}”：单位自评 {claim} 分，核查 {contested.award} 分，得分不变。",
            f"“{name}”: claimed {claim}, awarded {contested.award}; the score stands.",
        )
    return say(
        f"“{name}”：单位自评 {claim} 分，"
        f"申诉时核查得分 {contested.award} 分，现为 {format_cell(now)} 分。",
        f"“{name}”: claimed {claim}, awarded {contested.award} when contested,"
        f" now {format_cell(now)}.",
    )


def _name(source: Source, contested: Contested) -> str:
    row = source.rubric.by_id.get(contested.indicator)
    return row.path[-1] if row else contested.indicator


def _row(source: Source, contested: Contested, say: Say, language: Language) -> list[Block]:
    found = explain(source.point, contested.indicator)
    rule = found.rule
    ruled = rule.range_text
    steps = [
        Paragraph(f"{number}. {in_language(step, language)}")
        for number, step in enumerate(rule.derivation, 1)
    ]
    missing = say("、", ", ").join(rule.missing)
    return [
        PageHeading(formatting.aside(" / ".join(found.path), found.indicator, language)),
        Facts(
            (
                (say(*terms.WEIGHT), format_cell(found.weight)),
                (say(*terms.CLAIMED), format_cell(found.claim)),
                (say(*terms.RULE_RESULT), ruled),
                (say(*terms.AWARDED), format_cell(found.award)),
                *([(say(*terms.EXPLANATION), found.explanation)] if found.explanation else []),
                (say(*terms.STANDARD), found.standard),
                (say(*terms.CLAUSE), rule.clause),
            )
        ),
        PageHeading(say("按标准怎样得出", "What the standard gives, step by step")),
        *steps,
        *(
            [Paragraph(in_language(found.total_by_rule.in_words, language))]
            if found.total_by_rule
            else []
        ),
        *(
            [Paragraph(say(f"缺少基础数据：{missing}", f"missing figures: {missing}"))]
            if missing
            else []
        ),
        *([_figures(source, found, language)] if rule.figures else []),
        PageHeading(say("每一次变动", "Every change")),
        log_table(source, change_log(source.point, contested.indicator), language),
    ]


def _figures(source: Source, found: Explanation, language: Language) -> PageTable:
    say = speaker(language)
    figures = {figure.id: figure for figure in source.case.figures_in_force}
    return PageTable(
        say(f"基础数据 {found.indicator}", f"Figures {found.indicator}"),
        (
            PageColumn(say(*terms.NAME), 22),
            PageColumn(say(*terms.ACTUAL), 14, number=True),
            PageColumn(say(*terms.TARGET), 10),
            PageColumn(say(*terms.SCOPE), 12),
            PageColumn(say(*terms.SOURCE), 26),
            PageColumn(say(*terms.VERSION), 4, number=True),
        ),
        tuple(
            PageRow(
                (
                    datum.name,
                    formatting.value(figures[datum.id], language),
                    datum.target or "—",
                    datum.scope or "",
                    datum.source_text(say),
                    str(datum.version),
                )
            )
            for datum in found.rule.figures
        ),
    )


def _verify(source: Source, event: AppealLodged, say: Say) -> list[Block]:
    """How to check the answer without trusting whoever wrote it."""
    case = source.case.id
    contested = {contest.indicator for contest in event.contests}
    about = {one.version for one in change_log(source.point) if one.indicator in contested}
    entries = [
        recorded
        for recorded in source.point.history
        if recorded.version in about and recorded.entry
    ]
    return [
        PageHeading(say("怎样核对", "How to verify")),
        Paragraph(
            say(
                "在任何一份账本或导出文件上运行下面的命令，应得到与本答复相同的数字；"
                "导出文件每行是一条记录的原样字节，其 SHA-256 应与下表相同。",
                "Run these on any copy of the ledger or on an export: the numbers must be those of"
                " this answer. Each line of an export is the exact bytes of one entry, and its"
                " SHA-256 must be the one in the table.",
            )
        ),
        *(
            Paragraph(line, code=True)
            for line in (
                f"scoretrail verify --case {case}",
                *(
                    f"scoretrail explain {case} {contest.indicator} --at v{source.last.version}"
                    for contest in event.contests
                ),
                f"scoretrail export {case} -o {case}.jsonl",
            )
        ),
        PageTable(
            say("原样字节的摘要", "digests of the entries"),
            (
                PageColumn(say(*terms.VERSION), 5, number=True),
                PageColumn(say(*terms.EVENT), 18),
                PageColumn(say(*terms.POSITION), 8, number=True),
                PageColumn("SHA-256", 48),
            ),
            tuple(
                PageRow(
                    (
                        str(entry.version),
                        entry.type,
                        "—" if entry.position is None else str(entry.position),
                        sha256(entry.entry).hexdigest(),
                    )
                )
                for entry in entries
            ),
        ),
    ]
