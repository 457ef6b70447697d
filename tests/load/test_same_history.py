"""The same histories on both databases, made up by chance: the bytes are the same at every step.

Entries, positions, hashes, roots, refusals, conflicts. `--hypothesis-profile explore` takes many
more of them.
"""

from contextlib import ExitStack
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ledger.commands import AdjustScore, CommandEnvelope, ConfirmScore, OpenCase, WithdrawAdjustment
from ledger.envelope import REGISTER, rubric_stream
from ledger.ledger import DryRunStore, EnvelopeRefused, EventStore, Ledger, continuation
from ledger.log_verification import Verification, verify
from ledger.store import MEMORY, Entry, NewEntry, Store, VersionConflict
from tests.support.figures import tell
from tests.support.postgres import Databases, raw
from tests.support.small_case import CASE, SUBMITTED
from tests.support.specification import moment, told
from tests.support.writer import Unsealed

DAY: Final = date(2024, 10, 12)
SEEN: Final = {"histories": 0, "steps": 0, "refused": 0, "conflicts": 0, "restarts": 0}

CASES = st.sampled_from([CASE, CASE, CASE, "other-2023"])
WHO = st.sampled_from(["reviewer", "reviewer", "reviewer", "clerk", "filer", "other-reviewer"])
ROWS = st.sampled_from(["spending", "plan", "service", "nothing"])
AWARDS = st.decimals(0, 41, places=2)
COMMANDS = st.one_of(
    st.builds(
        AdjustScore,
        indicator=ROWS,
        award=AWARDS,
        justification=st.sampled_from(["有两起投诉", "多", "x" * 200]),
        clause=st.sampled_from(["", "附件1"]),
    ),
    st.builds(ConfirmScore, indicator=ROWS),
    st.builds(WithdrawAdjustment, indicator=ROWS, reason=st.just("误")),
    st.just(
        OpenCase(
            title="2023年度绩效评价",
            year=2023,
            unit="market-bureau",
            unit_name="市场监督管理局",
            bureau="finance-bureau",
            bureau_name="财政局",
        )
    ),
)
KEYS = st.integers(0, 40).map("key-{}".format)
"""Few enough that some are used again, for the same content or for another."""

ACTS = st.builds(CommandEnvelope, case=CASES, by=WHO, dated=st.just(DAY), id=KEYS, command=COMMANDS)
ALLOWED = st.builds(
    CommandEnvelope,
    case=st.just(CASE),
    by=st.just("reviewer"),
    dated=st.just(DAY),
    id=st.uuids().map(str),
    command=st.builds(
        AdjustScore,
        indicator=st.just("service"),
        award=st.decimals(0, 30, places=2),
        justification=st.just("有两起投诉"),
        clause=st.just("附件1"),
    ),
)


class Followed(Unsealed):
    """An archive whose events are sealed by somebody else, right behind."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._followed = store

    def append(self, entries: Any, basis: Any = None) -> Any:  # noqa: ANN401 - as its parent has it, with the places
        """Append, have it sealed, and look where it is."""
        super().append(entries, basis)
        places = self._followed.seal()
        return list(places)[-len(entries) :]


class SameHistory(RuleBasedStateMachine):
    """Two ledgers to which the same happens."""

    def __init__(self, server: Databases) -> None:
        super().__init__()
        self._open = ExitStack()
        folder = Path(self._open.enter_context(TemporaryDirectory(prefix="scoretrail-load-")))
        file = folder / "ledger.db"
        Store.create(file).close()
        self._targets = [str(file), self._open.enter_context(server.ledger())]
        self._stores = [Store.open(target) for target in self._targets]
        self._minute = count(100)
        for store in self._stores:
            store.append(
                [NewEntry(one.case_id, one.version, one.type, one.entry) for one in told(SUBMITTED)]
            )
        SEEN["histories"] += 1

    # What happens --------------------------------------------------------------------------------

    @rule(acts=st.lists(st.one_of(ALLOWED, ACTS), min_size=1, max_size=3), one_case=CASES)
    def act(self, acts: list[CommandEnvelope], one_case: str) -> None:
        """Somebody acts, and it is sealed as it is appended."""
        self._both(acts, one_case, self._stores)

    @rule(acts=st.lists(st.one_of(ALLOWED, ACTS), min_size=1, max_size=3), one_case=CASES)
    def act_and_follow(self, acts: list[CommandEnvelope], one_case: str) -> None:
        """The same, sealed by a follower on one database and in the append on the other."""
        file, served = self._stores
        file.seal()  # as the append would: a follower is behind all that came before
        served.seal()
        self._both(acts, one_case, [file, Followed(served)])

    @rule(acts=st.lists(st.one_of(ALLOWED, ACTS), min_size=1, max_size=3), one_case=CASES)
    def act_unsealed(self, acts: list[CommandEnvelope], one_case: str) -> None:
        """The same, and nobody seals it now."""
        self._both(acts, one_case, [Unsealed(store) for store in self._stores])

    @rule()
    def seal(self) -> None:
        """Somebody seals what there is."""
        one, other = [store.seal() for store in self._stores]
        assert one == other

    @rule(slow=st.one_of(ALLOWED, ACTS), fast=st.one_of(ALLOWED, ACTS))
    def race(self, slow: CommandEnvelope, fast: CommandEnvelope) -> None:
        """Two act on one case; one has read before the other has written."""
        answers = []
        for store in self._stores:
            rehearsal = DryRunStore(store)
            answers.append(
                (
                    _answer(rehearsal, [slow], self._now),
                    _answer(store, [_of(fast, slow.case)], self._now),
                    _appended(store, rehearsal.appended),
                )
            )
        next(self._minute)
        assert answers[0] == answers[1]
        SEEN["conflicts"] += str(answers[0][2]).startswith("conflict")

    @rule(case=CASES)
    def break_off(self, case: str) -> None:
        """A client goes away before its transaction ends."""
        for target in self._targets:
            with raw(target) as client:
                client.execute("BEGIN")
                client.execute(
                    "INSERT INTO events (case_id, version, type, entry) VALUES (?, 999, 'T', ?)",
                    (case, b"{}"),
                )
                client.execute("ROLLBACK")

    @rule()
    def restart(self) -> None:
        """Both are closed and opened again."""
        for store in self._stores:
            store.close()
        self._stores = [Store.open(target) for target in self._targets]
        SEEN["restarts"] += 1

    @rule(case=CASES)
    def carry_over(self, case: str) -> None:
        """A case is exported from each and imported by a third, and by the other."""
        exports = [
            [
                one
                for name in (REGISTER, rubric_stream("small"), case)
                for one in Ledger(store).history(name)
            ]
            for store in self._stores
        ]
        assert [one.entry for one in exports[0]] == [one.entry for one in exports[1]]
        with Store.create(MEMORY) as third:
            fresh = list(continuation(third, exports[0]))
            assert fresh == exports[0]
            third.append([NewEntry(one.case, one.version, one.type, one.entry) for one in fresh])
            assert list(continuation(self._stores[1], exports[0])) == []
            assert [one.entry for one in third.read(case)] == [
                one.entry for one in self._stores[1].read(case)
            ]

    # What always holds ---------------------------------------------------------------------------

    @invariant()
    def the_bytes_are_the_same(self) -> None:
        """Every table says the same, and verifies."""
        SEEN["steps"] += 1
        rows = [sorted(store.audit(), key=lambda row: row[2:4]) for store in self._stores]
        assert rows[0] == rows[1]
        assert self._stores[0].head() == self._stores[1].head()
        assert self._stores[0].streams() == self._stores[1].streams()
        logs: list[list[Entry]] = [list(store.read_log()) for store in self._stores]
        assert logs[0] == logs[1]
        assert [one.position for one in logs[0]] == list(range(len(logs[0])))
        result = Verification()
        verify(result, self._stores[0].audit())
        assert result.events > 0
        assert {one.kind for one in result.breaks} <= {"unsealed"}

    def teardown(self) -> None:
        """Let go of both."""
        for store in self._stores:
            store.close()
        self._open.close()

    @property
    def _now(self) -> str:
        return moment(SEEN["steps"] % 800)

    def _both(self, acts: list[CommandEnvelope], case: str, archives: list[Any]) -> None:
        of_one = [_of(act, case) for act in acts]
        one, other = [_answer(archive, of_one, self._now) for archive in archives]
        assert one == other
        SEEN["refused"] += isinstance(one, str)


def _of(act: CommandEnvelope, case: str | None) -> CommandEnvelope:
    return CommandEnvelope(case=case, by=act.by, dated=act.dated, id=act.id, command=act.command)


def _answer(archive: EventStore, acts: list[CommandEnvelope], at: str) -> object:
    """What came of acts: bytes and places, or which rule refused."""
    try:
        outcomes = Ledger(archive).handle(acts, at)
    except EnvelopeRefused as error:
        return f"refused by {error.refused.rule} at {error.index}: {error}"
    return [
        (outcome.repeated, [(one.entry, one.position) for one in outcome.recorded])
        for outcome in outcomes
    ]


def _appended(store: Store, entries: list[NewEntry]) -> object:
    try:
        return store.append(entries)
    except VersionConflict as error:
        return f"conflict at {error.case_id} v{error.version}: {error}"


def test_the_same_history_has_the_same_bytes_on_both_databases(server: Databases) -> None:
    examples = settings().max_examples // 3
    run_state_machine_as_test(
        lambda: SameHistory(server),  # type: ignore[arg-type]  # called without arguments, like a class
        settings=settings(max_examples=examples, stateful_step_count=15),
    )
    assert SEEN["refused"] > 0
    assert SEEN["conflicts"] > 0
    tell("the same histories on both databases", **SEEN)
