"""Web hooks (推送): events are sent to the addresses that accounts have registered.

What is sent is the feed of the account: an event a request, one case's in their order. Where nobody
takes it, it is tried again, at growing intervals, under the same id; a try is counted before it is
made, and ends only when it is kept what came of it. So a process that is killed at any place loses
nothing, and what a receiver is sent twice it knows by its id.
"""

import logging
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from secrets import token_bytes, token_hex
from typing import Final, NamedTuple, Protocol

from application.feed import Feed
from application.feed_events import FeedEvent, FeedPosition, feed_end
from application.look_as import accounts_as_of
from application.outcome import outcome_of
from ledger.account_registry import Account
from ledger.envelope import REGISTER
from ledger.followed_reading import FollowedReading
from ledger.language import Language, Text
from ledger.problem import Mendable, Problem
from ledger.values import AccountId, instant
from projections.formatting import as_json
from web.cloud_event import ONE, cloud_event
from web.desk import Office
from web.hook_address import Answered, Network, checked, send
from web.hook_signature import LENGTH, shown, signed
from web.hook_store import KeptDelivery, KeptHook
from web.identity import moment

LOGGER: Final = logging.getLogger(__name__)

PAUSES: Final = tuple(
    timedelta(seconds=each) for each in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 21600)
)
"""After each try; the last of them from then on."""
GIVEN_UP: Final = timedelta(days=5)
"""How long nothing is taken before a hook is switched off."""
TRIES: Final = 12
"""How often a receiver that is there may refuse an event before the hook waits for a person.

By the pauses that is a day, or three quarters of one."""
AWAY: Final = frozenset({0, 408, 425, 429, 502, 503, 504})
"""Answers of what is not there, or wants to be asked later, and not about an event (0: none)."""
LEASED: Final = timedelta(seconds=60)
"""How long a process that makes a try may be silent, before another one makes it."""
KEPT: Final = timedelta(days=30)
AT_ONCE: Final = 20
"""Deliveries of a hook in a turn."""
WAITING_MAX: Final = 500
"""Deliveries that wait for a hook, before no more is read for it: the ledger has the rest."""
HOOKS_MAX: Final = 10
"""Hooks of an account: all that happens is sent once more for each of them."""
TOGETHER: Final = 4
"""Hooks that are seen to at the same time."""
PAUSE: Final = 1.0
GONE: Final = 410
"""The receiver says that it wants no more."""

STOPPED: Final = {
    "failed": Text("连续 5 天无法送达，已停用", "switched off: nothing was taken for five days"),
    "gone": Text("对方答复 410，已停用", "switched off: the receiver answered 410"),
    "refused": Text(
        f"一个事件 {TRIES} 次未被接收，已暂停。请再次发送或略过该事件",
        f"paused: an event was refused {TRIES} times. Send it again or skip it",
    ),
    "login": Text(
        "账号的密码或登录有变，已停用",
        "switched off: the password or the login of the account changed",
    ),
    "owner": Text("已停用", "switched off"),
}
HIDDEN: Final = "out of sight"
"""The status of what the account no longer sees when it is its turn. It is not sent."""
SKIPPED: Final = "skipped"
"""The status of what a person has decided not to send."""


class Stop(Protocol):
    """When to stop, as `threading.Event` says it."""

    def is_set(self) -> bool:
        """Whether somebody has said so."""

    def wait(self, patience: float, /) -> bool:
        """Let so many seconds pass, or fewer where somebody says so."""


class MadeHook(NamedTuple):
    """A hook that was registered.

    Attributes:
        secret: that deliveries are signed with, as its owner is given it, once.
    """

    id: str
    secret: str


def register(
    office: Office,
    account: AccountId,
    address: str,
    cases: Collection[str],
    *,
    from_beginning: bool = False,
) -> MadeHook:
    """Register a hook.

    Args:
        office: whose service sends.
        account: whose sight it has.
        address: where to.
        cases: of which alone; of all that the account sees where none is named.
        from_beginning: whether what is in the ledger already is sent as well.

    Raises:
        Mendable: the address is none that a hook may have, or the account has enough of them.
    """
    checked(address)
    if len(office.kept.hooks.all(account)) >= HOOKS_MAX:
        raise Mendable(
            f"一个账号至多登记 {HOOKS_MAX} 个推送地址。请先删除不用的",
            f"an account has {HOOKS_MAX} hooks at most; delete one that is not used",
            rule="hook",
            field="address",
        )
    secret, id_ = token_bytes(LENGTH), token_hex(16)
    place = FeedPosition(-1, -1) if from_beginning else feed_end(office.store)
    names = " ".join(sorted(set(cases)))
    now = instant(office.clock())
    office.kept.hooks.keep(
        KeptHook(id_, account, address, names, secret, now, *place, stopped="", failing=None)
    )
    return MadeHook(id_, shown(secret))


class Deliverer:
    """What makes the deliveries of one service."""

    def __init__(
        self,
        office: Office,
        networks: Collection[Network] = (),
        jitter: Callable[[], float] = lambda: 0.5,
        ask: Callable[..., Answered] = send,
    ) -> None:
        """Begin.

        Args:
            office: the ledger, what is next to it, and the clock.
            networks: that addresses may be in which are not public.
            jitter: from 0 to 1, a new one each time, so that not all receivers are asked together.
            ask: sends a request.
        """
        self._office, self._kept = office, office.kept.hooks
        self._networks, self._jitter, self._ask = networks, jitter, ask
        self._pool = ThreadPoolExecutor(TOGETHER, "hook")

    def follow(self, stop: Stop, away: Callable[[Text], None]) -> None:
        """Deliver until somebody says stop; a ledger that is away is waited for.

        Args:
            stop: says when.
            away: called once each time that the ledger does not answer, with the reason.
        """
        was_well = True
        while not stop.is_set():
            try:
                self.turn()
                was_well = True
            except Problem as problem:
                if outcome_of(problem) not in {"unreachable", "conflict"}:
                    raise
                if was_well:
                    away(problem.text)
                was_well = False
            stop.wait(PAUSE)
        self._pool.shutdown()

    def turn(self) -> int:
        """Read on for every hook, and try what is due; how many deliveries were taken."""
        self._kept.forget(instant(self._office.clock() - KEPT))
        hooks = [hook for hook in self._kept.all() if not hook.stopped]
        return sum(self._pool.map(self._see_to, hooks))

    def _see_to(self, hook: KeptHook) -> int:
        office = self._office
        reading = FollowedReading(office.store, office.streams, [REGISTER])
        account = accounts_as_of(reading).accounts.get(hook.account)
        if account is None:
            return 0
        cases = frozenset(hook.cases.split()) or None
        feed = Feed(office.store, reading, account, cases)
        try:
            self._read_on(hook, feed)
            return self._deliver(hook, feed, account)
        except Problem as broken:  # a case that does not hold: nothing is passed over
            if outcome_of(broken) in {"unreachable", "conflict"}:
                raise
            LOGGER.warning("hook %s waits: %s", hook.id, broken.rule)
            return 0

    def _read_on(self, hook: KeptHook, feed: Feed) -> None:
        room = WAITING_MAX - self._kept.waiting(hook.id)
        if room <= 0:
            return
        page = feed.page(FeedPosition(hook.since, hook.position), min(room, 100))
        now = instant(self._office.clock())
        found = [
            KeptDelivery(hook.id, one.id, one.event.case, *one.place, 0, "", now, None)
            for one in page.events
        ]
        if page.reached != (hook.since, hook.position):
            self._kept.queue(hook, found, page.reached)

    def _deliver(self, hook: KeptHook, feed: Feed, account: Account) -> int:
        taken, failing = 0, hook.failing
        for _ in range(AT_ONCE):
            now = self._office.clock()
            due = [one for one in self._kept.heads(hook.id) if one.next_at <= instant(now)]
            if not due:
                return taken
            for one in due:
                if not self._kept.lease(one, instant(now + LEASED)):
                    continue
                event = _event_of(one, feed)
                if event is None:
                    self._kept.tell(one, HIDDEN, "", instant(now))
                    continue
                status = self._try(hook, one, event, account)
                if 200 <= status < 300:  # noqa: PLR2004 - RFC 9110: taken
                    taken += 1
                    if failing:
                        self._kept.mark(hook.id, failing=None)
                        failing = None
                    continue
                self._failed(hook, one, failing, now, status)
                return taken  # the others would wait as long for it
        return taken

    def _try(self, hook: KeptHook, one: KeptDelivery, event: FeedEvent, account: Account) -> int:
        body = as_json(cloud_event(event), _LANGUAGE).encode()
        now = self._office.clock()
        headers = signed(hook.secret, one.id, int(now.timestamp()), body)
        if not one.tries:
            self._office.kept.keep_access(account.id, one.case_id, "hook", instant(now))
        answered = self._ask(hook.address, body, {"content-type": ONE, **headers}, self._networks)
        now = self._office.clock()
        done = instant(now) if 200 <= answered.status < 300 else None  # noqa: PLR2004 - as above
        pause = PAUSES[min(one.tries, len(PAUSES) - 1)] * (0.75 + self._jitter() / 2)
        self._kept.tell(one, answered.words, instant(now + pause), done)
        return answered.status

    def _failed(
        self, hook: KeptHook, one: KeptDelivery, failing: str | None, now: datetime, status: int
    ) -> None:
        if status == GONE:
            self._kept.mark(hook.id, stopped="gone")
        elif status not in AWAY and one.tries + 1 >= TRIES:
            self._kept.mark(hook.id, stopped="refused")
            LOGGER.warning("hook %s is paused: an event was refused %d times", hook.id, TRIES)
        elif failing is None:
            self._kept.mark(hook.id, failing=instant(now))
        elif now - moment(failing) > GIVEN_UP:
            self._kept.mark(hook.id, stopped="failed")
            LOGGER.warning("hook %s is switched off: nothing was taken since %s", hook.id, failing)


_LANGUAGE: Final[Language] = "zh"


def _event_of(one: KeptDelivery, feed: Feed) -> FeedEvent | None:
    """The event of a delivery as its account sees it now; `None` where it does not."""
    return next((event for event in feed.events_of(one.case_id) if event.id == one.id), None)
