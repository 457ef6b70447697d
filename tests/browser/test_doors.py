"""The pages of doors, full of what can be on them: logins, tokens, links, hooks."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser

from ledger.values import instant
from tests.support.browser import Office, served
from tests.support.desks import House, house
from tests.support.identity_providers import provider
from tests.support.places import Place
from tests.support.sample import LONG
from tests.support.terminal import CASE
from web.hook_store import KeptDelivery
from web.hooks import SKIPPED, TRIES, register
from web.store import KeptLink, KeptPasskey
from web.ways_in import ways_in

pytestmark = [pytest.mark.sqlite_only("it is about pages; tests/web has both")]

ISSUER: Final = "https://id.example"
ADDRESS: Final = "https://budget.example/receiving/events/of-all-the-cases-that-we-review?from=here"
LOOKS: Final = [("light", 1280, "zh-CN"), ("dark", 390, "en-GB")]
MORE_LOOKS: Final = [
    (scheme, width, language)
    for scheme in ("light", "dark")
    for width in (1280, 820, 390)
    for language in ("zh-CN", "en-GB")
    if (scheme, width, language) not in LOOKS
]
PAGES: Final[Mapping[str | None, tuple[str, ...]]] = {
    None: ("/login", "/login?next=/account"),
    "agency-reviewer": ("/", "/account", "/again", "/hooks", f"/cases/{CASE}/shared"),
    "administrator": ("/", "/register", "/register/tokens", "/hooks"),
}


@pytest.fixture
def office(built: Mapping[str, Place], tmp_path: Path, chromium: Browser) -> Iterator[Office]:
    with house(built["issued"], tmp_path) as made, served(made, chromium) as open_:
        open_.address = open_.address.replace("127.0.0.1", "localhost")
        made.app.state.office.configure(ways_in(open_.address, provider(ISSUER)))
        fill(made, "agency-reviewer")
        yield open_


def fill(made: House, account: str) -> None:
    """Whatever an account can have on these pages."""
    office, kept, now = made.app.state.office, made.kept, made.clock()
    made.desk(account)
    ago = instant(now - timedelta(days=3))
    kept.keep_passkey(KeptPasskey("YQ==", account, "办公室安全钥匙", "", 0, ago, instant(now)))
    kept.keep_passkey(KeptPasskey("Yg==", account, "家中电脑", "", 0, ago, None))
    kept.keep_link(KeptLink(ISSUER, "zhang.san", account, ago, instant(now)), admits=False)
    tokens = office.tokens
    tokens.make(account, "评审系统", "act", [CASE], 90)
    tokens.make(account, "手机日历", "calendar", [], 366)
    tokens.share(account, "分管领导审阅", CASE, "/documents/score-table.pdf", 7)
    tokens.share(account, "省厅抽查", CASE, "/log?form=csv", 31)
    kept.admit_program("agency-lead")
    tokens.make("agency-lead", "预算系统", "read", [], 90)
    made.identities.note("agency-lead", "token-made 预算系统", "administrator")
    made.identities.note(account, "hook-skipped budget.example 0123456789ab", "administrator")
    states = [("500", TRIES, None), ("", 0, None), (SKIPPED, TRIES, ago), ("204", 1, ago)]
    for stopped in ("refused", ""):
        hook = register(office, account, ADDRESS, [CASE])
        (found,) = [one for one in kept.hooks.all() if one.id == hook.id]
        waiting = [
            KeptDelivery(
                hook.id, f"{number}" * 64, CASE, 1, number, tries, status, instant(now), done
            )
            for number, (status, tries, done) in enumerate(states)
        ]
        kept.hooks.queue(found, waiting, (1, 9))
        kept.hooks.mark(hook.id, stopped=stopped, failing=ago)


@pytest.mark.parametrize(("scheme", "width", "language"), [*LOOKS, *(MORE_LOOKS if LONG else ())])
def test_nothing_keeps_anybody_from_using_a_page(
    office: Office, scheme: str, width: int, language: str
) -> None:
    look = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme, "locale": language}
    for account, paths in PAGES.items():
        desk = office.desk(account, **look)
        for path in paths:
            page = desk.goes_to(path)
            assert desk.hindrances() == [], path
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} pixels wide"
        assert desk.errors == []
