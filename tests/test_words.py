"""The words of the pages: one term for one thing, idiomatic English, Chinese as officials write it.

A word stands here with what is written instead. Generated parts of pages repeat what the code says.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

ROOT: Final = Path(__file__).parents[1]
CODE: Final = ("ledger", "projections", "documents", "intake", "application", "cli", "web")
DOCS: Final = ROOT / "docs"
GENERATED: Final = {"events.md", "refusals.md"}
TOGETHER: Final = {*GENERATED, "rules.md", "act-files.md"}
"""Pages on which the two languages stand side by side."""

TERMS: Final = {
    "指标值": "基础数据、实际完成值",
    "账本": "记录库",
    "封存": "编入日志",
    "回执": "存证证明",
    "立项(?!依据|规范)": "启动评价",
    "签认": "复核签字",
    "版号": "版本（指标体系）、条号（记录）",
}
"""Of pages and of code."""

CHINESE: Final = {
    "给分(?!钟)": "评分",
    "佐证(?!材料)": "佐证材料",
    "(?:读|写|运行|打|用|做|放|存|改)不(?:了|准|下|进|成)|没法|可言": "无法",
    "写的是|写成了|写得不对|写法不对|写了两次": "填写为、格式不正确、重复",
    "不认识|只认": "无法识别、仅支持",
    "对不上|加不上|加得上": "不一致",
    "什么都没": "未……任何",
    "余差|细过分|数出来|点名|搬家|抄[入出到]": "剩余、精确到分以下、实有、列明、迁移、复制",
    "现成的|照样|照原样|原先|从别处|从外面": "已有的、同样、原样、此前、从其他渠道",
    "谁对同类|扣得不?一样|轮到": "评分尺度、待办方",
    "一条不写|要么全部写入": "全部写入或全部不写入",
}
ENGLISH: Final = {
    r"\b(?:a|an|one|each) (?!with)[a-z]+ (?:a|an|one)"
    r" (?:row|indicator|event|option|command|line|sheet|table|case|file|entry)\b": "one X per Y",
    r"\b[Ww]h(?:o|at|ich)ever\b": "the account that, any",
    r"\bbeside\b": "next to",
    r"\banew\b": "again",
    r", too\b(?=[.,;:)]|$)": "also",
    r"\b(?:stands?|stood)\b": "is, applies",
    r"\bbears?\b": "has",
    r"\b(?:lies?|lay) (?:to|in|on|above|below)\b": "is",
    r"\b(?:told|tells)\b": "reports, distinguishes",
    r"\bis said\b|\bsaid of\b": "states",
    r"\bmakes? of\b|\bcomes? to\b": "returns",
    r"\b(?:an?|the|this|any|each|first|same|such) acts?\b": "command",
    r"\d %": "39.2%",
    r"\bin league with\b|\bleaves? the house\b|\bfor ever\b": "collusion, goes out, permanently",
}

FENCED: Final = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
MADE: Final = re.compile(
    r"^<!-- ([a-z]+) -->$.*?^<!-- (?:end of |/)?\1 -->$", re.DOTALL | re.MULTILINE
)
QUOTED: Final = re.compile(r"`[^`\n]*`|\]\([^)]*\)|“[^”\n]*”")
HALF: Final = re.compile(r'^<a id="english"></a>$|(?<!</a>\n\n)^## English$', re.MULTILINE)


class Line(NamedTuple):
    """A line of a page without its code and quotations."""

    place: str
    text: str


def pages() -> list[Path]:
    """What people read; decisions are the notes of their day."""
    written = [page for page in DOCS.rglob("*.md") if "decisions" not in page.parts]
    return [*sorted(written), ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]


def prose(page: Path) -> str:
    """The text of a page; what is code, quoted or generated is left out, its lines stay."""
    text = page.read_text(encoding="utf-8")
    for part in (FENCED, MADE):
        text = part.sub(lambda found: "\n" * found[0].count("\n"), text)
    return QUOTED.sub("", text)


def lines() -> Iterator[Line]:
    for page in pages():
        if page.name not in GENERATED:
            for number, text in enumerate(prose(page).split("\n"), 1):
                yield Line(f"{page.relative_to(ROOT)}:{number}", text)


@pytest.mark.parametrize(
    ("word", "instead"), [*TERMS.items(), *CHINESE.items(), *ENGLISH.items()], ids=str
)
def test_pages_write_another_word(word: str, instead: str) -> None:
    found = [line for line in lines() if re.search(word, line.text)]

    assert not found, "\n".join(f"{line.place} ({instead}): {line.text[:120]}" for line in found)


@pytest.mark.parametrize(("word", "instead"), TERMS.items(), ids=str)
def test_the_program_writes_the_same_terms(word: str, instead: str) -> None:
    files = [path for folder in CODE for path in (ROOT / folder).rglob("*.[ph][yt]*")]
    assert len(files) > 200

    found = [
        f"{path.relative_to(ROOT)} ({instead})"
        for path in files
        if path.suffix in {".py", ".html"}
        and path.name != "headings.py"  # reads such tables
        and re.search(word, path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "page",
    [page for page in pages() if page.name not in TOGETHER],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_the_two_languages_stand_apart(page: Path) -> None:
    """Chinese first, English after it; a reader of one is not stopped by the other."""
    chinese, english = HALF.split(prose(page))

    assert not re.findall(r".*[。，；].*", english)
    assert not re.findall(r"(?:\b[a-z]+,? ){6}.*", chinese.partition("\n")[2])


def test_what_is_wrong_is_found() -> None:
    """A list that finds nothing would let everything pass."""
    assert len(list(lines())) > 2000
    wrong = "whoever reads the table beside it is told 5 % of what stands there, too"
    assert sum(bool(re.search(word, wrong)) for word in ENGLISH) == 6
    assert all(re.search(word, "指标值账本封存回执立项签认版号") for word in TERMS)
