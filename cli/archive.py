"""`scoretrail archive`: how long cases are kept, what is destroyed, and frozen ledgers archived."""

from pathlib import Path

import click

from application import archived, retention
from cli.command_parameters import recording_commands
from cli.evidence import print_erasure
from cli.group import CommandGroup
from cli.language import language, t
from cli.option import command, flag, option
from cli.options import as_data, print_json
from cli.output import lasts
from cli.parameter_types import FILE
from cli.progress import watched
from cli.screen import tell
from cli.session import Session
from cli.table import print_rows
from documents.retention_list import RETENTION, retention_rows

archive = CommandGroup(
    "archive", help=t("保管期限、销毁和归档。", "Retention, destruction, archives.")
)

recording_commands(
    archive,
    """
    retain set-retention | bureau-officer | --term 10-years --starts 2026-01-01 \
        --number 财档〔2024〕2号
    propose propose-destruction | bureau-officer | --number 财档销〔2026〕1号 --reason 期满
    appraise appraise-destruction | bureau-officer | --number 财档销〔2026〕1号 --outcome destroy \
        --justification 逐件鉴定
    decide decide-destruction | second-officer | --number 财档销〔2026〕1号 --outcome approved
    """,
)


@command(
    "列出各评价事项的保管期限和销毁进展；-o 写成供鉴定、审批、监销签字的清册。",
    "List the retention of every case; -o writes the list that appraisers and approvers sign.",
    "scoretrail archive list --json",
    of=archive,
)
@flag("--due", "只列期满和在办销毁的", "only what is due or being destroyed")
@option("-o --output", "清册文件：.docx、.pdf、.xlsx", "list as .docx, .pdf or .xlsx", FILE)
@as_data
def list_(session: Session, *, due: bool, output: Path | None, json_: bool) -> None:
    found = [*retention.list_retention(session.store, session.day, watched, due=due)]
    if output:
        now, day = session.clock(), session.day
        retention.write_list(session.store, output, found, now, today=day, language=language())
        lasts()
    if json_:
        print_json({"today": session.day.isoformat(), "cases": found})
    elif not output:
        print_rows(RETENTION, retention_rows(found))


@command(
    "销毁经审批的清册所列佐证材料的字节：逐份先记录后删除；中断的可再次执行。",
    "Erase the bytes of evidence on an approved list, each recorded first; repeatable.",
    "scoretrail --as bureau-officer archive destroy zhanjiang-amr-2023",
    of=archive,
)
@click.argument("case_id", metavar="CASE")
def destroy(session: Session, case_id: str) -> None:
    folder, commands = session.place.evidence(), retention.to_erase(session.look(case_id).case)
    if commands:
        session.act(commands, case_id)
    for erasure in retention.erase_listed(session.store, folder, session.look(case_id).case):
        print_erasure(erasure)


@command(
    "把已冻结的记录库写成不需数据库即可查阅的归档：目录，或 s3:// 地址。可再次执行。",
    "Write a frozen ledger into a folder or to s3://…, to be read without a database. Repeatable.",
    "scoretrail archive write scoretrail.db archived-2024 --vkey scoretrail.db.key.pub",
    of=archive,
)
@click.argument("source", metavar="LEDGER")
@click.argument("target", metavar="DIR|s3://…")
@option("--vkey", "该日志的公钥，或其文件", "public key of its log, or its file")
def write(session: Session, source: str, target: str, vkey: str | None) -> None:
    tell(*archived.archive(session.place._replace(target=source), target, vkey))
