"""Tokens (访问令牌): with which a program reads and acts through the API, under an account.

A token is kept by its SHA-256, so that a reader of the tables cannot use it. It opens the API only,
and no page: so it makes no other token, and what asks for the password once more is refused to it.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Final, Literal, NamedTuple

from ledger.envelope import StreamId
from ledger.problem import Mendable
from ledger.values import AccountId, instant
from web.identity import NAME_MAX, ONE_LOOK, Clock, Login, digest, moment
from web.store import KeptToken, WebStore

PREFIX: Final = "stk_"
"""How a token begins, so that programs which look for secrets know one when they see it."""

Scope = Literal["read", "act", "calendar"]
SCOPES: Final[tuple[Scope, ...]] = ("read", "act", "calendar")
"""The last one opens the deadlines of the account at an address that contains it, and no API.

A token that was made for one paper has the address of that in place of these."""
SHARED_DAYS: Final = 7
SHARED_DAYS_MAX: Final = 31
SHARED_MAX: Final = 50
"""Links to papers that an account has at a time."""
DAYS: Final = 90
DAYS_MAX: Final = 366
GRACE: Final = timedelta(days=30)
"""How long one that has ended by its days is still shown, to who looks for why it opens nothing."""
NEVER: Final = datetime.min.replace(tzinfo=UTC)
"""When a program has given a password."""

PAPER: Final = "/"
"""How the scope of a token begins that is for one paper: it is an address."""
BEARER: Final = "bearer "
READS: Final = frozenset({"GET", "HEAD"})


class TokenRefused(Mendable):
    """A token does not reach so far."""


class MadeToken(NamedTuple):
    """A token as its account sees it.

    Attributes:
        id: by which it can be ended, and with which nobody can do anything.
        name: what it is for, as the account has called it.
        cases: that it is limited to; empty where it is for all of the account.
        until: an instant; likewise when it was made, and when last used, if it was.
        lasts: whether it can still be used.
    """

    id: str
    name: str
    scope: str
    cases: tuple[str, ...]
    made: str
    until: str
    used: str | None
    lasts: bool

    @property
    def paper(self) -> str:
        """The address after that of the case of the one paper that it opens, if it is a link."""
        return self.scope if self.scope.startswith(PAPER) else ""


class SharedPaper(NamedTuple):
    """What a link opens.

    Attributes:
        login: as whom it is read.
        case: of which it is.
        paper: its address after that of the case.
    """

    login: Login
    case: StreamId
    paper: str


class Tokens:
    """The tokens of one ledger's web face."""

    def __init__(self, kept: WebStore, clock: Clock) -> None:
        """Keep them next to the ledger.

        Args:
            kept: where.
            clock: aware of its zone.
        """
        self._kept, self._clock = kept, clock

    def make(
        self, account: AccountId, name: str, scope: str, cases: Collection[str], days: int
    ) -> str:
        """Make a token, which nothing shows again.

        Args:
            account: whose.
            name: what it is for.
            scope: one of `SCOPES`.
            cases: that it is limited to; none for all that the account may see.
            days: for how long.

        Raises:
            Mendable: it has no name, no such scope, or too long a life.
        """
        if scope not in SCOPES:
            raise Mendable(
                "请选择只读、办理或期限日历",
                "choose reading, acting or the calendar of deadlines",
                rule="token",
                field="scope",
            )
        return self._make(account, name, scope, cases, days=days, most=DAYS_MAX)

    def share(self, account: AccountId, name: str, case: StreamId, paper: str, days: int) -> str:
        """Make a token that opens one paper of a case to who knows it, and nothing else.

        Args:
            account: whose; the paper shows what it sees when it is opened.
            name: for whom or what.
            case: of which.
            paper: its address after that of the case, such as `/documents/score-table.pdf`.
            days: for how long.

        Raises:
            Mendable: it has no name or too long a life, or the account has enough of them.
        """
        shared = [one for one in self.of(account) if one.lasts and one.paper]
        if len(shared) >= SHARED_MAX:
            raise Mendable(
                f"一个账号同时至多有 {SHARED_MAX} 个链接。请先作废不用的",
                f"an account has {SHARED_MAX} links at a time; end one that is not used",
                rule="token",
                field="paper",
            )
        return self._make(account, name, paper, [case], days=days, most=SHARED_DAYS_MAX)

    def _make(  # noqa: PLR0913 - the columns of a token
        self,
        account: AccountId,
        name: str,
        scope: str,
        cases: Collection[str],
        *,
        days: int,
        most: int,
    ) -> str:
        if not name.strip():
            raise Mendable("请写明用途", "say what it is for", rule="token", field="name")
        if not 0 < days <= most:
            raise Mendable(
                f"有效期为 1 至 {most} 天",
                f"it lasts from 1 to {most} days",
                rule="token",
                field="days",
            )
        token, now = PREFIX + token_urlsafe(32), self._clock()
        self._kept.forget_tokens(instant(now - GRACE))
        self._kept.keep_token(
            KeptToken(
                _kept_as(token, scope),
                account,
                name.strip()[:NAME_MAX],
                scope,
                " ".join(sorted(set(cases))),
                instant(now),
                instant(now + timedelta(days=days)),
                None,
            )
        )
        return token

    def who(
        self, authorization: str, method: str, case: str | None, *, is_feed: bool = False
    ) -> Login | None:
        """Whose token a request carries; `None` where it is nobody's, or no longer.

        Args:
            authorization: the header (RFC 6750).
            method: of the request.
            case: that its address names, if any.
            is_feed: whether what is asked for is cut to the cases of the token.

        Raises:
            TokenRefused: it is for reading only, or not for this case.
        """
        if not authorization.lower().startswith(BEARER):
            return None
        kept = self._used(digest(authorization[len(BEARER) :].strip()))
        if kept is None:
            return None
        if kept.scope == "read" and method not in READS:
            raise TokenRefused(
                "此令牌只能读取，不能办理。请换用可以办理的令牌。",
                "This token is for reading only. Use one that may act.",
                rule="token-scope",
            )
        cases = frozenset(kept.cases.split()) or None
        if cases and case not in cases and not is_feed:
            raise TokenRefused(
                "此令牌只用于指定的评价事项。请换用不限事项的令牌。",
                "This token is for the cases that it names only. Use one for all cases.",
                rule="token-scope",
            )
        return Login("", kept.account, NEVER, initial=False, language=None, cases=cases)

    def whose_calendar(self, secret: str) -> Login | None:
        """Whose deadlines an address opens; `None` where it is nobody's, or no longer."""
        kept = self._used(_kept_as(secret, "calendar"))
        if kept is None:
            return None
        cases = frozenset(kept.cases.split()) or None
        return Login("", kept.account, NEVER, initial=False, language=None, cases=cases)

    def whose_paper(self, secret: str) -> SharedPaper | None:
        """The paper that an address opens, and as whom; `None` where it is none, or no longer."""
        kept = self._used(_kept_as(secret, PAPER))
        if kept is None:
            return None
        cases = frozenset([kept.cases])
        login = Login(
            "", kept.account, NEVER, initial=False, language=None, cases=cases, by_link=True
        )
        return SharedPaper(login, kept.cases, kept.scope)

    def _used(self, id_: str) -> KeptToken | None:
        """A token that still lasts, and that it was used."""
        kept, now = self._kept.token(id_), self._clock()
        if kept is None or now >= moment(kept.until):
            return None
        if kept.used_at is None or now - moment(kept.used_at) > ONE_LOOK:
            self._kept.mark_token(id_, instant(now))
        return kept

    def of(self, account: AccountId) -> list[MadeToken]:
        """The tokens of an account, the newest first, with those that have ended of late."""
        now = self._clock()
        shown = [one for one in self._kept.tokens_of(account) if one.until > instant(now - GRACE)]
        return [
            MadeToken(
                one.token_sha256,
                one.name,
                one.scope,
                tuple(one.cases.split()),
                one.made_at,
                one.until,
                one.used_at,
                one.until > instant(now),
            )
            for one in shown
        ]

    def end(self, account: AccountId, id_: str) -> str | None:
        """End a token of an account by its id; its name."""
        return self._kept.end_token_of(account, id_)


def _kept_as(secret: str, scope: str) -> str:
    """By which a token is kept: a secret in an address opens no API, nor what another one does."""
    if scope.startswith(PAPER):
        return digest(f"paper {secret}")
    return digest(f"calendar {secret}" if scope == "calendar" else secret)
