"""`scoretrail export` and `import`: a case, or the whole ledger, as JSON Lines, byte-exact.

The export of a case holds the entries of the case and of the streams that it depends on (the
account registry and its rubric), one entry per line, each line being the bytes that were stored and
hashed. That of the whole ledger holds all entries and checkpoints in the order of the log.
"""

from pathlib import Path

import click

from application import exporting
from application.handed_over import TrustPolicy
from application.importing import ImportedCase, import_file
from application.parquet_export import export_parquet
from application.parquet_verification import verify_export as verify_data
from cli.failure import BROKEN
from cli.option import command, flag, option, usage_error
from cli.options import as_facts, into_file, print_json, write_file, write_lines
from cli.output import lasts
from cli.parameter_types import FOLDER
from cli.progress import watched
from cli.screen import tell
from cli.session import Session, clock, fresh_key
from cli.table import print_sentences
from cli.trust import trusting
from intake.files import open_to_read
from ledger.language import Text
from projections.prov import prov_json


@command(
    "导出一个评价事项（连同账号与指标体系），每行一条，字节原样。--all 导出整个记录库，连同检"
    "查点，可导入另一种数据库。",
    "Export a case with its accounts and rubric, one entry per line. With --all, export the"
    " whole ledger with its checkpoints, also for import into the other database.",
    "scoretrail export zhanjiang-amr-2023 -o case.jsonl",
)
@click.argument("case_id", metavar="CASE", required=False)
@flag("--all whole", "整个记录库", "the whole ledger")
@flag("--prov", "写成 W3C PROV（PROV-JSON）", "as W3C PROV (PROV-JSON)")
@option(
    "--parquet", "全部数据写成 Parquet，放在该目录", "all data as Parquet, in this folder", FOLDER
)
@into_file
@option(
    "--with-evidence folder",
    "将佐证材料复制到该目录（与 --all 同用）",
    "folder to copy evidence files to (with --all)",
    FOLDER,
)
def export(  # noqa: PLR0913 - one argument per option
    session: Session, case_id: str | None, *, whole: bool, prov: bool, parquet: Path | None,
    output: Path | None, folder: Path | None,
) -> None:  # fmt: skip
    if [case_id is not None, whole, bool(parquet)].count(True) != 1 or (folder and not whole):
        raise usage_error(
            "请写明一个 CASE，或使用 --all、--parquet", "name one CASE, or --all, or --parquet"
        )
    if (prov and case_id is None) or (parquet and output):
        raise usage_error(
            "--prov 须写明 CASE，--parquet 不用 -o", "--prov needs CASE, --parquet no -o"
        )
    if parquet:
        done = export_parquet(session.store, parquet, watched)
        lasts()
        tell(*done.sentence(parquet))
        return
    if case_id is not None and prov:
        write_file(output, prov_json(session.look(case_id)))
        return
    if case_id is not None:
        count = write_lines(output, exporting.export_case(session.store, case_id))
        if output:
            tell(*exporting.exported(count, output))
        return
    header, lines = exporting.export_ledger(session.store, watched)
    write_lines(output, lines)
    tell(*header.sentence(Text("已导出", "exported")), err=True)
    for sentence in exporting.evidence_beside(
        session.store, session.place.evidence_there(), folder
    ):
        tell(*sentence, err=True)


@command(
    "核验数据文件（export --parquet）：由日志重算检查点时的各行各列，逐一比较。",
    "Verify exported data (export --parquet): every row and column is made again from the log.",
    "scoretrail verify-export data --vkey scoretrail.db.key.pub",
)
@click.argument("folder", type=FOLDER)
@trusting(required=False)
@as_facts
def verify_export(session: Session, folder: Path, *, policy: TrustPolicy, json_: bool) -> int:
    found = verify_data(session.store, folder, policy, watched)
    print_json(found.report) if json_ else print_sentences(found.sentences)
    return BROKEN if found.differences else 0


@command(
    "导入一个评价事项：没有的条目原样写入，已有的核对一致。或导入整个记录库（由 --all 导出），"
    "只能导入空的记录库。全部写入或全部不写入。并入已有记录的记录库由管理员办理（--as），逐条"
    "按规则核对，并记入账号登记簿。没有记录库文件的自动新建；在 PostgreSQL 上须先执行 init"
    " --empty。",
    "Import a case: new entries are written unchanged, existing ones must be identical. Or"
    " import a whole ledger (exported with --all) into an empty one. All or nothing. Only an"
    " administrator (--as) can merge into a ledger that has records: every entry is checked by"
    " the rules, and the registry records the merge. A missing ledger file is created; on"
    " PostgreSQL, run init --empty first.",
    "scoretrail --ledger other.db import case.jsonl",
)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@option(
    "--with-evidence folder",
    "从该目录复制佐证材料（整个记录库）",
    "folder to copy evidence files from (whole ledgers)",
    click.Path(path_type=Path, file_okay=False, exists=True),
)
def import_(session: Session, file: Path, folder: Path | None) -> None:
    place = session.place
    own = place.evidence() if folder else place.evidence_there()
    with open_to_read(file) as opened:
        done = import_file(
            *(place, clock, session.account, opened),
            key=fresh_key(),
            whole=bool(folder),
            watch=watched,
        )
    lasts()
    if isinstance(done, ImportedCase):
        tell(*done.sentence())
        return
    tell(*done.sentence(Text("已导入", "imported")), err=True)
    ends = (exporting.evidence_in(folder), own) if folder else (own, None)
    for sentence in exporting.told(exporting.carry_evidence(session.store, *ends)):
        tell(*sentence, err=True)
