"""`scoretrail document`: a case on paper, as a workbook, for Word, as PDF or as a page."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from cli.language import Language, language, t
from cli.options import at_point, example, write_file
from cli.screen import echo
from cli.session import Session, today
from intake.files import read_text
from ledger.values import Invalid, ItemId

if TYPE_CHECKING:
    from documents.page import Document
    from documents.source import Source

KINDS: Final = ("score-table", "composite", "appeal-answer", "rectification", "register")
CHECKPOINT_LINES: Final = 3


@click.command(
    help=t(
        "生成文件：核查评分表（score-table）、综合得分表（composite）、申诉答复（appeal-answer）、"
        "整改通知与跟踪表（rectification）、年度台账（register）。格式随文件名：.xlsx、.docx、.pdf、"
        ".html。同一时点的同一文件逐字节相同。",
        "A document: the review score table, the composite table by level, the answer to an appeal,"
        " the rectification notice with its tracker, or the yearly register. The file's name says"
        " the format: .xlsx, .docx, .pdf or .html. The same document is the same bytes.",
    ),
    epilog=example("scoretrail document score-table zhanjiang-amr-2023 -o score-table.xlsx"),
)
@click.argument("kind", metavar="KIND", type=click.Choice(KINDS))
@click.argument("case_id", metavar="CASE")
@at_point
@click.option("--appeal", help=t("哪一件申诉（只有一件时可不写）", "which appeal, if several"))
@click.option(
    "--checkpoint",
    type=click.Path(path_type=Path),
    help=t("写进页脚的检查点文件", "file of the checkpoint that the footer names"),
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help=t("写到哪个文件", "the file to write"),
)
@click.pass_obj
def document(  # noqa: PLR0913, PLR0917 - an argument an option
    session: Session,
    kind: str,
    case_id: str,
    label: str,
    appeal: ItemId | None,
    checkpoint: Path | None,
    output: Path,
) -> None:
    """Write a document."""
    from documents.formats import printer  # noqa: PLC0415 - not needed for help
    from documents.source import source  # noqa: PLC0415 - the same

    make = printer(output.suffix)
    covering = checkpoint_line(read_text(checkpoint)) if checkpoint else ""
    made_from = source(session.look(case_id, label), today(), covering)
    write_file(output, make(makers(appeal, language())[kind](made_from)))
    echo(t(f"已写入 {output}", f"{output} written"))


def makers(appeal: ItemId | None, spoken: Language) -> "dict[str, Callable[[Source], Document]]":
    """What makes each kind of document, in a language."""
    from documents import (  # noqa: PLC0415 - not needed for help
        annual_register,
        appeal_answer,
        composite,
        rectification_notice,
        score_table,
    )

    return {
        "score-table": lambda source: score_table.score_table(source, spoken),
        "composite": lambda source: composite.composite(source, spoken),
        "appeal-answer": lambda source: appeal_answer.appeal_answer(source, spoken, appeal),
        "rectification": lambda source: rectification_notice.rectification(source, spoken),
        "register": lambda source: annual_register.register(source, spoken),
    }


def checkpoint_line(text: str) -> str:
    """A checkpoint (C2SP tlog-checkpoint) in one line: origin, size, root.

    Raises:
        Invalid: it does not begin with those three lines.
    """
    lines = text.split("\n")[:CHECKPOINT_LINES]
    if len(lines) < CHECKPOINT_LINES or not all(lines) or not lines[1].isdecimal():
        raise Invalid(
            "不是检查点文件：前三行应为来源、条数、根摘要",
            "not a checkpoint: it begins with origin, size and root, a line each",
        )
    return " ".join(lines)
