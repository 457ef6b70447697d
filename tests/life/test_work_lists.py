"""Whose turn it is, for what, until when: a case at each turn of its life."""

from datetime import date
from decimal import Decimal

import pytest

from documents.read_lists import request_rows
from ledger.case import History
from ledger.commands import (
    AnswerObjection,
    AppraiseDestruction,
    AssignWork,
    CloseCase,
    ConfirmScore,
    CountersignAdjustment,
    DecideDestruction,
    EraseEvidence,
    ExtendDeadline,
    LodgeAppeal,
    PinRubric,
    ProposeDestruction,
    PublishResult,
    PublishRubric,
    RaiseObjection,
    RecuseAccount,
    RequestRectification,
    RespondRectification,
    ReturnRectification,
    ReturnSubmission,
    SetRetention,
)
from ledger.events import DeadlineExtended
from ledger.language import Text
from ledger.ledger import Ledger
from projections import as_of
from projections.as_of import CaseAsOf
from projections.rectification_status import rectification
from projections.work_list import appeals, tasks
from tests.support.later_life import (
    ASKED,
    BEGUN,
    CONTESTED,
    DRAFTED,
    EXAMINED,
    HANDED_IN,
    OVER,
    PEOPLE,
    RECEIVED,
    SENT_OUT,
    WANTED_BACK,
    WITH_CLOCKS,
    with_long_clocks,
)
from tests.support.small_case import CASE, ISSUED, OPEN_CASE, Story, on
from tests.support.specification import Memory, given, told

Waiting = tuple[str, str, str, str, str | None, int | None]


def after(story: Story, label: str = "final") -> CaseAsOf:
    ledger = Ledger(Memory(told(story)))
    return as_of.at(ledger.history(CASE), ledger.editions("small"), label)


def waiting(story: Story, today: str) -> list[Waiting]:
    return [
        (
            one.turn,
            one.what.en,
            one.subject or "",
            one.since.isoformat(),
            one.due.isoformat() if one.due else None,
            one.left,
        )
        for one in tasks(after(story), date.fromisoformat(today))
    ]


OBJECTED = DRAFTED + on(
    "2023-09-08",
    ("filer", RaiseObjection(objection="service", indicator="service", statement="投诉不实")),
)
REJECTED = OBJECTED + on(
    "2023-09-20",
    ("reviewer", AnswerObjection(objection="service", outcome="rejected", justification="属实")),
)
LENIENT = OBJECTED + on(
    "2023-09-20",
    (
        "reviewer",
        AnswerObjection(
            objection="service", outcome="accepted", award=Decimal(27), justification="部分不实"
        ),
    ),
    ("filer", RaiseObjection(objection="plan", indicator="plan", statement="也请再核")),
    (
        "reviewer",
        AnswerObjection(
            objection="plan",
            outcome="partly",
            award=Decimal(20),
            justification="晚批",
            ground="受疫情影响",
        ),
    ),
)
RETURNED = HANDED_IN + on("2023-04-03", ("reviewer", ReturnSubmission(reason="缺数")))
PUBLISHED = ASKED + on("2024-01-20", ("filer", PublishResult(place="网站")))

RECEIPT = ("unit", "record the receipt of the result", "")
COMMENT = ("unit", "comment on the draft", "", "2023-09-01", "2023-09-15")
PUBLISH = ("unit", "disclose the result", "", "2023-12-29", "2024-01-28")
HOTLINE = ("unit", "respond to the rectification request", "hotline", "2024-01-05", "2024-01-18")
PAYMENTS = ("bureau", "accept or return the response", "payments", "2024-01-05", None, None)
ISSUE = ("bureau", "issue the result", "")
SUBMIT = ("unit", "submit the self-evaluation", "")

DUE = PEOPLE + on(
    "2023-03-01",
    (
        "clerk",
        PublishRubric(
            source=WITH_CLOCKS.replace('"2023-clocks"', '"2023-due"').replace(
                "[clocks]", '[clocks]\nself_evaluation = { by = 2023-03-31, source = "通知" }'
            )
        ),
    ),
    ("clerk", OPEN_CASE),
    ("clerk", PinRubric(rubric="small", edition="2023-due")),
)

TURNS: dict[str, tuple[Story, str, list[Waiting]]] = {
    "opened": (BEGUN, "2023-03-10", [(*SUBMIT, "2023-03-01", None, None)]),
    "a day is set": (DUE, "2023-03-10", [(*SUBMIT, "2023-03-01", "2023-03-31", 21)]),
    "the day has passed": (DUE, "2023-04-02", [(*SUBMIT, "2023-03-01", "2023-03-31", -2)]),
    "returned": (RETURNED, "2023-04-10", [(*SUBMIT, "2023-04-03", None, None)]),
    "submitted": (EXAMINED, "2023-06-20", [("agency", "review", "", "2023-03-31", None, None)]),
    "drafted": (DRAFTED, "2023-09-10", [(*COMMENT, 5)]),
    "the last day for comments": (DRAFTED, "2023-09-15", [(*COMMENT, 0)]),
    "nobody objected": (DRAFTED, "2023-09-16", [(*ISSUE, "2023-09-01", None, None)]),
    "an objection": (
        OBJECTED,
        "2023-09-10",
        [
            ("agency", "answer the objection: 服务对象满意度", "service", "2023-09-08", None, None),
            (*COMMENT, 5),
        ],
    ),
    "all answered": (REJECTED, "2023-09-21", [(*ISSUE, "2023-09-20", None, None)]),
    "answered by discretion": (
        LENIENT,
        "2023-09-21",
        [("agency", "countersign: 年度计划", "plan", "2023-09-20", None, None)],
    ),
    "discretion signed": (
        LENIENT + on("2023-09-22", ("lead", CountersignAdjustment(indicator="plan"))),
        "2023-09-23",
        [(*ISSUE, "2023-09-20", None, None)],
    ),
    "issued": (SENT_OUT, "2024-01-05", [(*RECEIPT, "2023-12-27", None, None)]),
    "received": (RECEIVED, "2024-01-05", [(*PUBLISH, 23)]),
    "asked to put things right": (
        ASKED,
        "2024-01-08",
        [(*PUBLISH, 20), (*HOTLINE, 10), PAYMENTS],
    ),
    "over the day": (PUBLISHED, "2024-01-25", [(*HOTLINE, -7), PAYMENTS]),
    "contested": (
        CONTESTED,
        "2024-01-18",
        [
            (*PUBLISH, 10),
            ("bureau", "decide the appeal", "complaints", "2024-01-10", None, None),
            (*HOTLINE, 0),
            PAYMENTS,
        ],
    ),
    "closed": (OVER, "2024-03-10", []),
    "wanted back": (
        WANTED_BACK,
        "2024-04-20",
        [("bureau", "decide on the reopening", "", "2024-04-08", None, None)],
    ),
}


@pytest.mark.parametrize("turn", TURNS)
def test_whose_turn_it_is(turn: str) -> None:
    story, today, expected = TURNS[turn]

    assert waiting(story, today) == expected


def test_before_anything_is_recorded_nobody_waits() -> None:
    point = as_of.CaseAsOf("1999-01-01", History(), after(BEGUN).editions)

    assert tasks(point, date(2024, 1, 1)) == []


# Rectification -----------------------------------------------------------------------------------


def test_a_clock_that_no_rule_sets_is_unset_until_receipt() -> None:
    """Issued, but nobody knows when it was received: there is no last day, and nothing is late."""
    request = RequestRectification(request="hotline", findings=("complaints",), demand="设专线")
    (one,) = rectification(after(SENT_OUT + on("2024-01-05", ("clerk", request))), date(2030, 1, 1))

    assert (one.due, one.due_by, one.late, one.overdue) == (None, None, None, None)


@pytest.mark.parametrize(
    ("today", "overdue"), [("2024-01-18", 0), ("2024-01-19", 1), ("2024-02-18", 31)]
)
def test_days_over_count_from_the_last_day(today: str, overdue: int) -> None:
    hotline, payments = rectification(after(ASKED), date.fromisoformat(today))

    assert (hotline.due, hotline.due_by) == (date(2024, 1, 18), "clock")
    assert (hotline.overdue, hotline.late) == (overdue, 0)
    assert hotline.counts_as_late == (overdue > 0)
    assert (payments.due, payments.due_by) == (date(2024, 1, 31), "document")
    assert (payments.state, payments.overdue, payments.late) == ("answered", 0, 0)


@pytest.mark.parametrize(
    ("day", "late"), [("2024-01-18", 0), ("2024-01-19", 1), ("2024-02-01", 14)]
)
def test_the_first_response_says_whether_it_was_late(day: str, late: int) -> None:
    """A return and a second response change nothing about it."""
    respond = RespondRectification(request="hotline", statement="已设专线")
    story = ASKED + on(day, ("filer", respond))
    story += on("2024-03-01", ("clerk", ReturnRectification(request="hotline", reason="没有接通")))
    story += on("2024-03-05", ("filer", respond))
    hotline = rectification(after(story), date(2024, 4, 1))[0]

    assert (hotline.late, hotline.overdue, hotline.state) == (late, 0, "answered")
    assert [one.dated for one in hotline.responses] == [date.fromisoformat(day), date(2024, 3, 5)]


@pytest.mark.parametrize(
    ("today", "left", "overdue"),
    [
        ("2024-02-14", 1, 0),
        ("2024-02-15", 0, 0),
        ("2024-02-16", None, 1),
        ("2026-11-29", None, 1018),
    ],
)
def test_after_a_return_and_an_extension_days_left_and_over_agree(
    today: str, left: int | None, overdue: int
) -> None:
    """A second response is awaited up to the extended day, and is over from the next."""
    respond = RespondRectification(request="hotline", statement="已设专线")
    longer = ExtendDeadline(request="hotline", due=date(2024, 2, 15), reason="系统升级")
    story = ASKED + on("2024-01-17", ("filer", respond))
    story += on("2024-01-18", ("clerk", ReturnRectification(request="hotline", reason="没有接通")))
    story += on("2024-01-18", ("clerk", longer))
    point, day = after(story), date.fromisoformat(today)

    hotline = rectification(point, day)[0]
    assert (hotline.state, hotline.late, hotline.left, hotline.overdue) == (
        "open",
        0,
        left,
        overdue,
    )
    assert not hotline.counts_as_late  # the first response came in time
    shown = next(request_rows([("case", hotline)]))
    assert (shown["left"], shown["overdue"]) == (left, overdue)
    (task,) = [one for one in tasks(point, day) if one.subject == "hotline"]
    assert task.left == (-overdue if left is None else left)


def test_an_extension_is_later_than_what_the_clock_gives() -> None:
    """It gives more time and never takes any away, though only the clock says how much there is."""
    for due in (date(2024, 1, 10), date(2024, 1, 18)):
        shorter = ExtendDeadline(request="hotline", due=due, reason="春节")
        given(ASKED).when(shorter, by="clerk").then_refused("not-later", "2024-01-18")
    longer = ExtendDeadline(request="hotline", due=date(2024, 1, 19), reason="春节")
    given(ASKED).when(longer, by="clerk", dated=date(2024, 1, 12)).then(
        DeadlineExtended(request="hotline", due=date(2024, 1, 19), reason="春节")
    )
    extended = after(ASKED + on("2024-01-12", ("clerk", longer)))
    assert rectification(extended, date(2024, 1, 20))[0].overdue == 1


@pytest.mark.parametrize(("granted", "late"), [("2024-01-25", 0), ("2024-01-26", 7)])
def test_an_extension_after_the_response_takes_no_lateness_back(granted: str, late: int) -> None:
    respond = RespondRectification(request="hotline", statement="已设专线")
    longer = ExtendDeadline(request="hotline", due=date(2024, 2, 15), reason="系统升级")
    story = ASKED + on("2024-01-25", ("filer", respond)) + on(granted, ("clerk", longer))

    hotline = rectification(after(story), date(2024, 2, 1))[0]

    assert (hotline.late, hotline.due, hotline.due_by) == (late, date(2024, 2, 15), "extension")
    assert hotline.counts_as_late == (late > 0)


def test_at_an_earlier_point_a_request_is_as_it_was() -> None:
    before = f"v{after(ASKED).version - 1}"
    (hotline, payments) = rectification(after(ASKED, before), date(2024, 1, 6))

    assert (hotline.state, payments.state) == ("open", "open")
    assert rectification(after(ASKED, "issued"), date(2024, 1, 6)) == []


# Appeals -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "late"), [("2024-01-15", 0), ("2024-01-16", 1), ("2024-01-30", 15)]
)
def test_an_appeal_after_ten_working_days_is_shown_as_late(day: str, late: int) -> None:
    """Received on Friday, 29 December; New Year's Day is a holiday."""
    lodge = LodgeAppeal(appeal="late", indicators=("service",), statement="投诉不实")
    (lodged,) = appeals(after(RECEIVED + on(day, ("filer", lodge))))

    assert (lodged.late, lodged.open) == (late, True)


def test_through_a_year_whose_days_off_are_not_known_no_last_day_is_stated() -> None:
    lodge = LodgeAppeal(appeal="late", indicators=("service",), statement="投诉不实")
    point = after(with_long_clocks(ASKED + on("2024-01-16", ("filer", lodge))))

    hotline = rectification(point, date(2024, 1, 20))[0]
    assert (hotline.due, hotline.due_by, hotline.late, hotline.overdue) == (
        None,
        "clock",
        None,
        None,
    )
    shown = next(request_rows([("case", hotline)]))
    assert (shown["left"], shown["late"], shown["overdue"]) == (None, None, None)
    assert [one.late for one in appeals(point)] == [None]
    for task in tasks(point, date(2024, 1, 20)):
        has_a_clock = task.subject == "hotline" or task.what.en.startswith("disclose")
        assert task.due is None or not has_a_clock
        for text in task.what:
            assert ("2027" in text) == has_a_clock


def test_a_late_appeal_says_so_where_it_waits() -> None:
    lodge = LodgeAppeal(appeal="late", indicators=("service",), statement="投诉不实")
    point = after(RECEIVED + on("2024-01-17", ("filer", lodge)))

    (task,) = (one for one in tasks(point, date(2024, 1, 20)) if one.subject == "late")

    assert task.what == Text("决定申诉（迟交 2 天）", "decide the appeal (2 days late)")


def test_an_appeal_before_receipt_has_no_clock() -> None:
    lodge = LodgeAppeal(appeal="early", indicators=("service",), statement="投诉不实")
    (lodged,) = appeals(after(SENT_OUT + on("2024-01-30", ("filer", lodge))))

    assert (lodged.late, lodged.lodged) == (None, date(2024, 1, 30))


ASSIGNED = HANDED_IN + on(
    "2023-09-02",
    ("lead", AssignWork(account="reviewer", indicators=("plan", "service"), reason="熟悉")),
)


def assignees(story: Story) -> list[tuple[str, str | None]]:
    listed = tasks(after(story), date(2023, 9, 30))
    return [(one.what.en, one.assigned) for one in listed if one.turn == "agency"]


def test_what_is_assigned_waits_for_its_reviewer_and_the_rest_for_anybody() -> None:
    assert assignees(HANDED_IN) == [("review", None)]
    assert assignees(ASSIGNED) == [("review 1 row", None), ("review 2 rows", "reviewer")]


def test_a_reviewed_row_waits_no_longer_and_a_recused_reviewer_has_none() -> None:
    confirmed = ASSIGNED + on("2023-09-03", ("reviewer", ConfirmScore(indicator="plan")))
    assert assignees(confirmed) == [("review 1 row", None), ("review 1 row", "reviewer")]
    recused = confirmed + on(
        "2023-09-04", ("reviewer", RecuseAccount(account="reviewer", reason="亲属"))
    )
    assert assignees(recused) == [("review 2 rows", None)]


def test_all_of_a_case_is_assigned_to_one() -> None:
    whole = HANDED_IN + on("2023-09-02", ("lead", AssignWork(account="lead", reason="人手")))
    assert assignees(whole) == [("review 3 rows", "lead")]


def test_the_steps_of_a_destruction_list_wait_for_the_bureau() -> None:
    """From the day on which the term is over, until every file on the list is erased."""
    cited = ("a" * 64, "b" * 64)
    kept = ISSUED + on(
        "2025-06-30",
        ("clerk", CloseCase()),
        ("clerk", SetRetention(term="10-years", starts=date(2026, 1, 1), number="期限表")),
    )
    propose = ProposeDestruction(number="清册1号", reason="期满", evidence=cited)
    appraise = AppraiseDestruction(number="清册1号", outcome="destroy", justification="同意")
    approve = DecideDestruction(number="清册1号", outcome="approved")
    proposed = kept + on("2036-01-05", ("clerk", propose))
    appraised = proposed + on("2036-02-01", ("clerk", appraise))
    approved = appraised + on("2036-03-01", ("second-clerk", approve))
    erased = approved + tuple(
        ("clerk", EraseEvidence(sha256=sha256, ground="清册1号"), date(2036, 3, 2))
        for sha256 in cited
    )

    assert waiting(kept, "2035-12-31") == []
    assert waiting(kept, "2036-01-01") == [
        ("bureau", "propose destruction", "", "2036-01-01", None, None)
    ]
    for story, what, since in (
        (proposed, "appraise a destruction list", "2036-01-05"),
        (appraised, "decide on a destruction list", "2036-02-01"),
        (approved, "erase the evidence on the list", "2036-03-01"),
    ):
        assert waiting(story, "2036-04-01") == [("bureau", what, "清册1号", since, None, None)]
    assert waiting(erased, "2036-04-01") == []
