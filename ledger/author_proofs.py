"""Proofs of authors (办理人签名核验): which commands of a stream lack a sound signature, and why.

A signature may be missing though one was demanded, not match what is recorded, or be by a key that
was not its author's then. `verify` reports these, and every view of a case shows the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Final, Literal

from msgspec import Struct

from ledger.account_registry import RegisterOverTime
from ledger.author_key import can_verify
from ledger.author_signature import holds, key_of, statement_of
from ledger.envelope import AuthorSignature, RecordedEvent
from ledger.events import AccountKeyEnrolled
from ledger.language import Text
from ledger.values import Instant


class SignatureFault(Struct, frozen=True, gc=False):
    """What is wrong with the signature of a command.

    Attributes:
        kind: it is missing, does not match, or is by a key that was not active.
        text: that, in a sentence of which the command is the subject.
        since: from which day on one is demanded, where that is why one should be there.
    """

    kind: Literal["unsigned", "signature", "key"]
    text: Text
    since: date | None = None


class AuthorProofs:
    """The signatures of one stream, verified when they are first asked about."""

    def __init__(
        self, record: Sequence[RecordedEvent] = (), register: Sequence[RecordedEvent] = ()
    ) -> None:
        """Know the stream as it is recorded.

        Args:
            record: the events of the stream, none hidden or renumbered; none where neither
                anything is signed nor anything has to be.
            register: of the ledger.
        """
        self._record, self._register = record, register
        self._numbered: dict[int, AuthorProofs] = {}

    @cached_property
    def faults(self) -> Mapping[int, SignatureFault]:
        """What is wrong, by the version of each event of the command that it is wrong with."""
        return faults_in(self._record, RegisterOverTime(self._register)) if self._record else {}

    def numbered(self, versions: Sequence[int]) -> "AuthorProofs":
        """The same for somebody who sees a part of the stream, in numbers of their own.

        Args:
            versions: that the events which they see have in the stream. Who sees as many of them
                sees the same ones.
        """
        seen = len(versions)
        if not self._record or versions[seen - 1] == seen:
            return self
        return self._numbered.setdefault(seen, _Numbered(self, versions))


class _Numbered(AuthorProofs):
    def __init__(self, whole: AuthorProofs, versions: Sequence[int]) -> None:
        super().__init__()
        self._whole, self._versions = whole, versions

    @cached_property
    def faults(self) -> Mapping[int, SignatureFault]:
        found, seen = self._whole.faults, enumerate(self._versions, 1)
        return {own: found[version] for own, version in seen if version in found}


NOTHING_SIGNED: Final = AuthorProofs()


def is_proven(record: Iterable[RecordedEvent]) -> bool:
    """Whether anything in a stream is signed, or has to be in every ledger."""
    return any(one.signed or isinstance(one.event, AccountKeyEnrolled) for one in record)


def by_command(record: Sequence[RecordedEvent]) -> Iterator[list[RecordedEvent]]:
    """The events of each command."""
    for _, events in groupby(record, key=lambda event: event.command.id):
        yield list(events)


def faults_in(
    record: Sequence[RecordedEvent], register: RegisterOverTime
) -> dict[int, SignatureFault]:
    """What is wrong with the signatures of a stream, by the version of each event.

    The events of one command share one fault. What nothing here can verify is none.

    Args:
        record: every event of the stream, as it is recorded.
        register: of the ledger; what a verifier demands besides is in it.
    """
    found: dict[int, SignatureFault] = {}
    latest = ""
    for group in by_command(record):
        first = group[0]
        if fault := _fault(group, register, latest):
            found |= dict.fromkeys((recorded.version for recorded in group), fault)
        if first.at > latest and not register.is_set_aside(first):
            latest = first.at
    return found


def _fault(
    group: Sequence[RecordedEvent], register: RegisterOverTime, latest: Instant
) -> SignatureFault | None:
    first = group[0]
    if any(recorded.signed != first.signed for recorded in group[1:]):
        differ = "一次操作的各条，签名不一致", "the events of one command are not signed alike"
        return SignatureFault("signature", Text(*differ))
    if first.signed is not None:
        return _false(group, first.signed, register)
    if isinstance(first.event, AccountKeyEnrolled):
        unsigned = "登记密钥未用该密钥签名", "the enrolment is not signed with the key it enrols"
        return SignatureFault("unsigned", Text(*unsigned))
    if since := register.unsigned_since(first, latest):
        demanded = Text(
            f"自 {since} 起须有办理人签名而没有",
            f"signatures of authors are demanded from {since} on, and there is none",
        )
        return SignatureFault("unsigned", demanded, since)
    return None


def _false(
    group: Sequence[RecordedEvent], signed: AuthorSignature, register: RegisterOverTime
) -> SignatureFault | None:
    first = group[0]
    author = first.by.account
    account = register.account(author, first.position)
    key = key_of(signed, account, [recorded.event for recorded in group], first.at)
    if key is None:
        dead = Text(
            f"签名所用密钥 {signed.key[:12]} 当时不是账号 {author} 的有效密钥",
            f"the key of its signature, {signed.key[:12]}, was not active for {author} then",
        )
        return SignatureFault("key", dead)
    # What cannot be verified here is reported as that, which is not a fault.
    if not can_verify(key.scheme) or holds(statement_of(group, register.origin), signed, key):
        return None
    other = Text(
        f"办理人 {author} 的签名与所记内容不符",
        f"the signature of its author, {author}, does not match what is recorded",
    )
    return SignatureFault("signature", other)
