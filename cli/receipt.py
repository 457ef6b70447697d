"""`scoretrail receipt`: proof that one entry is in the log, for whoever wants to check it."""

from pathlib import Path

import click

from cli.language import t
from cli.options import example, write_file
from cli.session import Session
from cli.signing import receipt, sign
from cli.trust import trusting
from intake.files import read_bytes
from ledger.log.policy import TrustPolicy
from ledger.log.receipt import Receipt
from ledger.store import Store
from ledger.values import Invalid


@click.group(
    "receipt", help=t("回执：一条记录在日志里的证明。", "Receipts: that an entry is in the log.")
)
def receipt_() -> None:
    """Group the commands of the receipts."""


@receipt_.command(
    "issue",
    help=t(
        "出具一条记录的回执（C2SP tlog-proof），别人的工具也能核对。",
        "Issue the receipt of an entry (C2SP tlog-proof), which other people's tools can check.",
    ),
    epilog=example(
        "scoretrail receipt issue zhanjiang-amr-2023 --version 173 -o v173.tlog-proof"
        " --entry v173.json"
    ),
)
@click.argument("case_id", metavar="CASE")
@click.option(
    "--version", type=int, help=t("第几条（默认最后一条）", "which one (default: the last)")
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help=t("文件", "file")
)
@click.option(
    "--entry", type=click.Path(path_type=Path), help=t("另存该条的原字节", "also write the entry")
)
@click.pass_obj
def issue(
    session: Session, case_id: str, version: int | None, output: Path, entry: Path | None
) -> None:
    """Issue a receipt."""
    with Store.open(session.target) as store:
        history = store.read(case_id)
        wanted = len(history) if version is None else version
        if not 1 <= wanted <= len(history):
            raise Invalid(f"{case_id} 没有第 {wanted} 条", f"{case_id} has no version {wanted}")
        found = history[wanted - 1]
        if found.position is None:
            raise Invalid("这一条还没有封存", "the entry is not sealed yet")
        write_file(output, bytes(receipt(store, found.position, sign(session, store))))
    if entry:
        write_file(entry, found.entry)
    click.echo(t(f"已写入 {output}", f"{output} written"))


@receipt_.command(
    help=t("核对回执：这些字节在那个日志里。", "Verify that these bytes are in that log."),
    epilog=example(
        "scoretrail receipt verify v173.tlog-proof v173.json --vkey scoretrail.db.key.pub"
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("entry", type=click.Path(path_type=Path))
@trusting(required=True)
def verify(file: Path, entry: Path, *, policy: TrustPolicy) -> None:
    """Verify a receipt."""
    found = Receipt.parse(read_bytes(file))
    signatures = found.verify(read_bytes(entry), policy.log, policy.witnesses)
    policy.check(key for key, _ in signatures)
    click.echo(
        t(
            f"相符：日志位置 {found.position}，{found.checkpoint.checkpoint.head.size} 条",
            f"verified: position {found.position} in a log of"
            f" {found.checkpoint.checkpoint.head.size}",
        )
    )
