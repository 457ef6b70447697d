"""Attempts to log in (登录尝试): what somebody was asked, so that each answer is good once.

An attempt belongs to whom it was asked of: to a session, or to a browser in which nobody has
logged in yet, which is given a token for that. An answer that comes from elsewhere, comes twice or
comes late finds nothing.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from secrets import token_urlsafe
from typing import Final, Literal

from ledger.values import instant
from web.identity import Clock, digest
from web.store import WebStore

Purpose = Literal["login", "again", "new"]
"""To begin a session; to prove again who one is; to add a way in."""

LASTS: Final = timedelta(minutes=10)
"""How long an answer may take: somebody may have to fetch their key, or log in elsewhere first."""


class Attempts:
    """What was asked and is not answered yet."""

    def __init__(self, kept: WebStore, clock: Clock) -> None:
        """Keep them next to the ledger.

        Args:
            kept: where.
            clock: aware of its zone.
        """
        self._kept, self._clock = kept, clock

    def begin(self, holder: str, purpose: str, /, **kept: str) -> str:
        """Ask somebody; by what the answer names it.

        Args:
            holder: a token that nobody else has.
            purpose: what it is good for, and nothing else.
            kept: what the answer is compared with.
        """
        id_, now = token_urlsafe(32), self._clock()
        self._kept.keep_attempt(
            id_, digest(holder), purpose, json.dumps(kept), (instant(now), instant(now + LASTS))
        )
        return id_

    def take(self, id_: str, holder: str, purpose: str) -> Mapping[str, str] | None:
        """What was kept for an answer; `None` where nothing was asked, or it was answered."""
        if not holder:
            return None
        now = instant(self._clock())
        found = self._kept.take_attempt(id_, digest(holder), purpose, now)
        return None if found is None else json.loads(found)
