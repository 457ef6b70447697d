"""Logging in by other ways than a password, in a browser as it is."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.authenticators import authenticator
from tests.support.browser import Office, served
from tests.support.desks import PASSWORD, house
from tests.support.identity_providers import certified, provider
from tests.support.places import Place
from web.ways_in import ways_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sqlite_only("it is about pages; tests/web has both"),
]


@pytest.fixture
def office(opened: Place, tmp_path: Path, chromium: Browser) -> Iterator[Office]:
    with house(opened, tmp_path) as made, served(made, chromium) as office:
        office.address = office.address.replace("127.0.0.1", "localhost")
        made.app.state.office.configure(ways_in(office.address))
        yield office


def test_a_passkey_from_its_first_day_to_its_last(office: Office) -> None:
    desk = office.desk("unit-filer")
    somebody_else_comes = authenticator(desk)

    # Given a passkey, added on the page of the account.
    page = desk.goes_to("/account")
    page.fill("#passkey-name", "办公室安全钥匙")
    page.get_by_role("button", name="添加登录用的通行密钥").click()
    expect(page.get_by_text("通行密钥：办公室安全钥匙")).to_be_visible(timeout=10_000)
    assert desk.hindrances() == []
    with page.expect_navigation():
        page.get_by_role("button", name="退出").click()

    # When its holder logs in with it, without a name or a password.
    page = desk.goes_to("/login?next=/cases")
    assert desk.hindrances() == []
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(f"{office.address}/cases", timeout=10_000)

    # And after a while is asked to prove again who they are.
    office.house.clock.ahead += timedelta(minutes=11)
    page = desk.goes_to("/account")
    expect(page.locator("form[action='/account/tokens'] a[href='/again']")).to_be_visible()
    page = desk.goes_to("/again")  # here, since Chromium's authenticator lives in one window
    assert desk.hindrances() == []
    page.get_by_role("button", name="用通行密钥验证").click()
    expect(page.get_by_text("刚刚验证过")).to_be_visible(timeout=10_000)
    page = desk.goes_to("/account")
    page.fill("#name", "自评系统")
    page.get_by_role("button", name="制作令牌").click()
    expect(page.get_by_text("令牌只显示这一次")).to_be_visible()

    # Then somebody whom it does not recognise is not let in by it.
    with page.expect_navigation():
        page.get_by_role("button", name="退出").click()
    somebody_else_comes()
    page = desk.goes_to("/login")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_text("没有登录：已取消、超时，或未能认出本人")).to_be_visible(timeout=20_000)

    # And when it is removed, nobody is.
    page.fill("#account", "unit-filer")
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.click("button.main")
    page = desk.goes_to("/account")
    page.get_by_role("button", name="删除通行密钥 办公室安全钥匙").click()
    expect(page.get_by_text("删除通行密钥 办公室安全钥匙")).to_be_visible()
    assert office.house.kept.passkeys_of("unit-filer") == []
    assert [desk.errors for desk in office.desks] == [[]] * len(office.desks)


@pytest.mark.parametrize(
    ("hindered", "words"),
    [
        ("delete window.PublicKeyCredential", "not logged in: this device or browser has no such"),
        ("window.fetch = () => Promise.reject(new TypeError('of the browser'))", "did not answer"),
        (
            "navigator.credentials.get = () => { throw new DOMException('x', 'SecurityError') }",
            "not made for the address",
        ),
    ],
)
def test_what_hinders_a_passkey_is_said_in_the_language_of_the_page(
    office: Office, hindered: str, words: str
) -> None:
    page = office.desk(locale="en-GB").goes_to("/login")
    page.evaluate(f"{hindered}; undefined")
    page.get_by_role("button", name="Log in with a passkey").click()
    state = page.locator("form[data-way] [role=status]")
    expect(state).to_contain_text(words)
    expect(state).not_to_contain_text("of the browser")


def test_through_a_provider_of_identity(opened: Place, tmp_path: Path, chromium: Browser) -> None:
    with house(opened, tmp_path) as made, served(made, chromium) as office:
        office.address = office.address.replace("127.0.0.1", "localhost")
        with certified(office.address) as issuer:
            made.app.state.office.configure(ways_in(office.address, provider(issuer)))
            desk = office.desk("unit-filer")
            desk.elsewhere = issuer
            # Given an account that is linked on its own page.
            page = desk.goes_to("/account")
            page.get_by_role("button", name="关联单位统一身份认证").click()
            logs_in_there(page, "zhang")
            expect(page.get_by_text("单位统一身份认证：zhang")).to_be_visible(timeout=10_000)
            assert desk.hindrances() == []
            with page.expect_navigation():
                page.get_by_role("button", name="退出").click()
            # When its holder logs in through the provider, which knows them by now.
            page = desk.goes_to("/login?next=/cases")
            assert desk.hindrances() == []
            page.get_by_role("button", name="单位统一身份认证登录").click()
            page.wait_for_url(f"{office.address}/cases", timeout=20_000)
            # And proves again who they are: then the provider asks all the same.
            page = desk.goes_to("/again")
            page.get_by_role("button", name="用单位统一身份认证验证").click()
            logs_in_there(page, "zhang", knows=True)
            expect(page.get_by_text("刚刚验证过")).to_be_visible(timeout=10_000)
            # Then it is in the record of what happened to the login.
            page = desk.goes_to("/account")
            expect(page.get_by_text("登录：统一登录 house")).to_be_visible()
            # The pages there ask for letters and a picture that are not to be had.
            assert [one for one in desk.errors if "Failed to load" not in one] == []


def logs_in_there(page: Page, name: str, *, knows: bool = False) -> None:
    """On the pages of the provider: who one is, and that this service may know, once."""
    page.fill("input[name=login]", name, timeout=20_000)
    page.fill("input[name=password]", "x")
    page.get_by_role("button", name="Sign-in").click()
    if not knows:
        page.get_by_role("button", name="Continue").click()
