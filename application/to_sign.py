"""To be signed (待签名): what would be recorded, and what its author signs of it, in words.

The words come out of the very bytes whose digest is signed.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple, NoReturn

import msgspec
from msgspec import Raw

from ledger.account_registry import Account
from ledger.author_key import WEBAUTHN
from ledger.author_signature import parts_of, statement_of, together
from ledger.codec import canonical, decode
from ledger.envelope import AmongActs, AuthorSignature, RecordedEvent
from ledger.language import Text
from ledger.log.tree import ProofError
from ledger.passkey import Passkey, passkey_of
from ledger.refusals import signature_does_not_hold
from ledger.store import Basis, NewEntry
from ledger.terms import EVENTS, FIELDS
from ledger.values import AccountId, Sha256


class Line(NamedTuple):
    """One thing that the author decides, in words."""

    title: Text
    value: str


class CommandToSign(NamedTuple):
    """A command that is to be signed.

    Attributes:
        text: the statement, see `docs/formats/signatures.md`.
        events: what is signed of each event: `data`, `type`, `v` and perhaps `confirmed`.
    """

    text: str
    events: Sequence[Raw]

    def in_words(self) -> Iterator[Line]:
        """What it will record, line by line."""
        return in_words(self.text, self.events)


STATED: Final = (
    Text("记录库", "Ledger"),
    Text("评价事项", "Case"),
    Text("账号", "Account"),
    Text("业务日期", "Business date"),
    Text("编号", "Id"),
    Text("所见条号", "Version seen"),
)
"""The lines of a statement between its heading and the digest."""


def in_words(text: str, events: Iterable[Raw]) -> Iterator[Line]:
    """What a command will record, line by line."""
    _, *stated, _ = text.splitlines()
    yield from map(Line, STATED, stated)
    for raw in events:
        event = msgspec.json.decode(raw)
        yield Line(EVENTS.get(event["type"], Text(event["type"], event["type"])), "")
        for name, value in event["data"].items():
            title = FIELDS.get(name, Text(name, name))
            words = value if isinstance(value, str) else canonical(value).decode()
            yield Line(title, words)
        if days := event.get("confirmed"):
            yield Line(Text("确认的日期", "Confirmed dates"), ", ".join(days))


def to_sign(recorded: Iterable[RecordedEvent], origin: Sha256) -> list[CommandToSign]:
    """The commands that events are recorded by, in their order.

    Args:
        recorded: what would be recorded; the events of one command next to each other.
        origin: by which statements name the ledger.
    """
    found = []
    for _, events in groupby(recorded, lambda event: (event.case, event.command.id)):
        group = list(events)
        found.append(
            CommandToSign(
                statement_of(group, origin).text(), parts_of(event.entry for event in group)
            )
        )
    return found


class ToBeSigned(Exception):
    """Nothing was recorded: its author signs it first. Goes past everything that handles refusals.

    Attributes:
        recorded: what would have been.
    """

    def __init__(self, recorded: Sequence[RecordedEvent]) -> None:
        self.recorded = recorded


class AsksFirst:
    """What makes a store ask what its author would have to sign: nothing is written to it."""

    only_asks = True

    def append(self, entries: Sequence[NewEntry], basis: Basis | None = None) -> NoReturn:
        """Write nothing.

        Raises:
            ToBeSigned: always, with what would have been written.
        """
        del basis
        raise ToBeSigned([decode(new.entry) for new in entries])


def passkeys_of(account: Account, origin: str) -> dict[Sha256, Passkey]:
    """The passkeys that an account can sign with now, by what signatures call them.

    Args:
        account: whose.
        origin: of the pages on which it signs; empty for any.
    """
    found = {}
    for name, key in account.keys.items():
        if key.is_active and key.scheme == WEBAUTHN:
            with suppress(ProofError):  # written past the program
                found[name] = passkey_of(key.public_bytes)
    return {name: key for name, key in found.items() if origin in {"", key.origin}}


class GivenSignature(NamedTuple):
    """A signature that came with what it is a signature of.

    Attributes:
        account: whose.
        texts: the statements that were signed together, in their order.
        signed: the signature, without the place of each of them.
        others: that came with it, of other statements.
    """

    account: AccountId
    texts: Sequence[str]
    signed: AuthorSignature
    others: tuple["GivenSignature", ...] = ()

    def of(self, text: str) -> AuthorSignature:
        """The signature of one of them (`ledger.envelope.Sign`).

        Raises:
            CommandRefused: something else would be recorded than what was signed.
        """
        if text not in self.texts:
            for other in self.others:
                if text in other.texts:
                    return other.of(text)
            raise signature_does_not_hold(self.account, self.signed.key)
        among = _places(tuple(self.texts))[text]
        return msgspec.structs.replace(self.signed, among=among)


@lru_cache(maxsize=8)
def _places(texts: tuple[str, ...]) -> dict[str, AmongActs | None]:
    """Which one each statement is of those that were signed together; asked for one by one."""
    _, places = together(texts)
    return dict(zip(texts, places, strict=True))
