"""Commands for many cases at once: what a list asks for, and what went and what did not."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.failure import REFUSED
from cli.language import language
from cli.option import F, command, flag, option, together
from cli.options import as_data, print_json
from cli.output import lasts
from cli.parameter_types import FILE
from cli.progress import watched
from cli.screen import as_csv, tell
from cli.session import Session
from cli.table import print_rows
from documents.case_report import REPORT
from ledger.language import Text

if TYPE_CHECKING:
    # A group with commands among its commands does without them until one is called.
    from application.case_outcome import CaseOutcome


def reported(function: F) -> F:
    """`--dry-run`, `--report`, `--json` and `--csv` of a command for many cases."""
    return together(
        flag("--dry-run", "只预演，不写入", "rehearse, write nothing"),
        option("--report", "办理报告：.xlsx 等", "report of what was done: .xlsx …", FILE),
        as_data,
    )(function)


def of_list(name: str, do: str) -> click.Command:
    """The command that does with a list what another does with one case."""

    @option(
        "--from file",
        "清单（.xlsx、.xls、.ods、.csv）：每件一行",
        "list (.xlsx, .xls, .ods, .csv) with a row per case, instead of CASE",
        FILE,
        required=True,
    )
    @reported
    def listed(session: Session, file: Path, **how: Any) -> int:  # noqa: ANN401 - as click hands it on
        from application.by_list import carry_out  # noqa: PLC0415 - slow to import
        from application.case_outcome import ask_for_report  # noqa: PLC0415 - the same
        from application.receipts import lacking  # noqa: PLC0415 - the same
        from intake.case_list import read_list  # noqa: PLC0415 - the same

        if how["report"]:
            ask_for_report(how["report"])
        rows = read_list(file, do, account=session.who(), dated=session.day)
        if session.dated:
            rows = rows._replace(batch=rows.batch._replace(undated=None))
        steps = carry_out(
            *(session.store, session.clock, session.place, rows),
            dry_run=how["dry_run"],
            confirmed=session.confirmed,
        )
        count = len({each.envelope.case for each in rows.batch.commands})
        done = [*watched(steps, Text("正在办理", "recording"), count)]
        if not how["dry_run"] and any(each.outcome.result == "done" for each in done):
            lasts()
        code = report(session, [each.outcome for each in done], **how)
        if not how["dry_run"]:
            session.tell_receipts(
                lacking(session.place, (e for each in done for e in each.recorded))
            )
        return code

    listed.__name__ = name
    return command("按清单办理。", "Do it for the cases of a list.", f"{name} --from list.xlsx")(
        listed
    )


def report(
    session: Session,
    outcomes: "Sequence[CaseOutcome]",
    *,
    dry_run: bool,
    report: Path | None,
    json_: bool,
) -> int:
    """What became of each case; the exit code."""
    from application.case_outcome import rows_of, summary_of, write_report  # noqa: PLC0415 - slow to import

    rows, said = rows_of(outcomes), summary_of(outcomes)
    if report:
        title = Text("预演报告", "Rehearsal") if dry_run else Text("办理报告", "Report")
        write_report(report, title, outcomes, session.day, session.clock(), language())
        lasts()
    if json_:
        print_json({"dry_run": dry_run, "cases": rows})
    elif as_csv() or any(row["reason"] for row in rows):
        print_rows(REPORT, rows if as_csv() else [row for row in rows if row["reason"]])
    if not json_:
        tell(*said)
        if dry_run:
            tell("以上为预演，未写入。", "A rehearsal: nothing was written.")
    return REFUSED if any(row["result"] == "refused" for row in rows) else 0
