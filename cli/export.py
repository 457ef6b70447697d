"""`scoretrail export` and `import`: a case, or the whole ledger, as JSON Lines, byte-exact.

The export of a case holds the entries of the case and of the streams that it stands on (the
register of accounts and its rubric), one entry a line, each line being the bytes that were stored
and hashed. That of the whole ledger holds all entries and checkpoints in the order of the log.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from heapq import merge
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final

import click
from rich.console import Console
from rich.progress import track

from cli.language import t
from cli.options import example, write_lines
from cli.screen import echo
from cli.session import Session
from ledger import dump
from ledger.codec import EntryTooLarge, UnreadableEntry, decode
from ledger.envelope import REGISTER, RecordedEvent, rubric_stream
from ledger.events import RubricPinned
from ledger.evidence import EvidenceFolder
from ledger.language import counted
from ledger.ledger import continuation
from ledger.log.atomic_files import sync
from ledger.store import AuditRow, LedgerExists, NewEntry, Store
from ledger.values import Invalid

UNSEALED: Final = sys.maxsize
"""Where entries without a place stand among the others: at the end."""


@click.command(
    help=t(
        "导出一个评价事项（连同账号与指标体系），每行一条原样字节；"
        "--all 导出整个账本，连同检查点，可导入另一种数据库。",
        "Export a case with the accounts and the rubric it stands on, one entry a line; with --all"
        " the whole ledger with its checkpoints, for the other database, too.",
    ),
    epilog=example("scoretrail export zhanjiang-amr-2023 -o case.jsonl"),
)
@click.argument("case_id", metavar="CASE", required=False)
@click.option("--all", "whole", is_flag=True, help=t("整个账本", "the whole ledger"))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help=t("文件（默认标准输出）", "file")
)
@click.option(
    "--with-evidence",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help=t(
        "把佐证材料抄到这个目录（与 --all 同用）", "copy evidence files to a folder (with --all)"
    ),
)
@click.pass_obj
def export(
    session: Session, case_id: str | None, *, whole: bool, output: Path | None, folder: Path | None
) -> None:
    """Write a case or the whole ledger."""
    if whole == (case_id is not None) or (folder and not whole):
        raise click.UsageError(
            t("请写明一个 CASE，或用 --all", "name one CASE, or --all for the whole ledger")
        )
    with Store.open(session.target) as store:
        if case_id is not None:
            count = write_lines(output, _of_case(store, case_id))
            if output:
                echo(
                    t(
                        f"已导出 {count} 条到 {output}",
                        f"{counted(count, 'entry', 'entries')} exported to {output}",
                    )
                )
            return
        store.seal()  # whoever needs a position waits for the seal
        header, lines = dump.dump(store)
        write_lines(output, _shown(lines, header, t("正在导出", "exporting")))
        _say_what(header, t("已导出", "exported"))
        if folder:
            _carry(store, session.evidence_of_ledger(), EvidenceFolder(folder))
        else:
            _say(
                "佐证材料不在文件里；用 --with-evidence 抄出，或整个目录一起搬",
                "evidence files are not in the file; --with-evidence copies them, or carry their"
                " whole folder",
            )


def _of_case(store: Store, case_id: str) -> Iterator[bytes]:
    """The lines of a case and of the streams it stands on, in the order of the log."""
    rubrics = set()
    row = None
    for row in store.audit(case_id):
        if row.type == RubricPinned.__name__:
            pinned = decode(row.entry).event
            assert isinstance(pinned, RubricPinned)  # noqa: S101 - decoded under that name
            rubrics.add(pinned.rubric)
    if row is None:
        raise Invalid(f"没有评价事项 {case_id}", f"there is no case {case_id}")

    def place(one: AuditRow) -> int:
        return UNSEALED if one.position is None else one.position

    # The case first: what it stands on was written before, so it is seen by those read after it.
    streams = [case_id, REGISTER, *map(rubric_stream, sorted(rubrics))]
    for one in merge(*map(store.audit, streams), key=place):
        yield one.entry + b"\n"


@click.command(
    "import",
    help=t(
        "导入一个评价事项：账本里没有的条目原样写入，已有的核对一致；或导入整个账本"
        "（--all 导出的），只进空的账本。全部写入或一条不写。没有账本文件就新建；"
        "在 PostgreSQL 上先 init --empty。",
        "Import a case: entries that are not there yet are written as they are, those that are must"
        " be the same; or a whole ledger (exported with --all), into an empty one only. All or"
        " nothing. A ledger file is made where there is none; on PostgreSQL, init --empty first.",
    ),
    epilog=example("scoretrail --ledger other.db import case.jsonl"),
)
@click.argument("file", type=click.File("rb"))
@click.option(
    "--with-evidence",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help=t(
        "从这个目录抄入佐证材料（整个账本）", "copy evidence files from a folder (whole ledgers)"
    ),
)
@click.pass_obj
def import_(session: Session, file: BinaryIO, folder: Path | None) -> None:
    """Read a case or a whole ledger."""
    lines = _lines(file)
    first = next(lines, b"")
    if not first:
        raise Invalid("文件里没有条目", "there is no entry in the file")
    if dump.is_header(first):
        header = dump.read_header(first)
        own = session.evidence() if folder else session.evidence_of_ledger()
        shown = _shown(lines, header, t("正在导入", "importing"))
        with _filled(session.target) as (store, _):
            store.fill(dump.restore(header, shown))
        _say_what(header, t("已导入", "imported"))
        _receive(session, folder, own)
        return
    if folder:
        raise click.UsageError(
            t("--with-evidence 只用于整个账本", "--with-evidence is for whole ledgers only")
        )
    read = 0

    def tallied() -> Iterator[RecordedEvent]:
        nonlocal read
        for read, line in enumerate(chain([first], lines), 1):
            yield _entry(line, read)

    # The one that is asked is not the one that writes: each keeps its place in the database.
    with _filled(session.target) as (store, place), Store.open(place) as known:
        fresh = store.append_all(
            NewEntry(one.case, one.version, one.type, one.entry)
            for one in continuation(known, tallied())
        )
    echo(
        t(
            f"导入 {fresh} 条，已有 {read - fresh} 条",
            f"{counted(fresh, 'entry', 'entries')} imported, {read - fresh} known",
        )
    )


@contextmanager
def _filled(target: str) -> Iterator[tuple[Store, str]]:
    """The ledger and its target; where there is none, one that is there at the end or not at all.

    Raises:
        LedgerExists: somebody else made one meanwhile.
    """
    if "://" in target or Path(target).exists():
        with Store.open(target) as store:
            yield store, target
        return
    path, draft = Path(target), Path(f"{target}.{os.getpid()}.part")
    try:
        with Store.create(draft) as store:
            yield store, str(draft)
        if path.exists():
            raise LedgerExists(target)
        draft.rename(path)
        sync(path.absolute().parent)
    finally:
        for left in (draft, Path(f"{draft}-wal"), Path(f"{draft}-shm")):
            left.unlink(missing_ok=True)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; whatever is too long for one comes in pieces, which no reader takes."""
    try:
        yield from iter(lambda: file.readline(dump.LINE_MAX), b"")
    except OSError as error:
        raise Invalid(
            f"{file.name}：读不了（{error.strerror}）",
            f"{file.name}: cannot be read ({error.strerror})",
        ) from None


def _entry(line: bytes, number: int) -> RecordedEvent:
    try:
        return decode(line.removesuffix(b"\n"))
    except (UnreadableEntry, EntryTooLarge) as error:
        raise Invalid(
            f"第 {number} 行：{error.text.zh}", f"line {number}: {error.text.en}"
        ) from None


def _shown(lines: Iterable[bytes], header: dump.DumpHeader, doing: str) -> Iterable[bytes]:
    """The lines, with a bar on stderr that says how far they have come."""
    return track(
        lines,
        description=doing,
        console=Console(stderr=True),
        total=header.size + header.checkpoints + header.stamps,
        disable=not sys.stderr.isatty(),
    )


def _say_what(header: dump.DumpHeader, done: str) -> None:
    _say(
        f"{done} {header.size} 条、{header.checkpoints} 个检查点、{header.stamps} 个时间戳，"
        f"根 {header.root}",
        f"{done} {counted(header.size, 'entry', 'entries')},"
        f" {counted(header.checkpoints, 'checkpoint')}, {header.stamps} time"
        f" stamps, root {header.root}",
    )


def _say(zh: str, en: str) -> None:
    # To stderr: the lines of an export may go to stdout.
    echo(t(zh, en), err=True)


def _receive(session: Session, folder: Path | None, own: EvidenceFolder | None) -> None:
    """Copy the evidence files that come with a ledger, and name those that do not."""
    with Store.open(session.target) as store:
        _carry(store, EvidenceFolder(folder) if folder else own, own if folder else None)


def _carry(store: Store, source: EvidenceFolder | None, to: EvidenceFolder | None) -> None:
    """Copy every evidence file that is cited; say how many, and name those that are not there."""
    if source is None:
        _say(
            "佐证材料没有核对：账本旁没有它们的目录（可用 --evidence 指明）",
            "evidence files were not looked for: there is no folder of them (--evidence)",
        )
        return
    there, lacking = 0, 0
    for case, one in dump.evidence(store):
        (held,) = source.examine([one], ())
        if held.state != "held":
            lacking += 1
            zh, en = {"missing": ("缺失", "missing"), "altered": ("被改动", "altered")}[held.state]
            _say(
                f"佐证材料{zh}：{case} “{one.title}” {one.sha256}",
                f"evidence {en}: {case} “{one.title}” {one.sha256}",
            )
            continue
        there += 1
        if to:
            to.keep(source.read(one.sha256))
    _say(f"佐证材料 {there} 份在，{lacking} 份不在", f"evidence: {there} there, {lacking} missing")
