"""The two faces of the store: the same work through `Store` and through recorders."""

from collections.abc import Iterator, Sequence
from typing import Final

from eventsourcing.persistence import StoredEvent

from bench.append import AT, LOADED, finding
from bench.measure import Line, Task, compared, race
from bench.places import Settings
from bench.workload import EVENTS
from ledger.case import fold
from ledger.ledger import Ledger
from ledger.store import Basis, Entry, NewEntry, Store
from ledger.store.recorders import ApplicationRecorder, Factory

TIMES: Final = 10
BAR: Final = 1.1
"""Above it the program goes its own way."""


class ThroughRecorders:
    """What `Ledger` asks of a store, answered by a recorder."""

    def __init__(self, recorder: ApplicationRecorder) -> None:
        self._recorder = recorder

    def streams(self) -> list[tuple[str, int]]:
        """Not asked for here: the library does not know which originators there are."""
        raise NotImplementedError

    def stream(
        self,
        case_id: str,
        upto: int | None = None,
        *,
        strict: bool = True,  # noqa: ARG002 - there are no gaps
    ) -> list[tuple[int | None, bytes]]:
        """The bytes of a stream; where they stand in the log, a recorder does not say."""
        return [(None, event.state) for event in self._recorder.select_events(case_id, lte=upto)]

    def of_type(
        self, case_id: str, type_: str, upto: int | None = None
    ) -> list[tuple[int | None, bytes]]:
        """The same, by the names of their topics."""
        return [
            (None, event.state)
            for event in self._recorder.select_events(case_id, lte=upto)
            if event.topic == type_
        ]

    def entry_at(self, position: int) -> Entry | None:
        """Not asked for here."""
        raise NotImplementedError

    def append(self, entries: Sequence[NewEntry], basis: Basis | None = None) -> list[int | None]:  # noqa: ARG002 - a recorder knows of none
        """Append and seal."""
        return [place - 1 for place in self._recorder.insert_events([*map(_stored, entries)])]


def lines(settings: Settings) -> Iterator[Line]:
    """Both works on every database."""
    for on in settings.places:
        with settings.ledger(on) as target, settings.ledger(on) as other:
            environment = {"SCORETRAIL_DATABASE": other, "ORIGINATOR_ID_TYPE": "text"}
            with Store.open(target) as store, Factory(environment) as factory:
                recorders = ThroughRecorders(factory.application_recorder())
                yield from _both(settings, on, store, recorders)
                factory.close()


def _both(settings: Settings, on: str, store: Store, recorders: ThroughRecorders) -> Iterator[Line]:
    whole, loaded = settings.workload.case(), settings.workload.case(LOADED)
    for place in (store, recorders):
        # The case first: where the register begins a ledger, recorders are refused.
        for batch in (whole, settings.workload.ground, loaded):
            place.append(batch)
    ours, theirs = Ledger(store), Ledger(recorders)

    def replay(ledger: Ledger) -> Task:
        return Task(lambda _: fold(ledger.history(whole[0].case_id)))

    def command(ledger: Ledger) -> Task:
        return Task(
            lambda act: ledger.handle([act], AT),
            lambda: finding(settings.workload, loaded[0].case_id),
        )

    times = race(settings.rounds, raw=replay(ours), ours=replay(theirs), times=TIMES)
    work = f"回放 {EVENTS} 条，经记录器比经 Store / replay of {EVENTS}, recorders to Store"
    yield compared(work, on, times, BAR)
    times = race(settings.rounds, raw=command(ours), ours=command(theirs), times=TIMES)
    work = f"一次操作，经记录器比经 Store / command on {LOADED}, recorders to Store"
    yield compared(work, on, times, BAR)


def _stored(new: NewEntry) -> StoredEvent:
    return StoredEvent(
        originator_id=new.case_id,
        originator_version=new.version,
        topic=new.type,
        state=new.entry,
    )
