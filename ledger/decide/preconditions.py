"""What several decisions ask of a case before anything may happen."""

from collections.abc import Iterable
from decimal import Decimal

from ledger.case import Award, Case
from ledger.case_totals import awarded_totals
from ledger.commands import (
    AdjustScore,
    CommandRefused,
    ConfirmScore,
)
from ledger.editions import Editions
from ledger.events import (
    CaseOpened,
)
from ledger.rubric import BonusPenaltyRule, Indicator, Rubric, Totals
from ledger.values import IndicatorId, Invalid, Sha256, Stage, exact

STAGES: dict[Stage, str] = {
    "open": "自评填报",
    "submitted": "核查",
    "draft": "征求意见",
    "issued": "已印发",
    "closed": "已办结",
}


def must_exist(case: Case) -> CaseOpened:
    """The opening of the case, which everything else stands on."""
    if case.opened is None:
        raise CommandRefused(
            "no-case",
            "评价事项不存在；请先立项：scoretrail case open …",
            "there is no such case; open it first: scoretrail case open …",
        )
    return case.opened


def must_be(case: Case, *stages: Stage) -> None:
    """Allow an act at these stages of a case only."""
    must_exist(case)
    if case.stage not in stages:
        wanted = "、".join(STAGES[stage] for stage in stages)
        raise CommandRefused(
            "stage",
            f"现在是“{STAGES[case.stage]}”阶段，这一步只能在“{wanted}”阶段做",
            f"the case is at the stage “{case.stage}”; this is done at: {', '.join(stages)}",
        )


def pinned_rubric(case: Case, editions: Editions) -> Rubric:
    """The rubric that the case has pinned."""
    must_exist(case)
    if case.pinned is None:
        raise CommandRefused(
            "no-rubric",
            "还没有选定指标体系；请先执行 scoretrail case pin …",
            "no rubric is pinned yet; first: scoretrail case pin …",
        )
    return editions.rubric(case.pinned.edition)


def row_of(rubric: Rubric, indicator: IndicatorId) -> Indicator:
    """The row of an indicator in the rubric."""
    if found := rubric.by_id.get(indicator):
        return found
    known = tuple(rubric.by_id)
    raise CommandRefused(
        "unknown-indicator",
        f"指标体系中没有指标 {indicator}；可用：{'、'.join(known)}",
        f"the rubric has no indicator {indicator}; it has: {', '.join(known)}",
    )


def scaled_score(rubric: Rubric, score: Decimal, most: Decimal, what: str) -> Decimal:
    """The score in the rubric's scale, within [0, most]."""
    try:
        scaled = rubric.in_scale(score)
    except Invalid as error:
        raise CommandRefused(
            "score-scale", f"{what}：{error.text.zh}", f"{what}: {error.text.en}"
        ) from None
    if not 0 <= scaled <= most:
        raise CommandRefused(
            "score-range",
            f"{what}：{scaled} 超出 0 至 {most}",
            f"{what}: {scaled} is outside 0 to {most}",
        )
    return scaled


def must_be_printable(*numbers: Decimal | None) -> None:
    """A printed number may have any decimals, but it is a number."""
    try:
        exact(*numbers)
    except Invalid as error:
        raise CommandRefused(
            "printed-number",
            f"文件所列数字：{error.text.zh}",
            f"a number that the document prints: {error.text.en}",
        ) from None


def must_say(words: str, zh: str, en: str) -> str:
    """Words that have something in them, or a refusal in these words."""
    if not words.strip():
        raise CommandRefused("justification", zh, en)
    return words


def must_be_filed(case: Case, evidence: Iterable[Sha256]) -> None:
    """Allow only evidence to be cited that was filed."""
    for sha256 in evidence:
        if sha256 not in case.evidence:
            raise CommandRefused(
                "unknown-evidence",
                f"佐证材料 {sha256[:12]}… 没有提交过；请先提交：scoretrail submit evidence …",
                f"the evidence {sha256[:12]}… was never filed; first: scoretrail submit evidence …",
            )


def extra_of(extra: BonusPenaltyRule | None, zh: str, en: str) -> BonusPenaltyRule:
    """The rubric's bonus or penalty, where it has one."""
    if extra is None:
        raise CommandRefused(
            "no-extra",
            f"指标体系没有{zh}项，不能记{zh}；请按三级指标评分",
            f"the rubric has no {en} and none can be given; score the indicators instead",
        )
    return extra


def must_cite(
    case: Case, rubric: Rubric, award: Decimal, command: AdjustScore | ConfirmScore
) -> None:
    """Discretion (酌情) needs a clause or a stated ground."""
    if command.clause.strip() or command.ground.strip():
        return
    result = rubric.rule_result(rubric.by_id[command.indicator], case.figures_in_force)
    if result.lowest <= award <= result.highest:
        return
    given = str(result.score) if result.score is not None else f"{result.lowest}–{result.highest}"
    raise CommandRefused(
        "discretion",
        f"{command.indicator}：按标准得 {given}，核查得分 {award} 属酌情，"
        "须写明条款（clause）或理由（ground）",
        f"{command.indicator}: the rule gives {given}; an award of {award} is discretion"
        " and needs a clause or a stated ground",
    )


def discretionary(case: Case, rubric: Rubric) -> list[IndicatorId]:
    """Rows whose award differs from what the rule allows with the figures now in force."""
    figures = case.figures_in_force
    rows = []
    for indicator in rubric.indicators:
        award = case.awards.get(indicator.id)
        if award is None:
            continue
        result = rubric.rule_result(indicator, figures)
        if not result.lowest <= award.score <= result.highest:
            rows.append(indicator.id)
    return rows


def uncountersigned(case: Case, rubric: Rubric) -> list[IndicatorId]:
    """Rows of discretion, and rows said not to apply, that no second person has signed."""
    awards = {**case.awards, **case.excluded}
    rows = [*discretionary(case, rubric), *case.excluded]
    return [row for row in rows if not awards[row].countersigned]


def standing_award(case: Case, indicator: IndicatorId) -> Award:
    """The award that stands for a row, or what excludes the row."""
    if award := case.awards.get(indicator) or case.excluded.get(indicator):
        return award
    raise CommandRefused(
        "no-award",
        f"{indicator} 还没有核查得分；请先用 confirm-score 或 adjust-score",
        f"{indicator} has no award yet; first use confirm-score or adjust-score",
    )


def totals_to_go_out(case: Case, rubric: Rubric) -> Totals:
    """The totals of a case that is complete and signed enough to leave the house."""
    lacking = [
        row.id
        for row in rubric.indicators
        if row.id not in case.awards and row.id not in case.excluded
    ]
    lacking += [item for item in case.bonus_claims if item not in case.bonus]
    if lacking:
        raise CommandRefused(
            "awards-missing",
            f"还有 {len(lacking)} 项没有核查结论：{'、'.join(lacking)}",
            f"{len(lacking)} rows or bonus items have no award yet: {', '.join(lacking)}",
        )
    rows = discretionary(case, rubric)  # figures may have been restated since an award was made
    if unstated := [row for row in rows if not case.awards[row].stated]:
        raise CommandRefused(
            "discretion",
            f"与按标准得分不同而没有写明条款或理由：{'、'.join(unstated)}；请撤回后写明再给分",
            "awards that differ from the rule without a clause or a ground:"
            f" {', '.join(unstated)}; withdraw them and award again with one",
        )
    if unsigned := uncountersigned(case, rubric):
        raise CommandRefused(
            "not-countersigned",
            f"酌情给分须由第二人签认后才能发出，尚缺：{'、'.join(unsigned)}",
            "discretion needs a second signature before it goes out; lacking:"
            f" {', '.join(unsigned)}",
        )
    return awarded_totals(case, rubric)
