"""Many cases, one command each (按清单办理): each case by itself, all of its row or nothing.

A list can be handed in again after an interruption or by mistake: what is recorded already is not
recorded once more. In which order or in how many lists cases come makes no
difference to what is recorded of each.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from application.batch import StreamResult, apply_batch
from application.case_outcome import CaseOutcome
from application.clock import Clock
from application.confirmed import NOTHING, Confirmed
from application.place import LedgerPlace
from intake.case_list import CaseList
from intake.mistakes import Misfilled
from ledger.envelope import RecordedEvent
from ledger.language import Text
from ledger.ledger import CommandResult
from ledger.store import Store


class Done(NamedTuple):
    """What became of a case, and of each command of its row."""

    outcome: CaseOutcome
    results: Sequence[CommandResult]

    @property
    def recorded(self) -> list[RecordedEvent]:
        """The events that are in the record for its row, new or not."""
        return [event for each in self.results for event in each.recorded]


def carry_out(  # noqa: PLR0913 - what, where, when and how
    store: Store,
    clock: Clock,
    place: LedgerPlace,
    listed: CaseList,
    *,
    dry_run: bool = False,
    confirmed: Confirmed = NOTHING,
) -> Iterator[Done]:
    """Do what a list asks for, case by case.

    Args:
        store: where it is recorded.
        clock: when.
        place: of the ledger.
        listed: the list.
        dry_run: work out everything, write nothing.
        confirmed: what is meant so, although it looks like a slip.

    Raises:
        Invalid: the list contains the number of a person that is not confirmed; nothing was
            written.
        VersionConflict: somebody else was faster; the cases after that one were not done yet.
    """
    if not listed.batch.commands:
        return
    for result in apply_batch(
        store, clock, place, listed.batch, dry_run=dry_run, confirmed=confirmed
    ):
        yield Done(_outcome(listed, result, dry_run=dry_run), result.results)


def _outcome(listed: CaseList, result: StreamResult, *, dry_run: bool) -> CaseOutcome:
    own = [each for each in listed.batch.commands if each.envelope.case == result.stream]
    if result.refused:
        wrong = listed.batch.commands[result.which or 0]
        told = wrong.refusal(result.refused)
        reason = told.what if isinstance(told, Misfilled) else told.text
        cell = listed.ref(wrong, result.field)
        return CaseOutcome(result.stream, cell, "refused", Text(*reason))
    count, rows = len(result.recorded), "、".join(dict.fromkeys(map(listed.ref, own)))
    if not count:
        return CaseOutcome(result.stream, rows, "before")
    return CaseOutcome(result.stream, rows, "possible" if dry_run else "done", events=count)
