"""Offline signing (离线签名): prepared here, signed where the key is, submitted here again.

The signer sees what will be recorded, in words, out of the very bytes whose digest is signed.
The file that is carried between the two is JSON; nothing in it is secret.
"""

from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from application.clock import Clock
from application.confirmed import NOTHING, Confirmed
from application.recording import record
from application.to_sign import Line, in_words
from intake.batch import Batch
from ledger.author_signature import HEADING, digest_of, parts_of
from ledger.codec import canonical, plain
from ledger.commands import CommandEnvelope
from ledger.envelope import AuthorSignature, StreamId
from ledger.ledger import CommandResult, Ledger, stream_of
from ledger.personal_numbers import ask_about_personal_numbers
from ledger.store import Store
from ledger.stored_struct import validating_type
from ledger.values import Invalid, instant

FORMAT: Final = "scoretrail-to-sign/1"


class PreparedCommand(Struct, omit_defaults=True):
    """A command, the events that it will be recorded as, and what its author signs.

    Attributes:
        command: as it is submitted, with its id.
        events: what is signed of each event: `data`, `type`, `v` and perhaps `confirmed`.
        text: the statement, see `docs/formats/signatures.md`.
        signed: by the author, once they have.
    """

    command: CommandEnvelope
    events: list[Raw]
    text: str
    signed: AuthorSignature | None = None

    def in_words(self) -> Iterator[Line]:
        """What it will record, line by line."""
        return in_words(self.text, self.events)


class Prepared(Struct):
    """Commands to be signed, in their order."""

    acts: list[PreparedCommand]
    format: str = FORMAT


def prepare(store: Store, clock: Clock, batch: Batch, confirmed: Confirmed = NOTHING) -> bytes:
    """What the author of a batch is to sign; nothing is recorded.

    Raises:
        EnvelopeRefused: a rule forbids one of the commands.
        Invalid: there is nothing to sign: all of them are recorded already; one of them files
            evidence, whose bytes would have to come along; or one contains the number of a person
            that is not confirmed.
    """
    batch = batch.confirming(confirmed.dates)
    for command in batch.commands:
        if command.file:
            raise Invalid(
                f"{command.place.zh}：佐证材料须随文件提交，不能离线签名。请先提交材料，再引用",
                f"{command.place.en}: evidence comes with its file and cannot be signed offline."
                " File it first and cite it then",
            )
        if not (confirmed.personal_numbers or command.confirmed):
            ask_about_personal_numbers(command.envelope.command)
    ledger, acts = Ledger(store, once=True), []
    for commands in _by_stream(command.envelope for command in batch.commands).values():
        for done, statement in ledger.statements(commands, instant(clock())):
            if statement is not None:
                entries = [event.entry for event in done.recorded]
                acts.append(PreparedCommand(done.envelope, parts_of(entries), statement.text()))
    if not acts:
        raise Invalid("没有需要签名的操作：均已记录", "nothing to sign: all of it is recorded")
    return written(Prepared(acts))


def read(data: bytes) -> Prepared:
    """The commands in a file that `prepare` or `sign` wrote, each with its own statement.

    Raises:
        Invalid: it is no such file, or what would be signed is not what it shows.
    """
    try:
        prepared: Prepared = msgspec.json.decode(data, type=validating_type(Prepared))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Invalid(
            "不是待签名文件，或已损坏。请重新准备。",
            "This is not a file to be signed, or it is damaged. Prepare it again.",
        ) from None
    for number, act in enumerate(prepared.acts, 1):
        if prepared.format != FORMAT or act.text != _text_of(act):
            raise Invalid(
                f"第 {number} 个操作：所示内容与将要签名的内容不符。请勿签名，重新准备。",
                f"Command {number}: what it shows is not what would be signed. Do not sign it;"
                " prepare it again.",
            )
    return prepared


def submit(
    store: Store | Ledger, clock: Clock, signed: Prepared, confirmed: Confirmed = NOTHING
) -> list[CommandResult]:
    """Record what was signed, all or nothing for each stream.

    Raises:
        EnvelopeRefused: a rule forbids it now, or it would be recorded otherwise than it was
            signed.
        Invalid: it contains the number of a person that is not confirmed.
        VersionConflict: somebody else was faster.
    """
    for act in signed.acts:
        if not confirmed.personal_numbers:
            ask_about_personal_numbers(act.command.command)
    ledger = store if isinstance(store, Ledger) else Ledger(store, once=True)
    commands = (replace(act.command, signed=act.signed) for act in signed.acts)
    return [
        result for acts in _by_stream(commands).values() for result in record(ledger, clock, acts)
    ]


def written(prepared: Prepared) -> bytes:
    """A file of commands to be signed."""
    return msgspec.json.format(canonical(prepared), indent=2) + b"\n"


def _text_of(act: PreparedCommand) -> str:
    """The statement that belongs to what is shown, in the ledger that its text names."""
    command, lines = act.command, act.text.splitlines()
    origin = lines[1] if len(lines) > 1 else ""
    seen = "-" if command.seen is None else command.seen
    about = (stream_of(command), command.by, command.dated, command.id, seen)
    shown = [Raw(canonical(plain(bytes(event)))) for event in act.events]  # as laid out by anybody
    return "".join(f"{line}\n" for line in (HEADING, origin, *about, digest_of(shown)))


def _by_stream(commands: Iterator[CommandEnvelope]) -> dict[StreamId, list[CommandEnvelope]]:
    streams: dict[StreamId, list[CommandEnvelope]] = {}
    for command in commands:
        streams.setdefault(stream_of(command), []).append(command)
    return streams
