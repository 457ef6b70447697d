"""Commands of a list that names no day (未写日期的操作): those recorded before keep their day."""

from msgspec.structs import replace

from intake.batch import Batch
from intake.written_command import LocatedCommand
from ledger.ledger import Ledger
from ledger.repetition import content_of


def as_recorded(ledger: Ledger, batch: Batch) -> Batch:
    """The batch, with the day on which the same command was recorded, where today is only assumed.

    So a list that is handed in again on another day repeats nothing.

    Args:
        ledger: where they may be recorded.
        batch: what was handed in.
    """
    if batch.undated is None:
        return batch
    commands = [
        _on_its_day(ledger, command) if command.envelope.dated == batch.undated else command
        for command in batch.commands
    ]
    return batch._replace(commands=commands)


def _on_its_day(ledger: Ledger, command: LocatedCommand) -> LocatedCommand:
    said = command.envelope
    history = ledger.history(said.case) if said.case else ()
    keys = {event.command.id.partition(".")[0] for event in history}
    for day in sorted({event.dated for event in history} - {said.dated}):
        again = replace(said, dated=day)
        if content_of(again) in keys:
            return command._replace(envelope=again)
    return command
