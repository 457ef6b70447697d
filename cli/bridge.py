"""`scoretrail bridge`: the steps between two scores, exact to the hundredth."""

import sys
from typing import get_args

import click

from application.look import look_at_both
from cli.language import language, t
from cli.log import reader
from cli.option import command, option
from cli.options import as_data, as_known, print_json
from cli.reading import tell_level
from cli.screen import as_csv, echo
from cli.session import Session
from cli.table import print_rows, print_sentences, screen_width
from documents.pictures.blocks import blocks
from documents.pictures.waterfall import falls
from documents.read_lists import STEPS, step_rows
from projections import bridge as bridges
from projections.as_of import CaseAsOf
from projections.bridge import Bridge
from projections.score_sheet import Baseline


@command(
    "两个时点之间的得分变动，逐项列明所据事件，未解释差额为 0.00。",
    "The steps from one score to another, each traced to its events; the residual is 0.00.",
    "scoretrail bridge zhanjiang-amr-2023 --from self --to final --json",
)
@click.argument("case_id", metavar="CASE")
@as_known("start", "end")
@option("--from start", "起点", "start", metavar="POINT", default="self", show_default=True)
@option("--to end", "终点", "end", metavar="POINT", default="final", show_default=True)
@option(
    "--baseline",
    "起点取单位自评（claims）或核查表所列自评（review-table）",
    "start from the unit's claims, or from the claimed scores printed in the review table",
    click.Choice(get_args(Baseline)),
    default="claims",
    show_default=True,
)
@option(
    "--chart/--no-chart",
    "在表下画图（终端上默认画图）",
    "draw it below the table (default: on a terminal)",
    default=None,
)
@as_data
def bridge(  # noqa: PLR0913 - one argument per option
    session: Session,
    case_id: str,
    start: str,
    end: str,
    baseline: Baseline,
    *,
    chart: bool | None,
    json_: bool,
) -> None:
    first, last = look_at_both(session.store, case_id, start, end, verify=not session.unverified)
    tell_level([first, last])
    found = bridges.bridge(first, last, baseline)
    if json_:
        print_json(found)
        return
    print_bridge(found, last)
    drawn = sys.stdout.isatty() and not as_csv() if chart is None else chart
    if drawn and found.steps and last.rubric:
        bars = falls(found, last.rubric, language(), last.zone)
        for line in blocks(bars, screen_width()):  # as wide as the terminal or the pipe
            echo(f"{line.label}  {line.bar}  {line.value}".rstrip())


def print_bridge(found: Bridge, point: CaseAsOf, heading: str | None = None) -> None:
    """The bridge for people: one line per step, with the reasons of its last event."""
    steps = step_rows(found, point.rubric, reader(point))
    print_rows(STEPS, steps, heading or t("得分变动", "bridge"))
    print_sentences(found.in_words(point.rubric))
