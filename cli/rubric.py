"""`scoretrail rubric`: publish and read rubrics."""

from pathlib import Path

import click
from msgspec.structs import asdict

from application import look
from cli.command_parameters import acting
from cli.failure import USAGE
from cli.group import CommandGroup
from cli.language import language, t
from cli.listing import print_rows
from cli.option import option
from cli.options import as_data, as_facts, example, print_json
from cli.parameter_types import FILE
from cli.screen import as_csv, echo
from cli.session import Session
from cli.table import TableColumn, print_paragraph, print_table
from documents.read_lists import EDITIONS, RUBRIC, RUBRIC_CHANGES, edition_rows, rubric_rows
from intake.files import read_rubric, read_text
from ledger import terms
from ledger.language import counted
from ledger.rubric import Rubric, RubricName, digest, read
from projections import rubric_check, rubric_diff
from projections.rubric_diff import RubricDiff
from projections.rubric_view import published, rubric_view
from projections.rubric_words import about_rubric


@click.group(
    cls=CommandGroup,
    help=t(
        "指标体系：检查、发布、列出、查看、比较。", "Rubrics: check, publish, list, show, compare."
    ),
)
def rubric() -> None:
    """Group the commands of the rubrics."""


acting(
    rubric,
    "publish",
    "publish-rubric",
    "bureau-officer rubric publish examples/zhanjiang-2023/rubric.toml",
    "file",
    fold=lambda fields: {"source": read_rubric(fields["file"])},
)
acting(
    rubric,
    "supersede",
    "supersede-rubric",
    "bureau-officer rubric supersede zhanjiang-departments-2023 2024-1 --by 2024-2 --reason 勘误",
    "rubric edition",
)


@rubric.command(
    "list",
    help=t("列出已发布的版本。", "List the published editions."),
    epilog=example("scoretrail rubric list --json"),
)
@as_data
@click.pass_obj
def list_(session: Session, *, json_: bool) -> None:
    """List the editions."""
    editions = [
        edition for name in look.rubrics(session.store).values() for edition in published(name)
    ]
    if json_:
        print_json({"rubrics": editions})
        return
    print_rows(EDITIONS, edition_rows(editions, t))


@rubric.command(
    help=t(
        "查看指标体系的一个版本：文件、记录库中的编号，或 编号@版本。",
        "Show an edition: a file, an id in the ledger, or id@edition.",
    ),
    epilog=example("scoretrail rubric show examples/zhanjiang-2023/rubric.toml"),
)
@click.argument("name")
@option("--edition", "版本（默认最新发布）", "edition (default: the latest published)")
@option("-v --verbose", "列出出处和标准原文", "with sources and standards", is_flag=True)
@as_data
@click.pass_obj
def show(session: Session, name: str, edition: str | None, *, verbose: bool, json_: bool) -> None:
    """Show an edition."""
    source = rubric_source(session, f"{name}@{edition}" if edition else name)
    shown = read(source.encode())
    if json_:
        print_json(rubric_view(shown, source))
    else:
        _print_rubric(shown, verbose=verbose)


@rubric.command(
    help=t(
        "检查指标体系文件：列出全部问题，以及每项基础数据由哪些指标使用。可以发布则退出码为 0。",
        "Check a rubric file: list every problem, and which indicators use which figure. Exit code"
        " 0 if it can be published.",
    ),
    epilog=example("scoretrail rubric check examples/zhanjiang-2023/rubric.toml"),
)
@click.argument("file", type=FILE)
@as_facts
def check(file: Path, *, json_: bool) -> int:
    """Check a file."""
    found = rubric_check.check(read_text(file).encode())
    code = USAGE if found.rubric is None else 0
    if json_:
        about = {"file": str(file), "publishable": found.rubric is not None}
        print_json({**about, "problems": found.problems, "figures": found.readers})
        return code
    kinds = {"error": t("错误", "error"), "warning": t("提醒", "warning")}
    for problem in found.problems:
        where = getattr(problem.sentence, language())
        echo(f"{file}: {kinds[problem.severity]}: {where}")
    if found.rubric is None:
        echo(t(f"共 {len(found.problems)} 处错误，不能发布", "it cannot be published"))
        return code
    print_table(
        [TableColumn(t(*terms.FIGURE)), TableColumn(t(*terms.INDICATORS))],
        [(figure, ", ".join(rows)) for figure, rows in found.readers.items()],
    )
    rows, full, few = len(found.rubric.indicators), found.rubric.full, len(found.problems)
    zh = f"{rows} 行，合计 {full} 分，{few} 处提醒，可以发布"
    en = f"{counted(rows, 'row')}, {full} points, {counted(few, 'warning')}; it can be published"
    echo(t(zh, en))
    return code


@rubric.command(
    help=t(
        "比较指标体系的两个版本（文件、编号或 编号@版本）：指标、分值、文字、规则、上限、等级。",
        "Compare two rubrics (files, ids or id@edition): rows, weights, wording, rules, caps,"
        " bands.",
    ),
    epilog=example(
        "scoretrail rubric diff examples/zhanjiang-2023/rubric.toml"
        " examples/project-expenditure/rubric.toml"
    ),
)
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@as_data
@click.pass_obj
def diff(session: Session, old: str, new: str, *, json_: bool) -> None:
    """Compare two rubrics."""
    sources = [rubric_source(session, name) for name in (old, new)]
    before, after = (read(source.encode()) for source in sources)
    changes = rubric_diff.differences(before, after)
    if json_:
        ends = [
            RubricName(rubric.id, rubric.edition, digest(source.encode()))
            for rubric, source in ((before, sources[0]), (after, sources[1]))
        ]
        print_json(RubricDiff(before=ends[0], after=ends[1], changes=tuple(changes)))
        return
    if not changes:
        echo(t("没有差别", "no differences"))
        if not as_csv():
            return
    title = f"{before.id} {before.edition} → {after.id} {after.edition}"
    print_rows(RUBRIC_CHANGES, map(asdict, changes), title)


def rubric_source(session: Session, name: str) -> str:
    """The text of a rubric: of a file, or of an edition that was published.

    Args:
        session: whose ledger it was published in.
        name: a file that ends in .toml, `id@edition`, or an id for its newest edition.

    Raises:
        Invalid: there is none.
    """
    if name.endswith(".toml"):
        return read_rubric(Path(name))
    return look.published_rubric(session.store, name)


def _print_rubric(shown: Rubric, *, verbose: bool) -> None:
    which = f"{shown.id} {shown.edition}"
    title = t(f"{shown.title}（{which}）", f"{shown.title} ({which})")
    print_rows(RUBRIC, rubric_rows(shown, language(), verbose=verbose), title)
    for sentence in about_rubric(shown):
        print_paragraph(getattr(sentence, language()))
