"""A rubric's rules in words (规则说明): one sentence per rule, with every parameter that it has."""

from collections.abc import Iterable, Mapping
from typing import assert_never

from ledger import terms
from ledger.award_needs import AwardNeeds
from ledger.figure_declarations import renamed
from ledger.language import Text, counted
from ledger.rubric import Indicator, Rubric
from ledger.rules.comparison import Comparison
from ledger.rules.completion import Completion
from ledger.rules.composition import AnyOf, Choice, Gated, Mean, Shape, Waivable, WeightedParts
from ledger.rules.conditions import AllOrNothing, InRange
from ledger.rules.deduction import Deduction, Deductions, StepDeduction, ThresholdDeduction
from ledger.rules.judgement import Cuts, Grade, ReviewerJudgement
from ledger.rules.measure import (
    Constant,
    Days,
    Difference,
    Measure,
    Quotient,
    Rate,
    ShareInTime,
    Total,
    WeightedMean,
)
from ledger.rules.ratio import Ratio
from ledger.rules.tiers import Tiers
from ledger.rules.totals import TotalsRule
from ledger.values import FigureId

_WORDS = {
    "full": Text("满分", "full marks"),
    "zero": Text("0 分", "no marks"),
    "no-score": Text("没有规定", "not provided for"),
    "missing": Text("视为缺失", "missing"),
    "left-out": Text("不计入个数", "left out"),
    "rate": Text("按完成率", "its rate"),
    "exact": Text("不取整", "not rounded"),
    "met-or-not": Text("只看是否达到", "met or not"),
    "capped-ratio": Text("目标 ÷ 完成值", "target over value"),
    "ratio": Text("按比率", "as a ratio"),
    "whole": Text("只计整档", "whole steps only"),
    "started": Text("不足一档按一档计", "partial steps count"),
    "pro-rata": Text("按比例", "pro rata"),
    "add": Text("相加", "are added"),
    "largest": Text("只计最大的", "count as the largest"),
    "multiply": Text("依次折减", "are deducted one after another from what remains"),
    "applies": Text("照规则计分", "the rule applies"),
}


def row_words(rubric: Rubric, row: Indicator) -> Text:
    """What the rule of a row says, in Chinese with the names of the figures that are declared.

    Where the row is rounded otherwise than the others, that comes last.
    """
    named = renamed(row.rule, rubric.figure_names) if rubric.figures else row.rule
    said, rounded = Text(rule_words(named).zh, rule_words(row.rule).en), _rounded(row.decimals)
    return Text(f"{said.zh}{rounded.zh}", f"{said.en}{rounded.en}")


def _rounded(decimals: int | None) -> Text:
    if decimals is None:
        return Text("", "")
    if decimals == 0:
        return Text("；本行得分取整", "; the row is rounded to whole points")
    return Text(
        f"；本行得分取 {decimals} 位小数", f"; the row is rounded to {counted(decimals, 'decimal')}"
    )


def rule_words(rule: Shape) -> Text:  # noqa: C901, PLR0911, PLR0912 - one branch per shape
    """What a rule says."""
    match rule:
        case AnyOf():
            parts_ = [rule_words(part) for part in rule.rules]
            return Text(
                "满足其一，取最高：" + _numbered(text.zh for text in parts_),
                "the best of " + _numbered(text.en for text in parts_),
            )
        case AllOrNothing():
            ids = _ids(rule.figures)
            return Text(f"全有或全无：{ids} 都为“是”得满分", f"all or nothing: {ids} all yes")
        case Choice():
            return _choice(rule)
        case Comparison():
            return _comparison(rule)
        case Completion():
            return _completion(rule)
        case Cuts():
            return _cuts(rule)
        case Deductions():
            return _deductions(rule)
        case ReviewerJudgement():
            return _discretion(rule)
        case Gated():
            inner, ids = rule_words(rule.rule), _ids(rule.required)
            return Text(
                f"先决条件 {ids} 都为“是”，否则 0 分；{inner.zh}",
                f"precondition {ids}, otherwise no marks; {inner.en}",
            )
        case Grade():
            return _grade(rule)
        case InRange():
            parts = [
                (measure_words(condition.value), condition.range) for condition in rule.conditions
            ]
            return Text(
                "都在范围内得满分，否则 0 分：" + "；".join(f"{m.zh} 在 {r}" for m, r in parts),
                "full if all are in range: " + "; ".join(f"{m.en} in {r}" for m, r in parts),
            )
        case Mean():
            parts_ = [rule_words(part) for part in rule.rules]
            return Text(
                "取平均：" + _numbered(text.zh for text in parts_),
                "mean of " + _numbered(text.en for text in parts_),
            )
        case Ratio():
            return _ratio(rule)
        case StepDeduction():
            return _step_deduction(rule)
        case ThresholdDeduction():
            return _threshold(rule)
        case Tiers():
            value = measure_words(rule.value)
            tiers = ", ".join(f"{tier.range} {tier.points}" for tier in rule.tiers)
            return Text(
                f"分档（{rule.out_of} 分制，{rule.domain} 以外没有规定）：{value.zh}；{tiers}",
                f"tiers of {rule.out_of} within {rule.domain}: {value.en}; {tiers}",
            )
        case Waivable():
            return _waivable(rule)
        case WeightedParts():
            named = [(part.name, part.share, rule_words(part.rule)) for part in rule.parts]
            return Text(
                "各部分：" + "；".join(f"“{n}”{s}%【{r.zh}】" for n, s, r in named),
                "parts: " + "; ".join(f"“{n}” {s}% [{r.en}]" for n, s, r in named),
            )
        case _:
            assert_never(rule)


def measure_words(measure: Measure) -> Text:  # noqa: PLR0911 - one return per measure
    """The number that a rule looks at."""
    match measure:
        case Constant():
            return Text(f"{measure.value}", f"{measure.value}")
        case Total():
            left_out = _left_out(measure.left_out)
            total = _plus(measure.figures)
            return Text(f"{total}{left_out.zh}", f"{total}{left_out.en}")
        case Rate():
            rate = f"{_plus(measure.over)} ÷ {_plus(measure.under)}"
            zero, decimals = _percent(measure.zero), _decimals(measure.decimals)
            left_out = _left_out(measure.left_out)
            return Text(
                f"{rate}{left_out.zh}（分母为 0：{zero.zh}；{decimals.zh}）",
                f"{rate}{left_out.en} (denominator 0: {zero.en}; {decimals.en})",
            )
        case WeightedMean():
            pairs = " + ".join(f"{v}×{w}" for v, w in zip(measure.values, measure.by, strict=True))
            decimals = _decimals(measure.decimals)
            return Text(
                f"加权平均 {pairs}（{decimals.zh}）", f"weighted mean {pairs} ({decimals.en})"
            )
        case Days():
            return Text(f"{measure.figure} 的天数", f"days of {measure.figure}")
        case Difference():
            of, less = measure_words(measure.of), measure_words(measure.less)
            return Text(f"({of.zh} − {less.zh})", f"({of.en} − {less.en})")
        case Quotient():
            over, under = measure_words(measure.over), measure_words(measure.under)
            zero, decimals = _percent(measure.zero), _decimals(measure.decimals)
            return Text(
                f"{over.zh} ÷ {under.zh}（分母为 0：{zero.zh}；{decimals.zh}）",
                f"{over.en} ÷ {under.en} (denominator 0: {zero.en}; {decimals.en})",
            )
        case ShareInTime():
            none = _percent(measure.none)
            return Text(
                f"{measure.prefix}-… 中 {measure.allowed} 天的占比（一项也没有：{none.zh}）",
                f"share of {measure.prefix}-… within {measure.allowed} days (none: {none.en})",
            )
        case _:
            assert_never(measure)


def titled(rubric: Rubric) -> Text:
    """An edition by its title, with its id."""
    which = f"{rubric.id} {rubric.edition}"
    return Text(f"{rubric.title}（{which}）", f"{rubric.title} ({which})")


def about_rubric(rubric: Rubric) -> list[Text]:
    """What holds for all rows, a sentence each: extras, the way to the total, needs and bands."""
    extras = [
        Text(
            f"{extra.name}：每项 {extra.each}，最多 {extra.cap}",
            f"{extra.name}: {extra.each} each, {extra.cap} at most",
        )
        for extra in (rubric.bonus, rubric.penalty)
        if extra
    ]
    bands = "  ".join(f"{band.grade} {band.range}" for band in rubric.bands)
    ends = Text(
        f"总分 {rubric.full}，上限 {rubric.cap}" + (f"；{bands}" if bands else ""),
        f"full {rubric.full}, cap {rubric.cap}" + (f"; {bands}" if bands else ""),
    )
    return [
        *extras,
        *totals_words(rubric.adding, rubric.figure_names),
        *needs_words(rubric.award_needs),
        ends,
    ]


def needs_words(needs: AwardNeeds | None) -> list[Text]:
    """What awards must bring, a sentence for each way in which they can be decided."""
    words = []
    for decided_by, way in terms.DECIDERS.items():
        if said := getattr(needs, decided_by, None):
            listed = [terms.AWARD_NEEDS[need] for need in said]
            words.append(
                Text(
                    f"{way.zh}的评分须有：{'、'.join(need.zh for need in listed)}",
                    f"awards by {way.en} require {', '.join(need.en for need in listed)}",
                )
            )
    return words


def totals_words(rule: TotalsRule, names: Mapping[FigureId, str] | None = None) -> list[Text]:
    """What happens to the sum of the rows, one sentence per step; empty for a plain sum.

    Args:
        rule: the steps.
        names: what figures are called, in Chinese; their ids where they are not declared.
    """
    words = []
    if rule.not_applicable == "rebase":
        words.append(
            Text(
                "不适用的指标：其余各行之和 × 满分 ÷ (满分 − 不适用的分值)",
                "excluded rows: sum of the others × full ÷ (full − excluded weights)",
            )
        )
    if rule.blocks or rule.offset:
        blocks = [(" / ".join(block.under), block.percent) for block in rule.blocks]
        formula = " + ".join(f"{name} × {percent}%" for name, percent in blocks) or "Σ"
        shown = f"{rule.offset} + {formula}" if rule.offset else formula
        words.append(Text(f"分块折算：{shown}", f"blocks: {shown}"))
    for ceiling in rule.ceilings:
        value, named = measure_words(ceiling.value), renamed(ceiling.value, names or {})
        bands = [f"{band.range} → {band.at_most}" for band in ceiling.bands]
        words.append(
            Text(
                f"总分上限随 {measure_words(named).zh} 而定：{'，'.join(bands)}",
                f"the total is limited by {value.en}: {', '.join(bands)}",
            )
        )
    if rule.grade_drop:
        drops = [f"{n}: {percent}%" for n, percent in enumerate(rule.grade_drop, 1)]
        words.append(
            Text(
                f"等级低于单位自评等级（降级数：系数）：{', '.join(drops)}",
                f"grade below the unit's own (grades dropped: factor): {', '.join(drops)}",
            )
        )
    return words


def _comparison(rule: Comparison) -> Text:
    own, other = measure_words(rule.value), measure_words(rule.against)
    sign, equal = ">" if rule.full_if == "above" else "<", _said(rule.equal)
    return Text(
        f"比较：{own.zh} {sign} {other.zh} 得满分，相等：{equal.zh}",
        f"comparison: full if {own.en} {sign} {other.en}; equal: {equal.en}",
    )


def _completion(rule: Completion) -> Text:
    bands = [(band.range, _percent(band.counts)) for band in rule.bands]
    words = [(word, _percent(counted)) for word, counted in rule.words.items()]
    grades = ", ".join(f"{grade} {percent}%" for grade, percent in rule.grades.items())
    policies = (rule.at_most, rule.exactly, rule.zero_target, rule.no_targets)
    at_most, exactly, zero, none = map(_said, policies)
    rate, share = _decimals(rule.rate_decimals), _decimals(rule.share_decimals)
    return Text(
        f"逐项完成率再平均（{rule.domain}）："
        + "，".join(f"{r} {c.zh}" for r, c in bands)
        + f"；“≤”目标：{at_most.zh}，“=”目标：{exactly.zh}，目标为 0：{zero.zh}；用词："
        + ("，".join(f"{w} {c.zh}" for w, c in words) or "无")
        + (f"；定性目标评级：{grades}，没有评级的在其间" if grades else "")
        + f"；完成率{rate.zh}，每项份额{share.zh}；没有目标：{none.zh}",
        f"mean of completion rates in {rule.domain}: "
        + ", ".join(f"{r} {c.en}" for r, c in bands)
        + f"; at-most targets {at_most.en}, exact targets {exactly.en}, targets of 0 {zero.en};"
        + " words: "
        + (", ".join(f"{w} {c.en}" for w, c in words) or "none")
        + (f"; described targets by grade: {grades}, between them without one" if grades else "")
        + f"; rates {rate.en}, shares {share.en}; no targets: {none.en}",
    )


def _ratio(rule: Ratio) -> Text:
    value, above, below = measure_words(rule.value), _said(rule.above), _said(rule.below)
    rate = rule.counts == "rate"
    return Text(
        f"分值 × {'' if rate else '(100% − '}{value.zh}{'' if rate else ')'}；"
        f"超过 100%：{above.zh}，低于 0：{below.zh}",
        f"weight × {'' if rate else '(100% − '}{value.en}{'' if rate else ')'}; above 100%:"
        f" {above.en}, below 0: {below.en}",
    )


def _deductions(rule: Deductions) -> Text:
    lost = [_lost(deduction) for deduction in rule.deductions]
    return Text(
        f"扣分（{rule.out_of} 分制，扣完为止）：" + "；".join(loss.zh for loss in lost),
        f"deductions out of {rule.out_of}: " + "; ".join(loss.en for loss in lost),
    )


def _lost(deduction: Deduction) -> Text:
    but = f"（减 {_ids(deduction.elsewhere)}）" if deduction.elsewhere else ""
    if deduction.when == "each":
        return Text(
            f"{deduction.figure}{but} 每次 −{deduction.points}",
            f"{deduction.figure}{' less ' + _ids(deduction.elsewhere) if but else ''}"
            f" −{deduction.points} each",
        )
    zh = "是" if deduction.when == "yes" else "否"
    return Text(
        f"{deduction.figure} 为“{zh}” −{deduction.points}",
        f"{deduction.figure} {deduction.when} −{deduction.points}",
    )


def _step_deduction(rule: StepDeduction) -> Text:
    value, steps = measure_words(rule.value), _said(rule.steps)
    side = "高于" if rule.side == "above" else "低于"
    return Text(
        f"{value.zh}，{side} {rule.limit} 的部分每 {rule.step} 扣 {rule.points}"
        f"（{steps.zh}，{rule.out_of} 分制）",
        f"{value.en}: {rule.points} off for each {rule.step} {rule.side} {rule.limit}"
        f" ({steps.en}, out of {rule.out_of})",
    )


def _threshold(rule: ThresholdDeduction) -> Text:
    none = _said(rule.none_due)
    return Text(
        f"应做 {rule.due}、已做 {rule.done}：每少一个扣 {rule.points}（{rule.out_of} 分制）；应做"
        f"不超过 {rule.all_lost_up_to} 个时少一个即 0 分；没有应做的：{none.zh}",
        f"{rule.done} of {rule.due}: {rule.points} off for each not done (out of {rule.out_of}),"
        f" all lost with {rule.all_lost_up_to} or fewer due; none due: {none.en}",
    )


def _discretion(rule: ReviewerJudgement) -> Text:
    ids = _ids(rule.full_if)
    return Text(
        (f"{ids} 都为“是”得满分，否则" if ids else "")
        + f"由核查人员扣 {rule.deduct}（{rule.out_of} 分制）",
        (f"full if {ids} all yes, else " if ids else "")
        + f"the reviewer deducts {rule.deduct} out of {rule.out_of}",
    )


def _grade(rule: Grade) -> Text:
    grades = ", ".join(f"{grade} {range_}%" for grade, range_ in rule.grades.items())
    chosen = f"；{rule.chosen}" if rule.chosen else ""
    return Text(f"评级 {rule.figure}：{grades}{chosen}", f"grade {rule.figure}: {grades}{chosen}")


def _cuts(rule: Cuts) -> Text:
    cuts = ", ".join(f"{cut.figure} −{cut.percent}% ({cut.clause})" for cut in rule.cuts)
    several = _said(rule.several)
    return Text(
        f"按缺陷扣百分数：{cuts}；同时出现的{several.zh}",
        f"deductions: {cuts}; several {several.en}",
    )


def _waivable(rule: Waivable) -> Text:
    inner, unstated = rule_words(rule.rule), _said(rule.unstated)
    return Text(
        f"{rule.waived} 为“是”得 {rule.percent}%（没有说明：{unstated.zh}）；否则{inner.zh}",
        f"{rule.percent}% if {rule.waived} (unstated: {unstated.en}); else {inner.en}",
    )


def _choice(rule: Choice) -> Text:
    options = [(name, rule_words(option)) for name, option in rule.options.items()]
    return Text(
        f"多选一（{rule.chosen}）：" + "；".join(f"“{n}”【{r.zh}】" for n, r in options),
        f"one of ({rule.chosen}): " + "; ".join(f"“{n}” [{r.en}]" for n, r in options),
    )


def _said(word: str) -> Text:
    return _WORDS[word]


def _percent(word: str) -> Text:
    return _WORDS.get(word) or Text(f"{word}%", f"{word}%")


def _decimals(decimals: int | str) -> Text:
    if isinstance(decimals, str):
        return _WORDS[decimals]
    return Text(f"取 {decimals} 位小数", f"rounded to {decimals} decimals")


def _left_out(ids: tuple[str, ...]) -> Text:
    if not ids:
        return Text("", "")
    return Text(f"（可剔除 {_ids(ids)}）", f" (may exclude: {_ids(ids)})")


def _ids(ids: Iterable[str]) -> str:
    return ", ".join(ids)


def _plus(ids: tuple[str, ...]) -> str:
    return f"({' + '.join(ids)})" if len(ids) > 1 else ids[0]


def _numbered(words: Iterable[str]) -> str:
    return "；".join(f"{number}) {word}" for number, word in enumerate(words, 1))
