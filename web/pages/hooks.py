"""Web hooks (推送): an account registers where its events are sent; administrators see to all."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from starlette.responses import RedirectResponse, Response

from application.look import accounts
from ledger.language import Text
from ledger.problem import Problem
from ledger.values import instant
from web import hooks
from web.api import problems
from web.desk import Desk
from web.hook_store import WISHED, KeptDelivery, KeptHook
from web.not_found import not_found
from web.step_up import ask_again, asks_again

SHOWN: Final = 20
"""Deliveries of a hook on the page."""
ID_SHOWN: Final = 12
"""Digits of the id of an event by which people know it again."""
DO: Final = "make-token"
"""Sending events elsewhere weighs as much as a token."""
NO_HOOK: Final = not_found("没有这个推送地址", "there is no such hook")


class ShownHook(NamedTuple):
    """A hook as its page shows it.

    Attributes:
        waiting: how many deliveries were not taken yet.
        why: it is switched off; `None` while it is on.
    """

    hook: KeptHook
    waiting: int
    latest: list[KeptDelivery]
    why: Text | None


def page(desk: Desk) -> Response:
    """The hooks of the account; all of them, for an administrator."""
    return _page(desk)


def make(desk: Desk) -> Response:
    """Register a hook; the page that follows shows its secret, and no other ever will."""
    given = {name: desk.typed(name).strip() for name in ("address", "cases", "for")}
    whose = given["for"] if desk.keeps_register and given["for"] else desk.account.id
    try:
        ask_again(desk, DO)
        accounts(desk.office.store).account(whose)
        made = hooks.register(
            desk.office,
            whose,
            given["address"],
            given["cases"].split(),
            from_beginning="beginning" in desk.form,
        )
        # Its holder sees who else is sent what the account sees, and the host alone: what
        # follows it may be a secret.
        host = urlsplit(given["address"]).netloc
        desk.office.identities.note(whose, f"hook-added {host}", desk.account.id)
    except Problem as problem:
        return _page(desk, problems.page_status(problem), problem=problem, given=given)
    return _page(desk, 201, secret=made.secret)


def change(desk: Desk) -> Response:
    """End a hook, switch it off or on, or let a delivery be made again or not at all."""
    kept, now = desk.office.kept.hooks, instant(desk.office.clock())
    hook = _mine(desk, desk.typed("hook"))
    if "end" in desk.form:
        kept.end(hook.id)
    elif "off" in desk.form:
        kept.mark(hook.id, stopped="owner")
    elif "on" in desk.form:
        kept.mark(hook.id, stopped="", failing=None)
        kept.at_once(hook.id, now)
    elif again := desk.typed("again"):
        kept.again(hook.id, again, now)
        _go_on(desk, hook)
    elif skip := desk.typed("skip"):
        if kept.skip(hook.id, skip, hooks.SKIPPED, now):
            what = f"hook-skipped {urlsplit(hook.address).netloc} {skip[:ID_SHOWN]}"
            desk.office.identities.note(hook.account, what, desk.account.id)
        _go_on(desk, hook)
    return RedirectResponse("/hooks", 303)


def _go_on(desk: Desk, hook: KeptHook) -> None:
    """A hook that has waited for a person to decide goes on."""
    if hook.stopped == "refused":
        desk.office.kept.hooks.mark(hook.id, stopped="", failing=None)


def stopped(desk: Desk) -> list[tuple[KeptHook, Text]]:
    """The hooks that the account sees to and that are off for another reason than its wish."""
    return [
        (hook, hooks.STOPPED[hook.stopped]) for hook in _all(desk) if hook.stopped not in WISHED
    ]


def _mine(desk: Desk, id_: str) -> KeptHook:
    """A hook that the account may see to.

    Raises:
        Invalid: there is none, or none of its own, in the same words.
    """
    for hook in _all(desk):
        if hook.id == id_:
            return hook
    raise NO_HOOK


def _all(desk: Desk) -> list[KeptHook]:
    return desk.office.kept.hooks.all(None if desk.keeps_register else desk.account.id)


def _page(
    desk: Desk,
    status: int = 200,
    problem: Problem | None = None,
    secret: str = "",
    given: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    kept = desk.office.kept.hooks
    shown = [
        ShownHook(
            hook,
            kept.waiting(hook.id),
            kept.latest(hook.id, SHOWN),
            hooks.STOPPED.get(hook.stopped),
        )
        for hook in _all(desk)
    ]
    return desk.page(
        "hooks.html",
        status,
        hooks=shown,
        asks_again=asks_again(desk, DO),
        id_shown=ID_SHOWN,
        not_sent={
            hooks.HIDDEN: desk.t("已不可见，未发送", "no longer visible: not sent"),
            hooks.SKIPPED: desk.t("已略过，未发送", "skipped: not sent"),
        },
        problem=problem,
        secret=secret,
        given=given,
    )
