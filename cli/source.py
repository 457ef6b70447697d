"""`scoretrail source`: documents that a case rests on, and what they state apart from scores."""

import click

from cli.command_parameters import recording_commands
from cli.group import CommandGroup
from cli.language import t
from cli.option import command
from cli.options import as_data, at_point, print_json
from cli.screen import tell
from cli.session import Session
from cli.table import print_rows
from documents.read_lists import SOURCES, source_rows
from projections.sources import sources

source = CommandGroup(
    "source",
    help=t(
        "依据文件，及其所载的单位、口径、陈述和合计。",
        "Source documents of a case, and the units, scopes, statements and sums in them.",
    ),
)

recording_commands(
    source,
    """
    register register-document document | unit-filer | plan --title 培训计划 --form copy \
        --part 全文 --sha256 9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f
    unit list-unit member | unit-filer | training --name 培训中心
    scope define-scope scope | unit-filer | 培训口径 --member training
    state make-statement item | unit-filer | more --kind promise --statement 增加培训
    sum print-subtotal item | agency-reviewer | printed-all --label 合计 --column awarded \
        --printed-score 93.89
    disclose publish-material | unit-filer | --title 自评报告 --place 单位门户网站
    """,
)


@command(
    "列出依据文件及其所载内容。",
    "List the source documents and what they state.",
    "scoretrail source list zhanjiang-amr-2023 --json",
    of=source,
)
@click.argument("case_id", metavar="CASE")
@at_point
@as_data
def list_(session: Session, case_id: str, label: str, *, json_: bool) -> None:
    found = sources(session.look(case_id, label))
    if json_:
        print_json(found)
        return
    print_rows(SOURCES, source_rows(found, t))
    if silent := t("、", ", ").join(found.figures.silent):
        tell(f"核查文件未列的基础数据：{silent}", f"figures that the review omits: {silent}")
