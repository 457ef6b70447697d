"""Commands signed by their authors (办理人签名): the text that is signed, and what verifies it.

The text states what the author decides: in which ledger and stream, as whom, on which business
day, after having seen what, and the digest of the events that are recorded. It states nothing that
the ledger adds: neither the time, nor the version, nor the log position. So a ledger that holds a
signature can neither alter what was done, nor give it to somebody else, nor repeat it elsewhere;
that it was recorded in time and is still there, the log proves. The format is stated in
`docs/formats/signatures.md`.
"""

from base64 import b64decode
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Final, NamedTuple

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from ledger import refusals
from ledger.account_registry import Account, AuthorKey
from ledger.author_key import can_verify, verifies
from ledger.codec import VERSIONS, canonical
from ledger.envelope import AmongActs, AuthorSignature, RecordedEvent, StreamId
from ledger.events import AccountKeyEnrolled, Event
from ledger.log.tree import (
    ProofError,
    TreeHead,
    inclusion_proof,
    leaf_hash,
    tree_head,
    verify_inclusion,
)
from ledger.values import AccountId, Base64, CommandId, Instant, Scheme, Sha256

HEADING: Final = "scoretrail-command/1"
"""The first line of every text that is signed, so that no other text is taken for one."""

TOGETHER: Final = "scoretrail-commands/1"
"""The first line of a text that is signed for several commands at once."""


class Statement(NamedTuple):
    """What an author signs.

    Attributes:
        origin: leaf hash (RFC 6962, hex) of the register's first entry, which a ledger shares
            with its copies and with no other.
        stream: where the events are recorded.
        account: who acts.
        dated: the business date.
        id: of the command.
        seen: the version that the author had looked at; `None` where unsaid.
        digest: of the events, see `digest_of`.
    """

    origin: Sha256
    stream: StreamId
    account: AccountId
    dated: date
    id: CommandId
    seen: int | None
    digest: Sha256

    def text(self) -> str:
        """Eight lines, each ending in a newline; `-` where no version was seen."""
        seen = "-" if self.seen is None else self.seen
        return (
            f"{HEADING}\n{self.origin}\n{self.stream}\n{self.account}\n{self.dated}\n{self.id}\n"
            f"{seen}\n{self.digest}\n"
        )


class _Part(Struct):
    """What is signed of an entry, as it is written there."""

    data: Raw
    type: Raw
    v: Raw
    confirmed: Raw | UnsetType = UNSET


_parts: Final = msgspec.json.Decoder(_Part)


def parts_of(entries: Iterable[bytes]) -> list[Raw]:
    """What is signed of entries: of each its keys `confirmed` (if any), `data`, `type` and `v`."""
    return [Raw(canonical(_parts.decode(entry))) for entry in entries]


def digest_of(parts: Iterable[Raw]) -> Sha256:
    """The digest of a command's events: SHA-256 of their parts as one canonical JSON array."""
    every = [canonical(_parts.decode(part)) for part in parts]
    return sha256(b"[" + b",".join(every) + b"]").hexdigest()


def digest_before(events: Sequence[tuple[Event, tuple[date, ...]]]) -> Sha256:
    """The same of events that have no entry yet, each with its confirmed days."""
    parts: list[dict[str, object]] = []
    for event, confirmed in events:
        name = type(event).__name__
        part: dict[str, object] = {"data": event, "type": name, "v": VERSIONS[name]}
        parts.append(part | {"confirmed": confirmed} if confirmed else part)
    return sha256(canonical(parts)).hexdigest()


def statement_of(events: Sequence[RecordedEvent], origin: Sha256) -> Statement:
    """What the author of one command's events must have signed."""
    first = events[0]
    return Statement(
        origin,
        first.case,
        first.by.account,
        first.dated,
        first.command.id,
        first.seen,
        digest_of(Raw(recorded.entry) for recorded in events),
    )


def together(texts: Sequence[str]) -> tuple[str, list[AmongActs | None]]:
    """The text by which several commands are signed at once, and which of them each one is.

    It states how many they are and the root of the tree over their statements (RFC 9162, section
    2.1), so that each is proven by itself wherever it goes. A single command is signed by its own.
    """
    if len(texts) == 1:
        return texts[0], [None]
    leaves = [leaf_hash(text.encode()) for text in texts]
    head = tree_head(leaves)

    def read(level: int, index: int) -> bytes:
        return tree_head(leaves[index << level : (index + 1) << level]).root

    places: list[AmongActs | None] = []
    for index in range(head.size):
        path = inclusion_proof(read, index, head.size)
        hashes = tuple(each.hex() for each in path)
        places.append(AmongActs(index, hashes, head.root.hex(), head.size))
    return _text_over(head), places


def _text_over(head: TreeHead) -> str:
    return f"{TOGETHER}\n{head.size}\n{head.root.hex()}\n"


def _signed_text(text: str, among: AmongActs | None) -> str:
    """What is signed for the sake of a statement.

    Raises:
        ProofError: it is not among what was signed.
    """
    if among is None:
        return text
    head = TreeHead(among.size, bytes.fromhex(among.root))
    path = [*map(bytes.fromhex, among.path)]
    verify_inclusion(leaf_hash(text.encode()), among.index, path, head)
    return _text_over(head)


def holds(statement: Statement, signed: AuthorSignature, key: AuthorKey) -> bool:
    """Whether a signature is one of the statement by that key."""
    try:
        text = _signed_text(statement.text(), signed.among)
        return signed.scheme == key.scheme and _is_by(key.scheme, key.public, text, signed.value)
    except ProofError:  # a key under which anybody can sign, or not among what was signed
        return False


@lru_cache(maxsize=64)  # one signature may be over many commands, which come one after the other
def _is_by(scheme: Scheme, public: Base64, text: str, value: Base64) -> bool:
    return verifies(scheme, b64decode(public), text, b64decode(value))


# Which key ---------------------------------------------------------------------------------------


def key_of(
    signed: AuthorSignature, account: Account | None, events: Sequence[Event], at: Instant
) -> AuthorKey | None:
    """The key that a signature names, where it could sign then.

    An enrolment is signed by the key that it enrols, which shows that its owner holds it.

    Args:
        signed: the signature.
        account: of the author, as it was before.
        events: of the command.
        at: when they were recorded, or are.
    """
    enrolled = events[0]
    if isinstance(enrolled, AccountKeyEnrolled):
        new = AuthorKey(scheme=enrolled.scheme, public=enrolled.public)
        key = new if new.id == signed.key else None
    else:
        there = account.keys.get(signed.key) if account else None
        key = there if there and there.is_active else None
    return key if key and key.is_valid(at) else None


def check(
    statement: Statement,
    signed: AuthorSignature,
    account: Account,
    events: Sequence[Event],
    at: Instant,
) -> None:
    """Refuse a signature that does not hold.

    Raises:
        CommandRefused: the key is not one that the account signs with now, another text was
            signed, or nothing here can verify it.
    """
    key = key_of(signed, account, events, at)
    if key is None:
        raise refusals.key_not_active(account.id, signed.key)
    if not can_verify(key.scheme):
        raise refusals.signature_not_verifiable(account.id)
    if not holds(statement, signed, key):
        raise refusals.signature_does_not_hold(account.id, signed.key)
