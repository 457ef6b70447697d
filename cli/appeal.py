"""`scoretrail appeal`: appeals against an issued result, and their decisions."""

import click
from msgspec.structs import asdict

from cli.command_parameters import acts
from cli.group import CommandGroup
from cli.language import t
from cli.options import as_json, example, print_json
from cli.progress import watching
from cli.session import Session
from cli.table import TableColumn, print_table
from ledger import terms


@click.group(cls=CommandGroup, help=t("申诉与决定。", "Appeals and decisions."))
def appeal() -> None:
    """Group the commands of the appeal."""


acts(
    appeal,
    (
        "lodge lodge-appeal appeal",
        "unit-filer",
        "outputs --indicator output-goals --statement 未完成项系拨款原因 --number 申诉1号",
    ),
    ("withdraw withdraw-appeal appeal", "unit-filer", "outputs --reason 已沟通"),
    (
        "decide decide-appeal appeal",
        "bureau-officer",
        "outputs --outcome partly --award output-goals=17.00 --justification 一项理由成立",
    ),
)


@appeal.command(
    "list",
    help=t("各评价事项的申诉：未决与已决。", "The appeals of all cases, open and decided."),
    epilog=example("scoretrail appeal list --json"),
)
@click.option("--open", "only_open", is_flag=True, help=t("只看未决的", "open ones only"))
@as_json
@click.pass_obj
def list_(session: Session, *, only_open: bool, json_: bool) -> None:
    """List the appeals."""
    from application.lists import list_appeals  # noqa: PLC0415 - slow to import, and no other command needs it

    with watching() as watch:
        shown = list_appeals(session.store, only_open=only_open, watch=watch)
    day = session.day
    if json_:
        listed = [{**asdict(summary), "waiting": summary.waiting(day)} for summary in shown]
        print_json({"appeals": listed})
        return
    print_table(
        [
            TableColumn(t(*terms.CASE)),
            TableColumn(t(*terms.APPEAL)),
            TableColumn(t(*terms.LODGED)),
            TableColumn(t(*terms.STATE)),
            TableColumn(t(*terms.DAYS_WAITED), number=True),
            TableColumn(t(*terms.DAYS_LATE), number=True),
            TableColumn(t(*terms.CONTESTED)),
        ],
        [
            (
                summary.case,
                summary.appeal,
                summary.lodged.isoformat(),
                t("未决", "open") if summary.open else t("已结", "ended"),
                str(summary.waiting(day)) if summary.open else "",
                t("无法判断", "unknown") if summary.late is None else str(summary.late or ""),
                " ".join(f"{row.indicator}@v{row.version}={row.award}" for row in summary.contests),
            )
            for summary in shown
        ],
    )
