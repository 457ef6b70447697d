"""A dossier is recorded (卷宗登记): that it is issued, with the digests of what it encloses.

What it encloses and what it covers come from one reading. Where somebody records something in the
meantime, nothing is recorded here, and it is made again. The holder of the key signs it: here, or
in a process of its own (`dossier_again` then makes the file).
"""

from collections.abc import Mapping
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Final, NamedTuple

from application.clock import Clock
from application.confirmed import NOTHING, Confirmed
from application.handle import handle
from application.look import point_of, record_of
from documents.enclosures import enclosures
from ledger.case import pinned_rubrics
from ledger.commands_on_log import names_one_of, verify_set_aside
from ledger.envelope import REGISTER, rubric_stream
from ledger.events import EntriesMerged, EntrySetAside
from ledger.ledger import CommandResult, Ledger
from ledger.log_verification import Verification, check_streams
from ledger.store import Store, VersionConflict
from ledger.stream_reading import events_of_type
from ledger.values import AccountId, IndicatorId

ATTEMPTS: Final = 3
"""How often a dossier is made before somebody else is too fast for it."""


class RecordedDossier(NamedTuple):
    """That a dossier is issued.

    Attributes:
        result: of the command.
        read: what it was read from.
        files: what it encloses, by name.
    """

    result: CommandResult
    read: Ledger
    files: dict[str, bytes]


def record_dossier(  # noqa: PLR0913 - who, when, of what, for whom
    store: Store,
    clock: Clock,
    account: AccountId,
    case: str,
    *,
    key: str,
    dated: date | None = None,
    indicator: IndicatorId | None = None,
    purpose: str | None = None,
    confirmed: Confirmed = NOTHING,
) -> RecordedDossier:
    """Record that a dossier is issued.

    Args:
        store: see `issue_dossier`, as for the others.
        clock: when.
        account: who issues it.
        case: what it is about.
        key: idempotency key.
        dated: business date.
        indicator: the row that its change log is about.
        purpose: what it answers.
        confirmed: what is meant so.

    Raises:
        DatabaseDamaged: what is read is not what is stored.
        Invalid: no such case or indicator.
        EnvelopeRefused: a rule forbids it.
        VersionConflict: somebody else was faster, again and again.
    """
    for attempt in range(1, ATTEMPTS + 1):
        ledger = Ledger(store, once=True)
        record = record_of(ledger, case)
        for stream in (REGISTER, *map(rubric_stream, pinned_rubrics(record))):
            ledger.history(stream)
        try:
            check_streams(store, ledger.reading.held(), partial(_take_back, store=store))
            point = point_of(ledger, record)
            files = enclosures(point, dated or clock().date(), indicator)
            done = handle(
                *(ledger, clock, account, dossier_command(files, indicator, purpose)),
                key=key,
                case=case,
                dated=dated,
                seen=point.version,
                confirmed=confirmed,
            )
        except VersionConflict:
            if attempt == ATTEMPTS:
                raise
        else:
            return RecordedDossier(done, ledger, files)
    raise AssertionError("the last attempt returns or raises")


def _take_back(result: Verification, store: Store) -> None:
    """Take back what was found of entries that somebody has set aside, and answers for."""
    aside, merges = (
        events_of_type(store.of_type(REGISTER, kind.__name__), kind)
        for kind in (EntrySetAside, EntriesMerged)
    )
    named = [recorded for recorded in aside if names_one_of(recorded, result.faulty)]
    verify_set_aside(result, named, merges, store, whole=False)


def dossier_command(
    files: Mapping[str, bytes], indicator: IndicatorId | None, purpose: str | None
) -> dict[str, object]:
    """The command, which binds the enclosures by their digests."""
    return {
        "do": "issue-dossier",
        "indicator": indicator,
        "purpose": purpose,
        "enclosures": [
            {"name": name, "sha256": sha256(data).hexdigest()} for name, data in files.items()
        ],
    }
