"""`scoretrail dossier`: the exact answer to an appeal, in one file."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from application.archive_package import make_package
from application.dossier import issue_dossier
from application.dossier_again import dossier_again
from application.handed_over import TrustPolicy, read_authorities, read_checkpoint
from application.package_verification import verify_any
from application.paper import ask_for_folder
from application.sign import signing
from cli.group import CommandGroup
from cli.language import t
from cli.option import command, flag, option, usage_error
from cli.options import as_facts, into_named_file, print_json, write_file
from cli.output import lasts
from cli.parameter_types import FILE, VERSION
from cli.screen import tell
from cli.session import Session, fresh_key
from cli.trust import demanding, holding, telling_time, trusting
from intake.files import CARRIED_MAX, read_bytes

dossier = CommandGroup("dossier", help=t("卷宗：导出与核验。", "Dossiers: export and verify."))


@command(
    "导出卷宗。导出前自动登记并签名，全部条目、证明和附件写入一个文件。",
    "Export a dossier. The export is recorded and signed; all entries, their proofs and the"
    " enclosures are written to one file.",
    "scoretrail --as bureau-officer dossier export zhanjiang-amr-2023 -o answer.zip",
    of=dossier,
)
@click.argument("case_id", metavar="CASE")
@option("--indicator", "变动记录只含这一项指标", "log of one indicator only")
@option("--purpose", "用途，如答复哪一项申诉", "purpose, such as an appeal")
@holding
@flag(
    "--archive",
    "归档信息包：另含文书、佐证材料、元数据；须已办结并设定保管期限",
    "archive package: documents, evidence and metadata as well; of closed cases with a term",
)
@option("--issued", "再取该条出具的卷宗，不另登记", "the one issued by this event, again", VERSION)
@into_named_file
def export(  # noqa: PLR0913 - one argument per option
    session: Session, case_id: str, *, held: tuple[Path, ...], archive: bool, issued: int | None,
    output: Path, **about: Any,  # noqa: ANN401 - as click hands it on
) -> None:  # fmt: skip
    ask_for_folder(output)
    if issued is not None:
        if archive or held or any(about.values()):
            raise usage_error("--issued 不与其他选项同用", "--issued goes without other options")
        write_file(output, dossier_again(session.store, case_id, issued))
        return
    done = (make_package if archive else issue_dossier)(
        *(session.store, session.clock, session.who(), session.place, case_id),
        key=fresh_key(),
        dated=session.dated,
        **about,
        held=[read_checkpoint(path) for path in held],
        confirmed=session.confirmed,
    )
    lasts()
    with signing([done.issued]):
        write_file(output, done.data)
    tell(
        f"卷宗 {output}：{case_id} 截至第 {done.issued.version} 条",
        f"dossier {output}: {case_id} complete to v{done.issued.version}",
    )


@command(
    "离线核验卷宗或归档信息包，无须信任导出方。公钥须从其他渠道取得。",
    "Verify a dossier or an archive package offline. Get the key from elsewhere.",
    "scoretrail dossier verify answer.zip --vkey scoretrail.db.key.pub",
    of=dossier,
    no_ledger=True,
)
@click.argument("file", type=FILE)
@holding
@option(
    "--stamp", "卷宗检查点的时间戳（.tsr）", "time stamp (.tsr) of the dossier's checkpoint", FILE
)
@demanding
@trusting(required=True)
@telling_time
@as_facts
def verify(  # noqa: PLR0913 - one argument per option
    file: Path, *, policy: TrustPolicy, held: tuple[Path, ...], stamp: Path | None,
    tsa_ca: tuple[Path, ...], signed_from: date | None, json_: bool,
) -> None:  # fmt: skip
    if (stamp is None) != (not tsa_ca):
        raise usage_error(
            "--stamp 和 --tsa-ca 须一并写明", "--stamp and --tsa-ca must be given together"
        )
    found = verify_any(
        read_bytes(file, at_most=CARRIED_MAX),
        policy,
        held=[read_checkpoint(path) for path in held],
        reply=read_bytes(stamp) if stamp else None,
        authorities=read_authorities(tsa_ca),
        signed_from=signed_from,
    )
    if json_:
        print_json(found.report)
        return
    for sentence in found.sentences():
        tell(*sentence)


dossier.also("export", "issue-dossier")
