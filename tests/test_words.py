"""The words: one term for one thing, idiomatic English, Chinese as officials write it.

A word that is not written is listed here with what is written instead. Pages, messages, docstrings,
comments and templates are read; names in the code and in the archive are not.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.support.source import nodes

ROOT: Final = Path(__file__).parents[1]
CODE: Final = (
    "ledger",
    "projections",
    "documents",
    "intake",
    "application",
    "cli",
    "web",
    "migrations",
)
DOCS: Final = ROOT / "docs"
TOGETHER: Final = {
    "events.md", "refusals.md", "act-files.md", "README.md", "security.md", "glossary.md",
}  # fmt: skip
"""Pages on which the two languages are side by side."""

TERMS: Final = {
    # 年度指标值 is a heading of the nation-wide form (财预〔2020〕10号), not ours to change.
    "(?<!年度)指标值": "基础数据、实际完成值",
    "账本": "记录库",
    "封存": "编入日志",
    "回执": "存证证明",
    "立项(?!依据|规范)": "启动评价",
    "重启(?!服务|后|时|或|）|、)": "恢复办理",
    "签认": "复核签字",
    "版号": "版本（指标体系）、条号（记录）",
    "余差": "未解释差额",
    "抢先写入": "已由其他账号写入",
}
CHINESE: Final = {
    "给分(?!钟)": "评分",
    "佐证(?!材料)": "佐证材料",
    "(?:读|写|运行|打|用|做|放|存|改)不(?:了|准|下|进|成)|没法|可言": "无法",
    "写的是|写成了|写得不对|写法不对|写了两次": "填写为、格式不正确、重复",
    "不认识|只认": "无法识别、仅支持",
    "对不上|加不上|加得上": "不一致",
    "什么都没": "未……任何",
    "细过分|数出来|点名|搬家|抄[入出到]": "精确到分以下、实有、列明、迁移、复制",
    "现成的|照样|照原样|原先|从别处|从外面": "已有的、同样、原样、此前、从其他渠道",
    "来龙去脉|前后说法": "得分说明、表述",
    "谁对同类|扣得不?一样|轮到": "评分尺度、待办方",
    "一条不写|要么全部写入": "全部写入或全部不写入",
    "由人裁量|由人扣|定不下来": "人工评定、无法确定",
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
    r"\b(?:an?|the|this|any|each|first|same|such|every|no) acts?\b(?! as)": "command",
    r"\d %|\} %": "39.2%",
    r"\bin league with\b|\bleaves? the house\b|\bfor ever\b": "collusion, goes out, permanently",
    r"\b(?:is|are|left) (?:left )?to people\b|\bpeople (?:look|read|deduct|decide)\b": "reviewer",
    r"(?<!there )\b(?:is|are) no (?:file|date|number)\b": "is not a",
    r"\bgive .{0,20}places\b": "assign log positions",
}
MESSAGES: Final = {
    r"\bwhy\b": "reason",
    r"\bcuts?\b(?! off)": "deduction",
    r"\b(?:it|what|that|this) says\b": "states",
}
"""Of what people are told while they work, besides the list above."""

READS: Final = {"intake/headings.py"}
"""What reads other people's tables knows other people's words."""

FENCED: Final = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
MADE: Final = re.compile(
    r"^<!-- ([a-z]+) -->$.*?^<!-- (?:end of |/)?\1 -->$", re.DOTALL | re.MULTILINE
)
QUOTED: Final = re.compile(r"`[^`\n]*`|\]\([^)]*\)|“[^”\n]*”")
ARGUMENT: Final = re.compile(r"^ +\w+:(?= )", re.MULTILINE)
HALF: Final = re.compile(r'^<a id="english"></a>$|(?<!</a>\n\n)^## English$', re.MULTILINE)
SQL: Final = re.compile(
    r"\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|WITH|DROP|LOCK|SET|GRANT|ALTER)\b"
)
COMMENT: Final = re.compile(r"(?:^ *|  )(#.*)")
"""A comment of a line, and the few texts that look like one."""
HAN: Final = re.compile(r"[\u4e00-\u9fff]")


class Line(NamedTuple):
    """A line or a text without its code and quotations."""

    place: str
    text: str


def pages() -> list[Path]:
    """What people read; decisions are the notes of their day."""
    written = [page for page in DOCS.rglob("*.md") if "decisions" not in page.parts]
    return [
        *sorted(written),
        *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG")),
    ]


def prose(page: Path) -> str:
    """The text of a page; what is code, quoted or generated is left out, its lines stay."""
    text = page.read_text(encoding="utf-8")
    for part in (FENCED, MADE):
        text = part.sub(lambda found: "\n" * found[0].count("\n"), text)
    return QUOTED.sub("", text)


@cache
def lines() -> tuple[Line, ...]:
    """Pages line by line."""
    return tuple(
        Line(f"{page.relative_to(ROOT)}:{number}", text)
        for page in pages()
        for number, text in enumerate(prose(page).split("\n"), 1)
    )


def python_files() -> list[Path]:
    return [
        path
        for folder in CODE
        for path in sorted((ROOT / folder).rglob("*.py"))
        if str(path.relative_to(ROOT)) not in READS
    ]


def literal(node: ast.expr) -> str | None:
    """The text of a literal; an f-string has `{}` for each value."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(literal(part) or "{}" for part in parts)
    return None


@cache
def explanations() -> tuple[Line, ...]:
    """Docstrings, texts that stand below a name, and comments, without the names in them."""
    return tuple(
        Line(place, QUOTED.sub("", ARGUMENT.sub("", text)))
        for path in python_files()
        for place, text in _said(path, explaining=True)
    )


@cache
def messages() -> tuple[Line, ...]:
    """What the program writes: literals with Chinese or blanks, templates, click's words."""
    said = [Line(*one) for path in python_files() for one in _said(path, explaining=False)]
    for path in sorted((ROOT / "web" / "templates").rglob("*.html")):
        for number, text in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            quoted = re.findall(r"'([^']*)'", text)
            said += [Line(f"{path.relative_to(ROOT)}:{number}", one) for one in quoted]
    words = ROOT / "cli" / "locale" / "zh_CN" / "LC_MESSAGES" / "click.po"
    for number, text in enumerate(words.read_text(encoding="utf-8").split("\n"), 1):
        if text.startswith("msgstr"):
            said.append(Line(f"{words.relative_to(ROOT)}:{number}", text))
    return tuple(one for one in said if not SQL.match(one.text))


def _said(path: Path, *, explaining: bool) -> Iterator[tuple[str, str]]:
    name = path.relative_to(ROOT)
    alone = {
        id(node.value)
        for node in nodes(path)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    parts = {
        id(part)
        for node in nodes(path)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    for node in nodes(path):
        if not isinstance(node, ast.expr) or id(node) in parts:
            continue
        text = literal(node)
        if text is None or (id(node) in alone) != explaining:
            continue
        if explaining or " " in text or HAN.search(text):
            yield f"{name}:{node.lineno}", text
    if explaining:
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if comment := COMMENT.search(line):
                yield f"{name}:{number}", comment[1]


def wrong(word: str, said: tuple[Line, ...]) -> list[Line]:
    return [line for line in said if re.search(word, line.text)]


def shown(found: list[Line], instead: str) -> str:
    return "\n".join(f"{line.place} ({instead}): {line.text[:120]}" for line in found)


ALL: Final = [*TERMS.items(), *CHINESE.items(), *ENGLISH.items()]


@pytest.mark.parametrize(("word", "instead"), ALL, ids=str)
def test_pages_write_another_word(word: str, instead: str) -> None:
    found = wrong(word, lines())
    assert not found, shown(found, instead)


@pytest.mark.parametrize(("word", "instead"), ALL, ids=str)
def test_docstrings_and_comments_write_another_word(word: str, instead: str) -> None:
    found = wrong(word, explanations())
    assert not found, shown(found, instead)


@pytest.mark.parametrize(("word", "instead"), [*ALL, *MESSAGES.items()], ids=str)
def test_the_program_writes_another_word(word: str, instead: str) -> None:
    found = wrong(word, messages())
    assert not found, shown(found, instead)


@pytest.mark.parametrize(
    "page",
    [page for page in pages() if page.name not in TOGETHER],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_the_two_languages_are_apart(page: Path) -> None:
    """Chinese first, English after it; a reader of one is not stopped by the other."""
    chinese, english = HALF.split(prose(page))

    assert not re.findall(r".*[。，；].*", english)
    assert not re.findall(r"(?:\b[a-z]+,? ){6}.*", chinese.partition("\n")[2])


def test_what_is_wrong_is_found() -> None:
    """A list that finds nothing would let everything pass."""
    assert len(lines()) > 5000
    assert len(explanations()) > 3000
    assert len(messages()) > 4000
    said = "whoever reads the table beside it is told 5 % of what stands there, too"
    assert sum(bool(re.search(word, said)) for word in ENGLISH) == 6
    assert all(re.search(word, "指标值账本封存回执立项重启签认版号余差抢先写入") for word in TERMS)


def test_a_note_of_a_decision_uses_the_chinese_terms() -> None:
    """What a note tells is of its day; what its things are called is the glossary's."""
    notes = tuple(
        Line(f"{note.name}:{number}", text)
        for note in sorted((DOCS / "decisions").glob("*.md"))
        for number, text in enumerate(prose(note).split("\n"), 1)
    )
    wordy = {word: found for word in (*TERMS, *CHINESE) if (found := wrong(word, notes))}

    assert len(notes) > 300
    assert not wordy, "\n".join(shown(found, word) for word, found in wordy.items())


def test_a_note_of_a_decision_is_in_one_language_after_the_other() -> None:
    """Not sentence by sentence: whoever reads one of them need not skip the other."""
    mixed = []
    for note in sorted((DOCS / "decisions").glob("*.md")):
        for section in re.split(r"^(?=#+ )", note.read_text(encoding="utf-8"), flags=re.MULTILINE):
            said = [QUOTED.sub("", line) for line in section.split("\n") if line.startswith("**")]
            chinese = [len(HAN.findall(line)) > len(line) / 3 for line in said]
            if chinese != sorted(chinese, reverse=True):
                mixed.append(f"{note.name}: {section[:40].strip()}")

    assert not mixed
