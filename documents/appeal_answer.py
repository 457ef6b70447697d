"""The answer to an appeal (申诉答复): a letter, with how each score came about annexed."""

from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256

from msgspec import Struct

from documents.annual_register import log_table
from documents.letter_sections import outside_check, recusals, sections, time_limit
from documents.page import (
    Annex,
    Block,
    Document,
    Facts,
    Letter,
    PageColumn,
    PageHeading,
    PageRow,
    PageTable,
    Paragraph,
    format_cell,
    with_minus,
)
from documents.pictures.waterfall import step_name
from documents.score_table import by_standard, decided, item_titles, moves_drawn
from documents.source import Source, footer
from documents.wording import BLANK, unspaced
from ledger import terms
from ledger.envelope import RecordedEvent
from ledger.events import AppealDecided, AppealLodged, AppealWithdrawn, Contested
from ledger.language import Language, Say, in_language, listing, speaker
from ledger.rubric import BonusPenaltyRule
from ledger.subjects import Subject, subjects_of
from ledger.values import Invalid, ItemId
from projections import formatting
from projections.bridge import bridge
from projections.change_log import ChangeLogRow, change_log
from projections.explanation import Explanation, explain
from projections.provenance import with_remarks


class _Answer(Struct, frozen=True, kw_only=True):
    """An appeal and what became of it.

    Attributes:
        end: its decision or withdrawal; `None` while it is open.
        before: the case just before that, or as it is.
        after: the case just after it; `None` while it is open.
        now: the case at the point that the document is about.
    """

    lodged: RecordedEvent
    appeal: AppealLodged
    end: RecordedEvent | None
    before: Source
    after: Source | None
    now: Source

    @property
    def decision(self) -> AppealDecided | None:
        """The decision, if there is one."""
        event = self.end.event if self.end else None
        return event if isinstance(event, AppealDecided) else None


def appeal_answer(source: Source, language: Language, appeal: ItemId | None = None) -> Document:
    """The answer to an appeal, decided or not yet.

    Args:
        source: where the numbers come from.
        language: of the answer.
        appeal: which one; may be left out where the case has only one.

    Raises:
        Invalid: no such appeal, none at all, or several and none is named.
    """
    say, answer = speaker(language), _answer(source, appeal)
    decision, opened = answer.decision, source.case.opened
    return Document(
        title=say(f"关于{source.title}申诉的答复", f"Answer to an appeal: {source.title}"),
        subtitle=say(f"{source.unit}，{source.year}年度", f"{source.unit}, {source.year}"),
        letter=Letter(
            sender=opened.bureau_name if opened else "",
            number=decision.number if decision else "",
            addressee=source.unit,
            dated=formatting.day(answer.end.dated, language) if decision and answer.end else "",
        ),
        blocks=(
            Paragraph(_received(answer, say, language)),
            *sections(
                language,
                (say("决定", "Decision"), [*_decided(answer, say, language)]),
                (say("回避情况", "Recusals"), recusals(source, language)),
                (say("得分和等级", "Scores and grade"), [*_scores(answer, say)]),
                (say("后续事项", "What you can do next"), _next(answer, say, language)),
                (say("核对办法", "How to verify this answer"), outside_check(source, language)),
            ),
        ),
        annexes=_annexes(answer, say, language),
        footer=footer(source, language),
        language=language,
        made=source.last.at,
    )


def _answer(source: Source, appeal: ItemId | None) -> _Answer:
    lodged = _lodged(source, appeal)
    event = lodged.event
    assert isinstance(event, AppealLodged)  # noqa: S101 - `_lodged` picked it by that
    end = next(
        (
            recorded
            for recorded in reversed(source.point.history)
            if isinstance(recorded.event, AppealDecided | AppealWithdrawn)
            and recorded.event.appeal == event.appeal
        ),
        None,
    )
    return _Answer(
        lodged=lodged,
        appeal=event,
        end=end,
        before=source.upto(end.version - 1) if end else source,
        after=source.upto(end.version) if end else None,
        now=source,
    )


def _lodged(source: Source, appeal: ItemId | None) -> RecordedEvent:
    lodged = {
        recorded.event.appeal: recorded
        for recorded in source.point.history
        if isinstance(recorded.event, AppealLodged)
    }
    if not lodged:
        name = formatting.named(source.point)
        raise Invalid(f"在时点“{name.zh}”没有申诉", f"at '{name.en}' there was no appeal")
    if appeal is None and len(lodged) == 1:
        return next(iter(lodged.values()))
    zh, en = listing(lodged)
    if appeal is not None and appeal not in lodged:
        raise Invalid(
            f"没有申诉“{appeal}”。现有：{zh}",
            f"there is no appeal '{appeal}'. There are: {en}",
            subject=appeal,
            field="appeal",
            known=lodged,
        )
    if appeal is None:
        raise Invalid(
            f"有多件申诉。请指明其中一件：{zh}",
            f"there are several appeals. Name one of them: {en}",
            rule="which-appeal",
            field="appeal",
        )
    return lodged[appeal]


# The letter --------------------------------------------------------------------------------------


def _received(answer: _Answer, say: Say, language: Language) -> str:
    """What was received when, about which rows."""
    day = formatting.day(answer.lodged.dated, language)
    named = formatting.aside(say("申诉", "appeal"), answer.appeal.number, language)
    names = say("、", ", ").join(_name(answer.now, contest) for contest in answer.appeal.contests)
    statement = with_remarks(answer.appeal.statement, answer.appeal, say)
    return say(
        f"你单位{day}提出的{named}收悉。申诉涉及：{names}。申诉理由：{statement}",
        f"We have received your {named} of {day}. It concerns: {names}. Its grounds: {statement}",
    )


def _decided(answer: _Answer, say: Say, language: Language) -> Iterator[Block]:
    """The outcome, its grounds and clause, and who decided."""
    end, decision = answer.end, answer.decision
    if end is None:
        yield Paragraph(say("申诉尚未决定。", "The appeal is not yet decided."))
        return
    day = formatting.day(end.dated, language)
    if decision is None:
        yield Paragraph(
            say(f"申诉已于{day}由你单位撤回，不再决定。", f"You withdrew the appeal on {day}.")
        )
        return
    outcome = say(*terms.APPEAL_OUTCOMES[decision.outcome])
    yield Paragraph(say(f"申诉决定：{outcome}。", f"Decision: {outcome}."))
    grounds = with_remarks(decision.justification, decision, say)
    yield Paragraph(say(f"理由：{grounds}", f"Grounds: {grounds}"))
    if decision.clause:
        yield Paragraph(say(f"依据条款：{decision.clause}。", f"Clause: {decision.clause}."))
    if decision.evidence:
        files = [answer.now.case.evidence.get(digest) for digest in decision.evidence]
        titles = [formatting.aside(file.title, file.number, language) for file in files if file]
        cited = say("、", ", ").join(titles)
        yield Paragraph(say(f"佐证材料：{cited}。", f"Evidence: {cited}."))
    yield Paragraph(_who(answer, end, say, language))


def _who(answer: _Answer, end: RecordedEvent, say: Say, language: Language) -> str:
    """Who decided; and that it was nobody who had made or signed what is contested."""
    role, day = say(*terms.ROLES[end.by.role]), formatting.day(end.dated, language)
    account = end.by.account
    party = account in answer.before.case.appeals[answer.appeal.appeal].parties
    apart_zh = "" if party else "该账号未曾作出、也未曾复核签字所争议的评分。"
    apart_en = "" if party else " The account neither made nor countersigned what is contested."
    return say(
        f"本申诉由{role}账号{account}于{day}决定（第{end.version}条记录）。{apart_zh}",
        f"Decided by the {role} account {account} on {day} (event {end.version}).{apart_en}",
    )


def _scores(answer: _Answer, say: Say) -> Iterator[Block]:
    """Rows, total and grade before and after, and what led from one to the other."""
    yield _before_and_after(answer, say)
    if answer.after is None:
        return
    found = bridge(answer.before.point, answer.after.point)
    steps = say("；", "; ").join(
        f"{step_name(step, answer.now.rubric, say)} {' → '.join(map(format_cell, step.ends))}"
        f"{say(f'（{delta}）', f' ({delta})')}"
        for step in found.steps
        for delta in (with_minus(f"{step.delta:+f}"),)
    )
    start, end = found.start.shown, found.end.shown
    yield Paragraph(
        say(
            f"总分由{start}变为{end}：{steps}。" if steps else f"总分{end}不变。",
            f"The total moves from {start} to {end}: {steps}."
            if steps
            else f"The total remains {end}.",
        )
    )
    yield from _since(answer, answer.after, say)


def _before_and_after(answer: _Answer, say: Say) -> PageTable:
    before, after = answer.before, answer.after
    later = say("申诉决定后", "After the decision")

    def row(name: str, *cells: str | None, strong: bool = False) -> PageRow:
        return PageRow((name, *cells), strong=strong)

    rows = [
        row(
            _name(answer.now, contest),
            *(
                None if score is None else format_cell(score)
                for score in (
                    _weight(before, contest),
                    _claimed(before, contest),
                    contest.award,
                    _counts(before, contest),
                    _counts(after, contest) if after else None,
                )
            ),
        )
        for contest in answer.appeal.contests
    ]
    totals = [
        format_cell(total)
        for total in (
            before.rubric.in_scale(before.rubric.full),
            before.claim_total,
            None,
            before.award_total,
            after.award_total if after else None,
        )
    ]
    grades = (
        None,
        before.sheet().claim.grade,
        None,
        before.sheet().award.grade,
        after.sheet().award.grade if after else None,
    )
    return PageTable(
        say("得分和等级对照", "scores and grade before and after"),
        (
            PageColumn(say(*terms.INDICATOR), 12),
            PageColumn(say(*terms.WEIGHT), 6, number=True),
            PageColumn(say(*terms.CLAIMED), 7, number=True),
            PageColumn(say(*terms.CONTESTED), 9, number=True),
            PageColumn(say("申诉决定前", "Before the decision"), 8, number=True),
            PageColumn(later, 8, number=True),
        ),
        (
            *rows,
            row(say("总分", "Total"), *totals, strong=True),
            row(say(*terms.GRADE), *grades, strong=True),
        ),
    )


def _since(answer: _Answer, after: Source, say: Say) -> Iterator[Paragraph]:
    """What moved after the decision, so that nobody takes the table for today's scores."""
    now, then = answer.now, after
    if now.award_total == then.award_total:
        return
    grade = now.sheet().award.grade or formatting.NOTHING
    total = format_cell(now.award_total)
    yield Paragraph(
        say(
            f"申诉决定以后得分另有变动，现总分{total}，等级{grade}，见附件。",
            f"Scores have changed since the decision; the total is now {total}, grade {grade}: see"
            " the annexes.",
        )
    )


def _next(answer: _Answer, say: Say, language: Language) -> list[Block]:
    """What the unit can do next, as far as the rubric says so; the rest is for a person."""
    source, dated = answer.now, answer.end.dated if answer.end else None
    last = source.point.last_days.last_day("appeal", source.case.received)
    return [
        time_limit(say("申诉", "appeals"), last, source, language, dated),
        Paragraph(
            say(
                f"对本答复仍有异议的，可采取的途径、受理机关和期限（由制发机关填写）：{BLANK}",
                "If you disagree with this answer: remedy, competent authority and time limit"
                f" (to be filled in): {BLANK}",
            )
        ),
        Paragraph(
            say(
                f"联系人和电话（由制发机关填写）：{BLANK}",
                f"Contact (to be filled in): {BLANK}",
            )
        ),
    ]


def _name(source: Source, contested: Contested) -> str:
    """The indicator, or the item by its title with the rubric's row of such items."""
    if contested.item is None:
        row = source.rubric.by_id.get(contested.indicator)
        return row.path[-1] if row else contested.indicator
    extra = _extra(source, contested)
    title = item_titles(source.point).get(contested.item, contested.item)
    return f"{extra.name} / {title}" if extra else title


def _extra(source: Source, contested: Contested) -> BonusPenaltyRule | None:
    return source.rubric.penalty if contested.penalty else source.rubric.bonus


def _weight(source: Source, contested: Contested) -> Decimal | None:
    """The most that is possible; for an item that is what the items count together."""
    if contested.item is None:
        return source.rubric.in_scale(source.rubric.by_id[contested.indicator].weight)
    extra = _extra(source, contested)
    return source.rubric.in_scale(extra.cap) if extra else None


def _claimed(source: Source, contested: Contested) -> Decimal | None:
    if contested.item is None:
        return source.case.claims.get(contested.indicator)
    return None if contested.penalty else source.case.bonus_claims.get(contested.item)


def _counts(source: Source, contested: Contested) -> Decimal | None:
    """What is awarded, or what the item counts."""
    if contested.item is None:
        return source.case.awarded.get(contested.indicator)
    items = source.case.penalties if contested.penalty else source.case.bonus
    return items.get(contested.item)


# The annexes -------------------------------------------------------------------------------------


def _annexes(answer: _Answer, say: Say, language: Language) -> tuple[Annex, ...]:
    source = answer.now
    rows = [
        block
        for contest in answer.appeal.contests
        for block in (_row if contest.item is None else _item)(source, contest, say, language)
    ]
    drawn = moves_drawn(source, language)
    return (
        Annex(
            say("逐项得分说明和变动记录", "Explanation of each score, with all changes"),
            (*by_standard(source, language), *rows),
        ),
        *(
            [Annex(say("得分变动图", "Changes from the self-evaluation to the score"), (*drawn,))]
            if drawn
            else []
        ),
        Annex(
            say("记录摘要和核对命令", "Digests of the records and commands for verification"),
            _digests(source, answer.appeal, say, language),
        ),
    )


def _about(source: Source, contested: Contested) -> list[ChangeLogRow]:
    """The change log of what an appeal contests: of an indicator, or of an item."""
    if contested.item is None:
        return change_log(source.point, contested.indicator)
    subject = Subject("item", contested.item)
    return [
        row
        for row in change_log(source.point)
        if row.indicator is None and subject in subjects_of(source.events[row.version])
    ]


def _item(source: Source, contested: Contested, say: Say, language: Language) -> list[Block]:
    extra = _extra(source, contested)
    standard = (
        [(say(*terms.STANDARD), extra.standard), (say(*terms.CLAUSE), extra.clause)]
        if extra
        else []
    )
    return [
        PageHeading(formatting.aside(_name(source, contested), contested.item or "", language)),
        Facts(
            (
                (say(*terms.CLAIMED), format_cell(_claimed(source, contested))),
                (say(*terms.AWARDED), format_cell(_counts(source, contested))),
                *standard,
            )
        ),
        log_table(source, _about(source, contested), language),
    ]


def _row(source: Source, contested: Contested, say: Say, language: Language) -> list[Block]:
    found = explain(source.point, contested.indicator)
    rule = found.rule
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
                (say(*terms.RULE_RESULT), say(*rule.range_text)),
                (say(*terms.AWARDED), format_cell(found.award)),
                (say(*terms.DECIDED_BY), decided(found.decided_by, say)),
                *([(say(*terms.EXPLANATION), found.explanation)] if found.explanation else []),
                (say(*terms.STANDARD), found.standard),
                (say(*terms.CLAUSE), rule.clause),
            )
        ),
        PageHeading(say("按标准计算过程", "Calculation by the standard"), level=2),
        *steps,
        *(
            [Paragraph(unspaced(found.total_by_rule.in_words, language))]
            if found.total_by_rule
            else []
        ),
        *(
            [Paragraph(say(f"缺少基础数据：{missing}", f"missing figures: {missing}"))]
            if missing
            else []
        ),
        *([_figures(source, found, language)] if rule.figures else []),
        log_table(source, _about(source, contested), language),
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


def _digests(
    source: Source, event: AppealLodged, say: Say, language: Language
) -> tuple[Block, ...]:
    """What to compare on a copy of the ledger or an export, byte by byte."""
    case = source.case.id
    about = {row.version for contest in event.contests for row in _about(source, contest)}
    entries = [
        recorded
        for recorded in source.point.history
        if recorded.version in about and recorded.entry
    ]
    return (
        Paragraph(
            say(
                "在任何一份记录库或导出文件上运行下面的命令，应得到与本答复相同的数字；"
                "导出文件每行是一条记录的原样字节，其SHA-256应与下表相同。",
                "Run the following commands on any copy of the ledger or on an export; they must"
                " give the numbers of this answer. Each line of an export is the exact bytes of"
                " one entry, and its SHA-256 must equal the one in the table.",
            )
        ),
        *(
            Paragraph(line, code=True)
            for line in (
                f"scoretrail verify --case {case}",
                *(
                    f"scoretrail explain {case} {contest.indicator} --at v{source.last.version}"
                    for contest in event.contests
                    if contest.item is None
                ),
                f"scoretrail export {case} -o {case}.jsonl",
            )
        ),
        PageTable(
            say("原样字节的摘要", "digests of the entries"),
            (
                PageColumn(say(*terms.VERSION), 5, number=True),
                PageColumn(say(*terms.EVENT), 22),
                PageColumn(say(*terms.POSITION), 8, number=True),
                PageColumn("SHA-256", 48),
            ),
            tuple(
                PageRow(
                    (
                        str(entry.version),
                        formatting.aside(
                            formatting.happened(entry.event, language), entry.type, language
                        ),
                        "—" if entry.position is None else str(entry.position),
                        sha256(entry.entry).hexdigest(),
                    )
                )
                for entry in entries
            ),
        ),
    )
