"""A rubric asks for clauses, grounds and second signatures, by what an award rests on."""

from datetime import date
from decimal import Decimal

import pytest

from ledger.commands import (
    AdjustScore,
    Command,
    ConfirmScore,
    CountersignAdjustment,
    IssueResult,
    PublishRubric,
    RecogniseBonus,
    RefuseBonus,
    RepinRubric,
    RestateFigure,
    SendDraft,
)
from ledger.ledger import Ledger
from ledger.values import Figure
from projections import as_of
from projections.as_of import CaseAsOf
from projections.score_sheet import only, score_sheet
from projections.work_list import tasks
from tests.support.small_case import CASE, RUBRIC, SUBMITTED, Story, on
from tests.support.specification import Memory, given, told

STRICT = RUBRIC.replace('edition = "2023"', 'edition = "2023-strict"').replace(
    "\n[[band]]",
    """
[needs]
judgement = ["clause", "second-signature"]
missing = ["ground", "second-signature"]

[[band]]""",
    1,
)
PUBLISHED: Story = on("2024-08-02", ("clerk", PublishRubric(source=STRICT)))
REPIN = ("clerk", RepinRubric(edition="2023-strict", reason="补充评分要求"))
ASKED: Story = SUBMITTED + PUBLISHED + on("2024-08-02", REPIN)

BY_JUDGEMENT = AdjustScore(
    indicator="service", award=Decimal("25.5"), justification="有两起投诉", clause="附件1 第三条"
)
UNREAD = RestateFigure(
    figure=Figure(id="spent", indicator="spending", name="支出数", value=None), reason="账目待查"
)
AWARDED: Story = on(
    "2024-10-11",
    ("reviewer", ConfirmScore(indicator="plan")),
    ("reviewer", BY_JUDGEMENT),
    ("reviewer", RecogniseBonus(item="flag", points=Decimal("1.5"), justification="有文件")),
    ("reviewer", RefuseBonus(item="letter", justification="不是市级表彰")),
)
WITHOUT_FIGURE: Story = ASKED + on("2024-10-10", ("reviewer", UNREAD))
SIGNED: Story = on("2024-10-12", ("lead", CountersignAdjustment(indicator="service")))
GOING_OUT = pytest.mark.parametrize(
    ("command", "account"),
    [(SendDraft(), "lead"), (IssueResult(printed_total=Decimal(95)), "clerk")],
)


def point(story: Story) -> CaseAsOf:
    ledger = Ledger(Memory(told(story)))
    return as_of.at(ledger.history(CASE), ledger.editions("small"))


def accepted(story: Story, account: str, command: Command) -> None:
    """The act is recorded."""
    assert len(told(story + on("2024-10-20", (account, command)))) > len(told(story))


def test_an_award_by_judgement_without_the_clause_is_refused() -> None:
    bare = AdjustScore(indicator="service", award=Decimal("25.5"), justification="有两起投诉")

    given(ASKED).when(bare, by="reviewer").then_refused("unstated", "依据条款", "人工评定")
    accepted(SUBMITTED, "reviewer", bare)


def test_a_claim_confirmed_for_want_of_a_figure_needs_its_ground() -> None:
    clause = ConfirmScore(indicator="spending", clause="附件1 第一条")
    ground = ConfirmScore(indicator="spending", ground="账目在审，不作扣分")

    given(WITHOUT_FIGURE).when(clause, by="reviewer").then_refused("unstated", "缺少数据", "理由")
    accepted(WITHOUT_FIGURE, "reviewer", ground)


def test_an_award_by_the_rule_needs_nothing() -> None:
    accepted(ASKED, "reviewer", ConfirmScore(indicator="plan"))


@GOING_OUT
def test_nothing_goes_out_before_judgement_is_signed(command: Command, account: str) -> None:
    ready = ASKED + AWARDED + on("2024-10-11", ("reviewer", _CUT))

    given(ready).when(command, by=account).then_refused("not-countersigned", "service（人工评定）")
    accepted(ready + SIGNED, account, command)


def test_words_that_another_edition_asks_for_are_asked_before_the_draft() -> None:
    bare = AdjustScore(indicator="service", award=Decimal("25.5"), justification="有两起投诉")
    earlier = SUBMITTED + PUBLISHED + AWARDED[:1]
    earlier += on("2024-10-11", ("reviewer", bare), ("reviewer", _CUT)) + AWARDED[2:]
    draft = given(earlier, on("2024-10-12", REPIN)).when(SendDraft(), by="lead")

    draft.then_refused("awards-unstated", "service（人工评定）")
    accepted(earlier, "lead", SendDraft())


def test_who_has_to_sign_sees_what_the_award_rests_on() -> None:
    ground = ConfirmScore(indicator="spending", ground="账目在审，不作扣分")
    story = WITHOUT_FIGURE + AWARDED + on("2024-10-11", ("reviewer", ground))
    waiting = {
        task.subject: task.decided_by
        for task in tasks(point(story), date(2024, 10, 20))
        if task.subject
    }

    assert waiting == {"spending": "missing", "service": "judgement"}


def test_the_sheet_says_of_each_award_what_it_rests_on() -> None:
    sheet = score_sheet(point(ASKED + AWARDED))
    assert sheet

    assert [(row.id, row.decided_by, row.discretion) for row in sheet.indicators] == [
        ("spending", None, False),
        ("plan", "rule", False),
        ("service", "judgement", False),
    ]
    chosen = only(sheet, ("judgement",))
    assert [row.id for row in chosen.indicators] == ["service"]
    assert chosen.award == sheet.award


_CUT = AdjustScore(
    indicator="spending", award=Decimal(38), justification="执行率 95%", clause="附件1 第一条"
)
