"""`scoretrail rubric`: publish and read rubrics."""

from pathlib import Path

import click
from msgspec.structs import asdict

from application import look
from application.rubric_draft import draft_rubric
from application.rubric_draft_list import DRAFTED_ROWS, drafted_rows
from application.rubric_source import rubric_source
from cli.command_parameters import recording_command
from cli.failure import USAGE
from cli.group import CommandGroup
from cli.language import language, t
from cli.option import command, flag, option
from cli.options import as_data, as_facts, print_json
from cli.parameter_types import FILE
from cli.screen import as_csv, echo, tell
from cli.session import Session
from cli.table import print_rows, print_sentences
from documents import read_lists
from intake.files import read_rubric, read_text
from ledger.rubric import read
from projections import rubric_check
from projections.rubric_diff import compared
from projections.rubric_view import published, rubric_view
from projections.rubric_words import about_rubric, titled

rubric = CommandGroup(
    "rubric",
    help=t(
        "指标体系：检查、发布、列出、查看、比较。", "Rubrics: check, publish, list, show, compare."
    ),
)

recording_command(
    rubric,
    "publish",
    "publish-rubric",
    "bureau-officer rubric publish examples/zhanjiang-2023/rubric.toml",
    "file",
    fold=lambda fields: {"source": read_rubric(fields["file"])},
)
recording_command(
    rubric,
    "supersede",
    "supersede-rubric",
    "bureau-officer rubric supersede zhanjiang-departments-2023 2024-1 --by 2024-2 --reason 勘误",
    "rubric edition",
)


@command(
    "列出已发布的版本。", "List the published editions.", "scoretrail rubric list --json", of=rubric
)
@as_data
def list_(session: Session, *, json_: bool) -> None:
    editions = [
        edition for name in look.rubrics(session.store).values() for edition in published(name)
    ]
    print_json({"rubrics": editions}) if json_ else print_rows(
        read_lists.EDITIONS, read_lists.edition_rows(editions, t)
    )


@command(
    "查看指标体系的一个版本：文件、记录库中的编号，或 编号@版本。",
    "Show an edition: a file, an id in the ledger, or id@edition.",
    "scoretrail rubric show examples/zhanjiang-2023/rubric.toml",
    of=rubric,
)
@click.argument("name")
@option("--edition", "版本（默认最新发布）", "edition (default: the latest published)")
@flag("-v --verbose", "列出出处和标准原文", "also show sources and standards")
@as_data
def show(session: Session, name: str, edition: str | None, *, verbose: bool, json_: bool) -> None:
    source = rubric_source(lambda: session.store, f"{name}@{edition}" if edition else name)
    shown = read(source.encode())
    if json_:
        print_json(rubric_view(shown, source))
        return
    print_rows(
        read_lists.RUBRIC,
        read_lists.rubric_rows(shown, language(), verbose=verbose),
        t(*titled(shown)),
    )
    print_sentences(about_rubric(shown))


@command(
    "检查指标体系文件：列出全部问题，以及每项基础数据由哪些指标使用。可以发布则退出码为 0。",
    "Check a rubric file: list every problem, and which indicators use which figure. Exit code"
    " 0 if it can be published.",
    "scoretrail rubric check examples/zhanjiang-2023/rubric.toml",
    of=rubric,
    no_ledger=True,
)
@click.argument("file", type=FILE)
@as_facts
def check(file: Path, *, json_: bool) -> int:
    found = rubric_check.check(read_text(file).encode())
    code = USAGE if found.rubric is None else 0
    if json_:
        about = {"file": str(file), "publishable": found.rubric is not None}
        print_json({**about, "problems": found.problems, "figures": found.readers})
        return code
    for problem in found.sentences:
        echo(f"{file}: {t(*problem)}")
    if found.rubric:
        print_rows(read_lists.READERS, read_lists.reader_rows(found))
    tell(*found.summary)
    return code


@command(
    "由已有的表（.xlsx、.xls、.ods、.docx、.csv）起草指标体系：名称、分值、评分标准照表，读得出的标准写成规则，其余由人评"
    "定；没有写明的写成 ?，答完并删去 drafted 一行方可发布。",
    "Draft a rubric from a table (.xlsx, .xls, .ods, .docx, .csv): names, weights and standards"
    " as printed, rules where a standard states one, the rest left to the reviewer. What is not"
    " stated is a ?; publish it once these are answered and the line 'drafted' is removed.",
    "scoretrail rubric draft score-table.xlsx -o rubric.toml",
    of=rubric,
    no_ledger=True,
)
@click.argument("table", type=FILE)
@option("-o --output", "草稿文件", "file of the draft", FILE, required=True)
@option(
    "--column", "指明某列是什么，如 F=weight", "role of a column, such as F=weight",
    multiple=True, metavar="LETTERS=ROLE",
)  # fmt: skip
@as_data
def draft(table: Path, output: Path, column: tuple[str, ...], *, json_: bool) -> None:
    drafted = draft_rubric(table, output, column)
    if json_:
        print_json(drafted)
        return
    print_rows(DRAFTED_ROWS, drafted_rows(drafted))
    print_sentences(drafted.summary())


@command(
    "比较指标体系的两个版本（文件、编号或 编号@版本）：指标、分值、文字、规则、上限、等级。",
    "Compare two rubrics (files, ids or id@edition): rows, weights, wording, rules, caps, bands.",
    "scoretrail rubric diff examples/zhanjiang-2023/rubric.toml"
    " examples/project-expenditure/rubric.toml",
    of=rubric,
)
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@as_data
def diff(session: Session, old: str, new: str, *, json_: bool) -> None:
    found = compared(*(rubric_source(lambda: session.store, name).encode() for name in (old, new)))
    if json_:
        print_json(found)
        return
    if not found.changes:
        tell("没有差别", "no differences")
        if not as_csv():
            return
    before, after = found.before, found.after
    title = f"{before.id} {before.edition} → {after.id} {after.edition}"
    print_rows(read_lists.RUBRIC_CHANGES, map(asdict, found.changes), title)
