"""Cursors of the feed (事件流游标): how far somebody has come, in words that tell them nothing.

The log positions that a cursor holds would show how much was recorded that its holder does not
see. So they are sealed (AES-GCM) under a key of the service, for one account and the cases that the
feed was asked for; the same place looks different every time.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Collection
from secrets import token_bytes
from struct import Struct
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.feed_events import FeedPosition
from ledger.values import Invalid
from web.store import WebStore

PATTERN: Final = r"^[A-Za-z0-9_-]{59}$"
_NONCE: Final = 12
_PLACES: Final = Struct(">qq")
_KEY: Final = 32


class FeedCursors:
    """The cursors of one service."""

    def __init__(self, kept: WebStore) -> None:
        """Keep the key among what the service keeps for itself, next to the ledger."""
        self._aead = AESGCM(kept.secret("feed", token_bytes(_KEY)))

    def written(self, place: FeedPosition, account: str, cases: Collection[str] | None) -> str:
        """A place as its holder may have it."""
        nonce = token_bytes(_NONCE)
        sealed = self._aead.encrypt(nonce, _PLACES.pack(*place), _holder(account, cases))
        return urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()

    def read(self, text: str, account: str, cases: Collection[str] | None) -> FeedPosition:
        """The place that a cursor names.

        Raises:
            Invalid: it was not made here, or for another account or other cases.
        """
        try:
            data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
            opened = self._aead.decrypt(data[:_NONCE], data[_NONCE:], _holder(account, cases))
        except (Error, ValueError, InvalidTag):
            raise Invalid(
                "游标不是为本账号和这些事项的事件流制作的。请从头读取，重复的事件凭 id 识别。",
                "The cursor was not made for the feed of this account and these cases. Read from"
                " the beginning; events that you have already are known by their ids.",
                rule="feed-cursor",
            ) from None
        return FeedPosition(*_PLACES.unpack(opened))


def _holder(account: str, cases: Collection[str] | None) -> bytes:
    return "\n".join((account, *(("*",) if cases is None else sorted(cases)))).encode()
