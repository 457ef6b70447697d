"""`scoretrail document`: a case on paper, as a workbook, for Word, as PDF or as a page."""

from pathlib import Path
from typing import Any, Final

import click

from application.handed_over import read_log_keys
from cli.by_list import report, reported
from cli.language import language
from cli.option import command, option
from cli.options import at_point, into_named_file
from cli.output import lasts
from cli.parameter_types import FILE, YEAR
from cli.progress import watched
from cli.screen import tell
from cli.session import Session
from documents.kinds import KINDS
from ledger.language import Text
from ledger.values import ItemId

FORMATS: Final = ("docx", "pdf", "html", "xlsx")


@option(
    "--year",
    "该年度全部具备条件的评价事项",
    "all cases of a year that are ready",
    YEAR,
    required=True,
)
@click.argument("kind", metavar="KIND", type=click.Choice(list(KINDS)))
@option("-o --output", "目录", "folder", FILE, required=True)
@option("--format form", "格式", "format", click.Choice(FORMATS), default="docx", show_default=True)
@reported
def papers(session: Session, year: int, kind: str, *, output: Path, form: str, **how: Any) -> int:  # noqa: ANN401 - as click hands it on
    from application.case_outcome import ask_for_report  # noqa: PLC0415 - not needed for help
    from application.papers import Papers, cases_of, write_papers  # noqa: PLC0415 - the same

    if how["report"]:
        ask_for_report(how["report"])
    asked, cases = Papers(kind, f".{form}", language(), session.day), cases_of(session.store, year)
    steps = write_papers(
        *(session.store, asked, cases, output),
        verify=not session.unverified,
        dry_run=how["dry_run"],
    )
    done = [*watched(steps, Text("正在生成", "writing"), len(cases))]
    if any(outcome.result == "done" for outcome in done):
        lasts()
    return report(session, done, **how)


@command(
    "生成表格（score-table、composite、project-form、register）或公文（result-letter、rectification、"
    "appeal-answer）；格式随文件名：.xlsx、.docx、.pdf、.html。逾期天数计算至 --dated。",
    "Write a table (score-table, composite, project-form, register) or letter (result-letter,"
    " rectification, appeal-answer) as .xlsx, .docx, .pdf, .html; days overdue run to --dated.",
    "scoretrail document score-table zhanjiang-amr-2023 -o score-table.xlsx",
)
@click.argument("kind", metavar="KIND", type=click.Choice(list(KINDS)))
@click.argument("case_id", metavar="CASE")
@at_point
@option("--appeal", "申诉编号（仅一件时可省略）", "id of one of several appeals")
@option("--request", "整改要求编号（默认全部）", "id of a request (default: all)")
@option("--vkey", "写入公文的日志公钥或其文件", "public key in letters, or its file")
@option("--place proof", "写入结果通知书的名次证明", "proof of the place, in a result letter", FILE)
@option("--checkpoint", "写入文书的检查点文件", "checkpoint that it carries", FILE)
@into_named_file
def document(  # noqa: PLR0913 - one argument per option
    session: Session,
    kind: str,
    case_id: str,
    label: str,
    *,
    vkey: str | None,
    proof: Path | None,
    checkpoint: Path | None,
    output: Path,
    **about: ItemId | None,
) -> None:
    from application.paper import write_paper  # noqa: PLC0415 - not needed for help
    from application.ranking_proof import place_in_force  # noqa: PLC0415 - the same

    point = session.look(case_id, label)
    write_paper(
        *(session.store, point, kind, output),
        language=language(),
        today=session.day,
        about=about["request"] or about["appeal"],
        look=session.look,
        checkpoint=checkpoint,
        place=place_in_force(session.store, proof, case_id) if proof else None,
        key="\n".join(str(key) for key in read_log_keys([vkey])) if vkey else "",
    )
    lasts()
    tell(f"已写入 {output}", f"{output} written")


document.many = command(
    "生成全年文书。",
    "Write the documents of a year.",
    "scoretrail document result-letter --year 2023 -o letters",
)(papers)
