"""An act says what its author had seen; what was recorded about its subject since refuses it."""

import threading
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from ledger import commands as c
from ledger.checks.rule_compliance import RuleViolation, irregularities
from ledger.commands import Command, CommandEnvelope
from ledger.envelope import Actor, RecordedEvent
from ledger.ledger import CommandResult, EnvelopeRefused, Ledger, stream_of
from ledger.refusals import MOVED_ON, CommandRefused
from ledger.store import Basis, Entry, NewEntry, Store, VersionConflict
from ledger.terms import EVENTS
from ledger.values import Figure, Invalid, version_seen
from tests.support.later_life import CONTESTED
from tests.support.small_case import CASE, ISSUED, REVIEWED, SUBMITTED, Story, on
from tests.support.specification import Memory, editions, moment, told

DAY = date(2024, 12, 31)
ADJUST = c.AdjustScore(indicator="spending", award=Decimal(30), justification="x", ground="x")
AGAIN = c.AdjustScore(indicator="spending", award=Decimal(31), justification="x", ground="x")
SERVICE = c.AdjustScore(indicator="service", award=Decimal(20), justification="x")
CONFIRM = c.ConfirmScore(indicator="plan")
SPENT = Figure(id="spent", indicator="spending", name="支出数", value="180")
REFUSE = c.RefuseBonus(item="flag", justification="x")
DECIDE = c.DecideAppeal(appeal="complaints", outcome="rejected", justification="x")
WITHDRAW = c.WithdrawAppeal(appeal="complaints", reason="x")
CORRECT = c.CorrectResult(number="更1号", indicator="service", award=Decimal(26), justification="x")


def act(
    by: str, command: Command, key: str = "the-act", seen: int | None = None
) -> CommandEnvelope:
    return CommandEnvelope(case=CASE, by=by, dated=DAY, id=key, command=command, seen=seen)


def answer(
    story: Story, meanwhile: Story, by: str, command: Command
) -> CommandResult | CommandRefused:
    """What an act comes to whose author had seen the story, and nothing of what came after it."""
    seen = len(Ledger(Memory(told(story))).history(stream_of(act(by, command))))
    archive = Memory(told(story + meanwhile))
    before = list(archive.log)
    try:
        return Ledger(archive).handle([act(by, command, seen=seen)], moment(59))[0]
    except EnvelopeRefused as error:
        assert archive.log == before
        return error.refused


# Each kind of subject -----------------------------------------------------------------------------

MOVED: dict[str, tuple[Story, Story, str, Command]] = {
    "an indicator": (SUBMITTED, on("2024-10-12", ("reviewer", ADJUST)), "lead", ADJUST),
    "a figure that its rule uses": (
        SUBMITTED,
        on("2024-10-12", ("reviewer", c.RestateFigure(figure=SPENT, reason="误"))),
        "reviewer",
        ADJUST,
    ),
    "a bonus item": (SUBMITTED, on("2024-10-12", ("reviewer", REFUSE)), "reviewer", REFUSE),
    "an appeal": (CONTESTED, on("2024-02-04", ("filer", WITHDRAW)), "second-clerk", DECIDE),
    "a row under appeal": (CONTESTED, on("2024-02-04", ("clerk", CORRECT)), "second-clerk", DECIDE),
    "the whole case": (
        REVIEWED,
        on("2024-10-13", ("lead", c.CountersignAdjustment(indicator="service"))),
        "clerk",
        c.IssueResult(printed_total=Decimal(93), printed_grade="优"),
    ),
    "an account": (
        (),
        on("2024-01-02", ("admin", c.GrantRole(account="clerk", role="auditor"))),
        "admin",
        c.RevokeRole(account="clerk", role="bureau", reason="x"),
    ),
    "a rubric": (
        (),
        on(
            "2024-01-02",
            (
                "clerk",
                c.SupersedeRubric(
                    rubric="small", edition="2023", by_edition="2023-plain", reason="x"
                ),
            ),
        ),
        "clerk",
        c.SupersedeRubric(rubric="small", edition="2023-plain", by_edition="2023", reason="x"),
    ),
}


@pytest.mark.parametrize("subject", MOVED)
def test_an_act_on_what_moved_on_is_refused_and_told_what_happened(subject: str) -> None:
    story, meanwhile, by, command = MOVED[subject]

    refused = answer(story, meanwhile, by, command)

    assert isinstance(refused, CommandRefused)
    assert refused.rule == MOVED_ON
    stream = stream_of(act(by, command))
    before, after = (
        Ledger(Memory(told(each))).history(stream) for each in (story, story + meanwhile)
    )
    for one in after[len(before) :]:
        name = EVENTS[one.type]
        assert f"第 {one.version} 条{name.zh}（{one.by.account}，" in refused.text.zh
        assert f"event {one.version}, {name.en} ({one.by.account}, " in refused.text.en
        assert one.type not in f"{refused.text}"


@pytest.mark.parametrize(
    ("meanwhile", "command"),
    [
        (("reviewer", SERVICE), ADJUST),
        (("reviewer", CONFIRM), ADJUST),
        (("reviewer", c.RestateFigure(figure=SPENT, reason="误")), CONFIRM),
        (("reviewer", c.RefuseBonus(item="letter", justification="x")), REFUSE),
        (("reviewer", ADJUST), REFUSE),
    ],
)
def test_other_subjects_do_not_disturb(meanwhile: tuple[str, Command], command: Command) -> None:
    done = answer(SUBMITTED, on("2024-10-12", meanwhile), "reviewer", command)

    assert isinstance(done, CommandResult)


def test_another_account_does_not_disturb() -> None:
    meanwhile = on("2024-01-02", ("admin", c.GrantRole(account="lead", role="auditor")))
    command = c.RevokeRole(account="clerk", role="bureau", reason="x")

    assert isinstance(answer((), meanwhile, "admin", command), CommandResult)


# What is recorded ---------------------------------------------------------------------------------


def test_what_the_author_had_seen_is_recorded() -> None:
    done = answer(SUBMITTED, (), "reviewer", ADJUST)

    assert isinstance(done, CommandResult)
    assert [one.seen for one in done.recorded] == [done.recorded[0].version - 1]


def test_where_nothing_is_said_nothing_is_recorded_and_nothing_refused() -> None:
    archive = Memory(told(SUBMITTED + on("2024-10-12", ("reviewer", ADJUST))))

    (done,) = Ledger(archive).handle([act("lead", AGAIN)], moment(59))

    assert [one.seen for one in done.recorded] == [None]


def test_nobody_has_seen_what_is_not_there_yet() -> None:
    with pytest.raises(EnvelopeRefused) as error:
        Ledger(Memory(told(SUBMITTED))).handle([act("lead", ADJUST, seen=999)], moment(59))

    assert error.value.refused.rule == "seen-ahead"


def test_an_act_sent_again_is_answered_as_the_first_time() -> None:
    archive = Memory(told(SUBMITTED))
    seen = len(Ledger(archive).history(CASE))
    once = act("reviewer", ADJUST, seen=seen)
    Ledger(archive).handle([once], moment(58))

    (again,) = Ledger(archive).handle([once], moment(59))

    assert again.repeated


def test_acts_that_are_handed_in_together_do_not_disturb_each_other() -> None:
    archive = Memory(told(SUBMITTED))
    seen = len(Ledger(archive).history(CASE))
    together = [
        act("reviewer", ADJUST, "first", seen),
        act("lead", c.CountersignAdjustment(indicator="spending"), "second", seen),
    ]

    Ledger(archive).handle(together, moment(59))

    assert list(irregularities(Ledger(archive).history(CASE), editions())) == []


def test_nor_where_something_else_was_recorded_before_them() -> None:
    archive = Memory(told(SUBMITTED + on("2024-10-12", ("lead", SERVICE))))
    seen = len(Ledger(Memory(told(SUBMITTED))).history(CASE))
    countersigned = c.CountersignAdjustment(indicator="spending")
    together = [
        act("reviewer", ADJUST, "first", seen),
        act("lead", countersigned, "second", seen),
    ]

    Ledger(archive).handle(together, moment(59))

    assert list(irregularities(Ledger(archive).history(CASE), editions())) == []


def test_what_is_handed_in_together_does_not_hide_what_came_before_it() -> None:
    archive = Memory(told(SUBMITTED + on("2024-10-12", ("reviewer", ADJUST))))
    seen = len(Ledger(Memory(told(SUBMITTED))).history(CASE))
    together = [act("reviewer", SERVICE, "first"), act("lead", AGAIN, "second")]
    Ledger(archive).handle(together, moment(59))
    history = Ledger(archive).history(CASE)

    forged = [*history[:-1], replace(history[-1], seen=seen)]

    assert [one.rule for one in irregularities(forged, editions())] == [MOVED_ON]


@pytest.mark.parametrize(("written", "version"), [("v57", 57), ("57", 57), (57, 57)])
def test_a_version_is_written_as_people_do(written: object, version: int) -> None:
    assert version_seen(written) == version


@pytest.mark.parametrize("written", ["", "v", "v0", 0, -1, "v1.5", True, None, "v٣", "9" * 5000])
def test_what_is_no_version_is_refused(written: object) -> None:
    with pytest.raises(Invalid, match="v57"):
        version_seen(written)


# A forged history ---------------------------------------------------------------------------------


def violations(seen: int) -> list[RuleViolation]:
    """What refuses a second award whose author says what they had seen."""
    story = SUBMITTED + on("2024-10-12", ("reviewer", ADJUST), ("lead", SERVICE), ("lead", AGAIN))
    history = Ledger(Memory(told(story))).history(CASE)
    forged: list[RecordedEvent] = [*history[:-1], replace(history[-1], seen=seen)]
    return list(irregularities(forged, editions()))


def replayed(seen: int) -> list[str]:
    """The rules that refuse it."""
    return [one.rule for one in violations(seen)]


def test_an_act_that_its_author_could_not_have_asked_for_is_found_on_replay() -> None:
    last = len(Ledger(Memory(told(SUBMITTED))).history(CASE)) + 3

    assert replayed(last - 1) == []
    assert replayed(last - 2) == []  # only another subject came between
    assert replayed(last - 3) == ["moved-on"]


def test_what_its_author_had_not_seen_is_named() -> None:
    seen = len(Ledger(Memory(told(SUBMITTED))).history(CASE)) - 1  # before the self-evaluation

    (found,) = violations(seen)

    assert f"v{seen}，其后同一事由已有 v{seen + 1}, v{seen + 2}" in found.text.zh
    assert f"had seen v{seen}; v{seen + 1}, v{seen + 2} about the same" in found.text.en


def test_nobody_need_have_seen_what_an_act_of_theirs_would_first_have_shown() -> None:
    """A unit sees nothing of the review before the result: here it forges a result itself."""
    forged = Ledger(Memory(told(ISSUED))).history(CASE)[-1]
    unit = Actor(account="filer", role="unit", organisation="market-bureau")
    seen = len(Ledger(Memory(told(SUBMITTED))).history(CASE))
    history = Ledger(Memory(told(REVIEWED))).history(CASE)

    found = irregularities([*history, replace(forged, by=unit, seen=seen)], editions())

    assert {one.rule for one in found} == {"role"}


# Two at once --------------------------------------------------------------------------------------


def founded(store: Store) -> int:
    """Put the small case into a ledger; its last version."""
    log = told(SUBMITTED)
    store.append([NewEntry(one.case_id, one.version, one.type, one.entry) for one in log])
    return len(store.stream(CASE))


def test_of_two_who_saw_the_same_exactly_one_wins(store_target: str) -> None:
    with Store.open(store_target) as store:
        seen = founded(store)
    ready, outcomes = threading.Barrier(2), []

    def adjust(by: str) -> None:
        with Store.open(store_target) as own:
            ready.wait()
            try:
                Ledger(own).handle([act(by, ADJUST, by, seen)], moment(59))
                outcomes.append("won")
            except VersionConflict:
                outcomes.append("lost")
            except EnvelopeRefused as error:
                outcomes.append("lost" if error.rule == MOVED_ON else str(error))

    both = [threading.Thread(target=adjust, args=(by,)) for by in ("reviewer", "lead")]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(outcomes) == ["lost", "won"]
    with Store.open(store_target) as store:
        assert len(store.stream(CASE)) == seen + 1


def test_whoever_tries_again_after_losing_is_told_that_it_moved_on(store: Store) -> None:
    seen = founded(store)

    class Slow:
        """A store in which somebody is faster, once."""

        faster: Sequence[NewEntry] | None = None

        def streams(self) -> list[tuple[str, int]]:
            return store.streams()

        def stream(
            self,
            case_id: str,
            upto: int | None = None,
            *,
            strict: bool = True,  # noqa: ARG002 - there are no gaps
        ) -> list[tuple[int | None, bytes]]:
            return store.stream(case_id, upto)

        def of_type(
            self, case_id: str, type_: str, upto: int | None = None
        ) -> list[tuple[int | None, bytes]]:
            return store.of_type(case_id, type_, upto)

        def entry_at(self, position: int) -> Entry | None:
            return store.entry_at(position)

        def append(
            self, entries: Sequence[NewEntry], basis: Basis | None = None
        ) -> Sequence[int | None]:
            if self.faster is None:
                self.faster = entries
                Ledger(store).handle([act("lead", ADJUST, "faster", seen)], moment(58))
            return store.append(entries, basis)

    mine = act("reviewer", ADJUST, "mine", seen)
    slow = Ledger(Slow())
    with pytest.raises(VersionConflict):
        slow.handle([mine], moment(59))
    with pytest.raises(EnvelopeRefused) as error:
        slow.handle([mine], moment(59))

    assert error.value.rule == MOVED_ON
