"""`scoretrail receipt`: proof that one entry is in the log, for anyone to verify."""

from pathlib import Path

import click

from application.handed_over import TrustPolicy, read_receipt
from application.receipts import issue_receipt, verify_receipt
from cli.language import t
from cli.option import command, option
from cli.options import as_facts, into_named_file, print_json, write_file
from cli.parameter_types import FILE, VERSION
from cli.screen import tell
from cli.session import Session, clock
from cli.trust import trusting
from intake.files import read_bytes

receipt_ = click.Group(
    "receipt",
    help=t("存证证明：证明一条记录在日志中。", "Receipts: proofs that an entry is in the log."),
)


@command(
    "出具一条记录的存证证明（C2SP tlog-proof），可用其他工具核验。",
    "Issue the receipt of an entry (C2SP tlog-proof), which other tools can verify.",
    "scoretrail receipt issue zhanjiang-amr-2023 --version 173 -o v173.tlog-proof"
    " --entry v173.json",
    of=receipt_,
)
@click.argument("case_id", metavar="CASE")
@option("--version", "条号（默认最后一条）", "version of the entry (default: the last)", VERSION)
@into_named_file
@option("--entry", "另存该条的原始字节", "also write the entry to this file", FILE)
def issue(
    session: Session, case_id: str, version: int | None, output: Path, entry: Path | None
) -> None:
    """Issue a receipt."""
    found = issue_receipt(session.store, clock, session.place, case_id, version)
    write_file(output, found.receipt)
    if entry:
        write_file(entry, found.entry)
    tell(f"已写入 {output}", f"{output} written")


@command(
    "核验存证证明。",
    "Verify the receipt of an entry.",
    "scoretrail receipt verify v173.tlog-proof v173.json --vkey scoretrail.db.key.pub",
    of=receipt_,
    alone=True,
)
@click.argument("file", type=FILE)
@click.argument("entry", type=FILE)
@trusting(required=True)
@as_facts
def verify(file: Path, entry: Path, *, policy: TrustPolicy, json_: bool) -> None:
    """Verify a receipt."""
    found = verify_receipt(read_receipt(file), read_bytes(entry), policy)
    if json_:
        print_json({"position": found.position, "size": found.head.size})
        return
    tell(
        f"相符：日志位置 {found.position}，{found.head.size} 条",
        f"verified: position {found.position} in a log of {found.head.size}",
    )
