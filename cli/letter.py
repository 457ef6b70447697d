"""What is written when a command is recorded: the letter that goes out with it, or the next form.

The command lasts even if the file fails, so whether there can be one is asked before it; a later
failure is reported with the command that makes the file again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.language import language, t
from cli.parameter_types import FILE
from cli.screen import tell
from documents.kinds import ABOUT_ONE
from ledger.problem import Problem

if TYPE_CHECKING:
    from cli.session import Session


def letter_option() -> click.Option:
    """`--letter FILE`: where the letter that goes out with the command is written."""
    zh, en = (
        "一并生成公文：.docx、.pdf、.html 或 .xlsx",
        "also write the letter: .docx, .pdf or .html",
    )
    return click.Option(["--letter"], type=FILE, help=t(zh, en))


@contextmanager
def letter_after(
    session: "Session", kind: str, case: str, fields: dict[str, str], output: Path
) -> Iterator[None]:
    """Write the letter about a command of these fields, which is recorded meanwhile."""
    from application import paper  # noqa: PLC0415 - slow to import

    paper.ask_for_paper(output)
    yield
    about = fields.get(ABOUT_ONE.get(kind, ""))
    option = f" --{ABOUT_ONE[kind]} {about}" if about else ""
    with told_only(output, f"scoretrail document {kind} {case}{option} -o {output}"):
        made_from = session.store, session.look(case), kind, output
        paper.write_paper(
            *made_from, language=language(), today=session.day, look=session.look, about=about
        )


@contextmanager
def told_only(output: Path, again: str) -> Iterator[None]:
    """Tell that a file was written; or what went wrong, and the command that makes it again."""
    try:
        yield
        tell(f"已写入 {output}", f"{output} written")
    except Problem as problem:
        zh, en = problem.text
        tell(
            f"操作已记录，但文件未生成：{zh}",
            f"recorded, but the file was not written: {en}",
            err=True,
        )
        tell(f"可执行：{again}", f"Try: {again}", err=True)
