"""A reason that is printed belongs to what is in force, and a log of one row holds that row."""

from datetime import date
from decimal import Decimal

from documents.enclosures import enclosures
from documents.score_table import score_table
from documents.source import source
from ledger.commands import AdjustScore, RecogniseBonus, RefuseBonus
from ledger.language import in_language
from ledger.terms import JUSTIFICATION
from projections.as_of import at
from tests.support.small_case import CUT_SERVICE, ISSUED, REVIEWED, SUBMITTED, Story, on
from tests.support.specification import editions, history

TODAY = date(2025, 1, 31)
FULL = AdjustScore(
    indicator="service",
    award=Decimal(30),
    justification="服务好，得满分",
    ground="满意度高",
)


def reasons(story: Story) -> dict[str, str]:
    """What the score table prints as the reason of each row and line."""
    table = next(score_table(source(at(history(story), editions()), TODAY), "zh").tables())
    at_reason = [column.heading for column in table.columns].index(in_language(JUSTIFICATION, "zh"))
    return {str(row.cells[2] or row.cells[0]): str(row.cells[at_reason]) for row in table.rows}


def test_beside_a_deduction_stands_the_reason_of_the_deduction() -> None:
    story = SUBMITTED + on("2024-10-12", ("reviewer", FULL), ("reviewer", CUT_SERVICE))

    assert reasons(story)["服务对象满意度"] == CUT_SERVICE.justification


def test_the_ground_of_discretion_stands_beside_the_reason() -> None:
    story = SUBMITTED + on("2024-10-12", ("reviewer", FULL))

    assert reasons(story)["服务对象满意度"] == "服务好，得满分\n酌情理由：满意度高"


def test_of_a_bonus_that_was_decided_twice_the_last_reason_stands() -> None:
    story = REVIEWED + on(
        "2024-10-20",
        ("reviewer", RefuseBonus(item="flag", justification="表彰不在本年")),
        ("reviewer", RecogniseBonus(item="letter", points=Decimal(1), justification="补交原件")),
    )

    assert reasons(story)["表彰加分"] == "锦旗：表彰不在本年\n感谢信：补交原件"


def test_a_dossier_of_one_row_encloses_the_log_of_that_row() -> None:
    point = at(history(ISSUED), editions())

    whole, one = enclosures(point, TODAY), enclosures(point, TODAY, "service")
    page, row = (files["change-log.zh.html"].decode() for files in (whole, one))
    assert "执行率 95%" in page
    assert "年度台账" in page
    assert "执行率 95%" not in row
    assert "年度台账" not in row
    assert "服务对象满意度（service）变动记录" in row
    assert "25.50" in row
    assert "有两起投诉" in one["change-log.json"].decode()
