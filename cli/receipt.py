"""`scoretrail receipt`: proof that one entry is in the log, for anyone to verify."""

from pathlib import Path

import click

from application.cose_receipts import entry_inside, read_any_receipt
from application.handed_over import TrustPolicy
from application.receipt_verification import verify_receipt
from application.receipts import FORMS, ReceiptForm, as_file, entry_to_prove, issue_receipt
from cli.language import t
from cli.option import command, option, usage_error
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
    "出具一条记录的存证证明（C2SP tlog-proof 或 COSE），可用其他工具核验；文件名为 .gz 的压缩。",
    "Issue the receipt of an entry (C2SP tlog-proof or COSE) for other tools; a .gz is compressed.",
    "scoretrail receipt issue zhanjiang-amr-2023 --version 173 -o v173.tlog-proof"
    " --entry v173.json",
    of=receipt_,
)
@click.argument("case_id", metavar="CASE")
@option("--version", "条号（默认最后一条）", "version of the entry (default: the last)", VERSION)
@into_named_file
@option("--entry", "另存该条的原始字节", "also write the entry to this file", FILE)
@option(
    "--format form",
    "cose 为 COSE 存证证明；statement 为含该条的透明声明（SCITT）",
    "cose: a COSE receipt; statement: a SCITT transparent statement, with the entry inside",
    click.Choice(FORMS),
    default=FORMS[0],
)
@option("--upper", "另证明其检查点在上级记录库中", "ledger of the upper level: prove both steps")
def issue(  # noqa: PLR0913 - one argument per option
    session: Session, case_id: str, version: int | None, output: Path, *, entry: Path | None,
    form: ReceiptForm, upper: str | None,
) -> None:  # fmt: skip
    found = entry_to_prove(session.store, case_id, version)
    made = issue_receipt(session.store, clock, session.place, found, form, upper)
    write_file(output, as_file(output, made))
    if entry:
        write_file(entry, found.entry)
    tell(f"已写入 {output}", f"{output} written")


@command(
    "核验存证证明。",
    "Verify the receipt of an entry.",
    "scoretrail receipt verify v173.tlog-proof v173.json --vkey scoretrail.db.key.pub",
    of=receipt_,
    no_ledger=True,
)
@click.argument("file", type=FILE)
@click.argument("entry", type=FILE, required=False)
@trusting(required=True)
@as_facts
def verify(file: Path, entry: Path | None, *, policy: TrustPolicy, json_: bool) -> None:
    held = read_any_receipt(file)
    data = read_bytes(entry) if entry else entry_inside(held)
    if data is None:
        raise usage_error("须写明该条的文件", "name the file of the entry")
    found = verify_receipt(held, data, policy)
    print_json(found._asdict()) if json_ else tell(*found.sentence())
