from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from msgspec.structs import replace

from ledger.codec import encoded, link
from ledger.commands import (
    AdjustScore,
    Command,
    CommandEnvelope,
    OpenAccount,
    PublishRubric,
    RevokeRole,
)
from ledger.envelope import REGISTER
from ledger.events import AccountOpened, RoleGranted, ScoreAdjusted
from ledger.ledger import DryRunStore, EnvelopeRefused, Ledger, continuation
from ledger.refusals import CommandRefused
from ledger.store import Basis, Entry, NewEntry, Store, VersionConflict
from ledger.values import Invalid
from tests.support.postgres import raw
from tests.support.small_case import (
    ACCOUNTS,
    CASE,
    CUT_SERVICE,
    CUT_SPENDING,
    RUBRIC,
    SUBMITTED,
    Story,
)
from tests.support.specification import Memory, history, moment, told

DAY = date(2024, 10, 12)


def act(command: Command, key: str, by: str = "reviewer", case: str = CASE) -> CommandEnvelope:
    return CommandEnvelope(case=case, by=by, dated=DAY, id=key, command=command)


def further(award: str, key: str) -> CommandEnvelope:
    return act(
        AdjustScore(indicator="service", award=Decimal(award), justification="又有投诉"), key
    )


def acts(story: Story) -> list[CommandEnvelope]:
    return [
        CommandEnvelope(case=CASE, by=account, dated=dated, id=f"step-{number}", command=command)
        for number, (account, command, dated) in enumerate(story, start=1)
    ]


def entries(target: str) -> list[tuple[object, ...]]:
    """Everything that the database holds about events, read by a stranger."""
    with raw(target) as connection:
        events: list[tuple[object, ...]] = connection.execute(
            "SELECT * FROM events ORDER BY id"
        ).fetchall()
        leaves: list[tuple[object, ...]] = connection.execute(
            "SELECT * FROM leaves ORDER BY position"
        ).fetchall()
        return events + leaves


@pytest.fixture
def ledger(store_target: str) -> Iterator[Ledger]:
    """The small case, submitted, in a store."""
    with Store.open(store_target) as store:
        ledger = Ledger(store)
        ledger.initialise("admin", "archive", date(2024, 1, 1), moment(0))
        ledger.handle(
            [
                act(
                    OpenAccount(account=account, organisation=organisation, roles=(role,)),
                    account,
                    by="admin",
                )
                for account, (organisation, role) in ACCOUNTS.items()
            ],
            moment(0),
        )
        ledger.handle([act(PublishRubric(source=RUBRIC), "rubric", by="clerk")], moment(0))
        ledger.handle(acts(SUBMITTED), moment(1))
        yield ledger


def test_the_founding_administrator_opens_all_others(empty_target: str) -> None:
    with Store.create(empty_target) as store:
        founded = Ledger(store).initialise("admin", "archive", date(2024, 1, 1), moment(0))

        assert [one.event for one in founded] == [
            AccountOpened(account="admin", organisation="archive"),
            RoleGranted(account="admin", role="administrator"),
        ]
        assert [one.position for one in founded] == [0, 1]
        assert Ledger(store).register().account("admin").roles == {"administrator"}


def test_an_archive_is_founded_once(ledger: Ledger, store_target: str) -> None:
    before = entries(store_target)

    with pytest.raises(VersionConflict):
        ledger.initialise("usurper", "elsewhere", date(2024, 1, 1), moment(2))

    assert entries(store_target) == before
    assert "usurper" not in ledger.register().accounts


def test_what_is_handled_is_read_back_with_its_place_in_the_log(ledger: Ledger) -> None:
    outcome = ledger.handle([act(CUT_SERVICE, "cut")], moment(2))[0]

    assert ledger.history(CASE)[-1] == outcome.recorded[0]
    assert outcome.recorded[0].position is not None
    assert not outcome.repeated


def test_the_events_of_a_case_are_numbered_without_gaps_and_linked(ledger: Ledger) -> None:
    ledger.handle([act(CUT_SERVICE, "cut"), further("20", "cut-2")], moment(2))
    events = ledger.history(CASE)

    assert [one.version for one in events] == list(range(1, len(SUBMITTED) + 3))
    assert events[0].prev == ""
    for earlier, later in pairwise(events):
        assert later.prev == link(earlier)


def test_an_event_keeps_who_when_and_by_which_command(ledger: Ledger) -> None:
    recorded = ledger.handle([act(CUT_SERVICE, "cut")], moment(2))[0].recorded[0]

    assert (recorded.at, recorded.dated) == (moment(2), DAY)
    assert (recorded.by.account, recorded.by.role, recorded.by.organisation) == (
        "reviewer",
        "reviewer",
        "review-agency",
    )
    assert recorded.command.id == "cut"


def test_acts_see_what_the_acts_before_them_did(ledger: Ledger) -> None:
    outcomes = ledger.handle([further("25", "a"), further("20", "b")], moment(2))

    second = outcomes[1].recorded[0].event
    assert isinstance(second, ScoreAdjusted)
    assert (second.before, second.award) == (Decimal(25), Decimal(20))


def test_one_refusal_keeps_all_acts_of_the_sequence_out(ledger: Ledger, store_target: str) -> None:
    before = entries(store_target)

    with pytest.raises(EnvelopeRefused) as refused:
        ledger.handle([further("25", "a"), further("31", "b"), further("20", "c")], moment(2))

    assert refused.value.index == 1
    assert refused.value.envelope.id == "b"
    assert refused.value.refused.rule == "score-range"
    assert entries(store_target) == before


@pytest.mark.parametrize(
    "award", ["NaN", "sNaN", "Infinity", "-Infinity", "1e400", "-1", "-0", "16.005", "30.01"]
)
def test_a_score_that_means_nothing_leaves_the_file_as_it_was(
    ledger: Ledger, store_target: str, award: str
) -> None:
    before = entries(store_target)

    with pytest.raises(EnvelopeRefused, match="服务对象满意度"):
        ledger.handle([further(award, "odd")], moment(2))

    assert entries(store_target) == before


def test_what_could_not_be_read_back_leaves_the_ledger_as_it_was(
    ledger: Ledger, store_target: str
) -> None:
    before = entries(store_target)
    odd = AdjustScore(indicator="service", award=Decimal(1), justification="理由\udcff")

    with pytest.raises(EnvelopeRefused) as refused:
        ledger.handle([act(odd, "odd")], moment(2))

    assert refused.value.refused.rule == "unreadable"
    assert entries(store_target) == before


def test_an_act_sent_again_leads_to_its_first_result(ledger: Ledger, store_target: str) -> None:
    first = ledger.handle([act(CUT_SERVICE, "cut")], moment(2))[0]
    before = entries(store_target)

    again = ledger.handle([act(CUT_SERVICE, "cut")], moment(30))[0]

    assert again.repeated
    assert again.recorded == first.recorded
    assert entries(store_target) == before


def test_an_act_sent_again_after_reopening_is_harmless(ledger: Ledger, store_target: str) -> None:
    first = ledger.handle([act(CUT_SERVICE, "cut")], moment(2))[0]
    before = entries(store_target)

    with Store.open(store_target) as store:
        again = Ledger(store).handle([act(CUT_SERVICE, "cut")], moment(30))[0]

    assert again.repeated
    assert again.recorded == first.recorded
    assert entries(store_target) == before


def test_a_file_of_acts_may_be_sent_again_with_more_at_its_end(ledger: Ledger) -> None:
    ledger.handle([act(CUT_SERVICE, "a")], moment(2))

    outcomes = ledger.handle([act(CUT_SERVICE, "a"), act(CUT_SPENDING_BARE, "b")], moment(3))

    assert [outcome.repeated for outcome in outcomes] == [True, False]
    assert len(ledger.history(CASE)) == len(SUBMITTED) + 2


CUT_SPENDING_BARE = AdjustScore(
    indicator="spending", award=CUT_SPENDING.award, justification="执行率 95%"
)


def test_one_key_twice_in_one_sequence_is_one_act(ledger: Ledger) -> None:
    outcomes = ledger.handle([act(CUT_SERVICE, "a"), act(CUT_SERVICE, "a")], moment(2))

    assert [outcome.repeated for outcome in outcomes] == [False, True]
    assert len(ledger.history(CASE)) == len(SUBMITTED) + 1


@pytest.mark.parametrize(
    "other",
    [
        further("20", "cut"),
        act(CUT_SERVICE, "cut", by="lead"),
        CommandEnvelope(
            case=CASE, by="reviewer", dated=date(2024, 10, 13), id="cut", command=CUT_SERVICE
        ),
    ],
    ids=["another award", "another account", "another day"],
)
def test_one_key_for_two_contents_is_refused(
    ledger: Ledger, store_target: str, other: CommandEnvelope
) -> None:
    ledger.handle([act(CUT_SERVICE, "cut")], moment(2))
    before = entries(store_target)

    with pytest.raises(EnvelopeRefused) as refused:
        ledger.handle([other], moment(3))

    assert refused.value.refused.rule == "command-id"
    assert entries(store_target) == before


def test_one_stream_at_a_time(ledger: Ledger, store_target: str) -> None:
    before = entries(store_target)

    with pytest.raises(EnvelopeRefused) as refused:
        ledger.handle([act(CUT_SERVICE, "a"), act(CUT_SERVICE, "b", case="another")], moment(2))

    assert (refused.value.index, refused.value.refused.rule) == (1, "one-stream")
    assert entries(store_target) == before


def test_an_act_on_no_case_is_refused(ledger: Ledger) -> None:
    with pytest.raises(EnvelopeRefused) as refused:
        ledger.handle([act(CUT_SERVICE, "a", case="")], moment(2))

    assert refused.value.refused.rule == "no-case-named"


def test_a_file_that_is_no_rubric_writes_nothing(ledger: Ledger, store_target: str) -> None:
    before = entries(store_target)

    with pytest.raises(Invalid):
        ledger.handle([act(PublishRubric(source="id = 1"), "r", by="clerk")], moment(2))

    assert entries(store_target) == before


def test_no_acts_lead_to_nothing(ledger: Ledger, store_target: str) -> None:
    before = entries(store_target)

    assert ledger.handle([], moment(2)) == []
    assert entries(store_target) == before


class Interrupted(Memory):
    """An archive in which somebody else writes between our reading and our writing."""

    def __init__(self, log: tuple[Entry, ...], other: NewEntry) -> None:
        super().__init__(log)
        self._other = [other]

    def append(self, entries: Sequence[NewEntry], basis: Basis | None = None) -> list[int]:
        if self._other:
            super().append([self._other.pop()])
        return super().append(entries, basis)


def test_when_somebody_was_faster_nothing_is_written_and_a_second_try_works() -> None:
    archive = Memory(told(SUBMITTED))
    Ledger(archive).handle([further("20", "theirs")], moment(2))
    theirs = NewEntry(*archive.log[-1][1:])
    ledger = Ledger(Interrupted(told(SUBMITTED), theirs))

    with pytest.raises(VersionConflict):
        ledger.handle([further("25", "ours"), further("24", "ours-2")], moment(2))
    assert [one.command.id for one in ledger.history(CASE)][-1] == "theirs"
    ours = ledger.handle([further("25", "ours")], moment(3))[0].recorded[0].event

    assert isinstance(ours, ScoreAdjusted)
    assert ours.before == Decimal(20)


def test_two_ledgers_on_one_store_do_not_fork_a_case(ledger: Ledger, store_target: str) -> None:
    class Late:
        """A store that reads early and writes late."""

        def __init__(self, store: Store) -> None:
            self._store = store
            self._kept: dict[str, list[tuple[int | None, bytes]]] = {}

        def stream(
            self,
            case_id: str,
            upto: int | None = None,
            *,
            strict: bool = True,  # noqa: ARG002 - there are no gaps
        ) -> list[tuple[int | None, bytes]]:
            return list(self._kept.setdefault(case_id, self._store.stream(case_id, upto)))

        def streams(self) -> list[tuple[str, int]]:
            return self._store.streams()

        def of_type(
            self, case_id: str, type_: str, upto: int | None = None
        ) -> list[tuple[int | None, bytes]]:
            return self._store.of_type(case_id, type_, upto)

        def entry_at(self, position: int) -> Entry | None:
            return self._store.entry_at(position)

        def append(self, entries: Sequence[NewEntry], basis: Basis | None = None) -> list[int]:
            return self._store.append(entries, basis)

    with Store.open(store_target) as store:
        late = Ledger(Late(store))
        late.history(CASE)
        ledger.handle([further("20", "theirs")], moment(2))
        before = entries(store_target)

        with pytest.raises(VersionConflict) as conflict:
            late.handle([further("25", "ours")], moment(3))

    assert (conflict.value.case_id, conflict.value.version) == (CASE, len(SUBMITTED) + 1)
    assert entries(store_target) == before


def test_a_register_that_is_another_one_now_is_read_as_it_is_now() -> None:
    """Streams that were decoded before are known by their bytes, not by their names."""
    whole = Memory(told(SUBMITTED))
    shorter = Memory([one for one in whole.log if one.case_id != REGISTER or one.version == 1])

    before = Ledger(whole).register()
    after = Ledger(shorter).register()

    assert set(after.accounts) < set(before.accounts)
    assert Ledger(whole).register() == before


def test_the_register_has_a_stream_of_its_own(ledger: Ledger) -> None:
    assert {one.case for one in ledger.history(REGISTER)} == {REGISTER}
    assert {one.case for one in ledger.history("rubric:small")} == {"rubric:small"}
    assert not ledger.history("no-such-case")


# Dry runs and imports ----------------------------------------------------------------------------


def test_a_rehearsal_sees_what_it_did_and_writes_nothing() -> None:
    archive = Memory(told(SUBMITTED))
    rehearsal = Ledger(DryRunStore(archive))

    rehearsal.handle([further("25", "a")], moment(2))
    second = rehearsal.handle([further("20", "b")], moment(3))[0].recorded[0]

    assert isinstance(second.event, ScoreAdjusted)
    assert second.event.before == Decimal(25)
    assert second.position is None
    assert tuple(archive.log) == told(SUBMITTED)


def without_case() -> Memory:
    return Memory([entry for entry in told(SUBMITTED) if entry.case_id != CASE])


def test_an_export_continues_an_archive_where_it_stops() -> None:
    whole = history(SUBMITTED)
    half = Memory([entry for entry in told(SUBMITTED) if entry.case_id == CASE][:5])

    assert [*continuation(without_case(), whole)] == whole
    assert [*continuation(half, whole)] == whole[5:]
    assert [*continuation(Memory(told(SUBMITTED)), whole)] == []


def test_an_export_with_a_hole_is_refused() -> None:
    whole = history(SUBMITTED)

    for broken in (whole[1:], whole[:5] + whole[6:]):
        with pytest.raises(CommandRefused) as refused:
            list(continuation(without_case(), broken))
        assert refused.value.rule == "gap"


def test_an_export_of_another_history_is_refused() -> None:
    ours = Memory(told(SUBMITTED))
    theirs = history(SUBMITTED[:5] + SUBMITTED[7:])

    with pytest.raises(CommandRefused) as refused:
        list(continuation(ours, theirs))

    assert refused.value.rule == "other-history"


def test_an_export_whose_links_do_not_hold_is_refused() -> None:
    whole = history(SUBMITTED)
    forged = [*whole[:5], encoded(replace(whole[5], prev="0" * 64))]

    with pytest.raises(CommandRefused) as refused:
        list(continuation(without_case(), forged))

    assert refused.value.rule == "gap"


def test_a_history_is_read_up_to_a_version(ledger: Ledger) -> None:
    whole = ledger.history(CASE)

    assert ledger.history(CASE, upto=3) == whole[:3]
    assert ledger.history(CASE, upto=len(whole) + 1) == whole


def test_no_act_is_recorded_behind_the_loss_of_its_authors_role(
    ledger: Ledger, store_target: str
) -> None:
    assert ledger.history(CASE)
    revoke = CommandEnvelope(
        case=None,
        by="admin",
        dated=DAY,
        id="revoke",
        command=RevokeRole(account="reviewer", role="reviewer", reason="调离"),
    )
    with Store.open(store_target) as store:

        class Meanwhile:
            """A store in which the author loses the role between reading and writing."""

            streams, stream, of_type, entry_at = (
                store.streams,
                store.stream,
                store.of_type,
                store.entry_at,
            )

            def append(self, entries: Sequence[NewEntry], basis: Basis | None = None) -> list[int]:
                Ledger(store).handle([revoke], moment(2))
                return store.append(entries, basis)

        meanwhile = Ledger(Meanwhile())
        with pytest.raises(VersionConflict) as conflict:
            meanwhile.handle([further("25", "ours")], moment(3))
        with pytest.raises(EnvelopeRefused) as refused:
            Ledger(store).handle([further("25", "ours")], moment(3))

    assert conflict.value.case_id == REGISTER
    assert refused.value.rule == "role"


def test_whether_it_is_for_practice_is_read_off_one_entry_however_many_accounts_there_are() -> None:
    read: list[bytes] = []

    class Counting(Memory):
        def of_type(
            self, case_id: str, type_: str, upto: int | None = None
        ) -> list[tuple[int | None, bytes]]:
            found = super().of_type(case_id, type_, upto)
            read.extend(entry for _, entry in found)
            return found

    archive = Counting(told(SUBMITTED))
    assert len(Ledger(archive).register().accounts) > 1
    assert not Ledger(archive).practice
    assert read == [archive.stream(REGISTER)[0][1]]
