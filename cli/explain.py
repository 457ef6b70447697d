"""`scoretrail explain`: how one score came about."""

import click

from cli.language import t
from cli.log import print_log, reader
from cli.option import command
from cli.options import as_data, at_point, print_json
from cli.session import Session
from cli.table import print_rows, print_sentences
from documents.read_lists import FIGURES, figure_rows
from projections import explanation as explanations
from projections.explanation import Explanation
from projections.facts import Reader


@command(
    "一项得分的说明：标准、基础数据、计算步骤、每一次变动。",
    "Explain a score: its rule, figures, derivation and every change.",
    "scoretrail explain zhanjiang-amr-2023 output-goals",
)
@click.argument("case_id", metavar="CASE")
@click.argument("indicator")
@at_point
@as_data
def explain(session: Session, case_id: str, indicator: str, label: str, *, json_: bool) -> None:
    point = session.look(case_id, label)
    found = explanations.explain(point, indicator)
    print_json(found) if json_ else print_explanation(found, reader(point))


def print_explanation(found: Explanation, reader: Reader) -> None:
    print_sentences(found.sentences())
    print_rows(FIGURES, figure_rows(found.rule.figures, t))
    print_log(list(found.moves), reader)
