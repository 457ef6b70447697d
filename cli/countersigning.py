"""`scoretrail review countersign-all`: sign, as the second person, all that still waits for it."""

from typing import Any

import click

from cli.command_parameters import field_option, told_apart
from cli.language import t
from cli.option import example
from cli.screen import tell
from cli.session import current
from cli.table import print_rows
from documents.read_lists import UNSIGNED, unsigned_rows
from ledger.language import counted

DO = "countersign-adjustment"


def countersign_all() -> click.Command:
    """Make the command, with what a single countersignature asks for but the row."""
    from intake.command_fields import asked  # noqa: PLC0415 - slow to import

    asking = [field_option(DO, field) for field in asked(DO) if field.name != "indicator"]
    dry_run = click.Option(
        ["--dry-run"], is_flag=True, help=t("只列出，不签字", "list them, sign nothing")
    )
    return click.command(
        "countersign-all",
        params=[click.Argument(["case_id"], metavar="CASE"), *asking, dry_run],
        help=t(
            "逐项列出待复核签字的得分，由同一机构的另一账号一次签署；本人所评的除外。",
            "List all awards without a countersignature and sign them in one step, except your"
            " own.",
        ),
        epilog=example("scoretrail --as agency-lead review countersign-all zhanjiang-amr-2023"),
    )(told_apart(_sign))


def _sign(
    case_id: str,
    *,
    key: str | None,
    seen: int | None,
    dry_run: bool,
    **given: Any,  # noqa: ANN401 - what click hands over
) -> None:
    from intake.command_fields import put_together  # noqa: PLC0415 - slow to import

    session = current()
    point = session.look(case_id)
    rows = list(unsigned_rows(point))
    if not rows:
        tell("没有待复核签字的得分。", "There are no awards to countersign.")
        return
    print_rows(UNSIGNED, rows)
    if dry_run:
        return
    account = session.who()
    signed = [row for row in rows if row["by"] != account] or rows  # of one's own alone: refused
    filled = {name: value for name, value in given.items() if value not in {None, (), False}}
    commands = [
        {"do": DO, **put_together(DO, {**filled, "indicator": row["indicator"]})} for row in signed
    ]
    session.act(commands, case_id, key, seen or point.version)
    if left := len(rows) - len(signed):
        zh = f"{account} 本人所评的 {left} 项未签，须由另一账号复核签字。"
        en = f"{counted(left, 'award')} of {account}'s own left for another account to countersign."
        tell(zh, en, err=True)
