"""A review without a mouse: from the login to the draft, every step by keys alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import Office, served
from tests.support.desks import PASSWORD, house
from tests.support.places import Place
from tests.support.terminal import CASE, record

pytestmark = [pytest.mark.sqlite_only("pages of one ledger; tests/web has both")]

ROW: Final = "output-goals"
ADJUST: Final = f"/cases/{CASE}/acts/adjust-score?indicator={ROW}"
FAR: Final = 60
"""Presses of Tab that somebody may need to come to something on a page."""

AT: Final = """() => {
  const at = document.activeElement;
  return at.getAttribute("aria-label") ?? at.labels?.[0]?.innerText ?? at.innerText ?? "";
}"""


@pytest.fixture
def office(submitted: Place, tmp_path: Path, chromium: Browser) -> Iterator[Office]:
    """A case that waits for its review."""
    with house(submitted, tmp_path) as made, served(made, chromium) as open_:
        yield open_


def come_to(page: Page, name: str, *, far: int = FAR) -> None:
    """Press Tab until what has the focus is called so, and is seen to have it."""
    for _ in range(far):
        page.keyboard.press("Tab")
        if page.evaluate(AT).strip().startswith(name):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    pytest.fail(f"Tab does not lead to {name} at {page.url}")


def press(page: Page, name: str, leads_to: str) -> None:
    """Come to a link or button, press it, and wait for where it leads."""
    come_to(page, name)
    page.keyboard.press("Enter")
    page.wait_for_url(leads_to)


def log_in(office: Office, account: str) -> Page:
    if office.house.kept.password_of(account) is None:
        office.house.identities.give_password(account, PASSWORD, initial=False)
    page = office.desk().goes_to("/login")
    expect(page.locator("#account:focus")).to_be_visible()  # the page begins in its first field
    page.keyboard.type(account)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{office.address}/")
    return page


def adjust_a_row(page: Page) -> None:
    """From its own page, which the sheet leads to."""
    press(page, "湛江市市场监督管理局", f"**/cases/{CASE}*")
    press(page, "部门整体绩效目标产出指标完成情况", "**/indicators/*")
    page.keyboard.press("e")
    page.wait_for_url("**/acts/adjust-score*")
    for field, words in (
        ("核查得分", "16.00"),
        ("得扣分原因", "三项没有完成值"),
        ("酌情理由", "按五项计"),
    ):
        come_to(page, field)
        page.keyboard.type(words)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/indicators/{ROW}")


def queued(page: Page, which: str = "") -> list[str | None]:
    """The rows of a queue."""
    return [item.get_attribute("id") for item in page.locator(f"li[data-item]{which}").all()]


def confirm_with_a_reason(page: Page, row: str | None) -> None:
    """Go down to a row of the queue, say why, and record it alone."""
    for _ in range(queued(page).index(row) + 1):
        page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == row
    come_to(page, "与按标准得分不同的原因")
    page.keyboard.type("附件齐全")
    page.keyboard.press("Control+Enter")
    expect(page.locator(f'li[id="{row}"]')).to_have_count(0)


def confirm_the_others(page: Page) -> None:
    """Tick one by its key, then all, and record them together."""
    for key in ("j", "j", "k", "x"):
        page.keyboard.press(key)
    assert page.locator("li[data-item] input:checked").count() == 1
    come_to(page, "全选", far=5 * len(queued(page)))
    page.keyboard.press("Enter")
    press(page, "办理所选", "**/confirm")
    expect(page.locator(".empty")).to_be_visible()


def disallow(page: Page, item: str) -> None:
    """Choose a bonus item by its first letters, and say why it does not count."""
    come_to(page, "项目编号")
    page.keyboard.type(item)
    come_to(page, "得扣分原因")
    page.keyboard.type("获奖的是个人，不是单位")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/cases/{CASE}")


def sign(page: Page) -> None:
    """Go through all that waits for a second signature."""
    for left_over in range(len(queued(page)), 0, -1):
        page.keyboard.press("j")
        page.keyboard.press("c")
        expect(page.locator("li[data-item]")).to_have_count(left_over - 1)
        page.wait_for_load_state()


def test_a_whole_review_is_done_by_keys_alone(office: Office, submitted: Place) -> None:
    page = log_in(office, "agency-reviewer")
    adjust_a_row(page)
    page.goto(f"{office.address}/cases/{CASE}/acts")
    press(page, "批量确认", "**/confirm")
    rows, departing = queued(page), queued(page, ":has(.chip)")
    assert departing
    assert ROW not in rows
    for row in departing:
        page.goto(f"{office.address}/cases/{CASE}/confirm")
        confirm_with_a_reason(page, row)
    page.goto(f"{office.address}/cases/{CASE}/confirm")
    confirm_the_others(page)

    for item in ("fire-safety", "march-eighth", "patriotic-health", "safe-hospitals"):
        page.goto(f"{office.address}/cases/{CASE}/acts/refuse-bonus")
        disallow(page, f"bonus-{item}")

    # The lead signs what departs from the rule; then the draft goes out.
    lead = log_in(office, "agency-lead")
    lead.goto(f"{office.address}/cases/{CASE}/countersign")
    unsigned = len(queued(lead))
    sign(lead)
    lead.goto(f"{office.address}/cases/{CASE}/acts")
    press(lead, "征求意见", "**/acts/send-draft")
    come_to(lead, "业务日期")
    lead.keyboard.press("Control+Enter")
    lead.wait_for_url(f"**/cases/{CASE}")
    kinds = [row[3] for row in record(submitted)]
    assert kinds[-1] == "DraftSent"
    assert kinds.count("ScoreConfirmed") == len(rows)
    assert kinds.count("AdjustmentCountersigned") == unsigned > len(departing)


def test_nothing_is_pressed_while_an_input_method_composes(
    office: Office, submitted: Place
) -> None:
    """Composed as an input method does it, over the browser's own protocol."""
    before, desk = len(record(submitted)), office.desk("agency-reviewer")
    page = desk.goes_to(ADJUST)
    method = desk.context.new_cdp_session(page)
    page.fill("#award", "16.00")
    page.fill("#ground", "按五项计")
    page.locator("#justification").focus()
    heard = "addEventListener('keydown', (e) => { window.heard = [e.key, e.isComposing]; }, true)"
    page.evaluate(heard)
    method.send(
        "Input.imeSetComposition", {"text": "san xiang", "selectionStart": 9, "selectionEnd": 9}
    )
    for key, control in (("Enter", 2), ("j", 0), ("?", 0), ("e", 0)):
        pressed = {"type": "rawKeyDown", "key": key, "modifiers": control}
        method.send("Input.dispatchKeyEvent", pressed)
        assert page.evaluate("window.heard") == [key, True]
    assert page.url.endswith(ADJUST)
    assert page.locator("#keys").is_hidden()
    assert len(record(submitted)) == before
    method.send("Input.insertText", {"text": "三项没有完成值"})
    assert page.input_value("#justification") == "三项没有完成值"
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/indicators/{ROW}")
    assert len(record(submitted)) == before + 1
