"""Documents as pages: words stay whole at any width, cards keep their lines, print fits."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from documents.formats import printer
from documents.page import (
    Annex,
    Document,
    Letter,
    PageColumn,
    PageTable,
    Paragraph,
    Signatures,
    rows,
)
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.checkpoint_line import CheckpointLine
from tests.support import qr_codes
from tests.support.houses import House
from tests.support.terminal import done, scoretrail

pytestmark = [pytest.mark.slow]

TITLE = "2024年度某某经济技术开发区专项资金项目支出绩效评价核查评分表"
SENDER = "某省某市某某经济技术开发区财政金融和国有资产监督管理局"
SCORES = PageTable(
    "核查评分表",
    (
        PageColumn("一级指标", 7, merged=True),
        PageColumn("三级指标", 12),
        PageColumn("自评得分", 6, number=True),
        PageColumn("评分标准", 24),
        PageColumn("评定方式", 6),
        PageColumn("得扣分原因", 28),
    ),
    rows(
        ("产出", "数量指标", "20.00", "超过 150% 的，按五成计。", "人工评定", "延期 20 天。"),
        (
            "产出",
            "质量指标",
            "15.00",
            "逐项计分再平均。\n最多满分。",
            "按标准",
            "29日验收。",
        ),
    ),
)
WORDS = Paragraph("申诉期限：自签收结果之日起10个工作日（某财绩〔2024〕8号），截至2024年12月29日。")
TYPED = Paragraph("scoretrail dossier verify 卷宗.zip --vkey 日志公钥", code=True)
BROKEN = """() => {
  // The lines of every word of a title and heading, and of all that is kept on one line.
  const lines = node => { const range = document.createRange(); range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter(box => box.width);
    return new Set(boxes.map(box => box.top)).size; };
  const words = [...document.querySelectorAll('h1, thead th, .sender')]
    .flatMap(element => [...element.childNodes]).filter(node => node.nodeType === 3);
  return [...words, ...document.querySelectorAll('.whole')]
    .filter(node => lines(node) > 1).map(node => node.textContent);
}"""


def document(*, letter: bool) -> Document:
    return Document(
        title=f"关于{TITLE}的通知" if letter else TITLE,
        subtitle="某局，2024年度",
        blocks=(WORDS, TYPED) if letter else (SCORES, WORDS, Signatures((("日期", ""),))),
        footer=("评价事项 a",),
        language="zh",
        made="",
        landscape=not letter,
        letter=Letter(sender=SENDER, number="", addressee="某局", dated="") if letter else None,
        annexes=(Annex("核查评分表", (SCORES,)),) if letter else (),
    )


@pytest.fixture(params=[False, True], ids=["table", "letter"])
def page(request: pytest.FixtureRequest, chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    file = tmp_path / "document.html"
    file.write_bytes(printer(".html")(document(letter=request.param)))
    context = chromium.new_context()
    opened = context.new_page()
    opened.goto(file.as_uri())
    yield opened
    context.close()


def test_no_word_of_a_title_or_heading_and_no_day_is_broken_at_any_width(page: Page) -> None:
    for width in (1280, 700, 390):
        page.set_viewport_size({"width": width, "height": 900})

        assert page.evaluate(BROKEN) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_line_of_a_card_is_its_heading_and_its_text(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 900})

    cell = page.locator("td[data-heading='评分标准']").nth(1)
    assert cell.inner_text() == "逐项计分再平均。\n最多满分。"
    left = "cell => getComputedStyle(cell, '::before').float"
    assert cell.evaluate(left) == "left"


def test_a_table_is_named_once(page: Page) -> None:
    assert page.locator("caption").count() == 0  # its title, or the heading of the annex, says it


def test_on_paper_rows_are_whole_and_wide_tables_lie_across(page: Page) -> None:
    page.emulate_media(media="print")

    inside = "row => getComputedStyle(row).breakInside"
    assert page.locator("tbody tr").first.evaluate(inside) == "avoid"
    assert any("landscape" in rule for rule in page.evaluate(PAGES))


PAGES = """[...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
  .filter(rule => rule instanceof CSSPageRule).map(rule => rule.cssText)"""


@pytest.mark.sqlite_only("the page is the same on both databases")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_public_page_asks_for_nothing_and_shows_its_code(
    chromium: Browser, house: House, tmp_path: Path, lang: str
) -> None:
    """Nobody who looks at the heads of a log is seen doing it."""
    done(scoretrail(house.ledger, "checkpoint", "page", str(tmp_path), "--vkey", house.vkey))
    context = chromium.new_context(viewport={"width": 390, "height": 900}, color_scheme="dark")
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    address = (tmp_path / f"heads.{lang}.html").as_uri()
    opened.goto(address)
    code = qr_codes.read(opened.screenshot(full_page=True))
    sent = opened.evaluate("fetch('https://reviews.example/').then(() => 'sent', () => 'kept')")
    scripts = opened.locator("script, link, img, iframe, object").count()
    wide = opened.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert asked == [address]
    assert (sent, scripts) == ("kept", 0)
    assert wide <= 390
    line = CheckpointLine.of(SignedCheckpoint.parse(house.new.read_bytes()))
    assert code == [str(line)]
