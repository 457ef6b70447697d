"""A reason that is printed belongs to what is in force, and a log of one row holds that row."""

from datetime import date
from decimal import Decimal

from documents.enclosures import enclosures
from documents.score_table import score_table
from documents.source import source
from documents.verify_page import VERIFY_PAGE_SHA256
from ledger.commands import (
    AdjustScore,
    DecideAppeal,
    NewAward,
    RecogniseBonus,
    RefuseBonus,
    WithdrawAppeal,
)
from ledger.language import in_language
from ledger.ledger import Ledger
from ledger.terms import JUSTIFICATION
from projections.as_of import at
from tests.support.later_life import CONTESTED, EXAMINED
from tests.support.small_case import CASE, CUT_SERVICE, ISSUED, REVIEWED, SUBMITTED, Story, on
from tests.support.specification import Memory, editions, history, told

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


def enclosed(story: Story) -> dict[str, bytes]:
    ledger = Ledger(Memory(told(story)))
    return enclosures(at(ledger.history(CASE), ledger.editions("small")), TODAY)


UPHELD = DecideAppeal(
    appeal="complaints",
    outcome="upheld",
    justification="投诉不实",
    awards=(NewAward(indicator="service", award=Decimal(28)),),
)


def test_a_dossier_encloses_the_letters_of_its_case_and_they_refer_to_it() -> None:
    decided = CONTESTED + on("2024-01-20", ("second-clerk", UPHELD))

    before, files = enclosed(EXAMINED), enclosed(decided)

    of_any_case = {"change-log.en.html", "score-table.en.html"}
    letters = {"appeal-complaints.en.html", "rectification.en.html", "result-letter.en.html"}
    assert {name for name in before if name.endswith("en.html")} == of_any_case
    assert {name for name in files if name.endswith("en.html")} == of_any_case | letters
    assert "an enclosure of a dossier" in files["result-letter.en.html"].decode()
    # The page that verifies differs from build to build, which what is enclosed must not.
    assert not [name for name, content in files.items() if VERIFY_PAGE_SHA256.encode() in content]


def test_a_withdrawn_appeal_has_no_answer_in_a_dossier() -> None:
    withdrawn = WithdrawAppeal(appeal="complaints", reason="不再申诉")
    story = CONTESTED + on("2024-01-20", ("filer", withdrawn))

    assert "appeal-complaints.zh.html" not in enclosed(story)
