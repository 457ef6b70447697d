"""No document as a page is wider than the window, however wide that is."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from documents.formats import printer
from documents.kinds import KINDS, document_of
from documents.page import Document, PageColumn, PageTable, rows
from documents.source import source
from ledger.language import Language
from ledger.values import Invalid
from tests.support.examples import CASES, example
from tests.support.houses import House
from tests.support.sample import LONG
from tests.support.terminal import done, scoretrail

WIDTHS: Final = list(range(320, 1401, 20))
DAY: Final = date(2025, 12, 31)
LIVES: Final = [*CASES] if LONG else ["whole-life", "zhanjiang-2023"]
POINTS: Final = ["self", "issued", "final"] if LONG else ["final"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
BROADER: Final = """async ([page, widths]) => {
  // A frame is a window of its own: what depends on the width of the window depends on its width.
  const frame = document.createElement('iframe');
  frame.style.cssText = 'position:absolute;border:0;height:900px';
  const loaded = new Promise(done => { frame.onload = done; });
  frame.srcdoc = page;
  document.body.replaceChildren(frame);
  await loaded;
  const root = frame.contentDocument.documentElement;
  return widths.filter(width => { frame.style.width = `${width}px`;
    return root.scrollWidth > width || root.clientWidth !== width; });
}"""
"""The widths of a window at which a page is broader than it."""


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1500, "height": 900})
    opened = context.new_page()
    opened.set_content("<!DOCTYPE html><title>frame</title>")
    yield opened
    context.close()


def broader(window: Page, page: str) -> list[int]:
    found: list[int] = window.evaluate(BROADER, [page, WIDTHS])
    return found


def page_of(document: Document) -> str:
    return printer(".html")(document).decode()


def papers(life: str, point: str, language: Language) -> Iterator[tuple[str, Document]]:
    """All documents that there are of a case at a point."""
    seen = source(example(life, point), DAY)
    for kind in KINDS:
        abouts = [*seen.case.appeals] if kind == "appeal-answer" else [None]
        for about in abouts:
            try:
                yield kind, document_of(kind, seen, language, about)
            except Invalid:
                continue  # there is nothing to print yet


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("life", LIVES)
def test_no_document_of_a_case_is_broader_than_the_window(
    window: Page, life: str, point: str, language: Language
) -> None:
    found = {kind: broader(window, page_of(one)) for kind, one in papers(life, point, language)}

    assert {"score-table", "composite", "result-letter", "register"} <= found.keys()
    assert {kind: widths for kind, widths in found.items() if widths} == {}


@pytest.mark.sqlite_only("the page is the same on both databases")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_document_of_a_ledger_is_broader_than_the_window(
    window: Page, house: House, tmp_path: Path, lang: Language
) -> None:
    heads, held, four = tmp_path, tmp_path / "retention.html", tmp_path / "four.html"
    verified = ("verify", "--vkey", house.vkey, "--four", "-o", str(four))
    for words in (
        ("checkpoint", "page", str(heads), "--vkey", house.vkey),
        ("archive", "list", "-o", str(held)),
        verified,
    ):
        done(scoretrail(house.ledger, *words, lang=lang))

    for file in (heads / f"heads.{lang}.html", held, four):
        assert broader(window, file.read_text(encoding="utf-8")) == [], file.name


def test_what_needs_more_room_than_a_window_has_is_noticed_and_becomes_cards(
    window: Page,
) -> None:
    """Or the tests above would see nothing."""
    many = tuple(PageColumn("Justification", 4) for _ in range(12))
    table = PageTable("t", many, rows(("undetermined",) * len(many)))
    page = page_of(
        Document(title="t", subtitle="", blocks=(table,), footer=(), language="en", made="")
    )
    without = page.replace("@media screen and (max-width:", "@media print and (max-width:")

    assert broader(window, page) == []
    assert 1000 in broader(window, without)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_browser_takes_in_every_rule_of_a_page(window: Page, language: Language) -> None:
    """One brace too many, and it goes past the rule behind it without a word."""
    (table,) = (one for kind, one in papers("whole-life", "final", language) if kind == "register")
    page = page_of(table)

    window.evaluate(BROADER, [page, WIDTHS[:1]])
    kept = window.evaluate(
        "[...document.querySelector('iframe').contentDocument.styleSheets[0].cssRules]"
        ".map(rule => rule.cssText.split('{')[0].trim())"
    )
    style = page.split("<style>")[1].split("</style>")[0]
    assert style.count("{") == style.count("}")
    assert style.count("@media") == sum(rule.startswith("@media") for rule in kept)
    assert style.count("@page") == sum(rule.startswith("@page") for rule in kept)
