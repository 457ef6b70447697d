"""A house in which people sign what they do: keys, an archive that signs, acts and refusals."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest

from ledger.account_registry import RegisterOverTime
from ledger.checks.every_stream import violations
from ledger.commands import AdjustScore, Command, CommandEnvelope, EnrolKey
from ledger.envelope import REGISTER, AuthorSignature, Identity, RecordedEvent, Sign
from ledger.ledger import EnvelopeRefused, Ledger
from ledger.log.note import SigningKey
from ledger.values import CommandId
from tests.support.small_case import CASE
from tests.support.specification import Memory, editions, moment

DAY = date(2024, 12, 31)
FIVE_COMPLAINTS = AdjustScore(
    indicator="service", award=Decimal("20.00"), justification="有五起投诉"
)
KEY, STOLEN = (SigningKey("reviewer", bytes([seed]) * 32) for seed in (1, 2))


def id_of(key: SigningKey) -> str:
    return sha256(key.public.public).hexdigest()


def by(key: SigningKey) -> Sign:
    """Signs with a key."""

    def sign(text: str) -> AuthorSignature:
        value = b64encode(key.sign(text).value).decode()
        return AuthorSignature(key=id_of(key), scheme="ed25519", value=value)

    return sign


class Signed(Memory):
    """An archive that somebody has opened who signs what they record."""

    sign: Sign | None = None

    @property
    def identity(self) -> Identity:
        return Identity(None, None, self.sign)


@dataclass
class House:
    """The small case after its submission, a second administrator, and the reviewer's key."""

    archive: Signed
    minute: int = 60

    def act(
        self,
        account: str,
        command: Command,
        sign: Sign | None = None,
        **more: Any,  # noqa: ANN401 - further parts of the envelope
    ) -> list[RecordedEvent]:
        self.minute += 1
        self.archive.sign = sign
        key: CommandId = more.pop("id", f"act-{self.minute}")
        asked = CommandEnvelope(
            case=CASE, by=account, dated=more.pop("dated", DAY), id=key, command=command, **more
        )
        try:
            return [*Ledger(self.archive).handle([asked], moment(self.minute))[0].recorded]
        finally:
            self.archive.sign = None

    def refused(
        self,
        rule: str,
        account: str,
        command: Command,
        sign: Sign | None = None,
        signed: AuthorSignature | None = None,
    ) -> None:
        before = list(self.archive.log)
        with pytest.raises(EnvelopeRefused) as refusal:
            self.act(account, command, sign, signed=signed)
        assert refusal.value.rule == rule
        assert self.archive.log == before

    def found(self, stream: str = CASE, record: Sequence[RecordedEvent] = ()) -> list[str]:
        """The rules that a replay finds broken, in the stored record or in a forged one."""
        ledger = Ledger(self.archive)
        register = RegisterOverTime(ledger.history(REGISTER))
        record = record or ledger.history(stream)
        return [one.rule for one in violations(stream, record, register, editions())]


def enrolment(key: SigningKey) -> EnrolKey:
    public = b64encode(key.public.public).decode()
    return EnrolKey(account=key.name, scheme="ed25519", public=public)
