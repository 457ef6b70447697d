"""`scoretrail check`: what fits together in a case, what does not, and what cannot be judged."""

import click
from msgspec.structs import asdict

from application.check import check as check_case
from cli.option import command, flag
from cli.options import as_data, at_point, print_json
from cli.reading import tell_level
from cli.screen import as_csv, tell
from cli.session import Session, clock
from cli.table import print_rows
from documents import read_lists
from ledger.checks import CheckReport


@command(
    "核对一个评价事项：标准、基础数据、得分和各文件是否相符，相差多少，影响什么。只查不改，有"
    "疑点时退出码仍为 0。",
    "Check a case: where the standard, the figures, the scores and the documents disagree, by"
    " how much, and what would change. Changes nothing; exits 0 even with discrepancies.",
    "scoretrail check zhanjiang-amr-2023 --at self",
)
@click.argument("case_id", metavar="CASE")
@at_point
@flag(
    "--all all_", "一并列出相符的和未能判断的", "also list what agrees and what could not be judged"
)
@as_data
def check(session: Session, case_id: str, label: str, *, all_: bool, json_: bool) -> None:
    point, report = check_case(session.store, clock, case_id, label, verify=not session.unverified)
    tell_level([point])
    if json_:
        names = ("findings", "holds", "not_judged")
        print_json({"case": case_id, **{name: getattr(report, name) for name in names}})
    else:
        print_report(report, everything=all_)


def print_report(report: CheckReport, *, everything: bool) -> None:
    """The report for people: how many of each, the findings, and on request the rest."""
    tell(*read_lists.check_summary(report))
    if report.findings or as_csv():
        print_rows(read_lists.FINDINGS, read_lists.finding_rows(report))
    if everything:
        print_rows(read_lists.HOLDS, read_lists.hold_rows(report))
        print_rows(read_lists.NOT_JUDGED, map(asdict, report.not_judged))
    elif report.holds or report.not_judged:
        tell(
            "相符和未能判断的逐项清单：加 --all",
            "For what agrees and what could not be judged, item by item, add --all",
        )
