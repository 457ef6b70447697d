"""Bonus and penalty items are objected to, appealed and corrected like the rows of the rubric.

The bonus `flag` counts 1.5, `letter` was refused, the penalty `late` takes 2. Rows give 93.5.
"""

import re
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from documents.appeal_answer import appeal_answer
from documents.html import html
from documents.source import source
from ledger.case import fold
from ledger.checks import check_case
from ledger.checks.case_file import CaseFile, sources
from ledger.commands import (
    AnswerObjection,
    ClaimBonus,
    Command,
    CorrectResult,
    DecideAppeal,
    LodgeAppeal,
    NewAward,
    NewValue,
    RaiseObjection,
    RecordPenalty,
    RestateFigure,
    SendDraft,
)
from ledger.decide import decide
from ledger.envelope import Actor
from ledger.events import (
    AppealDecided,
    AppealLodged,
    BonusRecognised,
    Contested,
    FigureRestated,
    ObjectionAnswered,
    ObjectionRaised,
    PenaltyRecorded,
    ResultCorrected,
    Ruling,
)
from ledger.ledger import Ledger
from ledger.moves import moves
from ledger.refusals import CommandRefused
from ledger.rule_editions import CURRENT
from projections import as_of
from projections.as_of import CaseAsOf
from projections.bridge import bridge
from projections.explanation import explain
from projections.score_sheet import score_sheet
from tests.support.small_case import ACCOUNTS, CASE, CLAIMED, ISSUED, REVIEWED, SUBMITTED, Story, on
from tests.support.specification import Memory, editions, given, history, told

D = Decimal
DRAFT: Story = REVIEWED + on("2024-10-15", ("lead", SendDraft()))
OBJECTED: Story = DRAFT + on(
    "2024-10-20",
    ("filer", RaiseObjection(objection="o1", indicator="letter", statement="是市级表彰")),
)
APPEALED: Story = ISSUED + on(
    "2025-01-10",
    ("filer", LodgeAppeal(appeal="a1", indicators=("letter", "late"), statement="都不对")),
)
UPHELD = DecideAppeal(
    appeal="a1",
    outcome="partly",
    number="复1号",
    justification="来文属实",
    awards=(NewAward("letter", D("1.5")), NewAward("late", D(1))),
)
DECIDED: Story = APPEALED + on("2025-02-01", ("second-clerk", UPHELD))
BEFORE = 3
"""The last edition of the rules whose programs knew none of this."""

CORRECT = CorrectResult(number="更1号", indicator="flag", award=D(0), justification="重复")


def point(story: Story, label: str = "final") -> CaseAsOf:
    ledger = Ledger(Memory(told(story)))
    return as_of.at(ledger.history(CASE), ledger.editions("small"), label)


def total(story: Story) -> Decimal:
    sheet = score_sheet(point(story))
    assert sheet
    return sheet.award.total


def version_of(story: Story, event: type, item: str) -> int:
    return next(
        move.recorded.version
        for move in moves(point(story).history)
        if isinstance(move.recorded.event, event)
        and getattr(move.recorded.event, "item", "") == item
    )


class TestObjection:
    def test_to_an_item_names_its_decision(self) -> None:
        objection = RaiseObjection(
            objection="o1", indicator="late", statement="没有迟报", requested=D(0)
        )
        given(DRAFT).when(objection, by="filer").then(
            ObjectionRaised(
                objection="o1",
                indicator="late-report",
                contests=version_of(DRAFT, PenaltyRecorded, "late"),
                statement="没有迟报",
                requested=D("0.00"),
                evidence=(),
                item="late",
                penalty=True,
            )
        )

    def test_that_is_accepted_brings_the_points(self) -> None:
        answer = AnswerObjection(
            objection="o1", outcome="accepted", award=D("1.5"), justification="来文属实"
        )
        given(OBJECTED).when(answer, by="reviewer").then(
            ObjectionAnswered(
                objection="o1",
                indicator="commendation",
                outcome="accepted",
                justification="来文属实",
                adjustment=len(OBJECTED) + 2,
                item="letter",
            ),
            BonusRecognised(
                item="letter",
                points=D("1.50"),
                justification="来文属实",
                clause="",
                evidence=(),
            ),
        )

    def test_to_a_penalty_that_is_accepted_keeps_its_title(self) -> None:
        raised = RaiseObjection(objection="o2", indicator="late", statement="只迟一天")
        answer = AnswerObjection(
            objection="o2", outcome="partly", award=D(1), justification="情节较轻"
        )
        story = DRAFT + on("2024-10-20", ("filer", raised)) + on("2024-10-25", ("reviewer", answer))

        case = point(story).case
        assert case.penalties == {"late": D("1.00")}
        assert case.penalty_titles == {"late": "迟报"}
        assert total(story) == D("94.00")

    def test_that_is_rejected_changes_nothing(self) -> None:
        answer = AnswerObjection(objection="o1", outcome="rejected", justification="不是市级")

        assert total(OBJECTED + on("2024-10-25", ("reviewer", answer))) == total(DRAFT)

    @pytest.mark.parametrize(
        ("award", "ground", "rule"),
        [(D(0), "", "no-change"), (D(4), "", "score-range"), (D(1), "为难", "item-ground")],
    )
    def test_is_not_answered_with(self, award: Decimal, ground: str, rule: str) -> None:
        answer = AnswerObjection(
            objection="o1", outcome="accepted", award=award, justification="来文", ground=ground
        )
        given(OBJECTED).when(answer, by="reviewer").then_refused(rule)

    def test_to_what_nobody_has_decided_is_refused(self) -> None:
        unknown = RaiseObjection(objection="o3", indicator="medal", statement="没有")

        given(DRAFT).when(unknown, by="filer").then_refused("unknown-indicator", "letter", "late")


class TestAppeal:
    def test_keeps_to_the_decisions_that_it_contests(self) -> None:
        lodge = LodgeAppeal(appeal="a2", indicators=("plan", "flag"), statement="都不对")
        decided = version_of(ISSUED, BonusRecognised, "flag")
        plan = fold(point(ISSUED).history).awards["plan"].version

        given(ISSUED).when(lodge, by="filer").then(
            AppealLodged(
                appeal="a2",
                number="",
                contests=(
                    Contested("plan", plan, D("30.00")),
                    Contested("commendation", decided, D("1.50"), item="flag"),
                ),
                statement="都不对",
                evidence=(),
            )
        )

    def test_is_decided_item_by_item(self) -> None:
        given(APPEALED).when(UPHELD, by="second-clerk").then(
            AppealDecided(
                appeal="a1",
                outcome="partly",
                number="复1号",
                justification="来文属实",
                clause="",
                rulings=(
                    Ruling("commendation", D("0.00"), D("1.50"), item="letter"),
                    Ruling("late-report", D("2.00"), D("1.00"), item="late", penalty=True),
                ),
                evidence=(),
            )
        )
        assert total(DECIDED) == D("95.50")  # 93.5 + 3 - 1

    def test_of_one_item_is_not_lodged_twice(self) -> None:
        again = LodgeAppeal(appeal="a2", indicators=("late",), statement="还是不对")

        given(APPEALED).when(again, by="filer").then_refused("contested", "late", "a1")

    def test_is_not_decided_on_another_item(self) -> None:
        astray = DecideAppeal(
            appeal="a1", outcome="upheld", justification="对", awards=(NewAward("flag", D(1)),)
        )
        given(APPEALED).when(astray, by="second-clerk").then_refused("not-contested", "letter")

    def test_is_not_decided_by_who_has_corrected_the_item(self) -> None:
        correct = CorrectResult(number="更2号", indicator="late", award=D(1), justification="重算")
        story = APPEALED + on("2025-01-20", ("clerk", correct))

        given(story).when(UPHELD, by="clerk").then_refused("own-award", "clerk")


class TestCorrection:
    def test_of_an_item_names_it(self) -> None:
        given(ISSUED).when(CORRECT, by="clerk").then(
            ResultCorrected(
                number="更1号",
                indicator="commendation",
                before=D("1.50"),
                award=D("0.00"),
                justification="重复",
                clause="",
                evidence=(),
                item="flag",
            )
        )
        assert total(ISSUED + on("2025-01-05", ("clerk", CORRECT))) == D("91.50")

    def test_that_changes_nothing_is_refused(self) -> None:
        same = CorrectResult(number="更1号", indicator="flag", award=D("1.5"), justification="重复")

        given(ISSUED).when(same, by="clerk").then_refused("no-change", "flag")

    def test_while_the_item_is_contested_is_found(self) -> None:
        correct = CorrectResult(number="更2号", indicator="late", award=D(3), justification="重算")
        story = APPEALED + on("2025-01-20", ("clerk", correct))

        assert found(story, "contested-row-moved") == ["late-report"]
        assert found(APPEALED, "contested-row-moved") == []


class TestFindings:
    def test_a_higher_penalty_is_not_what_was_asked_for(self) -> None:
        worse = DecideAppeal(
            appeal="a1",
            outcome="upheld",
            justification="从重",
            awards=(NewAward("late", D(3)), NewAward("letter", D(1))),
        )
        assert found(DECIDED, "upheld-and-lowered") == []
        story = APPEALED + on("2025-02-01", ("second-clerk", worse))
        assert found(story, "upheld-and-lowered") == ["late-report"]

    def test_an_accepted_objection_that_ends_lower_is_found(self) -> None:
        raised = RaiseObjection(objection="o2", indicator="flag", statement="应计 1.5 分")
        answer = AnswerObjection(
            objection="o2", outcome="accepted", award=D(1), justification="按次计"
        )
        story = DRAFT + on("2024-10-20", ("filer", raised)) + on("2024-10-25", ("reviewer", answer))

        assert found(story, "upheld-and-lowered") == ["commendation"]

    def test_the_record_holds_together(self) -> None:
        for story in (DECIDED, ISSUED + on("2025-01-05", ("clerk", CORRECT)), OBJECTED):
            errors = [one for one in check(story) if one.severity == "error"]
            assert errors == []


def check(story: Story) -> list:  # type: ignore[type-arg]  # of findings
    here = point(story)
    return check_case(here.history, here.editions)


def found(story: Story, name: str) -> list[str | None]:
    return [one.indicator for one in check(story) if one.check == name]


class TestViews:
    def test_the_bridge_explains_the_move_by_the_decision(self) -> None:
        there = point(DECIDED)
        crossed = bridge(point(APPEALED), there)

        assert [(step.kind, step.delta) for step in crossed.steps] == [
            ("bonus", D("1.50")),
            ("penalty", D("1.00")),
        ]
        assert all(
            [event.type for event in step.events] == ["AppealDecided"] for step in crossed.steps
        )
        assert crossed.residual == 0

    def test_the_decision_answers_the_appeal_and_what_it_contests(self) -> None:
        *_, decision = moves(point(DECIDED).history)
        contested = {
            version_of(DECIDED, PenaltyRecorded, "late"),
            fold(point(ISSUED).history).sources["bonus", "letter"],
        }

        assert decision.rows == ()
        assert set(decision.causes[None]) == contested | {point(APPEALED).case.version}

    def test_the_answer_names_the_items_and_what_they_count(self) -> None:
        here = point(DECIDED)
        page = html(appeal_answer(source(here, here.history[-1].dated), "zh")).decode()
        said = re.sub('<span class="whole">(.*?)</span>', r"\1", page)

        assert "表彰加分 / 感谢信" in said
        assert "迟报减分 / 迟报" in said
        assert "总分由93.00变为95.50" in said

    def test_before_the_decision_counts_the_item_stands_as_it_was(self) -> None:
        earlier = point(DECIDED, "2025-01-31").case

        assert earlier.bonus == {"flag": D("1.50"), "letter": D(0)}
        assert earlier.penalties == {"late": D("2.00")}


class TestFiguresOfADecision:
    RESTATED = CorrectResult(
        number="更3号",
        indicator="spending",
        award=D("38.8"),
        justification="决算支出 194 万元",
        figures=(NewValue("spent", "194"),),
    )

    def test_a_correction_carries_the_figure_that_it_rests_on(self) -> None:
        story = ISSUED + on("2025-01-05", ("clerk", self.RESTATED))
        *_, restated, corrected = point(story).history
        figure = point(ISSUED).case.figures["spent"]

        assert isinstance(restated.event, FigureRestated)
        assert restated.event.reason == "决算支出 194 万元"
        assert (restated.event.figure.value, restated.event.figure.unit) == ("194", figure.unit)
        assert isinstance(corrected.event, ResultCorrected)
        assert restated.command == corrected.command

    def test_the_explanation_names_the_decision_as_its_source(self) -> None:
        """The document that the figure had before holds the old value."""
        printed = RestateFigure(
            figure=replace(point(ISSUED).case.figures["spent"], source="核查表 第3行"),
            reason="核查",
        )
        before = REVIEWED + on("2024-10-13", ("reviewer", printed))
        story = before + ISSUED[len(REVIEWED) :] + on("2025-01-05", ("clerk", self.RESTATED))

        old, new = (
            next(one for one in explain(point(each), "spending").rule.figures if one.id == "spent")
            for each in (before, story)
        )
        assert (old.value, old.source, old.decision) == ("190", "核查表 第3行", None)
        assert (new.value, new.source) == ("194", "更3号")
        assert new.decision == point(story).version
        assert new.source_text(lambda _, en: en) == f"更3号 (event {new.decision})"
        assert point(story).case.restated["spent"].source == "更3号"

    @pytest.mark.parametrize(("rules", "source"), [(4, "核查表 第3行"), (CURRENT, "更3号")])
    def test_it_is_recorded_with_the_decision_as_its_source_from_edition_5_on(
        self, rules: int, source: str
    ) -> None:
        printed = RestateFigure(
            figure=replace(point(ISSUED).case.figures["spent"], source="核查表 第3行"),
            reason="核查",
        )
        story = REVIEWED + on("2024-10-13", ("reviewer", printed)) + ISSUED[len(REVIEWED) :]
        here = point(story)
        organisation, role = ACCOUNTS["clerk"]
        by = Actor(account="clerk", role=role, organisation=organisation)

        dated = date(2025, 1, 5)
        restated, _ = decide(self.RESTATED, here.case, by, here.editions, rules, dated=dated)

        assert isinstance(restated, FigureRestated)
        assert restated.figure.source == source

    def test_a_check_names_the_decision_as_its_source(self) -> None:
        printed = RestateFigure(
            figure=replace(point(ISSUED).case.figures["spent"], source="核查表 第3行"),
            reason="核查",
        )
        story = REVIEWED + on("2024-10-13", ("reviewer", printed)) + ISSUED[len(REVIEWED) :]
        story += on("2025-01-05", ("clerk", self.RESTATED))
        file = CaseFile(history(story), editions())

        assert sources(file.submitted["spent"], file.restated["spent"])[-1] == "更3号"
        assert "核查表 第3行" not in sources(file.submitted["spent"], file.restated["spent"])

    def test_with_it_the_award_is_by_the_rule(self) -> None:
        bare = CorrectResult(
            number="更3号", indicator="spending", award=D("38.8"), justification="决算"
        )
        rows = {
            command: score_sheet(point(ISSUED + on("2025-01-05", ("clerk", command))))
            for command in (self.RESTATED, bare)
        }
        decided = [sheet.indicators[0].decided_by for sheet in rows.values() if sheet]

        assert decided == ["rule", "discretion"]

    def test_a_decision_on_an_appeal_carries_it_as_well(self) -> None:
        lodge = LodgeAppeal(appeal="a3", indicators=("spending",), statement="支出有误")
        decide = DecideAppeal(
            appeal="a3",
            outcome="upheld",
            justification="决算支出 194 万元",
            awards=(NewAward("spending", D("38.8")),),
            figures=(NewValue("spent", "194"),),
        )
        story = ISSUED + on("2025-01-10", ("filer", lodge))
        story += on("2025-02-01", ("second-clerk", decide))

        sheet = score_sheet(point(story))
        assert sheet
        assert (sheet.indicators[0].award, sheet.indicators[0].decided_by) == (D("38.80"), "rule")
        assert [one for one in check(story) if one.severity == "error"] == []

    @pytest.mark.parametrize(
        ("figure", "value", "rule"),
        [
            ("spent", "190", "same-value"),
            ("unheard", "1", "unknown-figure"),
            ("spent", "一百", "figure-value"),
        ],
    )
    def test_but_not(self, figure: str, value: str, rule: str) -> None:
        wrong = CorrectResult(
            number="更3号",
            indicator="spending",
            award=D("38.8"),
            justification="决算",
            figures=(NewValue(figure, value),),
        )
        given(ISSUED).when(wrong, by="clerk").then_refused(rule, figure)

    def test_a_rejected_appeal_restates_nothing(self) -> None:
        reject = DecideAppeal(
            appeal="a1",
            outcome="rejected",
            justification="维持",
            figures=(NewValue("spent", "194"),),
        )
        given(APPEALED).when(reject, by="second-clerk").then_refused("outcome-award", "a1")


@pytest.mark.parametrize(
    ("story", "command", "account"),
    [
        (CLAIMED, ClaimBonus(item="plan", title="锦旗", points=D(1)), "filer"),
        (
            SUBMITTED,
            RecordPenalty(item="service", title="迟报", points=D(1), justification="迟"),
            "reviewer",
        ),
        (
            SUBMITTED,
            RecordPenalty(item="flag", title="迟报", points=D(1), justification="迟"),
            "reviewer",
        ),
    ],
)
def test_an_item_has_its_id_for_itself(story: Story, command: Command, account: str) -> None:
    given(story).when(command, by=account).then_refused("item-named-as-row")


@pytest.mark.parametrize(
    ("command", "account", "rule"),
    [
        (CORRECT, "clerk", "unknown-indicator"),
        (LodgeAppeal(appeal="a9", indicators=("late",), statement="不对"), "filer", "unknown"),
        (TestFiguresOfADecision.RESTATED, "clerk", "not-known-then"),
    ],
)
def test_programs_of_an_older_edition_of_the_rules_knew_none_of_it(
    command: Command, account: str, rule: str
) -> None:
    """What is recorded under their edition was not written by them."""
    here = point(ISSUED)
    organisation, role = ACCOUNTS[account]
    by = Actor(account=account, role=role, organisation=organisation)

    with pytest.raises(CommandRefused) as refused:
        decide(command, here.case, by, here.editions, BEFORE, dated=here.history[-1].dated)  # type: ignore[arg-type]  # of a case, all of them
    assert refused.value.rule.startswith(rule)
    assert decide(command, here.case, by, here.editions, CURRENT, dated=here.history[-1].dated)  # type: ignore[arg-type]  # the same
