"""The library's face of the store: a persistence module of `eventsourcing` over the same tables.

It appends and reads by the functions that `Store` calls. An application of the library records no
review, so it has a database of its own: where a ledger's cases are, its events are refused, while
its readers may follow that log as they follow any other.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, TypeVar
from uuid import UUID

from eventsourcing import persistence
from eventsourcing.persistence import Notification, StoredEvent, Tracking
from eventsourcing.utils import Environment, EnvType, resolve_topic, strtobool

from ledger.envelope import REGISTER
from ledger.log.tree import ProofError
from ledger.store import streams
from ledger.store.database import SNAPSHOTS, Database, Opening, Transaction
from ledger.store.entries import NewEntry
from ledger.store.errors import LedgerExists, StoreError, TooLarge
from ledger.store.store import connect

_TRACKED = "SELECT notification_id FROM main.tracking WHERE application_name = ?"
_TRACK = (
    "INSERT INTO main.tracking (application_name, notification_id) VALUES (?, ?)"
    " ON CONFLICT (application_name) DO UPDATE SET notification_id = excluded.notification_id"
    " WHERE tracking.notification_id < excluded.notification_id RETURNING notification_id"
)


class _Recorder:
    """What the recorders share: the database, and how an originator's id is spelled in it."""

    def __init__(self, database: Database, originator_id: Callable[[str], UUID | str]) -> None:
        self._database = database
        self._originator_id = originator_id

    @contextmanager
    def _in_their_words(self) -> Iterator[None]:
        """Raise the library's errors, which have the names that PEP 249 gives to the driver's."""
        try:
            yield
        except self._database.errors as error:
            named = (getattr(persistence, kind.__name__, None) for kind in type(error).__mro__)
            theirs = next(filter(None, named), persistence.PersistenceError)
            raise theirs(str(error)) from error
        except (TooLarge, ProofError) as error:
            raise persistence.DataError(str(error)) from error
        except StoreError as error:
            raise persistence.InterfaceError(str(error)) from error

    @contextmanager
    def _writing(self) -> Iterator[Transaction]:
        with self._in_their_words(), self._database.writing() as transaction:
            yield transaction

    @contextmanager
    def _reading(self) -> Iterator[Transaction]:
        with self._in_their_words(), self._database.reading() as transaction:
            yield transaction


_R = TypeVar("_R", bound=_Recorder)
_ORIGINATOR_IDS: Final[dict[str, Callable[[str], UUID | str]]] = {"uuid": UUID, "text": str}


class AggregateRecorder(_Recorder, persistence.AggregateRecorder):
    """Events by their originator. They are sealed like all others, without telling where."""

    snapshots = False

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        **kwargs: Any,  # noqa: ANN401 - the library's signature
    ) -> Sequence[int] | None:
        """Append and seal the events in one transaction.

        Raises:
            persistence.IntegrityError: a version of an originator is taken.
            persistence.InterfaceError: the ledger is one of cases.
        """
        with self._writing() as transaction:
            self._insert(transaction, stored_events, **kwargs)
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of an originator between two versions, in their order or against it."""
        with self._reading() as transaction:
            found = streams.read_stream(
                transaction,
                str(originator_id),
                after=-1 if gt is None else gt,
                upto=lte,
                backwards=desc,
                limit=limit,
                snapshots=self.snapshots,
            )
        return [
            StoredEvent(
                originator_id=self._originator_id(entry.case_id),
                originator_version=entry.version,
                topic=entry.type,
                state=entry.entry,
            )
            for entry in found
        ]

    def _insert(
        self,
        transaction: Transaction,
        stored_events: Sequence[StoredEvent],
        **_: Any,  # noqa: ANN401 - the library's keywords
    ) -> list[int]:
        if streams.first_stream(transaction) == REGISTER:  # the program's own begins with it
            raise persistence.InterfaceError(
                f"{self._database.place} 是评价记录库，只能由 scoretrail 写入。请为应用另建数据库 /"
                f" {self._database.place} is a ledger of cases, written only by scoretrail. Give"
                " the application its own database"
            )
        appended = streams.append(transaction, _new_entries(stored_events))
        return [position + 1 for position in appended]  # they count from 1


class SnapshotRecorder(AggregateRecorder):
    """Snapshots by their originator. They are no part of the record, so they are not sealed."""

    snapshots = True

    def _insert(
        self,
        transaction: Transaction,
        stored_events: Sequence[StoredEvent],
        **_: Any,  # noqa: ANN401 - the library's keywords
    ) -> list[int]:
        transaction.insert(SNAPSHOTS, _new_entries(stored_events))
        return []


class ApplicationRecorder(AggregateRecorder, persistence.ApplicationRecorder):
    """Events by their originator and in log order: a notification's id is its position."""

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        **kwargs: Any,  # noqa: ANN401 - the library's signature
    ) -> Sequence[int]:
        """Append and seal the events in one transaction; their notification ids.

        Raises:
            persistence.IntegrityError: a version of an originator is taken.
            persistence.InterfaceError: the ledger is one of cases.
        """
        with self._writing() as transaction:
            return self._insert(transaction, stored_events, **kwargs)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The events in the order of the log, from notification id `start` to `stop`."""
        first = 1 if start is None else start if inclusive_of_start else start + 1
        with self._reading() as transaction:
            found = streams.read_log(transaction, first - 1, limit, stop=stop, types=topics)
        return [
            Notification(
                id=entry.position + 1,
                originator_id=self._originator_id(entry.case_id),
                originator_version=entry.version,
                topic=entry.type,
                state=entry.entry,
            )
            for entry in found
            if entry.position is not None  # as all in the log
        ]

    def max_notification_id(self) -> int | None:
        """The notification id of the last event, or `None` where there is none."""
        with self._reading() as transaction:
            return streams.log_size(transaction) or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> persistence.Subscription[persistence.ApplicationRecorder]:
        """Not offered: a file cannot call its readers. They ask for notifications in turns."""
        raise NotImplementedError(f"no subscriptions (gt={gt}, topics={topics})")


class TrackingRecorder(_Recorder, persistence.TrackingRecorder):
    """How far each upstream application has been processed."""

    def insert_tracking(self, tracking: Tracking) -> None:
        """Note that an upstream application has been processed up to a notification.

        Raises:
            persistence.IntegrityError: not beyond what has been noted already.
        """
        with self._writing() as transaction:
            self._track(transaction, tracking)

    def max_tracking_id(self, application_name: str) -> int | None:
        """The last notification of an upstream application that was processed, if any."""
        with self._reading() as transaction:
            found = transaction.execute(_TRACKED, (application_name,)).fetchone()
            return found[0] if found else None

    def _track(self, transaction: Transaction, tracking: Tracking) -> None:
        row = (tracking.application_name, tracking.notification_id)
        if transaction.execute(_TRACK, row).fetchone() is None:
            raise persistence.IntegrityError(f"{tracking} is not beyond what was processed")


class ProcessRecorder(TrackingRecorder, ApplicationRecorder, persistence.ProcessRecorder):
    """Events together with what they were made from, in one transaction."""

    def _insert(
        self,
        transaction: Transaction,
        stored_events: Sequence[StoredEvent],
        *,
        tracking: Tracking | None = None,
        **_: Any,  # noqa: ANN401 - the library's keywords
    ) -> list[int]:
        if tracking is not None:
            self._track(transaction, tracking)
        return super()._insert(transaction, stored_events)


def _new_entries(stored_events: Sequence[StoredEvent]) -> list[NewEntry]:
    return [
        NewEntry(str(event.originator_id), event.originator_version, event.topic, event.state)
        for event in stored_events
    ]


class Factory(persistence.InfrastructureFactory[TrackingRecorder]):
    """Makes the recorders for an application of the `eventsourcing` library.

    It reads from the application's environment, never from the machine's by itself:

    - `SCORETRAIL_DATABASE`: a target as `Store` takes it, `:memory:` included.
    - `CREATE_TABLE`: `no` to open ledgers only; otherwise one is made where none is.
    - `ORIGINATOR_ID_TYPE`: `uuid`, which is the library's default, or `text`.
    - `TRACKING_RECORDER_TOPIC`, `APPLICATION_RECORDER_TOPIC`, `PROCESS_RECORDER_TOPIC`: other
      classes of recorders, derived from these.
    """

    DATABASE = "SCORETRAIL_DATABASE"
    CREATE_TABLE = "CREATE_TABLE"
    ORIGINATOR_ID_TYPE = "ORIGINATOR_ID_TYPE"

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        target = self.env.get(self.DATABASE)
        if not target:
            keys = ", ".join(self.env.create_keys(self.DATABASE))
            raise OSError(f"no database is named in the environment by any of {keys}")
        kind = (self.env.get(self.ORIGINATOR_ID_TYPE) or "uuid").lower()
        if kind not in _ORIGINATOR_IDS:
            raise OSError(f"{self.ORIGINATOR_ID_TYPE} is {kind}, not uuid or text")
        self._originator_id = _ORIGINATOR_IDS[kind]
        self._database = self._open(target)

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """A recorder of events, or of snapshots for that purpose."""
        kind = SnapshotRecorder if purpose == "snapshots" else AggregateRecorder
        return kind(self._database, self._originator_id)

    def application_recorder(self) -> ApplicationRecorder:
        """A recorder of an application's events."""
        return self._made(self.APPLICATION_RECORDER_TOPIC, ApplicationRecorder)

    def tracking_recorder(
        self, tracking_recorder_class: type[TrackingRecorder] | None = None
    ) -> TrackingRecorder:
        """A recorder of how far others were processed, of the class given or named."""
        if tracking_recorder_class is not None:
            return tracking_recorder_class(self._database, self._originator_id)
        return self._made(self.TRACKING_RECORDER_TOPIC, TrackingRecorder)

    def process_recorder(self) -> ProcessRecorder:
        """A recorder of events together with what they were made from."""
        return self._made(self.PROCESS_RECORDER_TOPIC, ProcessRecorder)

    def close(self) -> None:
        """Let go of the database. Closing twice is fine."""
        self._database.close()

    def _made(self, key: str, kind: type[_R]) -> _R:
        topic = self.env.get(key)
        chosen = resolve_topic(topic) if topic else kind
        if not issubclass(chosen, kind):
            raise TypeError(f"{key} names {topic}, which is no {kind.__name__} of this module")
        recorder: _R = chosen(self._database, self._originator_id)
        return recorder

    def _open(self, target: str) -> Database:
        try:
            if strtobool(self.env.get(self.CREATE_TABLE) or "yes"):
                with suppress(LedgerExists):
                    return connect(target, Opening.MAKE)
            return connect(target, Opening.OPEN)
        except StoreError as error:
            raise persistence.InterfaceError(str(error)) from error
