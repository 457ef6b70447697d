"""`scoretrail dossier`: the exact answer to an appeal, in one file."""

from datetime import date
from hashlib import sha256
from pathlib import Path

import click

from application.handed_over import read_authorities, read_checkpoint
from application.receipts import receipt
from application.sign import sign, signing
from cli.language import t
from cli.options import as_json, example, print_json, write_file
from cli.session import Session, clock
from cli.trust import telling_time, trusting
from documents.enclosures import enclosures
from intake.files import read_bytes
from ledger.dossier import Dossier, Verified, parse, write
from ledger.dossier import verify as verify_dossier
from ledger.editions import fold_editions
from ledger.envelope import REGISTER, RecordedEvent, rubric_stream
from ledger.events import RubricPinned, RubricRepinned
from ledger.ledger import Ledger
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.policy import TrustPolicy
from ledger.log.stamp import TimeStamp
from ledger.log.tree import consistency_proof
from ledger.store import Store
from ledger.values import Instant
from projections.as_of import CaseAsOf


@click.group(help=t("卷宗：导出与核对。", "Dossiers: export and verify."))
def dossier() -> None:
    """Group the commands of the dossiers."""


@dossier.command(
    help=t(
        "导出卷宗：先记一条“出具卷宗”，再签名，把全部条目、证明和给人看的附件写成一个文件。",
        "Export a dossier: its issue is recorded and signed, then every entry, a proof of each"
        " and what people read go into one file.",
    ),
    epilog=example(
        "scoretrail --as bureau-officer dossier export zhanjiang-amr-2023 -o answer.zip"
    ),
)
@click.argument("case_id", metavar="CASE")
@click.option("--indicator", help=t("变动记录只写一项", "the change log of one indicator"))
@click.option("--purpose", help=t("用途，如答复哪一项申诉", "what it answers"))
@click.option(
    "--checkpoint",
    "held",
    type=click.Path(path_type=Path),
    multiple=True,
    help=t("对方手中的检查点，附上到它的一致性证明", "one that the reader holds; repeatable"),
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help=t("文件", "file")
)
@click.pass_obj
def export(  # noqa: PLR0913 - an argument an option
    session: Session,
    case_id: str,
    *,
    indicator: str | None,
    purpose: str | None,
    held: tuple[Path, ...],
    output: Path,
) -> None:
    """Export a dossier."""
    sizes = {read_checkpoint(path).checkpoint.head.size for path in held}
    dated = session.day
    point = session.look(case_id)
    files = enclosures(point, dated, indicator)
    fields = {
        "do": "issue-dossier",
        "indicator": indicator,
        "purpose": purpose,
        "enclosures": [
            {"name": name, "sha256": sha256(data).hexdigest()} for name, data in files.items()
        ],
    }
    with Store.open(session.target) as store:
        sign(store, clock, session.place)  # where that is refused, nothing is recorded either
    (issued,) = session.act(fields, case_id).recorded
    with Store.open(session.target) as store, signing([issued]):
        signed = sign(store, clock, session.place)
        write_file(output, write(_assemble(store, issued, signed, files, sizes)))
    click.echo(
        t(
            f"卷宗 {output}：{case_id} 到第 {issued.version} 条为止",
            f"dossier {output}: {case_id} complete to v{issued.version}",
        )
    )


def _assemble(
    store: Store,
    issued: RecordedEvent,
    signed: SignedCheckpoint,
    files: dict[str, bytes],
    sizes: set[int],
) -> Dossier:
    """The entries of the case up to its last, and of the streams that it stands on."""
    ledger = Ledger(store)
    history = ledger.history(issued.case)[: issued.version]
    rubrics = {
        one.event.rubric for one in history if isinstance(one.event, RubricPinned | RubricRepinned)
    }
    streams = [ledger.history(REGISTER), *(ledger.history(rubric_stream(r)) for r in rubrics)]
    last = issued.position
    assert last is not None  # noqa: S101 - recorded, so it has its place
    entries = {
        one.position: one.entry
        for stream in (history, *streams)
        for one in stream
        if one.position is not None and one.position <= last
    }
    head = signed.checkpoint.head
    sizes |= {one.size for one in store.checkpoints() if 0 < one.size < head.size}
    read = store.hashes(head.size)
    return Dossier(
        checkpoint=bytes(signed.note),
        entries=entries,
        receipts={place: bytes(receipt(store, place, signed)) for place in entries},
        consistency={
            size: consistency_proof(read, size, head.size) for size in sizes if size < head.size
        },
        enclosures=files,
    )


@dossier.command(
    help=t(
        "离线核对卷宗，不必相信出具的人；公钥要从别处得到。",
        "Verify a dossier offline, without trusting whoever made it; take the key from elsewhere.",
    ),
    epilog=example("scoretrail dossier verify answer.zip --vkey scoretrail.db.key.pub"),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--checkpoint",
    "held",
    type=click.Path(path_type=Path),
    multiple=True,
    help=t("原先从外面得到的检查点", "a checkpoint got earlier, from outside"),
)
@click.option(
    "--stamp",
    type=click.Path(path_type=Path),
    help=t("卷宗检查点的时间戳（.tsr）", "time stamp (.tsr) of the dossier's checkpoint"),
)
@trusting(required=True)
@telling_time
@as_json
def verify(  # noqa: PLR0913 - an argument an option
    file: Path,
    *,
    policy: TrustPolicy,
    held: tuple[Path, ...],
    stamp: Path | None,
    tsa_ca: tuple[Path, ...],
    json_: bool,
) -> None:
    """Verify a dossier."""
    if (stamp is None) != (not tsa_ca):
        raise click.UsageError(
            t("--stamp 和 --tsa-ca 要一起写", "--stamp and --tsa-ca go together")
        )
    found = parse(read_bytes(file))
    verified = verify_dossier(
        found,
        policy.log,
        witnesses=policy.witnesses,
        held=[read_checkpoint(path) for path in held],
    )
    authorities = read_authorities(tsa_ca)
    at = TimeStamp(found.checkpoint, read_bytes(stamp)).verify(authorities) if stamp else None
    drift = _drift(verified, found, verified.history[-1].dated)
    level = _level(verified, policy, at)
    last = verified.history[-1]
    if json_:
        print_json(
            {
                "case": verified.case,
                "version": last.version,
                "at": last.at,
                "entries": len(found.entries),
                "size": verified.head.size,
                "level": level,
                "signatures": [key.name for key, _ in verified.signatures],
                "stamped": at,
                "drift": drift,
            }
        )
        return
    click.echo(
        t(
            f"相符：{verified.case} 到第 {last.version} 条（{last.at}）为止完整，"
            f"{len(found.entries)} 条，等级 {level}",
            f"verified: {verified.case} is complete to v{last.version} ({last.at}),"
            f" {len(found.entries)} entries, level {level}",
        )
    )
    if at:
        click.echo(t(f"时间戳：{at} 以前已有", f"time stamp: it was there by {at}"))
    for name in drift:
        click.echo(
            t(
                f"注意：附件 {name} 与本程序重做的不同，可能是程序版本不同；以条目为准",
                f"note: {name} differs from what this program makes of the entries, perhaps by its"
                " version; believe the entries",
            )
        )


def _level(verified: Verified, policy: TrustPolicy, at: Instant | None) -> str:
    if policy.met_by(key for key, _ in verified.signatures):
        return "L4" if at else "L3"
    return "L2" if any(verified.consistent_with) else "L1"  # every log has grown from nothing


def _drift(verified: Verified, found: Dossier, dated: date) -> list[str]:
    """Enclosures that this program makes otherwise from the same entries."""
    pins = [
        one.event
        for one in verified.history
        if isinstance(one.event, RubricPinned | RubricRepinned)
    ]
    stream = rubric_stream(pins[-1].rubric) if pins else ""
    editions = fold_editions(one for one in verified.others if one.case == stream)
    point = CaseAsOf("final", verified.history[:-1], editions)
    again = enclosures(point, dated, verified.issued.indicator)
    return [name for name, data in sorted(found.enclosures.items()) if again.get(name) != data]
