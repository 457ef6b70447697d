"""`scoretrail check`: what does not fit together in a case."""

from collections import Counter
from collections.abc import Sequence

import click

from application.check import check as check_case
from cli.language import language, t
from cli.options import as_json, at_point, example, print_json
from cli.reading import tell_level
from cli.screen import echo
from cli.session import Session, clock
from cli.table import TableColumn, print_table
from ledger import terms
from ledger.checks import SEVERITIES, Discrepancy


@click.command(
    help=t(
        "核对一个评价事项：标准、指标值、得分和各文件的说法之间有哪些对不上，差多少，会改变什么。"
        "只查不改；查到什么都以 0 退出。",
        "Check a case: where the standard, the figures, the scores and the documents disagree, by"
        " how much, and what that would change. Changes nothing; exits 0 whatever it finds.",
    ),
    epilog=example("scoretrail check zhanjiang-amr-2023 --at self"),
)
@click.argument("case_id", metavar="CASE")
@at_point
@as_json
@click.pass_obj
def check(session: Session, case_id: str, label: str, *, json_: bool) -> None:
    """Report every finding of every check."""
    point, findings = check_case(
        session.store, clock, case_id, label, verify=not session.unverified
    )
    tell_level([point])
    if json_:
        print_json({"case": case_id, "findings": findings})
    else:
        print_findings(findings)


def print_findings(findings: Sequence[Discrepancy]) -> None:
    """The findings for people, what cannot be true first."""
    print_table(
        [
            TableColumn(t(*terms.SEVERITY)),
            TableColumn(t(*terms.CHECK)),
            TableColumn(t(*terms.INDICATOR)),
            TableColumn(t(*terms.DISCREPANCY)),
            TableColumn(t(*terms.VERSION)),
        ],
        [
            (
                t(*terms.SEVERITIES[finding.severity]),
                finding.check,
                finding.indicator or "",
                getattr(finding.message, language()),
                _versions(finding.events),
            )
            for severity in SEVERITIES
            for finding in findings
            if finding.severity == severity
        ],
    )
    counted = Counter(finding.severity for finding in findings)
    echo(
        t(
            "，".join(
                f"{terms.SEVERITIES[severity].zh} {counted[severity]} 处" for severity in SEVERITIES
            ),
            ", ".join(f"{counted[severity]} {severity}s" for severity in SEVERITIES),
        )
    )


def _versions(events: Sequence[int]) -> str:
    """`v3 v4 v9`, or the ends where there are many."""
    few = 6
    if len(events) <= few:
        return " ".join(f"v{version}" for version in events)
    return f"v{min(events)}…v{max(events)} ({len(events)})"
