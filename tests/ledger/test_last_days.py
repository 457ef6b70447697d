"""The notice of a year: who records one, what it sets, and which one holds when."""

from datetime import date, timedelta
from typing import Final

import pytest
from hypothesis import given as always
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.case import Case, fold
from ledger.checks.case_file import CaseFile
from ledger.checks.deadlines import deadline_missed
from ledger.checks.discrepancy import Discrepancy
from ledger.commands import (
    ExtendDeadline,
    RecordYearNotice,
    RequestRectification,
    RespondRectification,
)
from ledger.envelope import REGISTER, RecordedEvent
from ledger.events import YearNoticeRecorded
from ledger.every_command import event_of
from ledger.last_days import STEPS, LastDays, due_field, last_days_of
from ledger.ledger import Ledger
from ledger.time_limits import TimeLimit, TimeLimits
from projections.as_of import at
from projections.rectification_status import rectification
from projections.work_list import tasks
from tests.support.later_life import BEGUN, DRAFTED, HANDED_IN, RECEIVED, SENT_OUT
from tests.support.small_case import (
    CASE,
    OPEN_CASE,
    RUBRIC,
    Story,
    on,
)
from tests.support.specification import Memory, given, moment, told

NOTICE: Final = RecordYearNotice(
    bureau="finance-bureau",
    year=2023,
    number="财绩〔2023〕1号",
    sha256="a" * 64,
    submission_due="2023-04-30",
    result_due="2023-12-20",
    receipt_due="5d",
    rectification_due="15d",
)
LATER: Final = RecordYearNotice(
    bureau="finance-bureau",
    year=2023,
    number="财绩〔2023〕2号",
    sha256="b" * 64,
    amends="财绩〔2023〕1号",
    submission_due="2023-05-31",
)


def recorded(command: RecordYearNotice) -> YearNoticeRecorded:
    return event_of(YearNoticeRecorded, command)


def point(story: Story, label: str = "final"):  # type: ignore[no-untyped-def]  # noqa: ANN201 - of `projections.as_of`
    ledger = Ledger(Memory(told(story)))
    return at(ledger.history(CASE), ledger.editions("small"), label, notices=ledger.notices())


def due(story: Story, label: str = "final", today: str = "2023-04-01") -> list[str]:
    return [str(task.due) for task in tasks(point(story, label), date.fromisoformat(today))]


# Recording ---------------------------------------------------------------------------------------


def test_the_bureau_records_the_notice_of_a_year_and_one_that_amends_it() -> None:
    first = given().when(NOTICE, by="clerk")
    first.then(recorded(NOTICE))
    first.again().when(LATER, by="clerk", key="second").then(recorded(LATER))
    for other in (
        replace(NOTICE, year=2024),
        replace(NOTICE, rubric="small"),  # another kind of review has a notice of its own
    ):
        assert first.again().when(other, by="clerk", key="other").then(recorded(other))


@pytest.mark.parametrize("account", ["admin", "filer", "reviewer", "lead", "auditor"])
def test_nobody_else_records_one(account: str) -> None:
    given().when(NOTICE, by=account).then_refused("role", "财政部门")


def test_a_bureau_records_no_notice_of_another() -> None:
    given().when(NOTICE, by="other-clerk").then_refused("organisation")


def test_a_notice_names_the_one_that_it_amends() -> None:
    first = given().when(NOTICE, by="clerk").again()
    mute = replace(LATER, amends=None)
    first.when(mute, by="clerk", key="2").then_refused("notice-in-force", "财绩〔2023〕1号")
    other = replace(LATER, amends="财绩〔2022〕1号")
    first.when(other, by="clerk", key="2").then_refused("notice-in-force")
    same = replace(LATER, number="财绩〔2023〕1号")
    first.when(same, by="clerk", key="2").then_refused("notice-recorded")
    given().when(LATER, by="clerk").then_refused("notice-in-force", "none is amended")


def test_a_notice_sets_a_day_that_there_is() -> None:
    bare = replace(NOTICE, **{due_field(step): None for step in STEPS})
    given().when(bare, by="clerk").then_refused("notice-without-days")
    given().when(replace(NOTICE, result_due="2023-02-30"), by="clerk").then_refused("no-last-day")
    counted = replace(NOTICE, submission_due="20d")  # from what?
    given().when(counted, by="clerk").then_refused("no-last-day")


# What it sets ------------------------------------------------------------------------------------

NOTICED: Story = on("2023-01-10", ("clerk", NOTICE))
AMENDED: Story = NOTICED + on("2023-04-20", ("clerk", LATER))


def test_a_case_takes_from_the_notice_what_its_rubric_does_not_set() -> None:
    assert due(NOTICED + BEGUN) == ["2023-04-30"]
    assert due(NOTICED + HANDED_IN) == ["2023-12-20"]  # the draft is not set, the result is
    assert due(NOTICED + DRAFTED, today="2023-10-01") == ["2023-12-20"]
    assert due(NOTICED + SENT_OUT) == ["2024-01-01"]
    assert due(NOTICED + RECEIVED) == ["2024-01-28"]  # 30 days: the rubric's own


def test_the_notice_of_another_year_kind_or_bureau_sets_nothing() -> None:
    for other in (
        replace(NOTICE, year=2022),
        replace(NOTICE, rubric="another"),
        replace(NOTICE, bureau="other-finance"),
    ):
        by = "other-clerk" if other.bureau != NOTICE.bureau else "clerk"
        assert due(on("2023-01-10", (by, other)) + HANDED_IN) == ["None"]


def test_a_notice_for_one_kind_goes_before_one_for_all_whichever_came_first() -> None:
    kind = replace(NOTICE, number="财绩〔2023〕3号", rubric="small", result_due="2023-11-30")
    for notices in ((NOTICE, kind), (kind, NOTICE)):
        story = on("2023-01-10", *(("clerk", notice) for notice in notices))
        assert due(story + HANDED_IN) == ["2023-11-30"]
        assert due(story + BEGUN) == ["2023-04-30"]  # no rubric is pinned yet


def test_no_last_day_is_stated_through_a_year_whose_days_off_are_not_known() -> None:
    far = replace(NOTICE, receipt_due="900wd")
    story = on("2023-01-10", ("clerk", far)) + SENT_OUT

    (task,) = tasks(point(story), date(2024, 1, 1))

    assert (task.due, task.left) == (None, None)
    assert "holidays of 2027 are not known" in task.what.en


# Which one holds when ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "last"),
    [
        ("final", "2023-05-31"),
        ("2023-04-19", "2023-04-30"),
        ("2023-04-20", "2023-05-31"),
        ("v1", "2023-04-30"),  # the amendment was recorded later than the case's only event
        (f"recorded:{moment(4)}", "2023-04-30"),
        (f"recorded:{moment(5)}", "2023-05-31"),
        (f"2023-05-01@{moment(4)}", "2023-04-30"),
        ("2023-03-01", "2023-04-30"),
    ],
)
def test_the_notice_that_holds_at_a_point_is_replayed(label: str, last: str) -> None:
    story = NOTICED + BEGUN + on("2023-04-20", ("clerk", LATER))

    assert due(story, label) == [last]


def test_what_a_later_notice_sets_takes_no_lateness_back() -> None:
    longer = replace(LATER, submission_due=None, rectification_due="60d")
    request = RequestRectification(request="hotline", findings=("complaints",), demand="设专线")
    respond = RespondRectification(request="hotline", statement="已设专线")
    base = NOTICED + tuple((who, command, day) for who, command, day in without_clocks(RECEIVED))
    story = base + on("2024-01-05", ("clerk", request)) + on("2024-01-20", ("filer", respond))
    for day, late in (("2024-01-20", 0), ("2024-01-21", 7)):
        (found,) = rectification(point(story + on(day, ("clerk", longer))), date(2024, 2, 1))
        assert (found.late, found.due, found.due_by) == (late, date(2024, 2, 27), "notice")


def without_clocks(story: Story) -> Story:
    """The story under a rubric that sets no time limit."""
    plain = RUBRIC.replace('edition = "2023"', 'edition = "2023-clocks"')
    return tuple(
        (who, replace(command, source=plain) if hasattr(command, "source") else command, day)
        for who, command, day in story
    )


def test_an_extension_is_later_than_what_the_notice_gives() -> None:
    request = RequestRectification(request="hotline", findings=("complaints",), demand="设专线")
    story = NOTICED + without_clocks(RECEIVED) + on("2024-01-05", ("clerk", request))
    shorter = ExtendDeadline(request="hotline", due=date(2024, 1, 13), reason="春节")
    given(story).when(shorter, by="clerk").then_refused("not-later", "2024-01-13")
    longer = replace(shorter, due=date(2024, 1, 14))
    assert given(story).when(longer, by="clerk").answer


def test_what_is_late_by_the_notice_of_its_day_is_found() -> None:
    story = NOTICED + SENT_OUT
    ledger = Ledger(Memory(told(story)))
    register = ledger.history(REGISTER)
    papers = CaseFile(ledger.history(CASE), ledger.editions("small"), register=register)

    late = [one.message.en for one in deadline_missed(papers) if isinstance(one, Discrepancy)]

    assert late == ["issue of the result: due 2023-12-20, done 2023-12-27, 7 days late"]


# Always ------------------------------------------------------------------------------------------

RULES = (
    st.none()
    | st.dates(date(2023, 1, 1), date(2024, 12, 31)).map(str)
    | st.integers(1, 300).map("{}d".format)
)
NOTICES = st.lists(
    st.tuples(
        st.sampled_from([None, "small", "another"]),
        st.sampled_from([2022, 2023]),
        st.dates(date(2023, 1, 1), date(2023, 12, 31)),
        st.lists(RULES, min_size=len(STEPS), max_size=len(STEPS)),
    ),
    max_size=6,
)
OPENED: Final[Case] = fold(Ledger(Memory(told(HANDED_IN))).history(CASE))


@always(NOTICES, st.sampled_from(STEPS), st.dates(date(2023, 1, 1), date(2023, 12, 31)))
def test_the_last_day_is_that_of_the_last_notice_that_names_one(
    given_notices: list[tuple[str | None, int, date, list[str | None]]], step: str, day: date
) -> None:
    notices, expected = [], None
    for kind in (None, "small"):  # naively: the last word of all, then of the kind
        for rubric, year, dated, rules in given_notices:
            rule = rules[STEPS.index(step)]
            if rubric == kind and year == 2023 and dated <= day and rule:
                first = date(2023, 6, 1)
                days = timedelta(int(rule[:-1])) if rule.endswith("d") else None
                expected = first + days if days else date.fromisoformat(rule)
    for number, (rubric, year, dated, rules) in enumerate(given_notices):
        stated = {due_field(name): rule for name, rule in zip(STEPS, rules, strict=True)}
        event = YearNoticeRecorded(
            bureau=OPEN_CASE.bureau,
            year=year,
            number=str(number),
            sha256="a" * 64,
            rubric=rubric,
            **stated,  # type: ignore[arg-type]  # last days, or none
        )
        notices.append(replace(SAMPLE, dated=dated, event=event))
    last_days = last_days_of(OPENED, None, notices, day)

    assert last_days.last_day(step, date(2023, 6, 1)).day == expected  # type: ignore[arg-type]  # as above


SAMPLE: Final[RecordedEvent] = Ledger(Memory(told(NOTICED))).notices()[0]


@always(st.dates(date(2020, 1, 1), date(2026, 6, 1)), st.integers(1, 300))
def test_the_rubric_s_own_limit_goes_before_any_notice(first: date, days: int) -> None:
    own = TimeLimits(rectification=TimeLimit(days=days, counting="calendar", source="办法"))
    last_days = LastDays(own, (recorded(NOTICE),))

    assert last_days.last_day("rectification", first).day == first + timedelta(days)
    assert not last_days.last_day("rectification", first).by_notice
    assert last_days.last_day("receipt", first).day == first + timedelta(5)
