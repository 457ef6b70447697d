"""Retention (保管期限): what is due for appraisal and destruction, and the erasure that follows.

Erasing goes the way of every legal erasure: recorded first, file by file, with the number of the
approved list as its ground; then the bytes go, and what was interrupted is done again.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Literal

from msgspec import Struct

from application.evidence import Erasure, erase
from application.progress import Watch, unwatched
from application.written_file import write_whole
from documents.formats import printer
from documents.practice import marked
from documents.retention_list import retention_list, retention_rows
from ledger.case import Case
from ledger.envelope import StreamId, is_case
from ledger.evidence import EvidenceFolder
from ledger.language import Language, Text
from ledger.ledger import Ledger
from ledger.store import Store
from ledger.values import Instant, Invalid, Sha256, instant
from projections.as_of import CaseAsOf

RetentionState = Literal[
    "unset", "permanent", "kept", "due", "proposed", "appraised", "approved", "destroyed"
]
OF_THE_YEAR = ("due", "proposed", "appraised", "approved")
"""The states of a case that is to be appraised or destroyed."""

READING = Text("正在读取", "reading")


class Retained(Struct, frozen=True):
    """How long a case is kept, and how far its destruction has come.

    Attributes:
        over: the first day after the term; `None` where it is not set or has no end.
        schedule: number of the schedule that sets the term.
        list: number of the destruction list that is under way, or was carried out.
        files: how many evidence files there are; `erased` how many of them are erased.
    """

    case: StreamId
    year: int | None
    unit: str
    title: str
    term: str | None
    starts: date | None
    over: date | None
    schedule: str | None
    state: RetentionState
    list: str | None
    files: int
    erased: int


def list_retention(
    store: Store, today: date, watch: Watch = unwatched, *, due: bool = False
) -> Iterator[Retained]:
    """Every case with its term, in the order of their ids. All of them are folded again.

    Args:
        store: of the ledger.
        today: the day on which a term may be over.
        watch: shows how far it has come.
        due: only those that are to be appraised or destroyed.
    """
    ledger = Ledger(store, once=True)
    names = [name for name in ledger.streams() if is_case(name)]
    for name in watch(names, READING, len(names)):
        one = retained(ledger.history(name).case, today)
        if not due or one.state in OF_THE_YEAR:
            yield one


def retained(case: Case, today: date) -> Retained:
    """The retention of one case on a day."""
    kept, listed, opened = case.retention, case.destruction, case.opened
    return Retained(
        case=case.id,
        year=opened.year if opened else None,
        unit=opened.unit_name if opened else "",
        title=opened.title if opened else "",
        term=kept.term if kept else None,
        starts=kept.starts if kept else None,
        over=kept.over if kept else None,
        schedule=kept.number if kept else None,
        state=_state(case, today),
        list=listed.number if listed else None,
        files=len(case.evidence),
        erased=len(case.erased),
    )


def _state(case: Case, today: date) -> RetentionState:
    if (listed := case.destruction) and (listed.files or listed.state != "approved"):
        return "destroyed" if listed.has_ended(case.erased) else listed.state
    if case.retention is None:
        return "unset"
    over = case.retention.over
    if over is None:
        return "permanent"
    is_due = case.stage == "closed" and today >= over and case.evidence.keys() - case.erased
    return "due" if is_due else "kept"


def to_erase(case: Case) -> list[dict[str, str]]:
    """The commands that record the erasure of what is on the approved list and still there.

    Raises:
        Invalid: no list of the case is approved.
    """
    listed = case.destruction
    if listed is None or listed.state != "approved":
        raise Invalid(
            f"{case.id}：没有经审批的销毁清册。请先提出、鉴定、审批。",
            f"{case.id}: no destruction list is approved. Propose, appraise and decide first.",
        )
    left = [sha256 for sha256 in listed.files if sha256 not in case.erased]
    ground = f"销毁清册 {listed.number}"
    return [{"do": "erase-evidence", "sha256": sha256, "ground": ground} for sha256 in left]


def accesses_to_erase(point: CaseAsOf) -> Instant:
    """The instant before which an approved list lets it be forgotten who looked at a case.

    Raises:
        Invalid: no list of the case with accesses on it is approved.
    """
    case, listed = point.case, point.case.destruction
    if listed is None or listed.state != "approved" or listed.accesses_before is None:
        raise Invalid(
            f"{case.id}：没有经审批的、列有访问记录的销毁清册。请先提出、鉴定、审批。",
            f"{case.id}: no approved destruction list names accesses. Propose, appraise and decide"
            " first.",
            rule="no-access-list",
        )
    return instant(datetime.combine(listed.accesses_before, time(), point.zone))


def erase_listed(store: Store, folder: EvidenceFolder, case: Case) -> Iterator[Erasure]:
    """Erase the bytes of what is recorded as erased, where they are still there."""
    listed: tuple[Sha256, ...] = case.destruction.files if case.destruction else ()
    for sha256 in listed:
        if sha256 in case.erased and folder.has(sha256):
            yield erase(store, folder, sha256)


def write_list(  # noqa: PLR0913 - what is written, of which day and in which words
    store: Store,
    output: Path,
    found: list[Retained],
    now: datetime,
    *,
    today: date,
    language: Language,
) -> None:
    """Write the list as a document that people sign.

    Raises:
        Invalid: no such format, or it cannot be written there.
        ExtraMissing: the packages that make it are not installed.
    """
    make = printer(output.suffix)
    document = retention_list(retention_rows(found), today, language, instant(now))
    write_whole(output, [make(marked(document, practice=Ledger(store).practice))])
