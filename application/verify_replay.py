"""Verify (核验): what the entries of each stream lead to, judged by the rules of their time."""

from datetime import date
from typing import NamedTuple

from ledger.account_registry import RegisterOverTime
from ledger.case import Case
from ledger.commands_on_log import verify_dossiers
from ledger.editions import Editions, fold_editions
from ledger.envelope import REGISTER, RecordedEvent, rubric_of, rubric_stream
from ledger.evidence import EvidenceFolder
from ledger.ledger import Ledger
from ledger.log_verification import Verification, verify_evidence
from ledger.recorded_command import RecordedStream
from ledger.store import Store
from projections.case_verification import (
    verify_authors,
    verify_case,
    verify_register,
    verify_rubric,
)


def pinned_rubric(case: Case) -> str:
    """The name of the rubric that a case is judged by; empty where none is pinned."""
    return case.pinned.rubric if case.pinned else ""


class Basis(NamedTuple):
    """What the verification of every case rests on.

    Attributes:
        damaged: streams whose bytes do not hold.
        merges: commands that have made a part of the log what was recorded elsewhere.
        signed_from: the day from which on authors must have signed in any case.
    """

    damaged: frozenset[str]
    merges: tuple[RecordedEvent, ...]
    signed_from: date | None = None


class Replay:
    """Verification of what the entries of each stream lead to.

    A record that cannot be read has been reported; what it leads to cannot be known.

    Args:
        result: gets what is found of the register and of rubrics, which cases rest on.
        store: the ledger.
        folder: of evidence files, which are verified where there is one.
        basis: of all cases.
    """

    def __init__(
        self, result: Verification, store: Store, folder: EvidenceFolder | None, basis: Basis
    ) -> None:
        self._result = result
        self._store, self._folder = store, folder
        self._ledger = ledger = Ledger(store)
        self._damaged, self._merges, signed_from = basis
        self._rubrics: dict[str, Editions] = {}
        self._register: RegisterOverTime | None = None
        if REGISTER not in self._damaged:
            self._register = verify_register(result, ledger.history(REGISTER), signed_from)
            result.accounts = len(self._register)

    def rubrics(self) -> None:
        """All of them, whether or not a case has pinned them."""
        for name in self._ledger.streams():
            if (rubric := rubric_of(name)) and name not in self._damaged:
                self._editions(rubric)

    def case(self, result: Verification, name: str) -> None:
        """A case, with its evidence files."""
        record = RecordedStream(() if name in self._damaged else self._ledger.history(name))
        if self._register is not None:
            verify_authors(result, record, self._register)
        verify_dossiers(result, record, self._merges, self._store)
        rubric = pinned_rubric(record.case)
        if rubric_stream(rubric) not in self._damaged:
            verify_case(result, record, self._editions(rubric), self._register)
        if self._folder:
            filed = self._folder.examine(record.case.evidence.values(), record.case.erased)
            verify_evidence(result, name, filed)

    def _editions(self, rubric: str) -> Editions:
        if rubric not in self._rubrics:
            published = self._ledger.history(rubric_stream(rubric))
            if self._register is not None:
                verify_rubric(self._result, published, self._register)
            self._rubrics[rubric] = fold_editions(published)
        return self._rubrics[rubric]
