"""The words of click itself in Chinese: help and errors, to the last message it can say."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from docs.catalogue import COMPILED, WORDS, compiled
from tests.support.help_pages import child, pages
from tests.support.terminal import CASE, scoretrail

HAN = re.compile(r"[\u4e00-\u9fff]")
COMPUTED = {"required"}
"""The only message that click looks up by a variable: the label of an option that must be given."""


def catalogue() -> Catalog:
    with WORDS.open("rb") as words:
        return read_po(words)


def messages() -> Iterator[str | tuple[str, ...]]:
    """What the installed click looks up by gettext, a plural as a pair."""
    computed = 0
    for path in Path(click.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                count = {"_": 1, "gettext": 1, "ngettext": 2}.get(node.func.id)
                given = [one.value for one in node.args[:count] if isinstance(one, ast.Constant)]
                texts = tuple(str(one) for one in given)
                if count and len(texts) == count:
                    yield texts if count > 1 else texts[0]
                elif count:
                    computed += 1
    assert computed == len(COMPUTED)
    yield from COMPUTED


def places(text: str) -> set[str]:
    """What a message leaves open, in either way of writing it."""
    braces = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    return braces | set(re.findall(r"%\((\w+)\)s", text))


def test_every_message_of_the_installed_click_is_in_the_catalogue_and_no_other() -> None:
    ours = {one.id if isinstance(one.id, str) else tuple(one.id) for one in catalogue() if one.id}
    theirs = set(messages())
    assert len(theirs) > 50
    assert theirs - ours == set(), "not translated"
    assert ours - theirs == set(), "click says it no longer"


def test_every_message_is_translated_and_leaves_open_only_what_click_fills_in() -> None:
    for one in catalogue():
        if one.id:
            (said,) = [one.string] if isinstance(one.string, str) else one.string or ()
            every = set().union(*map(places, [one.id] if isinstance(one.id, str) else one.id))
            assert HAN.search(said), one.id
            assert not one.fuzzy, one.id
            assert places(said) <= every, one.id


def test_the_compiled_catalogue_is_fresh() -> None:
    assert COMPILED.read_bytes() == compiled(), "run: make docs"


def test_no_page_of_chinese_help_has_a_word_of_clicks_own_english() -> None:
    words = re.compile(r"\b(Usage|Options|Commands|Show|default|env var|required|deprecated)\b")
    for path, (_, _, text) in pages("zh").items():
        assert not words.search(text.replace("[OPTIONS]", "")), path
        assert text.startswith("用法："), path
        assert "显示本说明后退出" in text, path


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (("scor",), "没有命令“scor”。是否应为“score”、“source”？", "No such command 'scor'."),
        (("score",), "缺少参数“CASE”。", "Missing argument 'CASE'"),
        (
            ("score", CASE, "--att", "self"),
            "没有选项“--att”。是否应为“--at”？",
            "Did you mean '--at'?",
        ),
        (("score", CASE, "--at"), "选项“--at”缺少值。", "requires an argument"),
        (("score", CASE, "more"), "多余的参数（more）", "unexpected extra argument (more)"),
        (("document", "essay", CASE), "“KIND”的值不正确：“essay”不是", "is not one of"),
        (("--dated", "soon", "init"), "“--dated”的值不正确：“soon”不是日期", "is not a date"),
        (("form", "review"), "缺少选项“--case”。", "Missing option '--case'"),
    ],
)
def test_errors_of_the_command_line_are_in_the_language_spoken(
    words: tuple[str, ...], zh: str, en: str
) -> None:
    """Whatever the locale says: `--lang` is louder."""
    for lang, said in (("zh", zh), ("en", en)):
        done = scoretrail(None, *words, lang=lang)
        assert (done.code, said in done.err) == (2, True), done.err
        assert bool(HAN.search(done.err)) == (lang == "zh"), done.err


def test_a_locale_that_knows_no_chinese_is_spoken_to_in_chinese_all_the_same() -> None:
    code = "import sys; from cli.main import run; sys.exit(run(sys.argv[1:]))"
    assert child(code, "score", LANG="C", PYTHONIOENCODING="utf-8").stderr.startswith("错误：缺少")
