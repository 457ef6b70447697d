"""`scoretrail document`: a case on paper, as a workbook, for Word, as PDF or as a page."""

from pathlib import Path

import click

from cli.language import language, t
from cli.options import at_point, example, into_named_file, write_file
from cli.screen import echo
from cli.session import Session, today
from documents.kinds import KINDS, document_of
from intake.files import read_text
from ledger.values import ItemId


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
@click.argument("kind", metavar="KIND", type=click.Choice(list(KINDS)))
@click.argument("case_id", metavar="CASE")
@at_point
@click.option("--appeal", help=t("哪一件申诉（只有一件时可不写）", "which appeal, if several"))
@click.option(
    "--checkpoint",
    type=click.Path(path_type=Path),
    help=t("写进页脚的检查点文件", "file of the checkpoint that the footer names"),
)
@into_named_file
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
    from documents.source import checkpoint_line, source  # noqa: PLC0415 - the same

    make = printer(output.suffix)
    covering = checkpoint_line(read_text(checkpoint)) if checkpoint else ""
    made_from = source(session.look(case_id, label), today(), covering)
    write_file(output, make(document_of(kind, made_from, language(), appeal)))
    echo(t(f"已写入 {output}", f"{output} written"))
