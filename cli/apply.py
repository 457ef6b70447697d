"""`scoretrail apply`: a file of many acts, all or nothing per case."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import click
from rich.console import Console
from rich.progress import track

from cli.evidence import erase_bytes
from cli.failure import CONFLICT, REFUSED, say
from cli.language import t
from cli.options import example
from cli.output import lasts
from cli.receipt import receipt_lines
from cli.screen import echo
from cli.session import Session, erased, now, report, today
from cli.stale_form import print_acts, refuse_stale
from intake.batch import read_batch
from intake.written_command import LocatedCommand
from ledger.commands import EraseEvidence
from ledger.envelope import REGISTER, StreamId, is_case
from ledger.language import Text, counted
from ledger.ledger import CommandResult, DryRunStore, EnvelopeRefused, Ledger, stream_of
from ledger.refusals import MOVED_ON, CommandRefused
from ledger.store import Store
from ledger.values import Invalid


class StreamResult(NamedTuple):
    """What became of the acts of one stream: outcomes, or why nothing of it was written.

    Attributes:
        moved_on: whether it was because their subject had moved on since their author looked.
    """

    stream: StreamId
    outcomes: list[CommandResult]
    refused: Text | None
    moved_on: bool = False


def keep_evidence(session: Session, ledger: Ledger, placed: Sequence[LocatedCommand]) -> None:
    """Keep the files that the acts file, before any act that names them is recorded.

    What was erased by law does not come back when the file is applied once more.

    Raises:
        Invalid: nobody said where evidence is kept, and an act files or erases some.
    """
    if any(one.file or isinstance(one.envelope.command, EraseEvidence) for one in placed):
        session.evidence()
    filing = [(one.envelope.case, one.file) for one in placed if one.file]
    gone = {case: erased(ledger, case) for case in {case for case, _ in filing}}
    for case, file in filing:
        if file.sha256 not in gone[case]:
            session.evidence().keep(file.content)


def erase_evidence(session: Session, done: Sequence[StreamResult]) -> None:
    """Erase the bytes of the files whose erasure the acts have recorded."""
    for applied in done:
        for outcome in applied.outcomes:
            if isinstance(outcome.act.command, EraseEvidence):
                erase_bytes(session, outcome.act.command.sha256)


def apply_acts(ledger: Ledger, placed: Sequence[LocatedCommand]) -> Iterable[StreamResult]:
    """Record acts stream by stream: accounts, then rubrics, then cases in the order of the file.

    A stream with a refused act is not written at all; the others are.
    """
    streams: dict[StreamId, list[LocatedCommand]] = {}
    for one in placed:
        streams.setdefault(_stream(one), []).append(one)
    # Cases stand on accounts and rubrics, so these come first whatever the file's order.
    for stream in sorted(streams, key=lambda name: (name != REGISTER, is_case(name))):
        acts = streams[stream]
        try:
            outcomes = ledger.handle([one.envelope for one in acts], now())
        except EnvelopeRefused as error:
            place, why = acts[error.index].place, error.refused.text
            told = Text(f"{place.zh}：{why.zh}", f"{place.en}: {why.en}")
            yield StreamResult(stream, [], told, error.rule == MOVED_ON)
        else:
            yield StreamResult(stream, outcomes, None)


def _stream(one: LocatedCommand) -> StreamId:
    """The stream of an act.

    Raises:
        Invalid: it names no case, or publishes a rubric that is none; says where.
    """
    try:
        return stream_of(one.envelope)
    except (Invalid, CommandRefused) as error:
        place, why = one.place, error.text
        raise Invalid(f"{place.zh}：{why.zh}", f"{place.en}: {why.en}") from None


@click.command(
    help=t(
        "执行文件（.toml、.jsonl 或填好的表 .xlsx）中的全部操作："
        "每个评价事项要么全部写入，要么一条不写。"
        "同一文件可反复执行，已记录的不会重复。",
        "Apply a file of acts (.toml, .jsonl or a filled-in form .xlsx): all or nothing per case."
        " The same file can be applied again and again; what is recorded is not repeated.",
    ),
    epilog=example("scoretrail apply --check examples/zhanjiang-2023/3-review.toml"),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help=t("只检查，不写入", "check only, write nothing"))
@click.option("-v", "--verbose", is_flag=True, help=t("逐条列出", "list every event"))
@click.pass_obj
def apply(session: Session, file: Path, *, check: bool, verbose: bool) -> int:
    """Read a file of acts and record them."""
    batch = read_batch(file, account=session.account, dated=session.dated or today())
    placed = batch.commands
    if batch.form is not None:
        print_acts(placed)
    progress = Console(stderr=True)
    with Store.open(session.target) as store:
        ledger = Ledger(DryRunStore(store) if check else store)
        if batch.form is not None:
            refuse_stale(file, batch.form, ledger, placed)
        if not check:
            keep_evidence(session, ledger, placed)
        done = list(
            track(
                apply_acts(ledger, placed),
                description=t("正在写入", "recording"),
                console=progress,
                disable=not sys.stderr.isatty(),
            )
        )
        if not check:
            lasts()
            erase_evidence(session, done)
    for applied in done:
        if applied.refused:
            say(applied.refused)
        else:
            echo(_summary(applied, check=check))
            if verbose:
                for outcome in applied.outcomes:
                    echo(report(outcome))
    # Last: where it fails, everything that was recorded has been told.
    outcomes = [out for applied in done if not applied.refused for out in applied.outcomes]
    fresh = [one for out in outcomes if not out.repeated for one in out.recorded]
    for line in [] if check else receipt_lines(session, fresh):
        echo(line)
    return _code(done)


def _code(done: Sequence[StreamResult]) -> int:
    """Refused where any rule says so; looking again helps where only the subjects had moved on."""
    refused = [applied for applied in done if applied.refused]
    if not refused:
        return 0
    return CONFLICT if all(applied.moved_on for applied in refused) else REFUSED


def _summary(applied: StreamResult, *, check: bool) -> str:
    fresh = sum(len(one.recorded) for one in applied.outcomes if not one.repeated)
    again = sum(1 for one in applied.outcomes if one.repeated)
    if check:
        return t(
            f"{applied.stream}：可以写入 {fresh} 条，此前已记录 {again} 个操作（仅检查，未写入）",
            f"{applied.stream}: {counted(fresh, 'event')} would be recorded,"
            f" {counted(again, 'act')} before"
            " (checked only)",
        )
    return t(
        f"{applied.stream}：写入 {fresh} 条，此前已记录 {again} 个操作",
        f"{applied.stream}: {counted(fresh, 'event')} recorded, {counted(again, 'act')} before",
    )
