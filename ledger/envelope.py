"""The envelope: one event with its position, its two times, its author and its link to the past."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Annotated, Final, Literal, NamedTuple, get_args

from msgspec import Meta, Struct

from ledger.events import CaseEvent, Event, RegisterEvent, Role, RubricEvent
from ledger.rule_editions import FIRST, RuleEdition
from ledger.stored_struct import StoredStruct
from ledger.values import (
    AccountId,
    Base64,
    CommandId,
    Count,
    Instant,
    OrganisationId,
    Scheme,
    Sha256,
)

StreamId = Annotated[
    str,
    Meta(
        pattern=r"^([a-z0-9]+(-[a-z0-9]+)*|rubric:[a-z0-9]+(-[a-z0-9]+)*|register:accounts)\Z",
        description="A case id, or `rubric:ID`, or `register:accounts`.",
    ),
]
REGISTER: StreamId = "register:accounts"


def rubric_stream(rubric: str) -> StreamId:
    """The stream of a rubric's editions."""
    return f"rubric:{rubric}"


def is_case(stream: StreamId) -> bool:
    """Whether a stream is a case, and not the register or a rubric."""
    return ":" not in stream


_KINDS: Final = {
    "register": frozenset(event.__name__ for event in get_args(RegisterEvent)),
    "rubric": frozenset(event.__name__ for event in get_args(RubricEvent)),
    "": frozenset(event.__name__ for event in get_args(CaseEvent)),
}


@lru_cache(maxsize=256)
def types_of(stream: StreamId) -> frozenset[str]:
    """The names of the events that a stream can contain: the register, a rubric or a case."""
    kind, colon, _ = stream.partition(":")
    return _KINDS[kind if colon else ""]


def belongs(type_: str, stream: StreamId) -> bool:
    """Whether a stream can contain an event of that name."""
    return type_ in types_of(stream)


def rubric_of(stream: StreamId) -> str | None:
    """The rubric whose editions a stream holds; `None` for any other stream."""
    kind, _, rubric = stream.partition(":")
    return rubric if kind == "rubric" else None


class Actor(StoredStruct, frozen=True):
    """Who acted, in which role, for whom. Ids only, never personal names."""

    account: AccountId
    role: Role
    organisation: OrganisationId


class IdempotencyKey(StoredStruct, frozen=True):
    """Which command caused the event: its id, and the SHA-256 of what it asked for.

    The same id with the same content is a repetition; with another content it is a mistake.
    """

    id: CommandId
    sha256: Sha256


Through = Literal["database-role", "file", "signature", "web"]
"""How it was proven that the account acted: anyone who can write the file may act as anybody in it;
a role of the database's own for each person; a login at the web face; the author's signature."""


class AmongActs(StoredStruct, frozen=True):
    """Which one it is of several commands that were signed at once (`author_signature.together`).

    Attributes:
        index: its position among them, from 0.
        path: of its inclusion (RFC 9162, section 2.1.3), in hex.
        root: of the tree over what is signed of each, in hex.
        size: how many there are.
    """

    index: Count
    path: tuple[Sha256, ...]
    root: Sha256
    size: Count


class AuthorSignature(StoredStruct, frozen=True, omit_defaults=True):
    """What the author signed the command with; what is signed: `ledger.author_signature`.

    Attributes:
        key: SHA-256 of the public key, in the form of its scheme. It names one of the account's.
        value: the signature, in the form of its scheme.
        among: where it is one of several commands together; `None` of one by itself.
    """

    key: Sha256
    scheme: Scheme
    value: Base64
    among: AmongActs | None = None


Sign = Callable[[str], AuthorSignature]
"""How an author signs a text."""


class Identity(NamedTuple):
    """What the place where a ledger lies knows by itself of who is there.

    Attributes:
        account: the only one that can be acted as; `None` where it may be any.
        through: how it is proven which one it is; `None` where it is only claimed.
        sign: signs a text with the author's key; `None` where they sign nothing.
    """

    account: AccountId | None
    through: Through | None
    sign: Sign | None = None


UNPROVEN: Final = Identity(None, None)
"""Anyone with access may act as anybody, as in a file."""


class RecordedEvent(Struct, frozen=True, gc=False):
    """One event as recorded in the archive.

    Attributes:
        case: the stream: a case, a rubric or the register.
        version: 1 for the first event of the stream, without gaps.
        at: when it was recorded.
        dated: the business date of the command, from the document.
        by: who acted.
        command: the idempotency key.
        prev: leaf hash (RFC 6962, hex) of the stream's previous entry; empty for the first.
        event: what happened.
        seen: the last version of the stream that the author had looked at; `None` where unsaid.
        rules: the edition of the program's rules that it was recorded under.
        signed: the author's signature; `None` where there is none.
        through: how the account was proven; `None` where unsaid.
        confirmed: the days of the command that would have been refused and that its author
            confirmed (`ledger.chronology`), each once and in order.
        entry: the canonical bytes that are stored and hashed.
        position: position in the log, from 0; `None` until sealed.
    """

    case: StreamId
    version: int
    at: Instant
    dated: date
    by: Actor
    command: IdempotencyKey
    prev: str
    event: Event
    seen: int | None = None
    rules: RuleEdition = FIRST
    signed: AuthorSignature | None = None
    through: Through | None = None
    confirmed: tuple[date, ...] = ()
    entry: bytes = b""
    position: int | None = None

    @property
    def type(self) -> str:
        """The event's name in the archive."""
        return type(self.event).__name__
