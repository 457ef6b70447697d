"""`scoretrail evidence`: the files that events cite."""

from pathlib import Path

import click
from msgspec.structs import asdict

from application.completing import digest_of
from application.evidence import Erasure, digest_in, list_files
from application.evidence import erase as erase_bytes
from cli.command_parameters import told_apart
from cli.failure import BROKEN
from cli.group import CommandGroup
from cli.language import t
from cli.option import command, option
from cli.options import as_data, at_point, into_file, print_json, write_file
from cli.progress import watching
from cli.screen import tell
from cli.session import Session
from cli.table import print_rows
from documents.read_lists import EVIDENCE
from intake.files import by_bytes
from ledger.ledger import EnvelopeRefused

evidence = CommandGroup(
    "evidence", help=t("佐证材料：列出、取出、依法销毁。", "Evidence: list, read, legally erase.")
)


@command(
    "列出并逐一核对佐证材料；缺失或被改动的逐一列明，退出码 3。",
    "List the evidence and hash every file again; exit code 3 if any is missing or altered.",
    "scoretrail evidence list zhanjiang-amr-2023 --json",
    of=evidence,
)
@click.argument("case_id", metavar="CASE")
@at_point
@as_data
def list_(session: Session, case_id: str, label: str, *, json_: bool) -> int:
    files = list_files(session.place.evidence(), session.look(case_id, label).case)
    if json_:
        print_json({"case": case_id, "evidence": files})
    else:
        print_rows(EVIDENCE, map(asdict, files))
        for file in files:
            if file.lost:
                tell(*file.in_words(), err=True)
    return BROKEN if any(file.lost for file in files) else 0


@command(
    "取出一份材料的原始字节；材料可用文件、标题、文号或摘要开头指明。",
    "Write the bytes of a file, named by file, title, number or the start of its digest.",
    "scoretrail evidence read 14de19bd -o out.bin",
    of=evidence,
)
@click.argument("sha256", metavar="EVIDENCE")
@into_file
def read(session: Session, sha256: str, output: Path | None) -> None:
    write_file(output, session.place.evidence().read(digest_in(session.store, by_bytes(sha256))))


@command(
    "依法销毁一份材料的字节。先记录办理人和依据，再删除；哈希与记录保留，其余核验不受影响。",
    "Erase the bytes of a file on a legal basis. The erasure is recorded first; the hash and"
    " the record remain, and everything else still verifies.",
    "scoretrail --as bureau-officer evidence erase zhanjiang-amr-2023 14de19bd"
    " --ground 个人信息保护",
    of=evidence,
)
@click.argument("case_id", metavar="CASE")
@click.argument("sha256", metavar="EVIDENCE")
@option("--ground", "法律依据", "legal basis", required=True)
@told_apart
def erase(  # noqa: PLR0913, PLR0917 - one argument per option
    session: Session, case_id: str, sha256: str, ground: str, key: str | None, seen: int | None
) -> None:
    folder = session.place.evidence()
    sha256 = digest_of(session.look(case_id).case, by_bytes(sha256))
    fields = {"do": "erase-evidence", "sha256": sha256, "ground": ground}
    # The event first: a crash between the two leaves bytes to erase again, never a silent loss.
    try:
        session.act([fields], case_id, key, seen)
    except EnvelopeRefused as error:
        if error.refused.rule != "erased" or not folder.has(sha256):
            raise
    with watching() as watch:
        print_erasure(erase_bytes(session.store, folder, sha256, watch))


def print_erasure(erasure: Erasure) -> None:
    if told := erasure.told:
        tell(*told, err=bool(erasure.holders) or erasure.names > 1)


evidence.also("erase", "erase-evidence")
