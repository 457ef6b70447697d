"""The actions of a scoring standard: what a condition earns (得满分), costs (扣0.5分) or shares.

A sentence is read from the left; the condition of an action is what is before it. A phrase that
speaks of points and is part of no action makes the sentence unclear.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from intake.rule_numbers import Unclear
from intake.rule_text import NUMBER, Item, scoring

_NOT_A_RANGE: Final = r"(?![-~—–至到]|以上|以下|左右|以内|起|不等)"
ITS: Final = "(?:本|该|此)?(?:评价)?(?:指标|项目|项)?的?"
WEIGHT: Final = f"{ITS}(?:分值|权重分值?|权重|满分|标准分|总分)"
SCORE: Final = "(?:综合|实际|最终)?(?:得分|评分)"
_GETS: Final = "(?:可以?|应|即|均|直接|方可|才能)?获?[得计记给](?:为)?"
_FULL: Final = f"{_GETS}{ITS}(?:满分|全部分值|全分|全部分数)"
_NONE: Final = (
    f"(?:{ITS}|[本该此]项(?:自评|评价)?)(?:均|一律|即|全部)?(?:不[得计给记]分|[得计记为]为?0分)"
)
_HALF: Final = f"{_GETS}{ITS}(?:一半的?分值?|分值的一半|半数分值)"
_PART: Final = f"{_GETS}{ITS}(?:分值的?)?(?P<percent>{NUMBER})%的?(?:分值?|{WEIGHT})"
_SHARE: Final = (
    "按(?:照)?(?P<what>[^,;=按]{0,40}?(?:比例|比率|率))(?:进行)?(?:计算?|折算|记|得|给|确定)(?:其)?"
    "(?:得分|评分|分值|分数|分)"
)
COUNTED: Final = (
    "个(?!月|工作日|小时|百分点|季|年)|项(?:\\(类\\))?|处|次|例|人次|人|笔|件|份|台|类|起|家|户|条|宗"
    "|批次|批|篇|期|场|名|张|辆|套|点|款|本|册|间|座|所|幅|道|环节|方面|要素|问题"
)
"""The words with which incidents are counted."""
_MEASURED: Final = "%|个?百分点|个工作日|工作日|天|日|个月|周|年|万元|亿元|元|岁|个?小时|分钟"
ACTION: Final = re.compile(
    f"(?P<rate>{ITS}{SCORE}(?:=|是|为)(?P<product>[^;,=]*[×*][^;,=]*))"
    f"|,?(?P<times>×{WEIGHT})"
    f"|(?P<share>{_SHARE})|(?P<full>{_FULL})|(?P<none>{_NONE})|(?P<half>{_HALF})|(?P<part>{_PART})"
    f"|{_GETS}(?P<points>{NUMBER})分{_NOT_A_RANGE}"
    f"|(?P<all>(?:扣除?|扣完){ITS}(?:全部分值|全部分数|全分))"
    f"|(?:应|再)?扣(?:减|除|去)?{ITS}(?P<off>{NUMBER})分{_NOT_A_RANGE}(?:[/每](?P<after>{COUNTED}))?"
)
OTHERWISE: Final = frozenset(
    f"{word}{end}"
    for word in ("否则", "反之", "其他", "其余", "其他情况", "其他情形", "其余情况")
    for end in ("", "的", "则")
)
IF_NOT: Final = "：否"
"""Behind the words of a question that was just asked, for a no."""
_NO: Final = frozenset({"如否", "若否", "否", "如不是", "否的"})
STEP: Final = re.compile(
    "每(?:再)?(?P<verb>低于?|少于?|降低|下降|减少|不足|超过|超出|超|高于|高出|高|增加|上升|提高"
    "|延迟|推迟|逾期|晚|迟|滞后|超期|延误|拖延)(?P<than>[^,\\d]{0,12}?)"
    f"(?P<step>{NUMBER})?(?P<unit>{_MEASURED})(?:的|时)?$"
)
BELOW: Final = ("低", "少", "降", "下", "减", "不足")
LATE: Final = frozenset({"延迟", "推迟", "逾期", "晚", "迟", "滞后", "超期", "延误", "拖延"})
_FOUND: Final = "有|发现|出现|发生|查出|查实|存在|缺少|缺失|缺|少|漏报?|未"
_EACH: Final = re.compile(
    f"(?:每(?:(?:{_FOUND})?(?P<count>\\d*)|(?![年季月周日天])[^,\\d]{{1,4}}(?P<one>1))(?:{COUNTED})"
    f"|(?:^|[,的:])(?:{_FOUND})?(?P<once>\\d+)(?:{COUNTED}))[^,]{{0,24}}$"
)
COUNT_LIMIT: Final = re.compile(
    f"(?:\\d+(?:{COUNTED})(?:及|\\(含\\))?(?:以上|以下|以内)|[超满达]过?到?\\d+(?:{COUNTED})"
    f"|(?:第\\d+|[2-9]|\\d\\d+)(?:{COUNTED}))"
)
GRAVER: Final = re.compile("严重|重大|恶劣|较大|特大|影响|后果|再次|屡次|仍|造成|导致|引起|引发")


_COUNTS: Final = re.compile(f"每|逐|\\d(?:{COUNTED})")
_ONE_OF: Final = re.compile(
    "(?<![\\d.第])1(?=[\\u4e00-\\u9fff])(?!年|月|日|天|号|个月|个工作日|小时|周|级|万|亿|元)"
    "|一[^次性致般些定切律直样,]$"
)
"""One of something that is not known to be counted."""
_ONLY_SUMS: Final = (
    "(?:累计|合计|总计|共|共计|本项|该项)?(?:最多|最高|至多|上限|累计|合计|总计|共|共计|以|不超过)"
)


class Action(NamedTuple):
    """What a condition earns or costs.

    Attributes:
        kind: points that are got, points that are taken off, or the share of a rate.
        points: of the weight; 0 for nothing.
        words: the condition.
        item: number of the item that it is in.
        each: whether every incident costs that.
        rate: the words of the rate, for a share.
    """

    kind: Literal["got", "off", "share"]
    points: Decimal
    words: str
    item: int
    each: bool = False
    rate: str = ""

    @property
    def otherwise(self) -> bool:
        """Whether it is for all that no other condition names."""
        return self.words in OTHERWISE


def actions_of(item: Item, weight: Decimal) -> Iterator[Action]:
    """The actions of an item, in order.

    Raises:
        Unclear: something in it speaks of points and is none of them.
    """
    before = ""
    for sentence in item.sentences:
        position = 0
        for match in ACTION.finditer(sentence):
            words = condition(sentence[position : match.start()])
            if words in _NO and before:
                words = f"{before}{IF_NOT}"
            _refuse_scoring(words, sentence)
            odd = words not in OTHERWISE and re.search(
                "(?:各|均|分别)$|否则|反之|其余|其他情", words
            )
            if odd or re.fullmatch(_ONLY_SUMS, words):
                raise _not_understood(sentence)
            yield _action(match, words, item.number, weight)
            position = match.end()
        rest = condition(sentence[position:])
        _refuse_scoring(rest, sentence)
        if position and re.search(r"[\d的则<>≤≥]|低于|超过", rest):
            raise _not_understood(sentence)
        before = rest if not position else ""


def _refuse_scoring(words: str, sentence: str) -> None:
    if scoring(words):
        raise _not_understood(sentence)


def _not_understood(sentence: str) -> Unclear:
    return Unclear(
        f"没有读懂的计分语句：“{sentence}”",
        f"words about points that are not understood: '{sentence}'",
    )


def condition(words: str) -> str:
    """A condition without what surrounds it."""
    words = words.strip(",;:。、")
    words = re.sub("^(?:如果|如|若|凡是|凡|对于|其中:?|即|但|且|并)(?=.{2})(?!期)", "", words)
    if words not in OTHERWISE:
        words = re.sub(
            "(?:[的,:]|则|一次性|(?<=[\\d%])时|为不及格|为不合格|为及格|为合格)+$", "", words
        )
    return words.strip(",;:。、")


def _action(match: re.Match[str], words: str, item: int, weight: Decimal) -> Action:
    if match["product"] or match["share"]:
        rate = match["product"] or f"{match['what']}×分值"
        return Action("share", Decimal(0), words, item, rate=rate)
    if match["times"]:
        return Action("share", Decimal(0), "", item, rate=f"{words}{match['times']}")
    if (got := _points(match, weight)) is not None:
        return Action("got", got, words, item)
    if match["all"]:
        return Action("off", weight, words, item)
    return _off(match, words, item)


def _points(match: re.Match[str], weight: Decimal) -> Decimal | None:
    """The points that an action gives; `None` where it takes some."""
    if match["full"]:
        return weight
    if match["none"]:
        return Decimal(0)
    if match["half"]:
        return weight / 2
    if match["percent"]:
        return weight * Decimal(match["percent"]) / 100
    return Decimal(match["points"]) if match["points"] else None


def is_bare(words: str) -> bool:
    """Whether a condition says only that each one counts, and not of what."""
    return bool(re.fullmatch(f"每?(?:{_FOUND})?\\d*(?:{COUNTED})", words))


def _off(match: re.Match[str], words: str, item: int) -> Action:
    each = _EACH.search(words)
    counted = bool(each or match["after"])
    if not STEP.search(words):
        if each and (each["count"] or each["once"] or "1") != "1":
            raise Unclear(f"不是逐个扣分：“{words}”", f"points are not off for each one: '{words}'")
        if not counted and (_COUNTS.search(words) or _ONE_OF.search(words)):
            raise Unclear(
                f"没有读懂按什么扣：“{words}”", f"for what points are off is unclear: '{words}'"
            )
    return Action("off", Decimal(match["off"]), words, item, counted)
