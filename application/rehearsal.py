"""Rehearsal (预演): what a batch would record, or everything that keeps it from being recorded."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from application.batch import StreamResult, apply_batch
from application.clock import Clock
from application.completing import lookup_in
from application.confirmed import NOTHING, Confirmed
from application.look_as import look_as, recorded_version, visible_version
from application.place import LedgerPlace
from intake.batch import Batch, read_batch
from intake.files import HandedIn
from intake.mistakes import each, whole
from intake.written_command import LocatedCommand
from ledger import refusals
from ledger.account_registry import Account
from ledger.authority import may, roles_for
from ledger.case import Case
from ledger.commands import OpenCase
from ledger.envelope import StreamId
from ledger.events import CaseOpened
from ledger.followed_reading import FollowedReading
from ledger.language import Text
from ledger.ledger import CommandResult
from ledger.refusals import CommandRefused
from ledger.store import Store
from ledger.values import Invalid

REFUSALS_MAX = 50
"""How many refusals are reported at once."""


class Rehearsal(NamedTuple):
    """What became of a batch that was tried.

    Attributes:
        batch: as it was read; `None` where it could not be.
        results: of its streams, where nothing is wrong.
        mistakes: all that is wrong with it.
    """

    batch: Batch | None
    results: Sequence[StreamResult]
    mistakes: Sequence[Invalid]

    @property
    def command_results(self) -> list[CommandResult]:
        """What becomes of each command, in the order in which they are recorded."""
        return [result for stream in self.results for result in stream.results]

    @property
    def fresh(self) -> int:
        """How many events are new."""
        return sum(len(stream.recorded) for stream in self.results)


def read_upload(
    reading: FollowedReading,
    account: Account,
    dated: date,
    name: str,
    files: Mapping[str, HandedIn],
) -> Batch:
    """A batch that somebody hands in from another machine, to be recorded as their own.

    Args:
        reading: of the ledger where the cases are.
        account: who hands it in.
        dated: the business date where a command does not say.
        name: of the file with the commands.
        files: it and those that its commands name, by their names.

    Raises:
        Invalid: it cannot be read, it would act for somebody else, or in a case that the account
            does not see; says every place.
    """
    named = lookup_in(
        lambda case: look_as(reading, account, case).case,
        lambda case: look_as(reading, account, case).rubric,
    )
    batch = read_batch(Path(name), account=account.id, dated=dated, named=named, handed_in=files)
    mistakes = []
    opened, seen = _opened(reading, account, batch), _seen(reading, account)
    for command in batch.commands:
        case, opens = command.envelope.case, isinstance(command.envelope.command, OpenCase)
        if opens:
            try:
                roles_for(OpenCase, account)
            except CommandRefused as refused:
                mistakes.append(_at(command.place, refused.text))
        if command.envelope.by != account.id:
            mistakes.append(
                _at(
                    command.place,
                    Text(
                        f"写明由 {command.envelope.by} 办理；只能以本人账号 {account.id} 办理",
                        f"it names {command.envelope.by}; you can only act as {account.id}",
                    ),
                )
            )
        elif case is not None and not opens and case not in opened and not seen(case):
            mistakes.append(_at(command.place, refusals.unknown_case(case).text))
    if mistakes:
        raise whole(mistakes)
    return _as_recorded(reading, account, batch)


def _opened(reading: FollowedReading, account: Account, batch: Batch) -> set[StreamId]:
    """The cases that a batch opens and that are not there yet; a refusal must show no others."""
    if not may(OpenCase, Case(), account):
        return set()
    named = {c.envelope.case for c in batch.commands if isinstance(c.envelope.command, OpenCase)}
    return {case for case in named if case and not reading.of_kind(case, CaseOpened)}


def _as_recorded(reading: FollowedReading, account: Account, batch: Batch) -> Batch:
    """The batch, with what its author says to have seen in the numbers of the case.

    Raises:
        Invalid: the account sees no event of a number that it claims to have seen.
    """

    def counted(command: LocatedCommand) -> LocatedCommand:
        said = command.envelope
        try:
            if said.case is None or said.seen is None:
                return command
            seen = recorded_version(reading, account, said.case, said.seen)
            return command._replace(envelope=replace(said, seen=seen))
        except CommandRefused as refused:
            raise _at(command.place, refused.text) from None

    form, case = batch.form, next((c.envelope.case for c in batch.commands), None)
    if form and case and form.get("version", "").isdecimal():
        made_at = min(int(form["version"]), visible_version(reading, account, case))
        form = {**form, "version": str(recorded_version(reading, account, case, made_at))}
    return batch._replace(commands=[*map(counted, batch.commands)], form=form)


def rehearse(
    store: Store,
    clock: Clock,
    place: LedgerPlace,
    batch: Batch,
    *,
    confirmed: Confirmed = NOTHING,
) -> Rehearsal:
    """Try a batch and write nothing; where something is refused, all that is.

    Args:
        store: where it would be recorded.
        clock: when.
        place: where evidence is kept.
        batch: what was handed in.
        confirmed: what is meant so, although it looks like a slip.
    """
    mistakes: list[Invalid] = []
    left = batch
    while True:
        try:
            results = list(
                apply_batch(store, clock, place, left, dry_run=True, confirmed=confirmed)
            )
        except Invalid as error:
            return Rehearsal(batch, (), [*mistakes, *each(error)])
        refused = {result.which: result.refused for result in results if result.refused}
        if not refused:
            return Rehearsal(batch, () if mistakes else results, mistakes)
        for number, text in refused.items():
            mistakes.append(left.commands[number or 0].refusal(text))
        # What is refused is left out, to see what else would be.
        commands = [c for number, c in enumerate(left.commands) if number not in refused]
        left = left._replace(commands=commands)
        if not commands or len(mistakes) >= REFUSALS_MAX:
            return Rehearsal(batch, (), mistakes)


def _seen(reading: FollowedReading, account: Account) -> Callable[[str], bool]:
    """Whether the account sees a case, asked once for each."""

    @cache
    def seen(case: str) -> bool:
        try:
            look_as(reading, account, case)
        except Invalid:
            return False
        return True

    return seen


def _at(place: Text, text: Text) -> Invalid:
    return Invalid(f"{place.zh}：{text.zh}", f"{place.en}: {text.en}")
