"""`scoretrail score`: the score sheet at any point."""

from decimal import Decimal
from typing import Final

import click

from cli.language import language, t
from cli.options import as_data, at_point, decided_by, example, print_json
from cli.session import Session
from cli.table import TableColumn, print_paragraph, print_table
from ledger import terms
from ledger.rubric import Rubric
from ledger.values import Invalid
from projections import score_sheet
from projections.score_sheet import ScoreSheet

SCORES: Final = (terms.CLAIMED, terms.RULE_RESULT, terms.AWARDED)
UNUSUAL: Final = {"rebased", "scaled", "grade_drop"}
"""Lines that most rubrics do not have; shown where they are not zero."""


@click.command(
    help=t(
        "得分表：每项指标的自评得分、按标准得分、核查得分，以及合计与等级。",
        "The score sheet: claimed score, rule result, awarded score, totals and grade.",
    ),
    epilog=example("scoretrail score zhanjiang-amr-2023 --at self --json"),
)
@click.argument("case_id", metavar="CASE")
@decided_by
@at_point
@as_data
@click.pass_obj
def score(
    session: Session, case_id: str, deciders: tuple[str, ...], label: str, *, json_: bool
) -> None:
    """Show the sheet."""
    point = session.look(case_id, label)
    sheet = score_sheet.score_sheet(point)
    if sheet is None:
        raise Invalid(
            f"截至“{label}”尚未启动评价并选定指标体系",
            f"at '{label}' the case was not yet opened or no rubric was pinned",
        )
    if deciders:
        sheet = score_sheet.only(sheet, deciders)
    if json_:
        print_json(sheet)
    else:
        print_sheet(sheet, score_sheet.pinned(point))


def print_sheet(sheet: ScoreSheet, rubric: Rubric) -> None:
    """The sheet for people: rows, the totals of both columns, what the standard gives in sum."""
    print_table(
        [
            TableColumn(t(*terms.INDICATOR)),
            TableColumn(t(*terms.NAME)),
            *(TableColumn(t(*term), number=True) for term in (terms.WEIGHT, *SCORES)),
            TableColumn(t(*terms.DECIDED_BY)),
        ],
        [
            (
                row.id,
                row.path[-1],
                str(row.weight),
                _shown(row.claim),
                t(*row.rule_text),
                t("不适用", "n/a") if row.excluded else _shown(row.award),
                t(*terms.DECIDERS[row.decided_by]) if row.decided_by else "",
            )
            for row in sheet.indicators
        ],
        title=t(
            f"{sheet.unit} {sheet.year} 年度得分表（时点 {sheet.at.label}，"
            f"第 {sheet.at.version} 条，{terms.STAGES[sheet.stage].zh}）",
            f"{sheet.unit} {sheet.year}, at {sheet.at.label} (v{sheet.at.version}, {sheet.stage})",
        ),
    )
    print_table(
        [TableColumn(t(*terms.TOTALS)), *(TableColumn(t(*term), number=True) for term in SCORES)],
        [
            (
                t(*line),
                _shown(sheet.claim.shown(part)),
                t(*sheet.standard.range_text) if part == "total" else "",
                _shown(sheet.award.shown(part)),
            )
            for part, line in terms.TOTALS_LINES.items()
            if part not in UNUSUAL or getattr(sheet.claim, part) or getattr(sheet.award, part)
        ]
        + [
            (t(*terms.PRINTED), _shown(sheet.claim.printed), "", _shown(sheet.award.printed)),
            (
                t("等级（计算/所列）", "grade (computed/printed)"),
                f"{sheet.claim.grade or '-'}/{sheet.claim.printed_grade or '-'}",
                t(*sheet.standard.grades_text),
                f"{sheet.award.grade or '-'}/{sheet.award.printed_grade or '-'}",
            ),
            (t(*terms.NOT_REVIEWED), str(sheet.claim.pending), "", str(sheet.award.pending)),
        ],
    )
    for sentence in score_sheet.by_standard_in_words(sheet, rubric):
        print_paragraph(getattr(sentence, language()))


def _shown(score: Decimal | None) -> str:
    return "-" if score is None else str(score)
