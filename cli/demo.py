"""`scoretrail demo`: the 2023 reference case in a fresh ledger, start to end."""

import sys
from pathlib import Path
from typing import Final

import cli
from application.create import create_first_account, create_store
from application.example import BASELINES, HEADINGS, record_example
from application.look import look
from application.verify import verify
from cli.bridge import print_bridge
from cli.language import t
from cli.option import command
from cli.progress import watched
from cli.score import print_sheet
from cli.screen import echo, tell
from cli.session import Session, clock
from cli.table import print_paragraph, print_rows, print_sentences
from cli.verify import print_verification
from documents.read_lists import OFF_STANDARD, off_standard_rows
from ledger.language import Text
from ledger.log_verification import Trust
from ledger.redacted import redacted
from projections.bridge import bridge
from projections.score_sheet import score_sheet
from projections.story import Story, story

CASE: Final = "zhanjiang-amr-2023"
NEXT: Final = (
    *("score {} --at self", "explain {} output-goals", "log {} --indicator output-goals"),
    *('document score-table {} -o "{}"', "verify"),
)
EXAMPLES: Final = Path(cli.__file__).parent.parent / "examples" / "zhanjiang-2023"


@command(
    "在新记录库中从头到尾演示 2023 年实例：得分表、两种比较基准的得分变动、核验。",
    "The 2023 case in a fresh ledger: score sheet, bridge from both baselines, verification.",
    "scoretrail --ledger demo.db demo",
)
def demo(session: Session) -> int:
    session.place.evidence()  # before a ledger is made for which nobody said where evidence is kept
    with create_store(session.target) as store:
        first = "administrator", "administration", session.dated
        create_first_account(store, clock, *first, practice=True)
        record_example(store, clock, session.place, EXAMPLES, session.dated or clock().date())
        point = look(store, CASE)
        start = point.earlier("self")
        if told := story(point):
            print_story(told)
        for shown, heading in ((start, HEADINGS[0]), (point, HEADINGS[1])):
            print_heading(heading)
            if sheet := score_sheet(shown):
                print_sheet(sheet, shown)
        print_heading(HEADINGS[2])
        for baseline, title in BASELINES:
            print_bridge(bridge(start, point, baseline), point, t(*title))
        print_heading(HEADINGS[3])
        code = print_verification(verify(store, session.place, Trust(), watch=watched))
    print_heading(HEADINGS[4])
    program = sys.argv[0] if Path(sys.argv[0]).stem == "scoretrail" else "scoretrail"
    place = Path() if "://" in session.target else Path(session.target)
    ledger = f'--ledger "{place}" ' if place.name else ""  # an address may hold a password
    tell(f"记录库：{redacted(session.target)}", f"Ledger: {redacted(session.target)}")
    for words in NEXT:
        echo(f"  {program} {ledger}{words.format(CASE, place.parent / 'score-table.pdf')}")
    return code


def print_heading(heading: Text) -> None:
    for line in ("", t(*heading), "=" * 60, ""):
        echo(line)


def print_story(told: Story) -> None:
    print_sentences((told.totals, told.standard))
    print_rows(OFF_STANDARD, off_standard_rows(told))
    print_paragraph(f"{t(*told.undecided)}\n")
