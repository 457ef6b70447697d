"""What print has on one line, though a browser or Word would break it: days, numbers, blanks."""

import re
from collections.abc import Iterator
from typing import Final

from documents.line_breaking import UNITS, pieces

_COUNTED: Final = (
    "年月日时分秒号条项个人次件台份天家户元座处吨亩米期批版页位岁"
    "点倍级类名所辆册株间栋套笔周场款章节"
)
"""Units of one character, where a blank comes before them; next to a number it may be any."""
OF_UNITS: Final = "".join(sorted({*UNITS, *_COUNTED} - {"|"}))
"""The characters of units: no line begins with one of them where that is all one can say."""
_DAY: Final = (
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:\d\d:\d\d)?|\d{1,2} [A-Z][a-z]+ \d{4}(?: \d\d:\d\d)?"
)
_NUMBER: Final = r"(?:第 ?)?[−+-]?\d[\d,.]*"
_WITH_UNIT: Final = rf"{_NUMBER}(?: ?(?:{UNITS}|[{_COUNTED}])|[\u4e00-\u7b2b\u7b2d-\u9fff])"
_DOCUMENT: Final = r"〔\d{4}〕(?:第 ?)?\d+ ?号"
"""The year and the number of a document: 财预〔2020〕10号."""
BREAKABLE: Final = re.compile(f"{_DAY}|{_DOCUMENT}|{_WITH_UNIT}")
"""What a browser would break, though it is on one line in print."""
WHOLE: Final = re.compile(rf"{BREAKABLE.pattern}|{_NUMBER}%|[\d.]+ → [\d.]+|＿+")
"""What is on one line on paper: steps and blanks to fill as well."""
SPREADING: Final = re.compile(rf"{_DOCUMENT}|日\d\d:\d\d|→|＿")
"""A piece so long that a justified line without room for it would spread the words before it."""


def unbroken(text: str) -> Iterator[str]:
    """The parts of a text that a page has on one line."""
    yield from (part[0] for part in BREAKABLE.finditer(text))
    yield from pieces(text)
