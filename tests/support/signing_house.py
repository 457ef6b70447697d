"""A house in which people sign what they do: keys, an archive that signs, acts and refusals."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.account_registry import RegisterOverTime
from ledger.author_key import ED25519
from ledger.author_signature import together
from ledger.checks.every_stream import violations
from ledger.commands import AdjustScore, Command, CommandEnvelope, EnrolKey
from ledger.envelope import REGISTER, AuthorSignature, Identity, RecordedEvent, Sign
from ledger.ledger import EnvelopeRefused, Ledger
from ledger.log.note import SigningKey
from ledger.values import CommandId
from tests.support.forgery import found_in_a_forgery
from tests.support.small_case import CASE
from tests.support.specification import FORGED, Memory, editions, moment

DAY = date(2024, 12, 31)
OF_SIGNATURES = {"unsigned", "author-key", "author-signature"}
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
        return AuthorSignature(key=id_of(key), scheme=ED25519, value=value)

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

    def asked(
        self,
        account: str,
        command: Command,
        **more: Any,  # noqa: ANN401 - further parts of the envelope
    ) -> CommandEnvelope:
        self.minute += 1
        key: CommandId = more.pop("id", f"act-{self.minute}")
        dated = more.pop("dated", DAY)
        return CommandEnvelope(case=CASE, by=account, dated=dated, id=key, command=command, **more)

    def act(
        self,
        account: str,
        command: Command,
        sign: Sign | None = None,
        **more: Any,  # noqa: ANN401 - further parts of the envelope
    ) -> list[RecordedEvent]:
        return self.handle(self.asked(account, command, **more), sign)

    def handle(self, asked: CommandEnvelope, sign: Sign | None) -> list[RecordedEvent]:
        self.archive.sign = sign
        try:
            return [*Ledger(self.archive).handle([asked], moment(self.minute))[0].recorded]
        finally:
            self.archive.sign = None

    def together(
        self, account: str, commands: Sequence[Command], sign: Sign
    ) -> list[RecordedEvent]:
        """Several acts that are signed at once."""
        asked = [self.asked(account, command) for command in commands]
        ledger, at = Ledger(self.archive), moment(self.minute)
        texts = [said.text() for _, said in ledger.statements(asked, at) if said]
        text, places = together(texts)
        signed = [replace(sign(text), among=place) for place in places]
        acts = [replace(one, signed=own) for one, own in zip(asked, signed, strict=True)]
        return [event for done in ledger.handle(acts, at) for event in done.recorded]

    def refused(
        self,
        rule: str,
        account: str,
        command: Command,
        sign: Sign | None = None,
        signed: AuthorSignature | None = None,
    ) -> None:
        """A rule forbids it; recorded past the program, a replay finds it by that rule."""
        before, asked = list(self.archive.log), self.asked(account, command, signed=signed)
        with pytest.raises(EnvelopeRefused) as refusal:
            self.handle(asked, sign)
        assert refusal.value.rule == rule
        assert self.archive.log == before
        if rule not in OF_SIGNATURES:  # a forged command is not signed
            found = found_in_a_forgery(Memory(before), asked, moment(self.minute))
            assert rule in found
            FORGED.append((refusal.value.refused, rule))

    def found(self, stream: str = CASE, record: Sequence[RecordedEvent] = ()) -> list[str]:
        """The rules that a replay finds broken, in the stored record or in a forged one."""
        ledger = Ledger(self.archive)
        register = RegisterOverTime(ledger.history(REGISTER))
        record = record or ledger.history(stream)
        return [one.rule for one in violations(stream, record, register, editions())]


def enrolment(key: SigningKey) -> EnrolKey:
    public = b64encode(key.public.public).decode()
    return EnrolKey(account=key.name, scheme=ED25519, public=public)
