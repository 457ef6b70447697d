"""Who is there (身份): passwords, sessions, lock-out.

A password is kept as an argon2id hash (RFC 9106), a session by the SHA-256 of its token, so that a
reader of the tables can neither log in nor continue somebody's session. What a person may do is not
decided here: roles are in the registry and are read from it at each request.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from secrets import token_urlsafe
from typing import Final, NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ledger.language import Text
from ledger.problem import Mendable
from ledger.values import AccountId, instant
from web.guessing import is_guessable
from web.store import KeptAccess, WebStore

Clock = Callable[[], datetime]

IDLE: Final = timedelta(minutes=30)
LASTS: Final = timedelta(hours=12)
TRIES: Final = 10
LOCKED: Final = timedelta(minutes=15)
LEAST: Final = 10
"""Characters of a password."""
NAME_MAX: Final = 100
AGENT_MAX: Final = 200
"""Characters kept of what an unknown caller sends."""
ONE_LOOK: Final = timedelta(minutes=1)
"""A page with pictures is one look, not twenty."""

LOGGED_IN: Final = "login"
NOT_LOGGED_IN: Final = "login-failed password"
"""How accesses say that a session began, or that a password was wrong."""

NOT_ADMITTED: Final = Text(
    "未能登录：这个账号现在不能登录，请联系管理员",
    "not logged in: this account may not log in at present; ask an administrator",
)

# RFC 9106 section 4 leaves the cost to the place; this is OWASP's lowest, since a login must not be
# a cheap way to keep a small server busy.
HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class LoginRefused(Mendable):
    """Nobody was let in. It does not say whether there is such an account."""


class Login(NamedTuple):
    """Who is there.

    Attributes:
        token: of the session; is only in the browser.
        account: whose it is.
        proven_at: when the person last proved who they are.
        initial: whether the password was given out by an administrator and is to be changed.
        language: that the person has chosen, if any.
        cases: that a token is limited to; `None` for all of the account.
        by_link: whether it is somebody who has a link to one paper, and not the account itself.
    """

    token: str
    account: AccountId
    proven_at: datetime
    initial: bool
    language: str | None
    cases: frozenset[str] | None = None
    by_link: bool = False


class OpenSession(NamedTuple):
    """A session as its account sees it.

    Attributes:
        id: by which it can be ended, and by which nobody can go on with it.
        began: an instant; likewise when it was last used.
        agent: what the browser calls itself.
    """

    id: str
    began: str
    seen: str
    agent: str


class Identities:
    """Logins and sessions of one ledger's web face."""

    def __init__(self, kept: WebStore, clock: Clock, hasher: PasswordHasher = HASHER) -> None:
        """Keep them next to the ledger.

        Args:
            kept: where.
            clock: aware of its zone.
            hasher: of passwords; as dear as a guess is to be.
        """
        self._kept, self._clock, self._hasher = kept, clock, hasher
        self._nobody = hasher.hash(token_urlsafe())

    def give_password(self, account: AccountId, password: str, *, initial: bool) -> None:
        """Let an account log in with a password, and end its sessions and tokens.

        Args:
            account: whose.
            password: at least `LEAST` characters, and not the account's name.
            initial: whether it is to be changed at the first login.

        Raises:
            Mendable: it is too short, is the name of the account, or is among the first that
                somebody would try.
        """
        if len(password) < LEAST or password == account:
            raise Mendable(
                f"密码至少 {LEAST} 个字符，且不能是账号本身",
                f"a password must have at least {LEAST} characters and must not be the account"
                " name",
                rule="password",
                field="password",
            )
        if is_guessable(password):
            raise Mendable(
                "这个密码太常见或太容易猜到（常用密码、键盘顺序、重复或日期等）。"
                "请换一个，例如几个互不相干的词连在一起",
                "this password is common or easily guessed (a usual one, a row of keys, repeated"
                " signs, a date); choose another, such as several words that have nothing to do"
                " with each other",
                rule="password",
                field="password",
            )
        self._kept.keep_password(account, self._hasher.hash(password), initial=initial)

    def disable(self, account: AccountId) -> bool:
        """Let an account log in no longer, at once, nor its programs; whether it could."""
        return self._kept.disable(account)

    def begin(self, account: str, password: str, agent: str = "") -> str:
        """Begin a session; its token.

        Raises:
            LoginRefused: account and password do not fit, or too many did not before.
        """
        self._check(account, password)
        return self._begun(account, agent, "password")

    def admit(self, account: AccountId, agent: str, by: str) -> str:
        """Begin a session for whom another way in than a password has proven; its token.

        Args:
            account: whose.
            agent: what the browser calls itself.
            by: the way in, as the record of accesses has it.

        Raises:
            LoginRefused: the account may not log in.
        """
        if not self._kept.may_log_in(account):
            raise LoginRefused(*NOT_ADMITTED, rule="login")
        return self._begun(account, agent, by)

    def _begun(self, account: AccountId, agent: str, by: str) -> str:
        token, now = token_urlsafe(32), self._clock()
        self._kept.forget_sessions(account, instant(now - LASTS), instant(now - IDLE))
        self._kept.keep_session(digest(token), account, instant(now), agent[:AGENT_MAX])
        self.note(account, f"{LOGGED_IN} {by}")
        return token

    def prove(self, login: Login, password: str) -> Login:
        """Let the password be given once more, for what is not to be undone.

        Raises:
            LoginRefused: it does not fit, or too many did not before.
        """
        self._check(login.account, password)
        return self.proven(login)

    def proven(self, login: Login) -> Login:
        """The session of who has proven once more who they are: it goes on by another token."""
        token, now = token_urlsafe(32), self._clock()
        self._kept.exchange_session(digest(login.token), digest(token), instant(now))
        return login._replace(token=token, proven_at=now)

    def note(self, account: AccountId, what: str, by: AccountId | None = None) -> None:
        """Keep among the accesses what happened to the login of an account.

        Args:
            account: whose.
            what: a word, and what it is about.
            by: who did it, where it was not the account itself.
        """
        self._kept.keep_access(by or account, of_account(account), what, instant(self._clock()))

    def notes(self, account: AccountId, limit: int) -> list[KeptAccess]:
        """What was kept so, the newest first."""
        return self._kept.accesses(of_account(account), limit=limit)

    def who(self, token: str, *, asks: bool = True) -> Login | None:
        """Whose session it is; `None` where there is none, or it has ended.

        Args:
            token: of the session.
            asks: whether somebody asks for something, which keeps the session from ending.
        """
        kept = self._kept.session(digest(token)) if token else None
        if kept is None:
            return None
        now, seen = self._clock(), moment(kept.seen_at)
        if kept.disabled or now - seen > IDLE or now - moment(kept.began_at) > LASTS:
            return None
        if asks and now - seen > ONE_LOOK:
            self._kept.mark_session(digest(token), seen_at=instant(now))
        return Login(token, kept.account, moment(kept.proven_at), kept.initial, kept.language)

    def whose(self, token: str) -> AccountId | None:
        """Whose session it is or was, until the account logs in again; it lets nobody do anything.

        What somebody typed while their session ended is theirs.
        """
        kept = self._kept.session(digest(token)) if token else None
        return None if kept is None or kept.disabled else kept.account

    def sessions(self, account: AccountId) -> list[OpenSession]:
        """The sessions of an account that have not ended, the newest first."""
        now = self._clock()
        return [
            OpenSession(id_, began, seen, agent)
            for id_, began, seen, agent in self._kept.sessions_of(account)
            if now - moment(seen) <= IDLE and now - moment(began) <= LASTS
        ]

    def end_one(self, account: AccountId, id_: str) -> None:
        """End a session of an account by its id."""
        self._kept.end_session_of(account, id_)

    @staticmethod
    def id_of(login: Login) -> str:
        """The id of a session, with which nobody can go on with it."""
        return digest(login.token)

    def end(self, token: str) -> None:
        """End a session."""
        self._kept.end_session(digest(token))

    def _check(self, account: str, password: str) -> None:
        now = self._clock()
        name = account[:NAME_MAX]
        until = self._kept.locked_until(name)
        if until and now < moment(until):
            minutes = ceil((moment(until) - now) / timedelta(minutes=1))
            raise LoginRefused(
                f"错误次数过多，请 {minutes} 分钟后再试",
                f"too many failed logins; try again in {minutes} minutes",
                rule="locked",
            )
        kept = self._kept.password_of(account)
        # As much work for an unknown account, so that timing does not distinguish them.
        if not _fits(kept or self._nobody, password) or not kept:
            self._kept.count_failure(name, TRIES, instant(now + LOCKED))
            self.note(name, NOT_LOGGED_IN)  # as much work for an unknown account
            raise LoginRefused(
                "账号或密码不正确", "wrong account or password", rule="login", field="password"
            )
        self._kept.forget_failures(name)


def _fits(kept: str, password: str) -> bool:
    try:
        return HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def of_account(account: AccountId) -> str:
    """By what the accesses name an account that something happened to; no case is called so."""
    return f"account:{account}"


def digest(token: str) -> str:
    """By which a token is kept."""
    return sha256(token.encode()).hexdigest()


def moment(text: str) -> datetime:
    """An instant of the tables."""
    return datetime.fromisoformat(text)
