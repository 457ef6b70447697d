"""What is made of the record holds, too: acts, totals, bridges; each break has its place."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.account_registry import RegisterOverTime
from ledger.commands import (
    AnswerObjection,
    AssignWork,
    ConfirmScore,
    CorrectResult,
    DecideAppeal,
    DeclareConflict,
    ExtendDeadline,
    LodgeAppeal,
    NewAward,
    NewValue,
    PublishRubric,
    RaiseObjection,
    RecordYearNotice,
    RequestRectification,
    RestateFigure,
    SendDraft,
)
from ledger.editions import Editions
from ledger.entry_verification import VerificationFailure
from ledger.envelope import REGISTER, AuthorSignature, RecordedEvent
from ledger.events import (
    AccountOpened,
    CaseOpened,
    CitedOutcome,
    DeadlineExtended,
    ResultIssued,
    RubricPublished,
    ScoreAdjusted,
    ScoreClaimed,
    WorkAssigned,
)
from ledger.language import Text
from ledger.ledger import Ledger
from ledger.log_verification import Verification
from projections import case_verification, signed_commands
from projections.bridge import residual
from projections.portfolio.catch_up import ProjectionMismatch
from tests.support.later_life import CONTESTED, DRAFTED, OVER, RECEIVED
from tests.support.small_case import (
    CUT_SERVICE,
    ISSUED,
    OPENED,
    REVIEWED,
    RUBRIC,
    SPENT,
    SUBMITTED,
    Story,
    on,
)
from tests.support.specification import Memory, editions, history, told

ANSWERED = DRAFTED + on(
    "2023-09-12",
    ("filer", RaiseObjection(objection="complaints", indicator="service", statement="不实")),
    (
        "reviewer",
        AnswerObjection(
            objection="complaints",
            outcome="accepted",
            justification="投诉查无实据",
            award=Decimal(28),
            clause="附件1",
        ),
    ),
)
"""The answer to an objection and the award that it leads to are two events of one act."""
ANSWERED_ON_ITEMS = (
    REVIEWED
    + on("2024-10-15", ("lead", SendDraft()))
    + on(
        "2024-10-20",
        ("filer", RaiseObjection(objection="letter", indicator="letter", statement="是市级表彰")),
        ("filer", RaiseObjection(objection="late", indicator="late", statement="只迟一天")),
    )
    + on(
        "2024-10-25",
        *(
            (
                "reviewer",
                AnswerObjection(
                    objection=item,
                    outcome="partly",
                    justification="查过",
                    award=Decimal(1),
                    clause="附件1",
                    evidence=("b" * 64,),
                ),
            )
            for item in ("letter", "late")
        ),
    )
)
"""The same, of a bonus and of a penalty."""
DECIDED_ON_ITEMS = (
    ISSUED
    + on(
        "2025-01-10",
        ("filer", LodgeAppeal(appeal="a1", indicators=("letter", "late"), statement="都不对")),
    )
    + on(
        "2025-02-01",
        (
            "second-clerk",
            DecideAppeal(
                appeal="a1",
                outcome="partly",
                justification="来文属实",
                awards=(NewAward("letter", Decimal("1.5")), NewAward("late", Decimal(1))),
            ),
        ),
        (
            "clerk",
            CorrectResult(number="更1号", indicator="flag", award=Decimal(0), justification="重复"),
        ),
    )
)
"""What is decided after issue names the item and not the row that it counts under."""
CORRECTED_WITH_FIGURES = ISSUED + on(
    "2025-01-10",
    (
        "clerk",
        CorrectResult(
            number="更1号",
            indicator="spending",
            award=Decimal("38.8"),
            justification="漏计一笔",
            figures=(NewValue("spent", "194"),),
        ),
    ),
)
"""The figures that a correction rests on come before it, in the same act."""
CONFIRM = ("reviewer", ConfirmScore(indicator="plan"))
CUT = ("reviewer", CUT_SERVICE)
ASSIGNED = OPENED + on(
    "2024-07-02", ("lead", AssignWork(account="reviewer", reason="熟悉", indicators=("plan",)))
)


def breaks(
    record: Sequence[RecordedEvent], rubric: Editions | None = None
) -> list[VerificationFailure]:
    result = Verification()
    case_verification.verify_case(result, record, editions() if rubric is None else rubric, None)
    return result.breaks


def published(story: Story) -> Editions:
    """What a story publishes of its rubric."""
    return Ledger(Memory(told(story))).editions("small")


def altered(story: Story, kind: type, **changes: Any) -> tuple[list[RecordedEvent], RecordedEvent]:  # noqa: ANN401 - fields of any event
    """A record in which the last event of a kind says something else; and that event."""
    record = history(story)
    at = max(place for place, one in enumerate(record) if isinstance(one.event, kind))
    record[at] = replace(record[at], event=replace(record[at].event, **changes))
    return record, record[at]


@pytest.mark.parametrize(
    "story",
    [
        (),
        OPENED,
        SUBMITTED,
        REVIEWED,
        ISSUED,
        CONTESTED,
        OVER,
        ANSWERED_ON_ITEMS,
        DECIDED_ON_ITEMS,
        CORRECTED_WITH_FIGURES,
    ],
)
def test_what_came_in_through_the_front_door_holds(story: Story) -> None:
    assert breaks(history(story), published(story)) == []


def test_an_adjustment_without_justification_is_against_the_rules() -> None:
    record, forged = altered(ISSUED, ScoreAdjusted, justification="")

    (found,) = breaks(record)

    assert found.kind == "rules"
    assert found.where == f"#{forged.position} small-2023 v{forged.version}"
    assert "justification" in found.message.en
    assert found.affects.en == "the award of service in small-2023"


def test_a_result_that_adds_up_otherwise_today_has_drifted() -> None:
    record, forged = altered(ISSUED, ResultIssued, computed_total=Decimal("93.01"))

    (found,) = breaks(record)

    assert (found.kind, found.where.split()[2]) == ("drift", f"v{forged.version}")
    assert "93.01 ≠ 93.00" in found.message.en
    assert found.affects.en == f"small-2023 v{forged.version} ResultIssued"


def test_everything_that_has_drifted_is_named() -> None:
    record, _ = altered(ISSUED, ResultIssued, computed_total=Decimal("93.01"), computed_grade="良")

    (found,) = breaks(record)

    assert found.message == Text(
        "与按规则算出的不同：computed_total 93.01 ≠ 93.00；computed_grade 良 ≠ 优",
        "not what the rules give: computed_total 93.01 ≠ 93.00; computed_grade 良 ≠ 优",
    )


def test_an_act_is_by_one_person() -> None:
    record = history(ANSWERED)
    last = record[-1]
    assert last.command == record[-2].command
    record[-1] = replace(last, by=replace(last.by, account="somebody-else"))

    (found,) = breaks(record, published(ANSWERED))

    assert found.kind == "drift"
    assert "different accounts" in found.message.en


def test_an_act_that_no_command_can_have_led_to_is_named() -> None:
    record, _ = altered(SUBMITTED, ScoreClaimed, indicator="Not an id")

    assert any("(malformed)" in one.message.en for one in breaks(record))


def test_an_award_raised_behind_the_result_shows_in_the_result() -> None:
    record, _ = altered(ISSUED, ScoreAdjusted, award=Decimal("26.00"))

    assert {one.kind for one in breaks(record)} <= {"rules", "drift"}
    assert any("ResultIssued" in one.affects.en for one in breaks(record))


RESTATED = on(
    "2024-10-12",
    ("reviewer", RestateFigure(figure=replace(SPENT, value="180"), reason="照账")),
    ("reviewer", RestateFigure(figure=replace(SPENT, value="181"), reason="照账")),
)


@pytest.mark.parametrize(
    ("story", "one", "other"),
    [
        (SUBMITTED + RESTATED, "FigureRestated", "FigureRestated"),
        (SUBMITTED + on("2024-10-12", CONFIRM, CUT), "ScoreConfirmed", "ScoreAdjusted"),
    ],
)
def test_two_acts_recorded_as_one_are_not_what_the_first_leads_to(
    story: Story, one: str, other: str
) -> None:
    record = history(story)
    record[-1] = replace(record[-1], command=record[-2].command)

    (found,) = breaks(record)

    assert found.kind == "drift"
    assert f"recorded: {one}, {other}; by the rules: {one}" in found.message.en


def test_a_rubric_that_is_gone_leaves_nothing_to_judge_by() -> None:
    assert {one.kind for one in breaks(history(ISSUED), Editions())} == {"rules"}


@pytest.mark.parametrize("baseline", ["claims", "review-table"])
def test_a_hundredth_that_no_step_explains_is_a_break(
    baseline: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def losing(*given: Any) -> Decimal:  # noqa: ANN401 - whatever a bridge is made of
        return Decimal("0.01") if baseline in given else residual(*given)

    monkeypatch.setattr(case_verification, "residual", losing)
    record = history(ISSUED)

    (found,) = breaks(record)

    assert (found.kind, found.where.split()[2]) == ("bridge", f"v{record[-1].version}")
    assert f"({baseline}) leave 0.01" in found.message.en


@pytest.mark.parametrize(
    ("difference", "where", "message"),
    [
        (
            ProjectionMismatch("small-2023", "scores", "2023", "award", "93.00", "93.01"),
            "small-2023 scores 2023",
            "award is 93.00, a replay gives 93.01",
        ),
        (
            ProjectionMismatch("small-2023", "work", "", "", "", ""),
            "small-2023 work",
            "a row is missing, extra or repeated",
        ),
    ],
)
def test_a_table_that_differs_from_a_replay_is_a_break(
    difference: ProjectionMismatch, where: str, message: str
) -> None:
    result = Verification()

    case_verification.verify_portfolio(result, difference)

    (found,) = result.breaks
    assert (found.kind, found.where, found.message.en) == ("portfolio", where, message)


# By what the register says -----------------------------------------------------------------------


def register_of(story: Story) -> list[RecordedEvent]:
    """The register after a story."""
    return [*Ledger(Memory(told(story))).history(REGISTER)]


def by_register(
    record: Sequence[RecordedEvent], story: Story, register: Sequence[RecordedEvent] = ()
) -> list[VerificationFailure]:
    """What is found in a record of a story, by the register of that story or by another one."""
    result = Verification()
    known = RegisterOverTime(register or register_of(story))
    case_verification.verify_case(result, record, published(story), known)
    return result.breaks


def test_what_the_register_bears_out_holds() -> None:
    assert by_register(history(ASSIGNED), ASSIGNED) == []


@pytest.mark.parametrize(
    ("account", "rule"),
    [("nobody", "unknown-account"), ("other-reviewer", "not-a-reviewer")],
)
def test_work_is_assigned_to_an_account_of_the_agency(account: str, rule: str) -> None:
    record, forged = altered(ASSIGNED, WorkAssigned, account=account)

    (found,) = by_register(record, ASSIGNED)

    assert (found.kind, found.version) == ("rules", forged.version)
    assert f"({rule})" in found.message.en


def test_the_result_of_another_ledger_is_not_cited_without_proof() -> None:
    cited = CitedOutcome(case="small-2022", version=9, leaf="0" * 64, receipt="none")
    record, _ = altered(OPENED, CaseOpened, last_year=cited)

    (found,) = by_register(record, OPENED)

    assert (found.kind, found.version) == ("rules", 1)
    assert "(outcome-unproven)" in found.message.en


def test_nobody_acts_whose_interest_the_register_knows() -> None:
    conflict = DeclareConflict(account="reviewer", unit="market-bureau", reason="曾在该单位任职")
    before = register_of(on("2024-01-02", ("admin", conflict)))
    record = history(REVIEWED)

    found = by_register(record, REVIEWED, before)

    theirs = [one.version for one in record if one.by.account == "reviewer"]
    assert [one.version for one in found] == theirs
    assert all("(recused)" in one.message.en for one in found)


def test_more_time_is_more_than_the_notice_of_the_year_gives() -> None:
    notice = RecordYearNotice(
        bureau="finance-bureau",
        year=2023,
        number="财绩〔2023〕1号",
        sha256="a" * 64,
        rectification_due="15d",
    )
    plain = RUBRIC.replace('edition = "2023"', 'edition = "2023-clocks"')  # that sets no days
    request = RequestRectification(request="hotline", findings=("complaints",), demand="设专线")
    longer = ExtendDeadline(request="hotline", due=date(2024, 1, 14), reason="春节")
    story = (
        on("2023-01-10", ("clerk", notice))
        + tuple(
            (who, replace(act, source=plain) if isinstance(act, PublishRubric) else act, day)
            for who, act, day in RECEIVED
        )
        + on("2024-01-05", ("clerk", request), ("clerk", longer))
    )
    record, forged = altered(story, DeadlineExtended, due=date(2024, 1, 13))

    assert by_register(history(story), story) == []
    (found,) = by_register(record, story)

    assert (found.kind, found.version) == ("rules", forged.version)
    assert "(not-later)" in found.message.en


# Every stream ------------------------------------------------------------------------------------


def test_an_account_opened_past_the_program_is_found_in_the_register() -> None:
    record = register_of(())
    at = max(place for place, one in enumerate(record) if isinstance(one.event, AccountOpened))
    record[at] = replace(record[at], by=replace(record[at].by, account="nobody"))
    genuine, forged = Verification(), Verification()

    case_verification.verify_register(genuine, register_of(()))
    case_verification.verify_register(forged, record)

    assert genuine.breaks == []
    assert {(one.kind, one.version) for one in forged.breaks} == {("rules", at + 1)}


def test_a_rubric_by_an_account_that_is_none_is_found() -> None:
    record = [*Ledger(Memory(told(()))).history("rubric:small")]
    at = max(place for place, one in enumerate(record) if isinstance(one.event, RubricPublished))
    known = RegisterOverTime(register_of(()))
    genuine, forged = Verification(), Verification()

    case_verification.verify_rubric(genuine, record, known)
    record[at] = replace(record[at], by=replace(record[at].by, account="nobody"))
    case_verification.verify_rubric(forged, record, known)

    assert genuine.breaks == []
    assert {(one.kind, one.version) for one in forged.breaks} == {("rules", at + 1)}
    assert any("(not-registered)" in one.message.en for one in forged.breaks)


def test_whoever_acts_in_a_case_is_known_to_the_register() -> None:
    record, known = history(OPENED), RegisterOverTime(register_of(()))
    genuine, forged = Verification(), Verification()

    case_verification.verify_authors(genuine, record, known)
    record[1] = replace(record[1], by=replace(record[1].by, account="nobody"))
    case_verification.verify_authors(forged, record, known)

    assert genuine.breaks == []
    assert "not-registered" in forged.breaks[0].message.en
    assert {one.version for one in forged.breaks} == {2}


def test_a_signature_that_is_missing_is_named_as_that() -> None:
    result = Verification()

    case_verification.verify_register(result, register_of(()), date(2000, 1, 1))

    assert {one.kind for one in result.breaks} == {"unsigned"}
    assert not any("the rules of this program" in one.message.en for one in result.breaks)


def test_signatures_that_nothing_here_verifies_are_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_commands, "can_verify", lambda _: False)
    (first,) = history(OPENED)[:1]
    signature = AuthorSignature(key="0" * 64, scheme="ed25519", value="AAAA")
    result, nothing = Verification(), Verification()
    known = RegisterOverTime(register_of(()))

    case_verification.verify_authors(result, [replace(first, signed=signature)], known)
    case_verification.verify_authors(nothing, [first], known)
    case_verification.verify_authors(nothing, [], known)

    (note,) = result.notes
    assert note.where == first.case
    assert "1 command were NOT CHECKED" in note.message.en
    assert "有 1 个操作的办理人签名未核验" in note.message.zh
    assert nothing.notes == []
