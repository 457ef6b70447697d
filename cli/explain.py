"""`scoretrail explain`: how one score came about."""

from decimal import Decimal

import click

from cli.language import language, t
from cli.listing import print_rows
from cli.log import print_log, reader
from cli.options import as_data, at_point, example, print_json
from cli.session import Session
from cli.table import print_paragraph
from documents.read_lists import FIGURES, figure_rows
from projections import explanation as explanations
from projections.explanation import Explanation
from projections.facts import Reader


@click.command(
    help=t(
        "一项得分的说明：标准、基础数据、计算步骤、每一次变动。",
        "Explain a score: its rule, figures, derivation and every change.",
    ),
    epilog=example("scoretrail explain zhanjiang-amr-2023 output-goals"),
)
@click.argument("case_id", metavar="CASE")
@click.argument("indicator")
@at_point
@as_data
@click.pass_obj
def explain(session: Session, case_id: str, indicator: str, label: str, *, json_: bool) -> None:
    """Explain one score."""
    point = session.look(case_id, label)
    found = explanations.explain(point, indicator)
    if json_:
        print_json(found)
    else:
        print_explanation(found, reader(point))


def print_explanation(found: Explanation, reader: Reader) -> None:
    """The explanation for people."""
    rule = found.rule
    path, row = " / ".join(found.path), found.indicator
    print_paragraph(t(f"{path}（{row}）", f"{path} ({row})"))
    if found.explanation:
        print_paragraph(t(f"指标解释：{found.explanation}", f"about: {found.explanation}"))
    print_paragraph(t(f"评分标准：{found.standard}", f"standard: {found.standard}"))
    print_paragraph(
        t(
            f"分值 {found.weight}  自评 {_shown(found.claim)}  按标准 {rule.range_text.zh}"
            f"  核查 {_shown(found.award)}",
            f"weight {found.weight}  claim {_shown(found.claim)}  rule {rule.range_text.en}"
            f"  award {_shown(found.award)}",
        )
    )
    if total := found.total_by_rule:
        print_paragraph(getattr(total.in_words, language()))
    for number, step in enumerate(rule.derivation, 1):
        print_paragraph(f"  {number}. {getattr(step, language())}")
    if rule.missing:
        print_paragraph(t("缺少基础数据：", "missing figures: ") + ", ".join(rule.missing))
    for sentence in found.by_standard:
        print_paragraph(getattr(sentence, language()))
    print_rows(FIGURES, figure_rows(rule.figures, t))
    print_log(list(found.moves), reader)


def _shown(score: Decimal | None) -> str:
    return "-" if score is None else str(score)
