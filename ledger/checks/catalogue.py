"""Every check with what it promises: the list that runs, and what holds where nothing is found."""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from ledger.checks import (
    bonus,
    contested,
    deadlines,
    declared,
    documents,
    figures,
    grounds,
    printed,
    record,
    scores,
    standard,
    statements,
    timing,
)
from ledger.checks.case_file import CaseFile
from ledger.checks.discrepancy import Outcome, Severity
from ledger.language import Text

Check = Callable[[CaseFile], Iterable[Outcome]]


class Entry(NamedTuple):
    """A check, how grave its findings can be, and what it promises."""

    check: Check
    severities: tuple[Severity, ...]
    promise: Text

    @property
    def name(self) -> str:
        """What the check is called in a finding: `claim-above-rule`."""
        return name_of(self.check)


def name_of(check: Check) -> str:
    """What a check is called in a finding: `claim-above-rule`."""
    return str(getattr(check, "__name__", "")).replace("_", "-")


E: Final = ("error",)
W: Final = ("warning",)
N: Final = ("note",)

RECORD: Final[tuple[Entry, ...]] = (
    Entry(
        record.out_of_order, E, Text("记录连续、不倒序", "events follow one another without gaps")
    ),
    Entry(
        record.not_entitled,
        E,
        Text("各项操作均有权限", "each event is by an account whose role allows it"),
    ),
    Entry(
        record.not_registered,
        E,
        Text("操作账号与账号登记簿相符", "acting accounts agree with the account registry"),
    ),
    Entry(record.not_justified, E, Text("调整均有理由", "adjustments have a justification")),
    Entry(
        record.award_off_scale,
        E,
        Text("得分在 0 与分值之间，位数相符", "scores are within the weight and the scale"),
    ),
    Entry(
        record.discretion_unsigned,
        E,
        Text(
            "酌情评分有依据并经复核签字", "discretion has a clause or ground and a countersignature"
        ),
    ),
    Entry(
        record.signed_by_author,
        E,
        Text("无人复核或决定本人事项", "nobody countersigns or decides a matter of their own"),
    ),
    Entry(record.recused, E, Text("已回避的未再办理", "recused accounts did nothing more")),
    Entry(
        record.acted_before_recusal,
        N,
        Text("回避的未曾办理", "recused accounts had done nothing before"),
    ),
    Entry(
        record.moved_after_issue,
        E,
        Text(
            "印发后得分只经更正或申诉变动", "after issue scores move by correction or appeal only"
        ),
    ),
    Entry(record.out_of_turn, E, Text("各项操作在应有阶段", "each event is at its stage")),
    Entry(
        record.incomplete,
        E,
        Text("提交、发出时各项得分齐全", "nothing is submitted or issued with scores missing"),
    ),
    Entry(
        record.print_unexplained,
        E,
        Text("所印与计算不符处有说明", "a printed total that differs is explained"),
    ),
    Entry(
        record.not_what_rules_give,
        E,
        Text("程序算出的内容与重算一致", "computed content is what the rules give"),
    ),
    Entry(
        record.refused_by_rule, E, Text("没有规则不容许的操作", "no rule refuses a recorded event")
    ),
    Entry(
        record.refused_by_later_rules,
        N,
        Text("没有现行规则不容许的操作", "today's rules would refuse none of the events"),
    ),
    Entry(timing.recorded_late, N, Text("及时登记", "events are recorded in time")),
    Entry(
        timing.dated_ahead,
        W,
        Text("业务日期不晚于记录时间", "no business date is later than the recorded time"),
    ),
    Entry(
        timing.dated_before_cause,
        ("warning", "note"),
        Text("业务日期不早于所依据的记录", "no event is dated before what it rests on"),
    ),
    Entry(timing.date_implausible, ("warning", "note"), Text("日期可信", "no date is implausible")),
    Entry(
        timing.recorded_in_the_future,
        E,
        Text("记录时间不晚于现在", "nothing is recorded later than now"),
    ),
    Entry(
        timing.no_consultation,
        N,
        Text("印发前征求过意见", "the unit was heard on a draft before issue"),
    ),
)
"""These need no rubric."""

CONTENT: Final[tuple[Entry, ...]] = (
    Entry(
        scores.awarded_total_by_standard,
        W,
        Text("核查总分与等级即按标准所得", "the awarded total and grade are what the rules give"),
    ),
    Entry(
        scores.claimed_total_by_standard,
        ("warning", "note"),
        Text(
            "自评总分与等级不高于自评所填数据所得",
            "the claimed total and grade are no more than the unit's own figures give",
        ),
    ),
    Entry(
        printed.printed_totals,
        ("error", "warning"),
        Text(
            "所印合计、加分、总分、等级与各行相符", "printed totals and grades agree with the rows"
        ),
    ),
    Entry(
        printed.printed_subtotals,
        ("error", "warning", "note"),
        Text("所印小计、分值、得分率与各行相符", "printed subtotals agree with their rows"),
    ),
    Entry(
        figures.negative_duration,
        ("error", "warning"),
        Text("后一日期不早于前一日期", "no second date is before the first"),
    ),
    Entry(
        figures.duration_too_long,
        E,
        Text("天数超出标准的没有得分", "no points for durations beyond the standard"),
    ),
    Entry(
        scores.award_off_the_rule,
        W,
        Text("核查得分在标准容许之内", "awards are within what the rule gives"),
    ),
    Entry(
        scores.award_without_clause,
        W,
        Text("变动的得分写明依据条款", "changed scores name a clause"),
    ),
    Entry(
        scores.claim_above_rule,
        W,
        Text(
            "自评得分不高于自评所填数据所得",
            "claims are no more than the unit's own figures give",
        ),
    ),
    Entry(
        scores.claim_below_rule,
        N,
        Text(
            "自评得分不低于自评所填数据所得", "claims are no less than the unit's own figures give"
        ),
    ),
    Entry(
        scores.rule_undecided,
        ("warning", "note"),
        Text("按标准计分所需数据齐全", "the rule has the figures it needs"),
    ),
    Entry(
        grounds.full_marks_on_nothing,
        W,
        Text("满分有基础数据或佐证材料", "full marks rest on a figure or on evidence"),
    ),
    Entry(grounds.award_without_evidence, W, Text("核查得分引用佐证材料", "awards cite evidence")),
    Entry(
        grounds.confirmed_without_figure,
        N,
        Text("核查确认的指标有核查自己的数据", "confirmed rows rest on a figure of the review"),
    ),
    Entry(
        grounds.figures_off_the_rule,
        W,
        Text("核查所列的数是标准所计的数", "numbers of the review are what the rule measures"),
    ),
    Entry(
        grounds.reason_against_score,
        W,
        Text("得扣分原因所写与得分相符", "justifications agree with the score"),
    ),
    Entry(
        scores.raised_above_claim,
        N,
        Text("核查得分不高于自评得分", "no award is above the claim"),
    ),
    Entry(
        scores.total_hides_moves,
        N,
        Text("总分变动不掩盖各行升降", "the change of the total hides no changes of rows"),
    ),
    Entry(
        scores.claim_restated,
        W,
        Text("核查表所印自评分即自评得分", "the self column of the review is what was claimed"),
    ),
    Entry(
        scores.cut_without_finding,
        W,
        Text("失分的指标列入存在问题", "rows that lose points have a finding"),
    ),
    Entry(
        scores.cut_off_the_steps,
        W,
        Text("扣分合于标准的每次扣分", "deductions are multiples of the standard's steps"),
    ),
    Entry(
        grounds.evidence_cut_once,
        W,
        Text(
            "同一材料不一处扣分、一处满分",
            "no file costs one row points and earns another full marks",
        ),
    ),
    Entry(
        bonus.bonus_beyond_cap,
        N,
        Text("申报加分不超过上限，或已定计入哪几项", "bonus claimed within the cap, or decided"),
    ),
    Entry(
        bonus.bonus_left_out,
        ("warning", "note"),
        Text("未计入的加分写明依据", "bonus items that do not count have a clause"),
    ),
    Entry(
        statements.bonus_off_the_standard,
        W,
        Text("加分合于标准所列机关和对象", "bonus items are from and for whom the standard says"),
    ),
    Entry(
        bonus.rate_with_bonus,
        N,
        Text("总分不含加减分", "the total contains no points outside the rows"),
    ),
    Entry(
        documents.figure_restated,
        ("warning", "note"),
        Text("两份文件的基础数据相同", "figures are the same in both documents"),
    ),
    Entry(documents.target_changed, E, Text("目标值前后相同", "targets are the same in both")),
    Entry(
        documents.figure_dropped,
        W,
        Text("自评所填数据核查均有", "no submitted value is left blank in the review"),
    ),
    Entry(
        documents.goal_not_printed,
        W,
        Text("自评所列目标核查均印出", "goals of the self-report are printed in the review"),
    ),
    Entry(
        documents.goal_class_differs,
        N,
        Text("目标的类别前后相同", "goals are of the same class in both documents"),
    ),
    Entry(
        documents.number_with_two_titles,
        N,
        Text("一个文号一个标题", "a document number has one title"),
    ),
    Entry(
        documents.published_otherwise,
        W,
        Text("公开的材料与报送的一致", "what was published is what was submitted"),
    ),
    Entry(
        contested.upheld_and_lowered,
        W,
        Text("采纳、支持的没有降分", "what was accepted or upheld did not lower the score"),
    ),
    Entry(
        contested.contested_row_moved,
        W,
        Text(
            "申诉期间所争议的得分未变", "contested scores did not change while the appeal was open"
        ),
    ),
    Entry(
        deadlines.deadline_missed,
        W,
        Text("各事项在时限之内", "what has a time limit was done in time"),
    ),
    Entry(
        deadlines.deadline_of_notice_missed,
        W,
        Text("所述期间在通知规定的期限之内", "stated times are within what notices set"),
    ),
    Entry(
        deadlines.limit_not_in_standard,
        W,
        Text("所用限期即标准所定", "limits applied are those of the standard"),
    ),
    Entry(
        documents.goal_not_submitted,
        W,
        Text("核查所列目标自评均有", "goals of the review are in the self-report"),
    ),
    Entry(
        documents.scope_differs,
        W,
        Text("两份文件统计口径相同", "both documents cover the same scope"),
    ),
    Entry(
        documents.scope_differs_value_same,
        N,
        Text("口径变了的数值也变了", "numbers of another scope are other numbers"),
    ),
    Entry(
        figures.scopes_mixed,
        W,
        Text("相比的数统计口径相同", "what is compared covers the same scope"),
    ),
    Entry(
        figures.decided_by_a_hair,
        W,
        Text("没有差额小于万分之一的比较", "no comparison is decided by under 1 in 10,000"),
    ),
    Entry(figures.finer_than_unit, N, Text("金额精确到分", "amounts are no finer than a cent")),
    Entry(
        figures.date_after_document,
        W,
        Text("所写日期不晚于文件日期", "no document reports what is later than itself"),
    ),
    Entry(
        figures.actual_repeats_target,
        W,
        Text("实际完成值不照抄目标值", "no actual repeats its target"),
    ),
    Entry(
        figures.goal_without_grade,
        W,
        Text("定性目标按标准评级", "qualitative goals are graded"),
    ),
    Entry(
        figures.goal_overshot,
        N,
        Text("超额完成按标准计分", "exceeded goals count as the standard says"),
    ),
    Entry(
        figures.award_by_fewer_goals,
        N,
        Text("得分不是漏算目标的结果", "no award fits a count with one goal left out"),
    ),
    Entry(
        declared.printed_rate,
        ("error", "note"),
        Text("所印比率与计算相符", "printed rates are what their figures give"),
    ),
    Entry(
        declared.printed_rate_against_score,
        E,
        Text("所印比率与得分相符", "printed rates earn the score given"),
    ),
    Entry(
        declared.sum_does_not_hold,
        ("error", "warning", "note"),
        Text("勾稽关系的合计相符", "declared sums hold"),
    ),
    Entry(
        declared.count_differs,
        ("error", "warning", "note"),
        Text("所写个数与实有个数相符", "counts stated are counts found"),
    ),
    Entry(
        declared.copies_differ,
        ("error", "warning", "note"),
        Text("同一事实各处一致", "one datum is the same everywhere"),
    ),
    Entry(
        figures.one_thing_two_names,
        N,
        Text("同一件事名称一致", "one thing has one name"),
    ),
    Entry(
        declared.net_hides_parts,
        W,
        Text("净变动不掩盖各部分的变动", "net changes hide no larger ones"),
    ),
    Entry(
        declared.net_printed_as_rate,
        W,
        Text("所印比率不是净变动", "no printed rate is just a net change"),
    ),
    Entry(
        declared.addition_not_reported,
        W,
        Text("追加列为 0 时各部分没有增加", "where no addition is reported no part has grown"),
    ),
    Entry(
        statements.said_in_order,
        E,
        Text("文件称符合的，按数据也符合", "what a document calls in order is so by its figures"),
    ),
    Entry(
        statements.said_at_fault,
        W,
        Text(
            "文件自认有问题的没有得满分",
            "what a document admits as a problem did not get full marks",
        ),
    ),
    Entry(
        statements.fact_treated_twice,
        W,
        Text("同一事实各行同样对待", "one fact is treated alike in all rows"),
    ),
    Entry(
        statements.printed_actual_repeats_target,
        W,
        Text("所印完成情况不照抄目标值", "what is printed as the actual is not the target"),
    ),
    Entry(
        statements.party_misnamed,
        ("warning", "note"),
        Text("所印当事单位与记录相符", "printed parties are those of the record"),
    ),
    Entry(
        standard.weights_above_cap,
        W,
        Text("分值合计不超过总分上限", "the weights are within the cap"),
    ),
    Entry(
        standard.band_gap,
        ("warning", "note"),
        Text("每个总分都有等级", "every total has a grade"),
    ),
    Entry(
        standard.tie_undefined, N, Text("两数相等时有规定", "the standard settles equal numbers")
    ),
    Entry(standard.repeated_name, N, Text("指标不重名", "names of indicators are not repeated")),
)
"""These need a pinned rubric."""

CATALOGUE: Final[tuple[Entry, ...]] = (*RECORD, *CONTENT)
