"""Web hooks and their deliveries as they are kept (推送登记), next to the ledger and never in it.

Of an event there is its id, its case and its position; its content is read from the ledger for each
try, as the account sees it then.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Update,
    delete,
    func,
    insert,
    select,
    update,
)

METADATA: Final = MetaData()
HOOKS: Final = Table(
    "hooks",
    METADATA,
    Column("id", String, primary_key=True),
    Column("account", String, nullable=False),  # whose sight it has
    Column("address", String, nullable=False),
    Column("cases", String, nullable=False),  # with spaces between them; empty for all
    Column("secret", LargeBinary, nullable=False),  # with which deliveries are signed
    Column("made_at", String, nullable=False),
    Column("since", BigInteger, nullable=False),  # how far the feed was read
    Column("position", BigInteger, nullable=False),
    Column("stopped", String, nullable=False),  # why; empty while it is on
    Column("failing", String),  # since when nothing was taken
)
DELIVERIES: Final = Table(
    "deliveries",
    METADATA,
    Column("hook", String, primary_key=True),
    Column("id", String, primary_key=True),  # of the event, and so of all its tries
    Column("case_id", String, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("status", String, nullable=False),  # of the last try
    Column("next_at", String, nullable=False),
    Column("done_at", String),
)
WISHED: Final = ("", "owner")
"""Why a hook is on, or off, where somebody wanted it so."""
_OPEN: Final = DELIVERIES.c.done_at.is_(None)
_ORDER: Final = (DELIVERIES.c.since, DELIVERIES.c.position)


class KeptHook(NamedTuple):
    """A hook: the columns of its table."""

    id: str
    account: str
    address: str
    cases: str
    secret: bytes
    made_at: str
    since: int
    position: int
    stopped: str
    failing: str | None


class KeptDelivery(NamedTuple):
    """A delivery: the columns of its table."""

    hook: str
    id: str
    case_id: str
    since: int
    position: int
    tries: int
    status: str
    next_at: str
    done_at: str | None


class HookStore:
    """The tables, in the file or schema of the web store."""

    def __init__(self, engine: Engine) -> None:
        """Make what is not there."""
        self._engine = engine
        METADATA.create_all(engine)

    def keep(self, hook: KeptHook) -> None:
        """Keep a hook that was registered."""
        with self._engine.begin() as connection:
            connection.execute(insert(HOOKS).values(**hook._asdict()))

    def all(self, account: str | None = None) -> list[KeptHook]:
        """The hooks of an account, or of all, the newest first."""
        asked = select(HOOKS).order_by(HOOKS.c.made_at.desc(), HOOKS.c.id)
        if account is not None:
            asked = asked.where(HOOKS.c.account == account)
        with self._engine.begin() as connection:
            return [KeptHook(*row) for row in connection.execute(asked)]

    def end(self, hook: str) -> None:
        """Forget a hook and its deliveries."""
        with self._engine.begin() as connection:
            connection.execute(delete(DELIVERIES).where(DELIVERIES.c.hook == hook))
            connection.execute(delete(HOOKS).where(HOOKS.c.id == hook))

    def mark(self, hook: str, **columns: str | None) -> None:
        """Keep that it was stopped, goes on, or fails since an instant."""
        with self._engine.begin() as connection:
            connection.execute(update(HOOKS).where(HOOKS.c.id == hook).values(**columns))

    def queue(self, hook: KeptHook, found: Sequence[KeptDelivery], reached: Sequence[int]) -> bool:
        """Keep what is to be delivered, and how far the feed was read with it: both or neither.

        Returns:
            Whether it was done: another process may have been there first.
        """
        here = (HOOKS.c.id == hook.id, HOOKS.c.since == hook.since)
        moved = update(HOOKS).where(*here, HOOKS.c.position == hook.position)
        with self._engine.begin() as connection:
            there = connection.execute(moved.values(since=reached[0], position=reached[1]))
            if not there.rowcount:
                return False
            known = set(
                connection.scalars(select(DELIVERIES.c.id).where(DELIVERIES.c.hook == hook.id))
            )
            fresh = [one._asdict() for one in found if one.id not in known]
            if fresh:
                connection.execute(insert(DELIVERIES), fresh)
        return True

    def heads(self, hook: str) -> list[KeptDelivery]:
        """The first delivery of each case that was not taken yet: the others wait for it."""
        first: dict[str, KeptDelivery] = {}
        asked = select(DELIVERIES).where(DELIVERIES.c.hook == hook, _OPEN).order_by(*_ORDER)
        with self._engine.begin() as connection:
            for row in connection.execute(asked):
                one = KeptDelivery(*row)
                first.setdefault(one.case_id, one)
        return [*first.values()]

    def lease(self, one: KeptDelivery, until: str) -> bool:
        """Count one more try, before it is made; whether no other process makes it."""
        this = _this(one).where(DELIVERIES.c.next_at == one.next_at, _OPEN)
        with self._engine.begin() as connection:
            tried = this.values(tries=one.tries + 1, next_at=until)
            return bool(connection.execute(tried).rowcount)

    def tell(self, one: KeptDelivery, status: str, next_at: str, done_at: str | None) -> None:
        """Keep what came of a try; but not where somebody has skipped it meanwhile."""
        with self._engine.begin() as connection:
            came = {"status": status, "next_at": next_at, "done_at": done_at}
            connection.execute(_this(one).where(_OPEN).values(**came))

    def again(self, hook: str, id_: str, at: str) -> None:
        """Let a delivery be made once more, now, under the same id."""
        this = update(DELIVERIES).where(DELIVERIES.c.hook == hook, DELIVERIES.c.id == id_)
        with self._engine.begin() as connection:
            connection.execute(this.values(next_at=at, done_at=None))

    def skip(self, hook: str, id_: str, status: str, at: str) -> bool:
        """Let a delivery that was refused not be made; whether it was one that waits."""
        this = update(DELIVERIES).where(DELIVERIES.c.hook == hook, DELIVERIES.c.id == id_, _OPEN)
        with self._engine.begin() as connection:
            tried = this.where(DELIVERIES.c.tries > 0).values(status=status, done_at=at)
            return bool(connection.execute(tried).rowcount)

    def at_once(self, hook: str, at: str) -> None:
        """Let all that waits be tried now."""
        waiting = update(DELIVERIES).where(DELIVERIES.c.hook == hook, _OPEN)
        with self._engine.begin() as connection:
            connection.execute(waiting.values(next_at=at))

    def latest(self, hook: str, limit: int) -> list[KeptDelivery]:
        """The last deliveries of a hook: those that wait first, in their order."""
        mine = select(DELIVERIES).where(DELIVERIES.c.hook == hook)
        with self._engine.begin() as connection:
            waiting = connection.execute(mine.where(_OPEN).order_by(*_ORDER).limit(limit))
            found = [KeptDelivery(*row) for row in waiting]
            done = mine.where(~_OPEN).order_by(DELIVERIES.c.done_at.desc()).limit(limit)
            return [*found, *(KeptDelivery(*row) for row in connection.execute(done))][:limit]

    def waiting(self, hook: str | None = None) -> int:
        """How many deliveries of a hook, or of all that are on, were not taken yet."""
        asked = select(func.count()).select_from(DELIVERIES).where(_OPEN)
        if hook is None:
            on = select(HOOKS.c.id).where(HOOKS.c.stopped == "")
            asked = asked.where(DELIVERIES.c.hook.in_(on))
        else:
            asked = asked.where(DELIVERIES.c.hook == hook)
        with self._engine.begin() as connection:
            return int(connection.execute(asked).scalar_one())

    def halted(self) -> int:
        """How many hooks are off for another reason than somebody's wish."""
        asked = select(func.count()).select_from(HOOKS)
        with self._engine.begin() as connection:
            found = connection.execute(asked.where(HOOKS.c.stopped.not_in(WISHED)))
            return int(found.scalar_one())

    def forget(self, before: str) -> None:
        """Forget deliveries that were taken before an instant."""
        with self._engine.begin() as connection:
            connection.execute(delete(DELIVERIES).where(DELIVERIES.c.done_at < before))


def stop_hooks(connection: Connection, account: str | None, why: str) -> None:
    """Switch off the hooks of an account, or all, with what else ends its ways in."""
    on = update(HOOKS).where(HOOKS.c.stopped == "")
    if account is not None:
        on = on.where(HOOKS.c.account == account)
    connection.execute(on.values(stopped=why))


def _this(one: KeptDelivery) -> Update:
    return update(DELIVERIES).where(DELIVERIES.c.hook == one.hook, DELIVERIES.c.id == one.id)
