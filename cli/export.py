"""`scoretrail export` and `import`: a whole case as JSON Lines, byte-exact.

An export holds the entries of the case and of the streams that it stands on (the register of
accounts and its rubric), one entry a line, each line being the bytes that were stored and hashed.
"""

import sys
from pathlib import Path
from typing import BinaryIO

import click

from cli.language import t
from cli.options import example, write_file
from cli.session import Session
from ledger.codec import Unreadable, decode
from ledger.events import RubricPinned
from ledger.ledger import continuation
from ledger.recorded import REGISTER, Recorded, rubric_stream
from ledger.store import MEMORY, NewEntry, Store
from ledger.values import Invalid


@click.command(
    help=t(
        "导出一个评价事项（连同账号与指标体系），每行一条原样字节。",
        "Export a case with the accounts and the rubric it stands on, one entry a line.",
    ),
    epilog=example("scoretrail export zhanjiang-amr-2023 -o case.jsonl"),
)
@click.argument("case_id", metavar="CASE")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help=t("文件（默认标准输出）", "file")
)
@click.pass_obj
def export(session: Session, case_id: str, output: Path | None) -> None:
    """Write a case."""
    with session.ledger() as ledger:
        history = ledger.history(case_id)
        if not history:
            raise Invalid(f"没有评价事项 {case_id}", f"there is no case {case_id}")
        rubrics = {one.event.rubric for one in history if isinstance(one.event, RubricPinned)}
        streams = [REGISTER, *map(rubric_stream, sorted(rubrics)), case_id]
        recorded = [one for stream in streams for one in ledger.history(stream)]
    recorded.sort(key=lambda one: (one.position is None, one.position or 0))
    lines = b"".join(one.entry + b"\n" for one in recorded)
    if output is None:
        sys.stdout.buffer.write(lines)
        return
    write_file(output, lines)
    click.echo(
        t(f"已导出 {len(recorded)} 条到 {output}", f"{len(recorded)} entries exported to {output}")
    )


@click.command(
    "import",
    help=t(
        "导入：账本里没有的条目原样写入，已有的核对一致；全部写入或一条不写。没有账本就新建。",
        "Import: entries that are not there yet are written as they are, those that are must be"
        " the same; all or nothing. The ledger is made where there is none.",
    ),
    epilog=example("scoretrail --ledger other.db import case.jsonl"),
)
@click.argument("file", type=click.File("rb"))
@click.pass_obj
def import_(session: Session, file: BinaryIO) -> None:
    """Read a case."""
    recorded = [_entry(line, number) for number, line in enumerate(file, 1)]
    if not recorded:
        raise Invalid("文件里没有条目", "there is no entry in the file")
    with _opened(session.target, recorded) as store:
        fresh = continuation(store, recorded)
        store.append(
            [
                NewEntry(case_id=one.case, version=one.version, type=one.type, entry=one.entry)
                for one in fresh
            ]
        )
    known = len(recorded) - len(fresh)
    click.echo(
        t(f"导入 {len(fresh)} 条，已有 {known} 条", f"{len(fresh)} entries imported, {known} known")
    )


def _opened(target: str, recorded: list[Recorded]) -> Store:
    """The ledger, made where there is none; what does not fit together leaves nothing behind."""
    if "://" in target or Path(target).exists():
        return Store.open(target)
    with Store.create(MEMORY) as empty:
        continuation(empty, recorded)
    return Store.create(target)


def _entry(line: bytes, number: int) -> Recorded:
    try:
        return decode(line.removesuffix(b"\n"))
    except Unreadable as error:
        raise Invalid(
            f"第 {number} 行：{error.text.zh}", f"line {number}: {error.text.en}"
        ) from None
