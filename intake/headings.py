"""What the heading of a column means: who gave it (自评, 复核 …) and what it is (得分, 理由 …).

A list of whole headings is never complete; words put together are. What the words do not say for
certain is a question (`sure` is false), and what they do not say at all is no role: the reader asks
a person and never takes the likelier one.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from intake.cell_values import plain
from ledger import terms
from ledger.language import Text

Role = Literal[
    "level1", "level2", "level3", "level4", "name",
    "weight", "weight1", "weight2", "weight3", "weight4",
    "claim", "restated", "award", "score", "deduction",
    "reason", "unit-reason", "text", "standard", "explanation",
    "target", "sense", "actual", "actual-restated", "unit", "budget", "spent", "rate", "beside",
]  # fmt: skip
"""What a column holds. `score` and `text` are anybody's; `beside` is numbers that score nothing."""

SCORES: Final = frozenset({"claim", "restated", "award", "score"})
LEVELS: Final[tuple[Role, ...]] = ("level1", "level2", "level3", "level4")


class Meaning(NamedTuple):
    """What a heading means.

    Attributes:
        sure: whether it can mean nothing else.
    """

    role: Role
    sure: bool = True


NAMES: Final[dict[str, Text]] = {
    "level1": Text("一级指标", "level 1"),
    "level2": Text("二级指标", "level 2"),
    "level3": Text("三级指标", "level 3"),
    "level4": Text("四级指标", "level 4"),
    "name": Text("指标名称", "name of the indicator"),
    "weight": Text("分值", "Weight"),
    "weight1": Text("一级指标的分值", "weight of level 1"),
    "weight2": Text("二级指标的分值", "weight of level 2"),
    "weight3": Text("三级指标的分值", "weight of level 3"),
    "weight4": Text("四级指标的分值", "weight of level 4"),
    "claim": Text("自评得分", "Claimed"),
    "restated": Text("核查表所列自评分", "claim as restated"),
    "award": Text("核查得分", "Awarded"),
    "score": Text("得分（没有说是谁的）", "a score of nobody named"),
    "deduction": Text("扣分", "points taken off"),
    "reason": Text("得扣分原因", "the reviewer's reason"),
    "unit-reason": Text("单位的说明", "the unit's reason"),
    "text": Text("说明（没有说是谁的）", "words of nobody named"),
    "standard": Text("评分标准", "Standard"),
    "explanation": Text("指标解释", "explanation"),
    "target": Text("指标值", "target"),
    "sense": Text("计算符号", "sense of the target"),
    "actual": Text("完成值", "actual"),
    "actual-restated": Text("复核完成值", "actual, as restated"),
    "unit": Text("计量单位", "unit of measure"),
    "budget": Text("预算数", "budget"),
    "spent": Text("执行数", "spent"),
    "rate": Text("执行率", "rate of execution"),
    "beside": Text("不计分的数", "numbers that score nothing"),
}
"""Each role in words."""

_SPACE: Final = re.compile(r"\s+")
_BRACKET: Final = re.compile(r"[(\[〔【<]([^()\[\]〔〕【】<>]*)[)\]〕】>]")
_UNIT: Final = re.compile(
    r"(?:满分|总分|共|计)?\d*(?:\.\d+)?(?:分|%|‰)|满分[:为]?\d+|[a-z](?:[/÷][a-z])?|权重|分值|百分比"
    r"|(?:单位[:：]?)?(?:万|亿|千|百)?元|个|天|名称|可?另?附?页?|points?|marks?|percent"
)
_AFTER: Final = re.compile(r"(?<=[分值重])/(?:分|%)\Z")
"""The unit of a heading after a stroke: 分值/分."""
_SELF: Final = re.compile(
    r"(?:(?:本|预算|实施|项目|被评价|申报)?单位|部门)?(?:自评|自查|自我评价|自我评分|自我)(?:价)?|单位|部门|申报"
)
_REVIEWER: Final = re.compile(
    r"(?:(?:复核|核查|评审|审核|审定|复审|评定|[省市区县]?财政(?:局|厅|部门)?|绩效办|第三方|专家"
    r"|重点|评价|考核|考评|评估|督查|检查|抽查|核定|复评|初评|终评|最终|核实|核减后|调整后|机构"
    r"|主管部门)组?)"
)
_POINTS: Final = re.compile(r"(?:得分值?|评分值?|打分|分数|分值|分)")
_SCORED: Final = re.compile(
    "(?:得扣分|扣得分|加?扣分|得分(?:[及或]扣分)?|评分|调整|核减|复核|核查|评价|评定|打分)"
)
_WORDS: Final[dict[Role, re.Pattern[str]]] = {
    # The levels, and their own weights.
    "level1": re.compile(
        "(?:一|1|i)级(?:指标)?(?:名称)?|"
        "指标类别|类别|维度|(?:评价|考核|考评)(?:维度|环节|类目)|考核项目|level1|firstlevel"
    ),
    "level2": re.compile("(?:二|2|ii)级(?:指标)?(?:名称)?|level2|secondlevel"),
    "level3": re.compile("(?:三|3|iii)级(?:指标)?(?:名称)?|level3|thirdlevel"),
    "level4": re.compile("(?:四|4|iv)级(?:指标)?(?:名称)?|level4|fourthlevel"),
    "weight1": re.compile("(?:一|1|i)级(?:指标)?(?:分值|权重)"),
    "weight2": re.compile("(?:二|2|ii)级(?:指标)?(?:分值|权重)"),
    "weight3": re.compile("(?:三|3|iii)级(?:指标)?(?:分值|权重)"),
    "weight4": re.compile("(?:四|4|iv)级(?:指标)?(?:分值|权重)"),
    "name": re.compile(
        "(?:具体|评价|考核|考评|绩效)?指标(?:名称|内容)?|考核名称|(?:评价|评估)(?:内容|事项)|"
        "indicators?|names?"
    ),
    "weight": re.compile(
        "(?:指标|标准|参考|权重|项目)?分值(?:权重)?|(?:指标)?权重(?:分值|设定值|分)?|赋分|指标分|"
        "标准分值?|满分值?|应得分值?|基准分值?|基本分值?|weights?|fullmarks?|maximum"
    ),
    # Scores, by who gave them.
    "restated": re.compile("核查表所列自评分|claimasrestated"),
    "claim": re.compile(
        rf"得分/自评分|(?:{_SELF.pattern})(?:{_POINTS.pattern}|结果)|"
        "(?:(?:本|预算|实施|项目|被评价|申报)?单位|部门)?(?:自评|自查)|"
        "claim(?:ed)?(?:score)?|self-?(?:assessed|assessment|evaluation)?score"
    ),
    "award": re.compile(
        rf"{_REVIEWER.pattern}{{1,3}}{_POINTS.pattern}|"
        "award(?:ed)?(?:score)?|review(?:ed)?score|finalscore"
    ),
    "score": re.compile(
        "评分|(?:实际|指标|综合|最后|总)?得分|所得分值?|分数|打分|评定分|实得分|scores?|points?"
    ),
    "deduction": re.compile(
        "(?:实际|应)?(?:扣分|扣减分?|审减分|核减分|减分|失分)(?:值|数)?|deductions?"
    ),
    # Words, by whose they are.
    "reason": re.compile(
        f"{_SCORED.pattern}的?(?:原因|理由|说明|依据|情况)(?:说明)?|"
        f"{_REVIEWER.pattern}(?:意见|结论|理由|原因)|reasons?|justifications?"
    ),
    "unit-reason": re.compile(
        "偏差(?:原因)?(?:分析)?(?:[及和与]?改进措施)?|(?:偏差|未完成)原因.*|"
        "(?:单位|部门)?自评(?:说明|依据|理由)|reasonofdeviation"
    ),
    "text": re.compile("(?:情况|详细)?说明|备注|原因|存在的?问题|意见|理由|notes?|remarks?"),
    "standard": re.compile(
        "(?:评分|评价|考核|赋分|计分|扣分|考评)(?:标准|细则|办法|规则|方法)(?:说明)?|"
        "评价标准及评分规则|standards?|criteria"
    ),
    "explanation": re.compile(
        "指标(?:解释|说明|内涵|释义|含义|定义)|考核内容|考评内容|(?:评价|评分|考核)要点|观测点|"
        "explanations?"
    ),
    # Figures.
    "target": re.compile(
        "(?:年度|年初|预期|绩效|全年|本年|指标)?(?:指标值|目标值|计划值|标准值|目标|预期实现值)|"
        "targets?"
    ),
    "actual-restated": re.compile("(?:复核|核查|核实|审核)后?(?:完成值|实际值|数|值)|核实值"),
    "actual": re.compile(
        "(?:实际|全年|自评|年度|指标|截至年底)*(?:完成值|实际值|完成情况|实际完成|完成数|实现值)|"
        "实际|完成|actuals?"
    ),
    "sense": re.compile("计算符号|(?:指标)?(?:方向|符号)|(?:目标|指标值?)(?:方向|符号)|sense"),
    "unit": re.compile("计量单位|unitofmeasure"),
    "budget": re.compile(
        "(?:年初|全年|年度|当年|调整|调整后)?预算(?:数|数额|金额|调整)?|(?:initial)?budget"
    ),
    "spent": re.compile("(?:全年|累计|实际)?(?:执行|支出)(?:数|金额)?|决算数|spent"),
    "rate": re.compile("(?:预算)?执行率|executionrate"),
    "beside": re.compile(
        "(?:完成|得分|偏差|扣分)率|差异|差额|平均分|加权得分|得分占比|完成比例|"
        "(?:上|去)一?年度?(?:自评|核查|复核|评价)?(?:得分|评分|分)|lastyear|"
        r"序号|编号|指标(?:编号|编码)|no\.?|id|#"
    ),
}
"""The words of each role, as they are compared; the first that fits counts."""
_UNSURE: Final = frozenset({"score", "text"})
_OWN: Final[dict[Role, Iterable[str]]] = {
    "level1": terms.LEVEL_1,
    "level2": terms.LEVEL_2,
    "level3": terms.LEVEL_3,
    "weight": terms.WEIGHT,
    "claim": terms.CLAIMED,
    "restated": terms.RESTATED_CLAIM,
    "award": terms.AWARDED,
    "reason": (*terms.JUSTIFICATION, *terms.JUSTIFICATION_AND_CLAUSE),
    "standard": terms.STANDARD,
}
"""The words of the tables that the program writes itself, in both languages."""


@lru_cache(8192)
def normal(text: str) -> str:
    """A heading or name as it is compared: narrow letters, no white space, lower case."""
    return _SPACE.sub("", plain(text)).lower()


def bare(text: str) -> str:
    """A heading without the units in brackets, as it is compared.

    What a bracket says otherwise - 初稿, 调整后, a year - is part of its meaning and stays.
    """
    bare_text = _BRACKET.sub(lambda part: "" if _UNIT.fullmatch(part[1]) else part[0], normal(text))
    return _AFTER.sub("", bare_text)


@lru_cache(4096)
def meaning(*words: str) -> Meaning | None:
    """What a heading means, given as its words from the top row down; `None` where nobody can tell.

    In two rows the author of a score may be above, and what it is below; the upper may also say
    only what all of them are about.
    """
    bared = [bare(part) for part in words if bare(part)]
    if not bared:
        return None
    for text in _readings(bared):
        if not _ANY.fullmatch(text):  # most texts of a table are no headings
            continue
        for pattern, found in _MEANINGS:
            if pattern.fullmatch(text):
                return _under(bared[:-1], found)
    return None


def _readings(words: list[str]) -> Iterator[str]:
    """The words together, and the lowest alone."""
    if len(words) > 1:
        yield "".join(words)
        yield "".join(reversed(words))
    yield words[-1]


_MEANINGS: Final = (
    *(
        (re.compile(re.escape(bare(term))), Meaning(role))
        for role, own in _OWN.items()
        for term in own
    ),
    *((pattern, Meaning(role, role not in _UNSURE)) for role, pattern in _WORDS.items()),
)

_ANY: Final = re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in _MEANINGS))


_OF_THE_UNIT: Final = re.compile(r"自评|自查|自我|^(?:单位|部门)|claim|self")
_OF_THE_REVIEWER: Final = re.compile(f"{_REVIEWER.pattern}|award|review")


def _under(above: list[str], found: Meaning) -> Meaning | None:
    """A meaning below other headings: under the unit's own words any score is the unit's own."""
    over = "".join(above)
    if found.role in SCORES and over:
        if _OF_THE_UNIT.search(over):
            return Meaning("claim") if found.role in {"claim", "score"} else None
        if found.role == "score" and _OF_THE_REVIEWER.search(over):
            return Meaning("award")
    if found.role == "actual" and over and _OF_THE_REVIEWER.search(over):
        return found if _OF_THE_UNIT.search(over) else Meaning("actual-restated")
    if found.role in {"text", "reason"} and _OF_THE_UNIT.search(over):
        return Meaning("unit-reason")
    return found


# Names of rows -----------------------------------------------------------------------------------

_NUMBERING: Final = re.compile(
    r"(?:指标)?\d+(?:[.-]\d+)*[.、:)]|\(\d+\)|[①-⑳]|(?:指标|项目)?[一二三四五六七八九十]+[、.:]"
    r"|[a-z]\d+(?:[.-]\d+)*[.、:]?(?=[^\da-z.])"
)
_WEIGHT_OF_A_NAME: Final = re.compile(r"[(\[](\d+(?:\.\d+)?)(?:分|%|points?)?[)\]]$")


@lru_cache(8192)
def bare_name(text: str) -> str:
    """A name without the number before it, the weight in brackets after it and the word 指标."""
    short = normal(text)
    without = _WEIGHT_OF_A_NAME.sub(
        "", _NUMBERING.sub("", short, count=1) if _NUMBERING.match(short) else short
    )
    return without or short


def weight_of_a_name(text: str) -> Decimal | None:
    """The weight in brackets after a name, such as 产出指标（50分）; `None` without one."""
    found = _WEIGHT_OF_A_NAME.search(normal(text))
    return Decimal(found[1]) if found and len(found[1].partition(".")[0]) < 4 else None  # noqa: PLR2004 - four digits are a year


_TOTAL: Final = re.compile(
    r"(?:得分|分值|自评|评价|核查|复核|评审)?(?:合计|总计|总分|小计|总评)(?:得?分|值)?"
    r"|(?:综合|最终|合计|总|加权|平均|综合平均|折算|百分制)得?分|.*(?:小计|合计)"
    r"|(?:grand)?(?:sub)?total(?:score)?|sum"
)


def is_total(text: str) -> bool:
    """Whether the label of a row says that it adds up others."""
    short = _BRACKET.sub("", normal(text)).rstrip(":：")
    return bool(_TOTAL.fullmatch(short))
