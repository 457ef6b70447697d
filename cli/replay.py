"""`scoretrail replay`: a case event by event."""

import sys

import click

from cli.language import t
from cli.listing import print_rows
from cli.log import reader
from cli.option import option
from cli.options import as_data, at_point, example, print_json
from cli.screen import as_csv
from cli.session import Session
from cli.table import print_paragraph
from documents.log_list import REPLAY, log_rows, replay_line
from projections import replay as replays


@click.command(
    help=t(
        "逐条回放每个事件的变动。--step 每条暂停。",
        "Replay the events of a case and show what each changed. --step pauses after each.",
    ),
    epilog=example("scoretrail replay zhanjiang-amr-2023 --at v40"),
)
@click.argument("case_id", metavar="CASE")
@at_point
@option("--step", "每条暂停，按键继续", "wait for a key after each event", is_flag=True)
@as_data
@click.pass_obj
def replay(session: Session, case_id: str, label: str, *, step: bool, json_: bool) -> None:
    """Replay a case."""
    point = session.look(case_id, label)
    frames, whoever = replays.replay(point), reader(point)
    if json_:
        print_json({"case": case_id, "frames": list(frames)})
        return
    if as_csv():
        print_rows(REPLAY, log_rows(frames, whoever, REPLAY))
        return
    for frame in frames:
        print_paragraph(replay_line(frame, whoever))
        if step and sys.stdin.isatty():
            click.pause("")
