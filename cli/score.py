"""`scoretrail score`: the score sheet at any point."""

import click

from cli.language import t
from cli.option import command
from cli.options import as_data, at_point, decided_by, print_json
from cli.session import Session
from cli.table import print_rows, print_sentences
from documents.read_lists import SHEET, TOTALS, sheet_rows, total_rows
from projections import score_sheet
from projections.as_of import CaseAsOf
from projections.score_sheet import ScoreSheet
from projections.signed_commands import signed_in_words


@command(
    "得分表：每项指标的自评得分、按标准得分、核查得分，以及合计与等级。",
    "The score sheet: claimed score, rule result, awarded score, totals and grade.",
    "scoretrail score zhanjiang-amr-2023 --at self --json",
)
@click.argument("case_id", metavar="CASE")
@decided_by
@at_point
@as_data
def score(
    session: Session, case_id: str, deciders: tuple[str, ...], label: str, *, json_: bool
) -> None:
    point = session.look(case_id, label)
    sheet = score_sheet.only(score_sheet.sheet_there(point), deciders)
    if json_:
        print_json(sheet)
    else:
        print_sheet(sheet, point)
        print_sentences(signed_in_words(point))


def print_sheet(sheet: ScoreSheet, point: CaseAsOf) -> None:
    """The sheet for people: rows, the totals of both columns, what the standard gives in sum."""
    print_rows(SHEET, sheet_rows(sheet), t(*score_sheet.title(sheet, point)))
    print_rows(TOTALS, total_rows(sheet))
    print_sentences(score_sheet.by_standard_in_words(sheet, score_sheet.pinned(point)))
