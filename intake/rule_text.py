"""The text of a scoring standard as it is read: its numbered items, its sentences, its numbers.

What leaves points to the reviewer's judgement is looked for first, in the text as a whole: words
that state it, ranges of points, ranks, the scores of others, and what reaches beyond the row.
"""

import re
import unicodedata
from typing import Final, NamedTuple

from ledger.language import Text


class Item(NamedTuple):
    """A numbered item of a standard, or all of it where nothing is numbered.

    Attributes:
        number: from 0; the words before the first number are item 0.
        sentences: without white space; a sentence ends at a full stop or a semicolon.
    """

    number: int
    sentences: tuple[str, ...]


NUMBER: Final = r"\d+(?:\.\d+)?"
_JUDGED: Final = (
    "酌情|视情|视[^,。;]{0,8}情况|适当|合理确定|斟酌|酌量|自由裁量|主观|根据(?:实际)?情况[扣给评打]|情节"
    "|(?:视|按|依据?|根据)[^,。;]{0,8}(?:程度|情形)"
)
_RANKED: Final = "排名|排序|名次|位次|依次递[减增]|前\\d+名|第[一二三四五1-9]名|末位|倒数|先后顺序"
_OTHERS: Final = (
    "平均分|平均得分|最[高低]得?分|最[高低]者|最优者|基准价|其他(?:单位|部门|项目|地区)的?得分"
    "|同类(?:单位|项目)得分"
)
_BEYOND: Final = (
    "追加扣|追加减|另扣|另行扣|(?<!参)加扣|加倍|翻倍|双倍|倒扣|扣至负|总分中?扣|从总分|一票否决"
    "|其他指标[^,。;]{0,6}扣|取消(?:评优|资格)|不得评为"
)
_ALREADY: Final = "不重复扣|不再扣|不重复计|已在[^,。;]{0,10}扣"
_EXCEPT: Final = "除外|不受[^,。;]{0,6}限|另有规定|特殊情况|不扣分"
_GOT: Final = "(?:[扣得加减记给]|(?<![累合总共])计)(?:减|除)?(?:为)?"
_RANGE_OF_POINTS: Final = (
    rf"{_GOT}[^,。;\d]{{0,6}}{NUMBER}分?(?:[-~—–/]|至|到|或){NUMBER}分"
    rf"|{_GOT}(?:约|大约|不少于|至少|不超过|不高于|不低于){NUMBER}分"
    rf"|{_GOT}{NUMBER}分(?:左右|以上|以下|以内|起|及以上|不等)"
)
_ELEMENTS: Final = r"分别得\d|各要素|要素[^,。;]{0,12}分别"
_REFUSED: Final = tuple(
    (re.compile(pattern), Text(zh, en))
    for pattern, zh, en in (
        (_JUDGED, "由人掌握", "leaves points to judgement"),
        (_RANGE_OF_POINTS, "分数是一个范围", "a range of points"),
        (_RANKED, "看名次", "depends on ranks"),
        (_OTHERS, "看别的得分", "depends on the scores of others"),
        (_BEYOND, "超出本行", "reaches beyond the row"),
        (_ALREADY, "与别处的扣分有关", "depends on what was taken off elsewhere"),
        (_EXCEPT, "有例外", "has exceptions"),
        (_ELEMENTS, "要素分别计分", "elements are scored one by one"),
        (r"\d。\d+分", "小数点误为句号", "a full stop for the decimal point"),
        (
            r"[零点〇][点一二三四五六七八九]+分|[½⁄¼¾]",
            "用汉字或分数写的小数",
            "a fraction in words",
        ),
    )
)

_CIRCLED: Final = {ord("①") + n: f"\n({n + 1})" for n in range(20)}
_COMMA: Final = "[,、]"
_WITHIN: Final = "(?:落?在|处于|位于|属于|为)"
_INTERVAL: Final = "(?:区间|范围|之?[内间])"
_SIGNS: Final = (
    (r"\\(?:geqslant|geq|ge)(?![a-z])", "≥"),
    (r"\\(?:leqslant|leq|le)(?![a-z])", "≤"),
    (r"\\times(?![a-z])", "×"),
    (r"\\div(?![a-z])", "÷"),
    (r"\\(?:text|mathrm)\{([^{}]*)\}", r"\1"),
    (r"\\d?frac\{([^{}]*)\}\{([^{}]*)\}", r"\1/\2"),
    (r"\\([%&_])", r"\1"),
    (r"\$", ""),
    ("乘以|(?<=[率例])乘(?=分值)", "×"),
    ("除以", "÷"),
    ("[≧⩾]|>=|=>", "≥"),
    ("[≦⩽]|<=|=<", "≤"),
    (r"(?<=[\d)%\u4e00-\u9fff])[*xX](?=[\d(\u4e00-\u9fff])", "×"),
    *(
        (
            rf"{_WITHIN}?{left}({NUMBER}{sign}){_COMMA}({NUMBER}{sign}){right}{_INTERVAL}?",
            rf"{least}\1且{most}\2",
        )
        for left, least, sign in ((r"\[", "大于等于", "%?"), (r"\(", "大于", "%"))
        for right, most in ((r"\]", "小于等于"), (r"\)", "小于"))
    ),
    ("百分之(\\d+(?:\\.\\d+)?)", r"\1%"),
)
_DIGITS: Final = {
    **dict(zip("一二三四五六七八九", "123456789", strict=True)),
    "两": "2",
    "半": "0.5",
}
_POINTS_IN_WORDS: Final = re.compile(
    "(?<=[扣得加减计记给除为])([一两二三四五六七八九半])(?=分(?![值数之]))"
)
_TENS_IN_WORDS: Final = re.compile(
    "(?<=[扣得加减计记给除为])([一二两三四五六七八九]?)十([一二三四五六七八九]?)(?=分(?![值数之]))"
)
_COUNT_IN_WORDS: Final = re.compile(
    "(?<![同任另某第唯逐之统十])([一两二三四五六七八九])(?=(?:个|项|处|次|例|人次|笔|件|份|台|类|起|家|户"
    "|条|宗|批|篇|期|场|名|张|辆|套|天|日|周|月|年|岁|元)(?![性致般些定切律直]))"
)
_NUMBERED: Final = re.compile(
    r"(?:^|(?<=[。;:\n]))(?:\(?\d{1,2}[)、]|\d{1,2}\.(?!\d)|\([一二三四五六七八九十]{1,2}\)"
    r"|[一二三四五六七八九十]是|[一二三四五六七八九十]{1,2}、)"
)
_TO_THE_LAST: Final = "(?:扣完|扣光|扣至0分|扣到0分)"
_THE_ROW: Final = "(?:本项|该项|此项)?(?:指标)?(?:分值|分)?"
_GLUE: Final = re.compile(
    "(?:评分)?(?:采[用取]|按照?|实行)?扣分(?:法|制)(?:评分|计分)?[:,]?"
    f"|(?:根据上述扣分情况)?,?(?:直至|直到)?{_THE_ROW}{_TO_THE_LAST}{_THE_ROW}为?止?(?=$|[,;。])"
)
_OTHER_SENSE: Final = (
    "(?<![百部充万区划处成身])(?<!评(?=分(?:依据|标准|材料|办法|细则|方式|等级)))分"
    "(?![别析类管工布局配为解期级支公司开段组担钟立歧化享包项属部区批子流发送散摊户])"
)
_SCORING: Final = re.compile(
    f"{_OTHER_SENSE}|扣|满分|加权|权重|折算|[得记计为]0|零分|归零|清零|不计算|不予计|按[^,]{{0,8}}%[^,]{{0,2}}[计算折]|减半|折半|打.?折|系数"
)


def refused(standard: str) -> Text | None:
    """The words for which a standard is a person's to apply, and why; `None` without any."""
    text = _prepared(standard)
    flat = text.replace("\n", "")
    for pattern, why in _REFUSED:
        if found := pattern.search(text) or pattern.search(flat):
            return Text(f"{why.zh}：“{found[0]}”", f"{why.en}: '{found[0]}'")
    if found := re.search(r"\\[a-zA-Z]+|[{}_^]", text):
        return Text(
            f"公式的写法没有读懂：“{found[0]}”", f"a formula that is not understood: '{found[0]}'"
        )
    return None


def items_of(standard: str) -> list[Item]:
    """The items of a standard, in order; those that say nothing are left out."""
    text = _GLUE.sub("", _prepared(standard))
    begun = [match.start() for match in _NUMBERED.finditer(text)]
    ends = [*begun, len(text)]
    parts = [text[: ends[0]]]
    parts += [
        _NUMBERED.sub("", text[start:end], count=1)
        for start, end in zip(begun, ends[1:], strict=True)
    ]
    items = []
    for number, part in enumerate(parts):
        sentences = tuple(filter(None, (one.strip(",: ") for one in re.split("[。;\n]", part))))
        if sentences:
            items.append(Item(number, sentences))
    return items


def scoring(words: str) -> bool:
    """Whether words speak of points."""
    return bool(_SCORING.search(words))


def _prepared(standard: str) -> str:
    """A text with narrow signs, digits for the numbers of points, and lines only where they end."""
    text = unicodedata.normalize("NFKC", standard.translate(_CIRCLED))
    for pattern, sign in _SIGNS:
        text = re.sub(pattern, sign, text)
    lines = [re.sub(r"\s+", "", line) for line in text.splitlines()]
    text = ""
    for line in filter(None, lines):
        ended = not text or re.search("[。;:]$|分$|分值$|止$", text) or _NUMBERED.match(line)
        text += ("\n" if ended and text else "") + line
    text = _POINTS_IN_WORDS.sub(lambda found: _DIGITS[found[1]], text)
    text = _TENS_IN_WORDS.sub(_tens, text)
    return _COUNT_IN_WORDS.sub(lambda found: _DIGITS[found[1]], text)


def _tens(found: re.Match[str]) -> str:
    """The digits of a number in words: 10 for 十, 15 for 十五."""
    tens, ones = (_DIGITS.get(part, "") for part in found.groups())
    return f"{tens or '1'}{ones or '0'}"
