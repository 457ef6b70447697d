"""The end of a year (年终冻结): the ledger of one office and one year is frozen.

The freeze is its last entry, and the checkpoint over it is final: what the ledger of the next year
goes on from (`successor.py`).
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from application.clock import Clock
from application.place import LedgerPlace
from application.recording import record
from application.sign import keys, sign
from ledger.account_registry import fold_register
from ledger.commands import CommandEnvelope, FreezeLedger, RegisterCommand, RubricCommand
from ledger.envelope import REGISTER
from ledger.events import LedgerFrozen
from ledger.language import counted
from ledger.ledger import Ledger
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.note import VerifierKey
from ledger.log.tree import CompactRange, TreeHead, leaf_hash
from ledger.store import Store
from ledger.values import AccountId, Invalid
from projections.portfolio.case_pages import CaseSearch, page_of_cases

NAMED: Final = 5
"""How many of the cases that are not closed are named."""


class FinalCheckpoint(NamedTuple):
    """The checkpoint with which a frozen ledger ends.

    Attributes:
        year: whose cases the ledger holds.
        vkey: the public key that has signed it.
    """

    year: int
    signed: SignedCheckpoint
    vkey: str

    @property
    def head(self) -> TreeHead:
        """How many entries there are, and their root."""
        return self.signed.checkpoint.head


class Office(NamedTuple):
    """Who ends a year, or begins one, in which ledger."""

    store: Store
    clock: Clock
    account: AccountId
    dated: date

    def freeze(self, place: LedgerPlace, year: int, reason: str | None) -> SignedCheckpoint:
        """Freeze the ledger and sign the final checkpoint; once more, sign it again.

        Args:
            place: where its signing key is.
            year: whose cases it holds.
            reason: why now, where cases are not closed.

        Raises:
            Invalid: there is no key, or cases are not closed and there is no reason.
            EnvelopeRefused: the account may not; nothing was recorded.
            ProofError: it is frozen, and signing was refused.
        """
        keys(place)  # nothing is frozen that cannot be signed afterwards
        frozen = fold_register(Ledger(self.store).history(REGISTER)).frozen
        if frozen is None and not reason and (left := unfinished(self.store)):
            shown = ", ".join(left[:NAMED])
            raise Invalid(
                f"尚有评价事项未办结：{shown}{' 等' * (len(left) > NAMED)}。请先办结，或填写原因。",
                f"{counted(len(left), 'case')} not closed yet: {shown}. Close them, or give a"
                " reason.",
                rule="not-closed",
            )
        self.record(FreezeLedger(year=year, reason=reason), f"freeze-{year}")
        return sign(self.store, self.clock, place)

    def envelope(
        self, command: RegisterCommand | RubricCommand, key: str | None = None
    ) -> CommandEnvelope:
        """A command of theirs."""
        return CommandEnvelope(
            case=None, by=self.account, dated=self.dated, id=key, command=command
        )

    def record(self, command: RegisterCommand | RubricCommand, key: str | None = None) -> None:
        """Record a command of theirs.

        Raises:
            EnvelopeRefused: the account may not; nothing was recorded.
        """
        record(Ledger(self.store), self.clock, [self.envelope(command, key)])


def unfinished(store: Store) -> list[str]:
    """The cases that are not closed, `NAMED` and one more of each stage at most."""
    stages = ("open", "submitted", "draft", "issued")
    found = (
        page_of_cases(store, (), CaseSearch(None, stage=stage, limit=NAMED + 1)) for stage in stages
    )
    return sorted(str(row[0]) for rows in found for row in rows)


def final_checkpoint(store: Store, log: Sequence[VerifierKey]) -> FinalCheckpoint:
    """The final checkpoint of a frozen ledger, with its log computed again from its entries.

    Raises:
        Invalid: it is not frozen, or its log is not what was signed.
        ProofError: none of the keys has signed it.
    """
    kept = store.last_checkpoint()
    register = Ledger(store).history(REGISTER)
    end = register[-1] if register else None
    if kept is None or end is None or not isinstance(end.event, LedgerFrozen):
        raise Invalid(
            f"{store.place} 尚未冻结，或尚未签署最终检查点。请先冻结。",
            f"{store.place} is not frozen, or its final checkpoint is not signed. Freeze it first.",
            rule="not-frozen",
        )
    signed = SignedCheckpoint.parse(kept.note)
    signatures = signed.verify(log)
    grown = CompactRange()
    for entry in store.read_log():
        grown.append(leaf_hash(entry.entry))
    if grown.head() != signed.checkpoint.head or end.position != grown.size - 1:
        raise Invalid(
            f"{store.place} 的日志与最终检查点不符，或冻结之后还有条目。请核验该记录库。",
            f"The log of {store.place} is not what its final checkpoint says, or there are entries"
            " after the freeze. Verify that ledger.",
            rule="not-final",
        )
    vkey = next(str(key) for key, _ in signatures if key in log)
    return FinalCheckpoint(end.event.year, signed, vkey)
