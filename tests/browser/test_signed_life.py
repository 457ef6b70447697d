"""A case that demands signatures, lived in a browser with an authenticator of Chromium's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.authenticators import authenticator
from tests.support.browser import Desk, Office, served
from tests.support.desks import house
from tests.support.places import Place
from tests.support.signers import two_signers
from tests.support.terminal import CASE, done, entries, scoretrail

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sqlite_only("it is about pages; tests/web has both"),
]


@pytest.fixture
def office(submitted: Place, tmp_path: Path, chromium: Browser) -> Iterator[Office]:
    with house(submitted, tmp_path) as made, served(made, chromium) as office:
        # An authenticator signs for a name, never for a number.
        office.address = office.address.replace("127.0.0.1", "localhost")
        yield office


def enrols(desk: Desk) -> str:
    """Enrol a passkey on the page of the account; by what it is called."""
    authenticator(desk)
    page = desk.goes_to("/account")
    page.get_by_role("button", name="登记通行密钥").click()
    page.wait_for_selector("#signed-text", timeout=10_000)
    assert desk.hindrances() == []
    signs(desk)
    return page.locator(".keys code").inner_text()


def signs(desk: Desk) -> None:
    text = desk.page.locator("#signed-text").text_content() or ""
    assert text.startswith("scoretrail-command")
    desk.page.get_by_role("button", name="用通行密钥签名").click()
    desk.page.wait_for_selector("#signed-text", state="detached", timeout=10_000)
    assert desk.page.locator(".problem").count() == 0, desk.page.locator(".problem").inner_text()


def test_the_life_of_a_case_that_demands_signatures(office: Office, submitted: Place) -> None:
    reviewer, administrator = office.desk("agency-reviewer"), office.desk("administrator")
    # Given a passkey, enrolled by its holder and countersigned by somebody who keeps the register.
    key = enrols(reviewer)
    page = administrator.goes_to("/register")
    assert key in page.content()
    assert administrator.hindrances() == []
    page.get_by_role("link", name="确认 agency-reviewer 的密钥").click()
    page.get_by_role("button", name="记录").click()
    page.wait_for_url("**/register")
    two_signers(submitted)
    demand = ("account", "demand-signatures", "2024-01-01", "--only", CASE)
    done(scoretrail(submitted, "--as", "administrator", *demand))
    before = len(entries(submitted))

    # When a row is adjusted, and several are confirmed with one press.
    page = reviewer.goes_to(f"/cases/{CASE}/acts/adjust-score?indicator=output-goals")
    page.fill("#award", "16.00")
    page.fill("#justification", "只列出五项，\n按五项平均。")
    page.fill("#ground", "报告缺三项")
    page.get_by_role("button", name="签名并记录").click()
    page.wait_for_selector("#signed-text", timeout=10_000)
    assert "按五项平均" in page.locator("main").inner_text()
    assert len(entries(submitted)) == before
    signs(reviewer)
    page = reviewer.goes_to(f"/cases/{CASE}/confirm")
    for row in ("expenditure-rate", "e-contracts"):
        page.check(f'input[name=row][value="{row}"]')
    page.get_by_role("button", name="签名并办理所选").click()
    page.wait_for_selector("#signed-text", timeout=10_000)
    signs(reviewer)

    # Then all of it is signed, and holds; and somebody without a passkey can record nothing.
    made = entries(submitted)[before:]
    assert [one["type"] for one in made] == ["ScoreAdjusted", "ScoreConfirmed", "ScoreConfirmed"]
    assert all(one["signed"]["key"] == key for one in made)
    assert done(scoretrail(submitted, "verify", "--json")).json["breaks"] == []
    lead = office.desk("agency-lead")
    page = lead.goes_to(f"/cases/{CASE}/acts/adjust-score?indicator=benefit-goals")
    assert "办理须有您的签名" in page.locator("main").inner_text()

    # And a key that is lost is retired by its holder, and signs no more.
    page = reviewer.goes_to("/account")
    page.get_by_role("link", name="停用 agency-reviewer 的密钥").click()
    page.fill("#reason", "遗失")
    page.get_by_role("button", name="签名并记录").click()
    page.wait_for_selector("#signed-text", timeout=10_000)
    signs(reviewer)
    page.wait_for_url("**/account")
    assert "已停用" in page.locator(".keys").inner_text()
    assert [desk.errors for desk in office.desks] == [[]] * len(office.desks)


def test_who_is_not_recognised_signs_nothing(office: Office, submitted: Place) -> None:
    reviewer = office.desk("agency-reviewer")
    somebody_else_comes = authenticator(reviewer)
    before = len(entries(submitted))
    page = reviewer.goes_to("/account")
    page.get_by_role("button", name="登记通行密钥").click()
    page.wait_for_selector("#signed-text", timeout=10_000)
    somebody_else_comes()
    page.get_by_role("button", name="用通行密钥签名").click()
    page.get_by_text("没有签名，没有记录").wait_for(timeout=20_000)
    assert len(entries(submitted)) == before
