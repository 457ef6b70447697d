"""Exporting (导出): a case, or a whole ledger, as lines: the bytes that were stored and hashed.

The export of a case holds its entries and those of the streams that it depends on: the register of
accounts and its rubrics. That of the whole ledger holds all entries and checkpoints in the order of
the log. Evidence files are copied next to it.
"""

import sys
from collections.abc import Iterable, Iterator
from heapq import merge as in_order
from pathlib import Path
from typing import Final, NamedTuple

from application.progress import Watch, unwatched
from ledger import dump, refusals
from ledger.codec import decode
from ledger.dump import DumpHeader
from ledger.envelope import REGISTER, StreamId, is_case, rubric_stream
from ledger.events import RubricPinned, RubricRepinned
from ledger.evidence import EvidenceFolder, State
from ledger.language import Text, counted
from ledger.store import AuditRow, Store
from ledger.values import Evidence

UNSEALED: Final = sys.maxsize
"""Where pending entries are among the others: at the end."""

EXPORTING: Final = Text("正在导出", "exporting")


class CarriedEvidence(NamedTuple):
    """A file of evidence that a ledger cites, and whether it was there to be carried."""

    case: StreamId
    evidence: Evidence
    state: State


def export_case(store: Store, case_id: str) -> Iterator[bytes]:
    """The lines of a case and of the streams it depends on, in the order of the log.

    Raises:
        Invalid: there is no such case.
    """
    rubrics = set()
    row = None
    for row in store.audit(case_id):
        if row.type in {RubricPinned.__name__, RubricRepinned.__name__}:
            pinned = decode(row.entry).event
            assert isinstance(pinned, RubricPinned | RubricRepinned)  # noqa: S101 - by its name
            rubrics.add(pinned.rubric)
    if row is None:
        raise refusals.unknown_case(case_id, filter(is_case, (name for name, _ in store.streams())))

    def place(row: AuditRow) -> int:
        return UNSEALED if row.position is None else row.position

    # The case first: what it depends on was written before, so it is seen by those read after it.
    streams = [case_id, REGISTER, *map(rubric_stream, sorted(rubrics))]
    for stream in in_order(*map(store.audit, streams), key=place):
        yield stream.entry + b"\n"


def exported(count: int, output: Path) -> Text:
    """How many entries were written, and where."""
    entries = counted(count, "entry", "entries")
    return Text(f"已导出 {count} 条到 {output}", f"{entries} exported to {output}")


def export_ledger(store: Store, watch: Watch = unwatched) -> tuple[DumpHeader, Iterator[bytes]]:
    """What a whole ledger holds, and its lines, which are read as they are asked for.

    Raises:
        Invalid: nothing is in the ledger.
        ProofError: while the lines are read: the log differs from what it states.
    """
    store.seal()  # a caller that needs a position waits until it is assigned
    header, lines = dump.dump(store)
    return header, iter(watch(lines, EXPORTING, length(header)))


def length(header: DumpHeader) -> int:
    """How many lines come after the header of a whole ledger."""
    return header.size + header.checkpoints + header.stamps


def evidence_in(folder: Path) -> EvidenceFolder:
    """A folder of evidence files next to no ledger."""
    return EvidenceFolder(folder)


def carry_evidence(
    store: Store, source: EvidenceFolder | None, to: EvidenceFolder | None
) -> Iterator[CarriedEvidence] | None:
    """Copy every evidence file that is cited, and tell of each whether it is there.

    Args:
        store: the ledger that cites them.
        source: where they are; `None` where nobody knows.
        to: where they are to go; `None` to look only.

    Returns:
        What was found, as it is carried; `None` without a source.
    """
    return _carried(store, source, to) if source else None


def _carried(
    store: Store, source: EvidenceFolder, to: EvidenceFolder | None
) -> Iterator[CarriedEvidence]:
    for case, cited in dump.evidence(store):
        (held,) = source.examine([cited], ())
        if to and held.state == "held":
            to.keep(source.read(cited.sha256))
        yield CarriedEvidence(case, cited, held.state)


def evidence_beside(
    store: Store, source: EvidenceFolder | None, folder: Path | None
) -> Iterator[Text]:
    """Copy what an export does not hold into a folder, and tell of it; or that it is not there."""
    if folder is None:
        yield Text(
            "佐证材料不在文件中，须导出到指定目录，或一并复制整个目录",
            "evidence files are not included; name a folder to export them to, or copy their own",
        )
    else:
        yield from told(carry_evidence(store, source, evidence_in(folder)))


def told(carried: Iterable[CarriedEvidence] | None) -> Iterator[Text]:
    """Which files of evidence were not there, and how many were.

    Args:
        carried: as `carry_evidence` gives it; `None` where no folder was there.
    """
    if carried is None:
        yield Text(
            "佐证材料未核对：记录库旁没有佐证材料目录。可指明目录后再核对",
            "evidence files were not checked: there is no evidence folder. Name it and try again",
        )
        return
    there, lacking = 0, 0
    for case, file, state in carried:
        if state == "held":
            there += 1
            continue
        lacking += 1
        zh, en = {"missing": ("缺失", "missing"), "altered": ("被改动", "altered")}[state]
        yield Text(
            f"佐证材料{zh}：{case} “{file.title}” {file.sha256}",
            f"evidence {en}: {case} '{file.title}' {file.sha256}",
        )
    yield Text(
        f"佐证材料 {there} 份，缺失 {lacking} 份", f"evidence: {there} present, {lacking} missing"
    )
