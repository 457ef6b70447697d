"""Who is there (身份): passwords, sessions, lock-out.

A password is kept as argon2id makes it (RFC 9106), a session by the SHA-256 of its token, so that
whoever reads the tables can neither log in nor go on with somebody's session. What a person may do
is not decided here: roles stand in the register and are read from it at each request.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final, NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, insert, select, update

from ledger.language import Text
from ledger.problem import Mendable
from ledger.values import AccountId, instant
from web.store import FAILURES, LOGINS, SESSIONS, WebTables

Clock = Callable[[], datetime]

IDLE: Final = timedelta(minutes=30)
LASTS: Final = timedelta(hours=12)
FRESH: Final = timedelta(minutes=5)
"""How long a password that was given vouches for what is not to be undone."""
TRIES: Final = 10
LOCKED: Final = timedelta(minutes=15)
LEAST: Final = 10
"""Characters of a password."""

# RFC 9106 section 4 leaves the cost to the place; this is OWASP's lowest, since a login must not be
# a cheap way to keep a small server busy.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class LoginRefused(Mendable):
    """Nobody was let in. It does not say whether there is such an account."""


class Login(NamedTuple):
    """Who is there.

    Attributes:
        token: of the session; stands nowhere but in the browser.
        account: whose it is.
        proven_at: when the password was last given.
        initial: whether the password was given out by an administrator and is to be changed.
        language: that the person has chosen, if any.
    """

    token: str
    account: AccountId
    proven_at: datetime
    initial: bool
    language: str | None


class Identities:
    """Logins and sessions of one ledger's web face."""

    def __init__(self, tables: WebTables, clock: Clock) -> None:
        """Keep them in these tables.

        Args:
            tables: beside the ledger.
            clock: aware of its zone.
        """
        self._tables, self._clock = tables, clock
        self._nobody = _HASHER.hash(token_urlsafe())

    def give_password(self, account: AccountId, password: str, *, initial: bool) -> None:
        """Let an account log in with a password, and end its sessions.

        Args:
            account: whose.
            password: at least `LEAST` characters, and not the account's name.
            initial: whether it is to be changed at the first login.

        Raises:
            Mendable: it is too short, or is the name of the account.
        """
        if len(password) < LEAST or password == account:
            raise Mendable(
                f"密码至少 {LEAST} 个字符，且不能是账号本身",
                f"a password has at least {LEAST} characters and is not the account's name",
                rule="password",
                field="password",
            )
        row = {"password": _HASHER.hash(password), "initial": initial, "disabled": False}
        with self._tables.transaction() as connection:
            if not connection.execute(
                update(LOGINS).where(LOGINS.c.account == account).values(**row)
            ).rowcount:
                connection.execute(insert(LOGINS).values(account=account, language=None, **row))
            connection.execute(delete(SESSIONS).where(SESSIONS.c.account == account))
            connection.execute(delete(FAILURES).where(FAILURES.c.account == account))

    def disable(self, account: AccountId) -> bool:
        """Let an account log in no longer, at once; whether it could."""
        with self._tables.transaction() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.account == account))
            return bool(
                connection.execute(
                    update(LOGINS).where(LOGINS.c.account == account).values(disabled=True)
                ).rowcount
            )

    def begin(self, account: str, password: str, agent: str = "") -> str:
        """Begin a session; its token.

        Raises:
            LoginRefused: account and password do not fit, or too many did not before.
        """
        now = self._clock()
        with self._tables.transaction() as connection:
            self._refuse_if_locked(connection, account, now)
        self._check(account, password, now)
        token = token_urlsafe(32)
        with self._tables.transaction() as connection:
            connection.execute(
                insert(SESSIONS).values(
                    token_sha256=_digest(token),
                    account=account,
                    began_at=instant(now),
                    seen_at=instant(now),
                    proven_at=instant(now),
                    agent=agent[:200],
                )
            )
        return token

    def prove(self, login: Login, password: str) -> None:
        """Let the password be given once more, for what is not to be undone.

        Raises:
            LoginRefused: it does not fit, or too many did not before.
        """
        now = self._clock()
        with self._tables.transaction() as connection:
            self._refuse_if_locked(connection, login.account, now)
        self._check(login.account, password, now)
        with self._tables.transaction() as connection:
            connection.execute(
                update(SESSIONS)
                .where(SESSIONS.c.token_sha256 == _digest(login.token))
                .values(proven_at=instant(now))
            )

    def is_fresh(self, login: Login) -> bool:
        """Whether the password was given a moment ago."""
        return self._clock() - login.proven_at < FRESH

    def who(self, token: str) -> Login | None:
        """Whose session it is; `None` where there is none, or it has ended."""
        now = self._clock()
        with self._tables.transaction() as connection:
            found = connection.execute(
                select(SESSIONS, LOGINS.c.initial, LOGINS.c.disabled, LOGINS.c.language)
                .join_from(SESSIONS, LOGINS, SESSIONS.c.account == LOGINS.c.account)
                .where(SESSIONS.c.token_sha256 == _digest(token))
            ).one_or_none()
            if found is None:
                return None
            seen, began = _moment(found.seen_at), _moment(found.began_at)
            if found.disabled or now - seen > IDLE or now - began > LASTS:
                self._end(connection, token)
                return None
            if now - seen > timedelta(minutes=1):  # a page with pictures is one look, not twenty
                connection.execute(
                    update(SESSIONS)
                    .where(SESSIONS.c.token_sha256 == _digest(token))
                    .values(seen_at=instant(now))
                )
        return Login(token, found.account, _moment(found.proven_at), found.initial, found.language)

    def end(self, token: str) -> None:
        """End a session."""
        with self._tables.transaction() as connection:
            self._end(connection, token)

    def choose_language(self, account: AccountId, language: str) -> None:
        """Keep the language of an account."""
        with self._tables.transaction() as connection:
            connection.execute(
                update(LOGINS).where(LOGINS.c.account == account).values(language=language)
            )

    def _check(self, account: str, password: str, now: datetime) -> None:
        with self._tables.transaction() as connection:
            kept = connection.execute(
                select(LOGINS.c.password, LOGINS.c.disabled).where(LOGINS.c.account == account)
            ).one_or_none()
        # As much work for an account that there is not, so that no watch tells them apart.
        fits = _fits(kept.password if kept else self._nobody, password)
        if kept is not None and fits and not kept.disabled:
            with self._tables.transaction() as connection:
                connection.execute(delete(FAILURES).where(FAILURES.c.account == account))
            return
        with self._tables.transaction() as connection:
            self._count_failure(connection, account, now)
        raise LoginRefused(
            "账号或密码不对", "account and password do not fit", rule="login", field="password"
        )

    @staticmethod
    def _refuse_if_locked(connection: Connection, account: str, now: datetime) -> None:
        until = connection.execute(
            select(FAILURES.c.locked_until).where(FAILURES.c.account == account)
        ).scalar_one_or_none()
        if until and now < _moment(until):
            minutes = int((_moment(until) - now).total_seconds() // 60) + 1
            raise LoginRefused(
                f"错误次数过多，请 {minutes} 分钟后再试",
                f"too many failed logins; try again in {minutes} minutes",
                rule="locked",
            )

    @staticmethod
    def _count_failure(connection: Connection, account: str, now: datetime) -> None:
        one = FAILURES.c.account == account
        count = connection.execute(select(FAILURES.c.count).where(one)).scalar_one_or_none()
        if count is None:
            connection.execute(insert(FAILURES).values(account=account[:200], count=1))
            return
        locks = count + 1 >= TRIES
        connection.execute(
            update(FAILURES)
            .where(one)
            .values(
                count=0 if locks else count + 1,
                locked_until=instant(now + LOCKED) if locks else None,
            )
        )

    @staticmethod
    def _end(connection: Connection, token: str) -> None:
        connection.execute(delete(SESSIONS).where(SESSIONS.c.token_sha256 == _digest(token)))


def _fits(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


STEP_UP: Final = Text(
    "此项操作不可撤销，请再次输入密码", "this cannot be undone; give your password once more"
)
