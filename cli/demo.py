"""`scoretrail demo`: the 2023 reference case in a fresh ledger, start to end."""

from pathlib import Path
from typing import Final

import click

import cli
from application.batch import apply_batch
from application.found import create_first_account, create_store
from application.look import look
from application.verify import verify
from cli.bridge import print_bridge
from cli.language import t
from cli.options import example
from cli.progress import watched
from cli.score import print_sheet
from cli.session import Session, clock
from cli.verify import print_verification
from intake.batch import read_batch
from ledger.log_verification import Trust
from ledger.refusals import CommandRefused
from projections.as_of import at
from projections.bridge import bridge
from projections.score_sheet import score_sheet

CASE: Final = "zhanjiang-amr-2023"
EXAMPLES: Final = Path(cli.__file__).parent.parent / "examples" / "zhanjiang-2023"
FILES: Final = ("1-opening.toml", "2-self-evaluation.toml", "3-review.toml", "4-result.toml")


@click.command(
    help=t(
        "在新账本中从头到尾演示 2023 年实例：得分表、两种起点的得分变动、核对。",
        "The 2023 case in a fresh ledger: score sheet, bridge from both baselines, verification.",
    ),
    epilog=example("scoretrail --ledger demo.db demo"),
)
@click.pass_obj
def demo(session: Session) -> int:
    """Build the reference case and show it."""
    session.evidence()  # before a ledger is made for which nobody said where evidence is kept
    with create_store(session.target) as store:
        create_first_account(store, clock, "administrator", "administration", session.dated)
        for name in FILES:
            batch = read_batch(EXAMPLES / name, account=None, dated=session.day)
            for applied in apply_batch(store, clock, session.place, batch):
                if applied.refused:  # which the tests of the example exclude
                    raise CommandRefused("example", applied.refused.zh, applied.refused.en)
        point = look(store, CASE)
        start = at(point.history, point.editions, "self")
        for shown in (start, point):
            if sheet := score_sheet(shown):
                print_sheet(sheet)
        print_bridge(
            bridge(start, point),
            point,
            t("得分变动：从单位自评起", "bridge from the unit's claims"),
        )
        print_bridge(
            bridge(start, point, "review-table"),
            point,
            t("得分变动：从核查表所列自评起", "bridge from the self column of the review table"),
        )
        return print_verification(verify(store, session.place, Trust(), watch=watched))
