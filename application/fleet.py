"""A fleet (多个记录库): ledgers of many offices and years, and the upper level's of their heads.

The upper level, such as a province, keeps a ledger of its own whose register takes up checkpoints
of the others: only what their keys have signed, and only what has grown from what was taken up
before, by a consistency proof from their own tiles. Who rewrote the past is refused there.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from application.cluster import dask
from application.fleet_data import folder_of
from application.fleet_receipt import checkpoints_taken
from application.fleet_verify import verified
from application.handed_over import read_log_keys
from application.parquet_export import export_parquet, is_exported
from application.place import LedgerPlace
from application.sign import signed_last
from application.year_end import Office
from documents.lists import Row
from intake.fleet_file import Member
from ledger.commands import TakeCheckpoint
from ledger.language import Text
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.note import VerifierKey
from ledger.log.tree import EMPTY_ROOT, ProofError, TreeHead, verify_extension
from ledger.problem import Problem
from ledger.store import Store
from ledger.values import Invalid


class Looked(NamedTuple):
    """What was found of a ledger.

    Attributes:
        row: by the names of the columns `LEDGERS`.
        broken: whether somebody has to look into it.
    """

    row: Row
    broken: bool = False


Look = Callable[[Member, Store, SignedCheckpoint | None], tuple[Text, bool]]
"""What is asked of a ledger that is open, given what was taken up of it; whether it is broken."""


class Fleet(NamedTuple):
    """Ledgers, as the upper level sees them.

    Attributes:
        office: who takes checkpoints up, in the ledger of the upper level.
    """

    office: Office
    members: Sequence[Member]

    def status(self) -> Iterator[Looked]:
        """How far each ledger is, has signed, and was taken up."""
        return self._looked()

    def checkpoint(self) -> Iterator[Looked]:
        """Take up what each has signed last; what contradicts its past is refused."""
        return self._looked(self._take_up)

    def verify(self, cluster: str | None = None, tls: Path | None = None) -> Iterator[Looked]:
        """Recompute each ledger, against its key and what was taken up of it.

        Args:
            cluster: the scheduler of the workers that share the work; this process alone does it
                where none is named.
            tls: the folder of its certificates.
        """
        run = self.office.clock().isoformat()
        with dask(cluster, tls, run) if cluster else nullcontext(1) as workers:
            yield from self._looked(partial(verified, self.members, workers))

    def export(self, output: Path) -> Iterator[Looked]:
        """Export the data of each whose checkpoint is another than that of its export."""

        def look(member: Member, store: Store, _: SignedCheckpoint | None) -> tuple[Text, bool]:
            newest(member, store, read_log_keys([member.vkey]))
            return export_of(output, store, member.origin), False

        return self._looked(look)

    def data(self, file: Path) -> list[Path]:
        """The exports of all ledgers, made next to their list where their checkpoints have changed.

        Raises:
            Invalid: one of them was not exported; none is to be left out unseen.
        """
        output = Path(f"{file}.data")
        for looked in self.export(output):
            if looked.broken:
                (zh, en), origin = looked.row["result"], looked.row["origin"]
                raise Invalid(f"{origin}：{zh}", f"{origin}: {en}")
        # Only theirs: what was exported of a ledger that is listed no more lies there as well.
        return sorted(folder_of(output, member.origin) for member in self.members)

    def _looked(self, look: Look | None = None) -> Iterator[Looked]:
        taken = checkpoints_taken(self.office.store)
        for member in self.members:
            row: dict[str, Any] = {"origin": member.origin, "state": member.state, "size": None}
            last = taken.get(member.origin)
            row |= {"signed": None, "taken": last and last.checkpoint.head.size, "result": None}
            broken = False
            try:
                with LedgerPlace(member.target).open() as store:
                    kept = store.last_checkpoint()
                    row |= {"size": store.size(), "signed": kept and kept.size}
                    if look:
                        row["result"], broken = look(member, store, last)
            except Problem as problem:
                row["result"], broken = problem.text, True
            yield Looked(row, broken)

    def _take_up(
        self, member: Member, store: Store, last: SignedCheckpoint | None
    ) -> tuple[Text, bool]:
        signed = newest(member, store, read_log_keys([member.vkey]))
        before = last.checkpoint.head if last else TreeHead(0, EMPTY_ROOT)
        head = signed.checkpoint.head
        try:
            verify_extension(before, head, store.hashes(head.size))
        except ProofError as error:
            raise ProofError(
                f"拒绝登记：与此前登记的 {before.size} 条矛盾，日志被改写（{error.text.zh}）",
                f"refused: it contradicts the {before.size} entries taken up before; the log was"
                f" rewritten ({error.text.en})",
            ) from error
        if before == head:
            return Text("没有增长", "has not grown"), False
        self.office.record(TakeCheckpoint(checkpoint=bytes(signed.brief().note).decode()))
        return Text(f"已登记 {head.size} 条", f"taken up at {head.size}"), False


def export_of(folder: Path, store: Store, origin: str) -> Text:
    """Export a ledger of a fleet if its checkpoint is another than that of its export.

    Raises:
        Invalid, ProofError, ExtraMissing: see `export_parquet`.
    """
    own = folder_of(folder, origin)
    if is_exported(store, own):
        return Text("没有变化", "has not changed")
    return export_parquet(store, own).sentence(own)


def newest(member: Member, store: Store, log: Sequence[VerifierKey]) -> SignedCheckpoint:
    """What a ledger has signed last, under its name and key.

    Raises:
        Invalid: it has signed nothing.
        ProofError: it is of another log, or of another key.
    """
    signed = signed_last(store)
    if signed.checkpoint.origin != member.origin:
        raise ProofError(
            f"日志名称是 {signed.checkpoint.origin}", f"its log is {signed.checkpoint.origin}"
        )
    signed.verify(log)
    return signed
