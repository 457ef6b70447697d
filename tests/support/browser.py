"""A real browser on a real server: Debian's Chromium, driven by Playwright."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from shutil import which
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.support.desks import PASSWORD, House
from tests.support.serving import serving

CHROMIUM: Final = which("chromium") or which("chromium-browser")
RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, for all tests."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no Chromium; .ci/run installs it")
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Desk:
    """A person at a browser of their own; what goes wrong in it is kept.

    Attributes:
        astray: requests that left the origin.
        elsewhere: another origin that it may go to, if any.
        errors: what the console told as an error, and what failed in a script.
    """

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.page: Page = context.new_page()
        self.astray: list[str] = []
        self.elsewhere = "data:"
        self.errors: list[str] = []
        self.page.on("request", self._asked)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console", lambda said: self.errors.append(said.text) if said.type == "error" else None
        )

    def _asked(self, request: Request) -> None:
        url = request.url
        if request.headers.get("referer", "").startswith(self.elsewhere):
            return  # what a page there asks for is not ours
        if not url.startswith((self.address, "data:", "about:", self.elsewhere)):
            self.astray.append(url)

    def goes_to(self, path: str) -> Page:
        """Open an address."""
        self.page.goto(f"{self.address}{path}")
        return self.page

    def logs_in(self, account: str) -> Page:
        """Say who one is."""
        page = self.goes_to("/login")
        page.fill("#account", account)
        page.fill("#password", PASSWORD)
        page.click("button.main")
        return page

    def hindrances(self) -> list[str]:
        """What keeps somebody from using the page, by WCAG 2.2 AA as far as axe can tell."""
        found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": list(RULES)}})
        return [
            f"{rule['id']}: {rule['help']}: {node['html'][:160]}"
            for rule in found.response["violations"]
            for node in rule["nodes"]
        ]


class Office:
    """A server over a house, and the browsers that are open."""

    def __init__(self, house: House, browser: Browser, address: str) -> None:
        self.house, self._browser, self.address = house, browser, address
        self.desks: list[Desk] = []

    def desk(self, account: str | None = None, **more: Any) -> Desk:  # noqa: ANN401 - as Playwright has it
        """A browser of its own, in which somebody has logged in."""
        given = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN", **more}
        desk = Desk(self._browser.new_context(**given), self.address)
        self.desks.append(desk)
        if account:
            if self.house.kept.password_of(account) is None:
                self.house.identities.give_password(account, PASSWORD, initial=False)
            desk.logs_in(account)
        return desk


@contextmanager
def served(house: House, browser: Browser) -> Iterator[Office]:
    """Serve a house on a port of its own; at the end no request has left and no script failed."""
    with serving(house) as address:
        office = Office(house, browser, address)
        try:
            yield office
            for desk in office.desks:
                assert desk.astray == []
        finally:
            for desk in office.desks:
                desk.context.close()
