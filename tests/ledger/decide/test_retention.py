from datetime import date
from typing import Final

import pytest
from msgspec.structs import astuple

from ledger.case import Retention
from ledger.commands import (
    AppraiseDestruction,
    CloseCase,
    Command,
    DecideDestruction,
    EraseEvidence,
    ProposeDestruction,
    ReopenCase,
    RequestReopening,
    SetRetention,
)
from ledger.events import (
    DestructionAppraised,
    DestructionDecided,
    DestructionProposed,
    RetentionSet,
    RetentionTerm,
)
from tests.support.small_case import ISSUED, REVIEWED, on
from tests.support.specification import When, given

SCHEDULE, LIST = "财档〔2024〕2号", "财档销〔2036〕1号"
STARTS: Final = date(2026, 1, 1)
OVER: Final = date(2036, 1, 1)
FILES: Final = ("a" * 64, "b" * 64)
TEN_YEARS = SetRetention(term="10-years", starts=STARTS, number=SCHEDULE)
PROPOSE = ProposeDestruction(number=LIST, reason="期满，无保存价值", evidence=FILES)
DESTROY = AppraiseDestruction(number=LIST, outcome="destroy", justification="逐件鉴定，同意销毁")
KEEP = AppraiseDestruction(number=LIST, outcome="keep", justification="涉诉，续存")
APPROVE = DecideDestruction(number=LIST, outcome="approved", note="同意")
REFUSE = DecideDestruction(number=LIST, outcome="refused", note="缓办")

CLOSED = ISSUED + on("2025-06-30", ("clerk", CloseCase()))
KEPT = CLOSED + on("2025-07-01", ("clerk", TEN_YEARS))
PROPOSED = KEPT + on("2036-01-05", ("clerk", PROPOSE))
APPRAISED = PROPOSED + on("2036-02-01", ("clerk", DESTROY))
APPROVED = APPRAISED + on("2036-03-01", ("second-clerk", APPROVE))


def late(story: tuple[object, ...], command: Command, by: str, day: date = OVER) -> When:
    """Somebody asks for something on a day that has not come; they confirm what they name."""
    stated = [value for value in astuple(command) if isinstance(value, date)]
    return given(story).when(command, by=by, dated=day, confirmed_dates=(day, *stated))  # type: ignore[arg-type]  # a story of the small case


def test_the_bureau_sets_how_long_a_case_is_kept_at_any_stage() -> None:
    said = RetentionSet(term="10-years", starts=STARTS, number=SCHEDULE)
    for story in (REVIEWED, ISSUED, CLOSED):
        given(story).when(TEN_YEARS, by="clerk").then(said)
    given(CLOSED).when(TEN_YEARS, by="filer").then_refused("role")
    given().when(TEN_YEARS, by="clerk").then_refused("no-case")


def test_a_term_may_be_changed_and_not_set_again() -> None:
    longer = SetRetention(term="permanent", starts=STARTS, number=SCHEDULE)
    given(KEPT).when(TEN_YEARS, by="clerk").then_refused("same-retention")
    given(KEPT).when(longer, by="clerk").then(
        RetentionSet(term="permanent", starts=STARTS, number=SCHEDULE)
    )


def test_a_term_that_counts_from_before_the_case_is_asked_about() -> None:
    early = SetRetention(term="10-years", starts=date(2014, 1, 1), number=SCHEDULE)
    given(CLOSED).when(early, by="clerk").then_refused("date", "2014-01-01")


@pytest.mark.parametrize(
    ("term", "starts", "over"),
    [
        ("10-years", date(2026, 1, 1), date(2036, 1, 1)),
        ("30-years", date(2026, 1, 1), date(2056, 1, 1)),
        ("10-years", date(2028, 2, 29), date(2038, 3, 1)),
        ("permanent", date(2026, 1, 1), None),
    ],
)
def test_the_term_is_over_on_the_day_after_its_years(
    term: RetentionTerm, starts: date, over: date | None
) -> None:
    assert Retention(1, term, starts, "").over == over


def test_what_is_left_is_proposed_once_the_term_is_over() -> None:
    late(KEPT, PROPOSE, "clerk").then(
        DestructionProposed(number=LIST, evidence=FILES, reason="期满，无保存价值")
    )
    late(KEPT, PROPOSE, "clerk", date(2035, 12, 31)).then_refused("term-not-over", "2036-01-01")


def test_single_files_may_be_proposed() -> None:
    one = ProposeDestruction(number=LIST, reason="x", evidence=FILES[1:])
    late(KEPT, one, "clerk").then(DestructionProposed(number=LIST, evidence=FILES[1:], reason="x"))


@pytest.mark.parametrize("files", [("c" * 64,), FILES[:1], ()])
def test_only_files_that_are_there_are_proposed(files: tuple[str, ...]) -> None:
    erased = KEPT + on("2026-01-01", ("clerk", EraseEvidence(sha256=FILES[0], ground="个人信息")))
    asked = ProposeDestruction(number=LIST, reason="x", evidence=files)
    rules = {("c" * 64,): "unknown-evidence", FILES[:1]: "erased", (): "nothing-to-destroy"}
    late(erased, asked, "clerk").then_refused(rules[files])


def test_nothing_is_proposed_of_a_case_that_is_open_has_no_term_or_is_kept_permanently() -> None:
    permanent = SetRetention(term="permanent", starts=STARTS, number=SCHEDULE)
    late(ISSUED, PROPOSE, "clerk").then_refused("stage")
    late(CLOSED, PROPOSE, "clerk").then_refused("no-retention")
    late(CLOSED + on("2025-07-01", ("clerk", permanent)), PROPOSE, "clerk").then_refused(
        "kept-permanently"
    )


def test_one_list_after_the_other_and_no_other_term_meanwhile() -> None:
    other = SetRetention(term="30-years", starts=STARTS, number=SCHEDULE)
    for story in (PROPOSED, APPRAISED, APPROVED):
        late(story, PROPOSE, "clerk", date(2036, 6, 1)).then_refused("destruction-open", LIST)
        late(story, other, "clerk", date(2036, 6, 1)).then_refused("destruction-open", LIST)


def test_who_proposed_or_appraised_a_list_does_not_decide_on_it() -> None:
    day = date(2036, 6, 1)
    appraised = PROPOSED + on("2036-02-01", ("second-clerk", DESTROY))
    late(PROPOSED, DESTROY, "clerk", day).then(
        DestructionAppraised(number=LIST, outcome="destroy", justification="逐件鉴定，同意销毁")
    )
    late(APPRAISED, APPROVE, "second-clerk", day).then(
        DestructionDecided(number=LIST, outcome="approved", note="同意")
    )
    late(APPRAISED, APPROVE, "clerk", day).then_refused("own-list", "另一账号")
    for account in ("clerk", "second-clerk"):
        late(appraised, APPROVE, account, day).then_refused("own-list", account)
    for command, story in ((DESTROY, PROPOSED), (APPROVE, APPRAISED)):
        late(story, command, "admin", day).then_refused("role")
        late(story, command, "lead", day).then_refused("role")


def test_no_step_is_left_out_taken_twice_or_on_another_list() -> None:
    day = date(2036, 6, 1)
    other = AppraiseDestruction(number="x", outcome="destroy", justification="x")
    late(KEPT, DESTROY, "second-clerk", day).then_refused("no-such-list", LIST)
    late(PROPOSED, other, "second-clerk", day).then_refused("no-such-list", LIST)
    late(PROPOSED, APPROVE, "second-clerk", day).then_refused("no-such-list")
    late(APPRAISED, DESTROY, "clerk", day).then_refused("no-such-list")
    late(APPROVED, APPROVE, "second-clerk", day).then_refused("no-such-list")


@pytest.mark.parametrize(
    ("story", "by", "no"), [(PROPOSED, "second-clerk", KEEP), (APPRAISED, "second-clerk", REFUSE)]
)
def test_a_no_ends_the_list_and_another_may_be_proposed(
    story: tuple[object, ...], by: str, no: Command
) -> None:
    ended = late(story, no, by, date(2036, 6, 1)).again()
    day = date(2036, 7, 1)
    ended.when(PROPOSE, by="clerk", key="next", dated=day, confirmed_dates=(day,)).then(
        DestructionProposed(number=LIST, evidence=FILES, reason="期满，无保存价值")
    )


def test_a_case_that_is_reopened_has_no_list_any_more() -> None:
    reopened = APPROVED + on(
        "2036-04-01",
        ("clerk", RequestReopening(reason="发现新证据")),
        ("second-clerk", ReopenCase()),
        ("clerk", CloseCase()),
    )
    late(reopened, PROPOSE, "clerk", date(2036, 7, 1)).then(
        DestructionProposed(number=LIST, evidence=FILES, reason="期满，无保存价值")
    )


# Who looked at the case ---------------------------------------------------------------------------

MONTHS: Final = SetRetention(
    term="10-years", starts=STARTS, number=SCHEDULE, schedule="e" * 64, access_months=6
)
LOOKED: Final = REVIEWED + on("2026-01-05", ("clerk", MONTHS))
FORGET: Final = ProposeDestruction(number=LIST, reason="期满", accesses_before=date(2026, 6, 30))


def test_how_long_accesses_are_kept_is_set_with_the_schedule_and_its_file() -> None:
    late(REVIEWED, MONTHS, "clerk").then(
        RetentionSet(
            term="10-years", starts=STARTS, number=SCHEDULE, schedule="e" * 64, access_months=6
        )
    )


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2026, 12, 31), date(2026, 6, 30)),
        (date(2026, 8, 31), date(2026, 2, 28)),
        (date(2026, 7, 1), date(2026, 1, 1)),
        (date(2026, 3, 15), date(2025, 9, 15)),
    ],
)
def test_accesses_need_be_kept_for_so_many_months(today: date, until: date) -> None:
    assert Retention(1, "10-years", STARTS, "", None, 6).accesses_until(today) == until
    assert Retention(1, "10-years", STARTS, "").accesses_until(today) is None


def test_accesses_are_put_on_a_list_at_any_stage_once_their_months_are_over() -> None:
    late(LOOKED, FORGET, "clerk", date(2026, 12, 31)).then(
        DestructionProposed(
            number=LIST, evidence=(), reason="期满", accesses_before=date(2026, 6, 30)
        )
    )
    refused = late(LOOKED, FORGET, "clerk", date(2026, 12, 29))
    refused.then_refused("accesses-still-kept", "2026-06-29")
    without = REVIEWED + on("2026-01-05", ("clerk", TEN_YEARS))
    late(without, FORGET, "clerk", date(2026, 12, 31)).then_refused("no-access-term")


def test_a_list_of_accesses_needs_two_accounts_and_when_approved_makes_way_for_the_next() -> None:
    proposed = LOOKED + on("2026-12-31", ("clerk", FORGET))
    appraised = proposed + on("2027-01-05", ("clerk", DESTROY))
    late(appraised, APPROVE, "clerk", date(2027, 1, 6)).then_refused("own-list")
    approved = appraised + on("2027-01-06", ("second-clerk", APPROVE))
    again = ProposeDestruction(number="2", reason="期满", accesses_before=date(2026, 12, 31))
    late(proposed, again, "clerk", date(2027, 7, 1)).then_refused("destruction-open", LIST)
    late(approved, again, "clerk", date(2027, 7, 1)).then(
        DestructionProposed(
            number="2", evidence=(), reason="期满", accesses_before=date(2026, 12, 31)
        )
    )


def test_files_and_accesses_on_one_list_wait_for_the_later_term() -> None:
    both = ProposeDestruction(
        number=LIST, reason="期满", evidence=FILES, accesses_before=date(2026, 6, 30)
    )
    kept = CLOSED + on("2026-01-05", ("clerk", MONTHS))
    late(kept, both, "clerk", date(2035, 12, 31)).then_refused("term-not-over")
    late(LOOKED, both, "clerk", date(2036, 1, 1)).then_refused("stage")
