"""Recording (记录): commands are recorded at the current time, and retried where that has passed.

Nothing is recorded before what precedes it in the log, nor on an account registry that has changed
meanwhile. Where writers conflict, one of them retries, and its user need not know. A clock that is
slow by more than the allowed skew has to be corrected by a person.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from time import sleep
from typing import Final

from msgspec.structs import replace

from application.author_keys import KeyInFile
from application.clock import Clock
from ledger.author_signature import together
from ledger.commands import CommandEnvelope, RegisterCommand
from ledger.envelope import REGISTER
from ledger.ledger import CommandResult, Ledger
from ledger.store import RecordedBefore, VersionConflict
from ledger.values import instant

CLOCK_SKEW_MAX: Final = 2.0
"""Seconds by which the clock of one machine may be behind that of another."""

ATTEMPTS: Final = 20
"""How often it is tried; then somebody else was faster each time."""


def record(
    ledger: Ledger,
    clock: Clock,
    envelopes: Sequence[CommandEnvelope],
    pause: Callable[[float], object] = sleep,
) -> list[CommandResult]:
    """Record the commands of one stream, all or nothing.

    Args:
        ledger: where.
        clock: when.
        envelopes: of one stream, in order.
        pause: lets seconds pass.

    Raises:
        EnvelopeRefused: a rule forbids one of them.
        RecordedBefore: the clock is behind the last entry by more than the allowed skew.
        VersionConflict: somebody else was faster; nothing was written.
    """
    envelopes = _signed_at_once(ledger, clock, envelopes)
    for _ in range(ATTEMPTS - 1):
        try:
            return ledger.handle(envelopes, instant(clock()))
        except RecordedBefore as before:
            # By the clock as it is now: the command may have waited for its turn longer than a
            # moment.
            behind = _seconds(instant(clock()), before.last)
            if behind > CLOCK_SKEW_MAX:
                raise
            pause(max(behind, 0))
        except VersionConflict as conflict:
            if conflict.case_id != REGISTER or isinstance(envelopes[0].command, RegisterCommand):
                raise
    return ledger.handle(envelopes, instant(clock()))


def _signed_at_once(
    ledger: Ledger, clock: Clock, envelopes: Sequence[CommandEnvelope]
) -> Sequence[CommandEnvelope]:
    """The commands with one signature of all: one touch or password, and one to be verified."""
    sign = ledger.identity.sign
    if len(envelopes) == 1 or not isinstance(sign, KeyInFile):
        return envelopes
    stated = [said for _, said in ledger.statements(envelopes, instant(clock())) if said]
    if len(stated) < len(envelopes):  # some are recorded already: nothing to be signed for them
        return envelopes
    text, places = together([said.text() for said in stated])
    signed, ids = sign(text), [said.id for said in stated]
    return [
        replace(envelope, id=own, signed=replace(signed, among=among))
        for envelope, own, among in zip(envelopes, ids, places, strict=True)
    ]


def _seconds(now: str, last: str) -> float:
    """From one instant to another; very many where one of them is none."""
    try:
        passed = datetime.fromisoformat(last) - datetime.fromisoformat(now)
    except ValueError:
        return CLOCK_SKEW_MAX + 1
    return passed.total_seconds()
