"""Tokens (访问令牌): with which a program reads and acts through the API, under an account.

A token is kept by its SHA-256, so that a reader of the tables cannot use it. It opens the API only,
and no page: so it makes no other token, and what asks for the password once more is refused to it.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Final, Literal, NamedTuple

from ledger.problem import Mendable
from ledger.values import AccountId, instant
from web.identity import NAME_MAX, ONE_LOOK, Clock, Login, digest, moment
from web.store import KeptToken, WebStore

PREFIX: Final = "stk_"
"""How a token begins, so that programs which look for secrets know one when they see it."""

Scope = Literal["read", "act", "calendar"]
SCOPES: Final[tuple[Scope, ...]] = ("read", "act", "calendar")
"""The last one opens the deadlines of the account at an address that contains it, and no API."""
DAYS: Final = 90
DAYS_MAX: Final = 366
NEVER: Final = datetime.min.replace(tzinfo=UTC)
"""When a program has given a password."""

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
    """

    id: str
    name: str
    scope: str
    cases: tuple[str, ...]
    made: str
    until: str
    used: str | None


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
        if not name.strip():
            raise Mendable(
                "请写明令牌的用途", "say what the token is for", rule="token", field="name"
            )
        if scope not in SCOPES:
            raise Mendable(
                "请选择只读、办理或期限日历",
                "choose reading, acting or the calendar of deadlines",
                rule="token",
                field="scope",
            )
        if not 0 < days <= DAYS_MAX:
            raise Mendable(
                f"有效期为 1 至 {DAYS_MAX} 天",
                f"a token lasts from 1 to {DAYS_MAX} days",
                rule="token",
                field="days",
            )
        token, now = PREFIX + token_urlsafe(32), self._clock()
        self._kept.keep_token(
            KeptToken(
                _of_calendar(token) if scope == "calendar" else digest(token),
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
        kept = self._used(_of_calendar(secret))
        if kept is None:
            return None
        cases = frozenset(kept.cases.split()) or None
        return Login("", kept.account, NEVER, initial=False, language=None, cases=cases)

    def _used(self, id_: str) -> KeptToken | None:
        """A token that still lasts, and that it was used."""
        kept, now = self._kept.token(id_), self._clock()
        if kept is None or now >= moment(kept.until):
            return None
        if kept.used_at is None or now - moment(kept.used_at) > ONE_LOOK:
            self._kept.mark_token(id_, instant(now))
        return kept

    def of(self, account: AccountId) -> list[MadeToken]:
        """The tokens of an account that can still be used, the newest first."""
        now = instant(self._clock())
        return [
            MadeToken(
                one.token_sha256,
                one.name,
                one.scope,
                tuple(one.cases.split()),
                one.made_at,
                one.until,
                one.used_at,
            )
            for one in self._kept.tokens_of(account)
            if one.until > now
        ]

    def end(self, account: AccountId, id_: str) -> None:
        """End a token of an account by its id."""
        self._kept.end_token_of(account, id_)


def _of_calendar(secret: str) -> str:
    """By which the secret of a calendar is kept: not as a token, so that none finds it as one."""
    return digest(f"calendar {secret}")
