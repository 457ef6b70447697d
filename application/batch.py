"""Batch (批量操作): the commands of a file are recorded, all or nothing for each case."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from application.clock import Clock
from application.confirmed import NOTHING, Confirmed
from application.evidence import Erasure, erase, keep
from application.place import LedgerPlace
from application.recording import record
from application.stale_form import refuse_stale
from application.undated import as_recorded
from intake.batch import Batch
from intake.written_command import LocatedCommand
from ledger.commands import EraseEvidence
from ledger.envelope import REGISTER, RecordedEvent, StreamId, is_case
from ledger.language import Text, counted
from ledger.ledger import CommandResult, DryRunStore, EnvelopeRefused, Ledger, stream_of
from ledger.personal_numbers import ask_about_personal_numbers
from ledger.refusals import MOVED_ON, CommandRefused
from ledger.store import Store
from ledger.values import Invalid


class StreamResult(NamedTuple):
    """What became of the commands of one stream: results, or why nothing of it was written.

    Attributes:
        results: one for each command, in order; none where it was refused.
        refused: the place of the refused command and the reason.
        which: the command of the batch that it is, from 0.
        field: of that command that is wrong; may be empty.
        moved_on: whether it was because its subject had moved on since its author looked.
        not_again: commands that were recorded before and whose place another has taken since, with
            the reason why they are not recorded once more.
        erasures: of the files whose erasure was recorded.
    """

    stream: StreamId
    results: Sequence[CommandResult] = ()
    refused: Text | None = None
    which: int | None = None
    field: str = ""
    moved_on: bool = False
    not_again: Sequence[Text] = ()
    erasures: Sequence[Erasure] = ()

    @property
    def recorded(self) -> list[RecordedEvent]:
        """The events that are new."""
        return [
            event for result in self.results if not result.repeated for event in result.recorded
        ]

    @property
    def repeated(self) -> int:
        """How many commands were recorded before."""
        return sum(result.repeated for result in self.results)

    def summary(self, *, dry_run: bool) -> Text:
        """How much was recorded, and how much had been before."""
        fresh, again = len(self.recorded), self.repeated
        before = counted(again, "command")
        if dry_run:
            return Text(
                f"{self.stream}：可以写入 {fresh} 条，此前已记录 {again} 个操作（仅检查，未写入）",
                f"{self.stream}: {counted(fresh, 'event')} would be recorded, {before} before"
                " (checked only)",
            )
        return Text(
            f"{self.stream}：写入 {fresh} 条，此前已记录 {again} 个操作",
            f"{self.stream}: {counted(fresh, 'event')} recorded, {before} before",
        )


def apply_batch(  # noqa: PLR0913 - what, where, when and how
    store: Store,
    clock: Clock,
    place: LedgerPlace,
    batch: Batch,
    *,
    dry_run: bool = False,
    confirmed: Confirmed = NOTHING,
) -> Iterator[StreamResult]:
    """Record the commands of a batch: accounts, then rubrics, then cases in the order of the file.

    A stream with a refused command is not written at all; the others are. The files that commands
    file are kept before anything is recorded.

    Args:
        store: where they are recorded.
        clock: when.
        place: where evidence is kept.
        batch: what was handed in.
        dry_run: work out everything, write nothing.
        confirmed: what is meant so in all of the commands, although it looks like a slip.

    Raises:
        Invalid: a command names no stream, or the number of a person that is not confirmed; the
            form is older than what it would change; or nobody said where evidence is kept, and a
            command files or erases some. Nothing was written.
        VersionConflict: somebody else was faster; streams that were not given yet are not written.
    """
    # What a form is compared with is what is decided on.
    ledger = Ledger(DryRunStore(store) if dry_run else store, once=True)
    batch = as_recorded(ledger, batch.confirming(confirmed.dates))
    streams: dict[StreamId, list[LocatedCommand]] = {}
    for command in batch.commands:
        streams.setdefault(_stream(command), []).append(command)
        if not (confirmed.personal_numbers or command.confirmed):
            _ask(command)
    refuse_stale(ledger, clock, batch)
    if not dry_run:
        _keep_files(ledger, place, batch.commands)
    # Cases depend on accounts and rubrics, so these come first in any order of the file.
    for name in sorted(streams, key=lambda name: (name != REGISTER, is_case(name))):
        commands = streams[name]
        try:
            results = record(ledger, clock, [command.envelope for command in commands])
        except EnvelopeRefused as error:
            wrong = commands[error.index]
            yield StreamResult(
                name,
                refused=_at(wrong.place, error.refused.text),
                which=batch.commands.index(wrong),
                field=error.field or "",
                moved_on=error.rule == MOVED_ON,
            )
        else:
            yield StreamResult(
                name,
                results,
                not_again=_not_again(commands, results),
                erasures=[] if dry_run else _erase_files(store, place, results),
            )


def _stream(command: LocatedCommand) -> StreamId:
    """The stream of a command.

    Raises:
        Invalid: it names no case, or publishes a rubric that is none; says where.
    """
    try:
        return stream_of(command.envelope)
    except (Invalid, CommandRefused) as error:
        raise Invalid(*_at(command.place, error.text)) from None


def _ask(command: LocatedCommand) -> None:
    try:
        ask_about_personal_numbers(command.envelope.command)
    except Invalid as error:
        raise Invalid(*_at(command.place, error.text), rule=error.rule, field=error.field) from None


def _not_again(commands: Sequence[LocatedCommand], results: Sequence[CommandResult]) -> list[Text]:
    """The message about commands that are recorded, were replaced, and cannot be recorded again."""
    return [
        _at(
            command.place,
            Text(
                f"与 {result.recorded[0].dated} 的记录相同，此后已有其他操作取代；"
                f"现在不能再次记录：{result.not_again.text.zh}",
                f"same as what was recorded for {result.recorded[0].dated}, which another command"
                f" has replaced since; it cannot be recorded again now: {result.not_again.text.en}",
            ),
        )
        for command, result in zip(commands, results, strict=True)
        if result.not_again
    ]


def _keep_files(ledger: Ledger, place: LedgerPlace, commands: Sequence[LocatedCommand]) -> None:
    if any(
        command.file or isinstance(command.envelope.command, EraseEvidence) for command in commands
    ):
        folder = place.evidence()  # asked for before anything is written
        for command in commands:
            if command.file:
                keep(ledger, folder, command.envelope.case, command.file)


def _erase_files(
    store: Store, place: LedgerPlace, results: Sequence[CommandResult]
) -> list[Erasure]:
    erased = [
        result.envelope.command
        for result in results
        if isinstance(result.envelope.command, EraseEvidence)
    ]
    return [erase(store, place.evidence(), command.sha256) for command in erased]


def _at(place: Text, text: Text) -> Text:
    return Text(f"{place.zh}：{text.zh}", f"{place.en}: {text.en}")
