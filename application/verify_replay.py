"""Verify (核对): what the entries of each stream lead to, judged by the rules of their time."""

from collections.abc import Sequence
from datetime import date

from ledger.account_registry import RegisterOverTime
from ledger.acts_on_log import verify_dossiers
from ledger.case import Case, History
from ledger.editions import Editions, fold_editions
from ledger.envelope import REGISTER, RecordedEvent, rubric_of, rubric_stream
from ledger.evidence import EvidenceFolder
from ledger.ledger import Ledger
from ledger.log_verification import Verification, verify_evidence
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


class Replay:
    """Verification of what the entries of each stream lead to.

    A record that cannot be read has been reported; what it leads to cannot be known.
    """

    def __init__(
        self,
        result: Verification,
        store: Store,
        merges: Sequence[RecordedEvent],
        signed_from: date | None = None,
    ) -> None:
        self._result = result
        self._store = store
        self._ledger = ledger = Ledger(store)
        self._merges = merges
        self._damaged = result.damaged
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

    def case(self, name: str, folder: EvidenceFolder | None) -> None:
        """A case, with its evidence files where there is a folder of them."""
        record = History() if name in self._damaged else self._ledger.history(name)
        if self._register is not None:
            verify_authors(self._result, record, self._register)
        verify_dossiers(self._result, record, self._merges, self._store)
        rubric = pinned_rubric(record.case)
        if rubric_stream(rubric) not in self._damaged:
            verify_case(self._result, record, self._editions(rubric), self._register)
        if folder:
            filed = folder.examine(record.case.evidence.values(), record.case.erased)
            verify_evidence(self._result, name, filed)

    def _editions(self, rubric: str) -> Editions:
        if rubric not in self._rubrics:
            published = self._ledger.history(rubric_stream(rubric))
            if self._register is not None:
                verify_rubric(self._result, published, self._register)
            self._rubrics[rubric] = fold_editions(published)
        return self._rubrics[rubric]
