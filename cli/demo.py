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
from cli.language import language, t
from cli.options import example
from cli.progress import watched
from cli.score import print_sheet
from cli.screen import echo
from cli.session import Session, clock
from cli.table import TableColumn, print_paragraph, print_table, signed
from cli.verify import print_verification
from intake.batch import read_batch
from ledger import terms
from ledger.log_verification import Trust
from ledger.refusals import CommandRefused
from projections.as_of import at
from projections.bridge import bridge
from projections.score_sheet import pinned, score_sheet
from projections.story import Story, story

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
        if told := story(point):
            print_story(told)
        for shown in (start, point):
            if sheet := score_sheet(shown):
                print_sheet(sheet, pinned(shown))
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


def print_story(told: Story) -> None:
    """What the case comes to, on one screen, before its tables."""
    heading = t(f"{told.unit} {told.year} 年度", f"{told.unit} {told.year}")
    print_paragraph(f"{heading}  {getattr(told.totals, language())}")
    print_paragraph(getattr(told.standard, language()))
    print_table(
        [
            TableColumn(t("核查得分不合标准的指标", "Awarded off the standard")),
            TableColumn(t(*terms.CLAIMED), number=True),
            TableColumn(t(*terms.RULE_RESULT), number=True),
            TableColumn(t(*terms.AWARDED), number=True),
            TableColumn(t(*terms.GAP), number=True),
        ],
        [
            (
                t(row.name, row.indicator),
                str(row.claim),
                row.rule,
                str(row.award),
                signed(row.gap),
            )
            for row in told.rows
        ],
    )
    open_ = t("标准定不下来的（可得）：", "left open by the standard: ")
    print_paragraph(open_ + getattr(told.undecided, language()))
    echo()
