"""`scoretrail check`: what fits together in a case, what does not, and what cannot be judged."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import click

from application.check import check as check_case
from cli.language import language, t
from cli.options import as_data, at_point, example, print_json
from cli.reading import tell_level
from cli.screen import as_csv, echo
from cli.session import Session, clock
from cli.table import TableColumn, print_table
from ledger import terms
from ledger.checks import SEVERITIES, CheckReport, Discrepancy, Holds, NotJudged
from ledger.language import Text, in_language


@click.command(
    help=t(
        "核对一个评价事项：标准、基础数据、得分和各文件的说法是否相符，相差多少，会改变什么。"
        "只查不改；查到什么都以 0 退出。",
        "Check a case: where the standard, the figures, the scores and the documents disagree, by"
        " how much, and what that would change. Changes nothing; exits 0 whatever it finds.",
    ),
    epilog=example("scoretrail check zhanjiang-amr-2023 --at self"),
)
@click.argument("case_id", metavar="CASE")
@at_point
@click.option(
    "--all",
    "all_",
    is_flag=True,
    help=t("一并列出相符的和未能判断的", "also list what holds and what could not be judged"),
)
@as_data
@click.pass_obj
def check(session: Session, case_id: str, label: str, *, all_: bool, json_: bool) -> None:
    """Report every finding of every check, and what holds."""
    point, report = check_case(session.store, clock, case_id, label, verify=not session.unverified)
    tell_level([point])
    if json_:
        print_json(
            {
                "case": case_id,
                "findings": report.findings,
                "holds": report.holds,
                "not_judged": report.not_judged,
            }
        )
    else:
        print_report(report, everything=all_)


def print_report(report: CheckReport, *, everything: bool) -> None:
    """The report for people: how many of each, the findings, and on request the rest."""
    echo(_summary(report))
    if report.findings or as_csv():
        _print_findings(report.findings)
    if everything:
        _print_holds(report.holds)
        _print_not_judged(report.not_judged)
    elif report.holds or report.not_judged:
        echo(
            t(
                "相符的和未能判断的逐项清单：加 --all",
                "What holds and what could not be judged, item by item: --all",
            )
        )


def _summary(report: CheckReport) -> str:
    counted = Counter(finding.severity for finding in report.findings)
    held = sum(len(holds.items) or 1 for holds in report.holds)
    return t(
        "，".join(
            [
                *(
                    f"{terms.SEVERITIES[severity].zh} {counted[severity]} 处"
                    for severity in SEVERITIES
                ),
                f"相符 {held} 项",
                f"未能判断 {len(report.not_judged)} 项",
            ]
        ),
        ", ".join(
            [
                *(
                    f"{counted[severity]} {severity}{'' if counted[severity] == 1 else 's'}"
                    for severity in SEVERITIES
                ),
                f"{held} in agreement",
                f"{len(report.not_judged)} not judged",
            ]
        ),
    )


def _print_findings(findings: Sequence[Discrepancy]) -> None:
    """The gravest first; under each what other checks say of the same fact."""
    print_table(
        [
            TableColumn(t(*terms.SEVERITY)),
            TableColumn(t(*terms.CHECK)),
            TableColumn(t(*terms.DISCREPANCY)),
            TableColumn(t(*terms.VERSION)),
        ],
        [
            row
            for severity in SEVERITIES
            for finding in findings
            if finding.severity == severity
            for row in _rows(finding)
        ],
    )


def _rows(finding: Discrepancy) -> Iterator[tuple[str, str, str, str]]:
    """A finding, then its readings without a severity of their own."""
    severity = t(*terms.SEVERITIES[finding.severity])
    yield severity, finding.check, _said(finding.message), _versions(finding.events)
    for reading in finding.readings:
        yield "", f"· {reading.check}", _said(reading.message), ""


def _print_holds(holds: Sequence[Holds]) -> None:
    print_table(
        [
            TableColumn(t(*terms.CHECK)),
            TableColumn(t("相符", "In agreement")),
            TableColumn(t("项数", "Items"), number=True),
            TableColumn(t("核对了", "Compared")),
        ],
        [
            (
                hold.check,
                _said(hold.message),
                str(len(hold.items) or 1),
                t("、", ", ").join(map(_said, hold.items)),
            )
            for hold in holds
        ],
    )


def _print_not_judged(unjudged: Sequence[NotJudged]) -> None:
    print_table(
        [
            TableColumn(t(*terms.CHECK)),
            TableColumn(t("未能判断", "Not judged")),
        ],
        [(note.check, _said(note.message)) for note in unjudged],
    )


def _said(text: Text) -> str:
    return in_language(text, language())


FEW: Final = 6


def _versions(events: Sequence[int]) -> str:
    """`v3 v4 v9`, or the ends where there are many."""
    if len(events) <= FEW:
        return " ".join(f"v{version}" for version in events)
    return f"v{min(events)}…v{max(events)} ({len(events)})"
