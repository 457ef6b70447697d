"""Checks: what the record, the figures and the documents promise, each looked at by one function.

A check is a pure function from a case file to outcomes, named after what it finds: what does not
fit, what agrees, and what could not be judged. All of them run, always. What several of them say of
one fact is reported once. Nothing here changes a score.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from ledger.checks.case_file import CaseFile
from ledger.checks.catalogue import CATALOGUE, RECORD, Check, Entry, name_of
from ledger.checks.discrepancy import (
    SEVERITIES,
    Discrepancy,
    Held,
    Holds,
    NotJudged,
    Reading,
    Severity,
    distinct,
)
from ledger.checks.one_fact import one_per_fact
from ledger.editions import Editions
from ledger.envelope import RecordedEvent
from ledger.values import Instant

__all__ = [
    "CATALOGUE",
    "CHECKS",
    "SEVERITIES",
    "Check",
    "CheckReport",
    "Discrepancy",
    "Holds",
    "NotJudged",
    "Reading",
    "Severity",
    "check_case",
    "examine",
    "name_of",
]

CHECKS: Final[tuple[Check, ...]] = tuple(entry.check for entry in CATALOGUE)


class CheckReport(Struct, frozen=True):
    """What the checks found in a case.

    Attributes:
        findings: what does not fit, one for one fact, in the order of the catalogue.
        holds: what was compared and agrees, by check.
        not_judged: what could not be compared, and why.
    """

    findings: tuple[Discrepancy, ...]
    holds: tuple[Holds, ...]
    not_judged: tuple[NotJudged, ...]


def examine(
    history: Sequence[RecordedEvent],
    editions: Editions,
    record: Sequence[RecordedEvent] | None = None,
    register: Sequence[RecordedEvent] = (),
    now: Instant | None = None,
) -> CheckReport:
    """Run every check.

    Args:
        history: the events that count, in version order.
        editions: of the rubric that the case pins.
        record: the whole record, where the history leaves out events in the middle, as a point by
            business date does; what can only be judged without gaps is judged by it.
        register: the history of the accounts, to compare who acted with.
        now: the moment, to compare with when events were recorded.
    """
    case_file = CaseFile(history, editions, record, register, now)
    findings: list[Discrepancy] = []
    holds: list[Holds] = []
    unjudged: list[NotJudged] = []
    for entry in CATALOGUE if case_file.is_pinned else RECORD:
        found, agreed, open_ = _sorted(entry, case_file)
        findings += found
        unjudged += open_
        if agreed or (entry in RECORD and not found and history):
            items = tuple(dict.fromkeys(held.item for held in agreed))
            holds.append(Holds(entry.name, entry.promise, items))
    return CheckReport(tuple(one_per_fact(findings)), tuple(holds), tuple(dict.fromkeys(unjudged)))


def _sorted(
    entry: Entry, case_file: CaseFile
) -> tuple[list[Discrepancy], list[Held], list[NotJudged]]:
    """The outcomes of one check by kind, with the name of the check."""
    found: list[Discrepancy] = []
    agreed: list[Held] = []
    unjudged: list[NotJudged] = []
    for outcome in entry.check(case_file):
        match outcome:
            case Discrepancy(documents=documents):
                found.append(replace(outcome, check=entry.name, documents=distinct(documents)))
            case Held():
                agreed.append(outcome)
            case NotJudged():
                unjudged.append(replace(outcome, check=entry.name))
    return found, agreed, unjudged


def check_case(
    history: Sequence[RecordedEvent],
    editions: Editions,
    record: Sequence[RecordedEvent] | None = None,
    register: Sequence[RecordedEvent] = (),
    now: Instant | None = None,
) -> list[Discrepancy]:
    """What does not fit, and nothing else of what `examine` reports."""
    return list(examine(history, editions, record, register, now).findings)
