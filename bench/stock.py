"""`eventsourcing` as it comes: its own recorders, its own aggregates."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import StoredEvent
from msgspec.json import decode

from bench.limit import Row


class Case(Aggregate):
    """The same data in the same number of events."""

    def __init__(self) -> None:
        self.scores: dict[str, str] = {}

    @event("Recorded")
    def record(self, data: dict[str, Any]) -> None:
        """Take down what happened; the last score of every indicator is what it comes to."""
        inner = data["data"]
        score = inner.get("award") or inner.get("score")
        if score:
            self.scores[inner["indicator"]] = score


class Stock:
    """An application of the library on a database."""

    def __init__(self, target: str, *, make: bool = True) -> None:
        self._application = Application[UUID](env=_environment(target, make=make))
        self._replayed: dict[str, UUID] = {}

    def append(self, row: Row) -> None:
        """Insert one event through the recorder."""
        self.append_all([row])

    def append_all(self, rows: Sequence[Row]) -> None:
        """Insert events in one transaction, through the recorder."""
        self._application.recorder.insert_events([stored(row) for row in rows])

    def save(self, name: str, rows: Sequence[Row]) -> None:
        """Store a case as the library's aggregate."""
        case = Case()
        for row in rows[1:]:
            case.record(decode(row[-1]))
        self._application.save(case)
        self._replayed[name] = case.id

    def replay(self, name: str, upto: int | None = None) -> Case:
        """The aggregate as it is, or was."""
        case: Case = self._application.repository.get(self._replayed[name], version=upto)
        return case

    def command(self, name: str, row: Row) -> None:
        """Load the aggregate, have it record something, save it."""
        case = self.replay(name)
        case.record(decode(row[-1]))
        self._application.save(case)


def stored(row: Row) -> StoredEvent:
    """A row in the library's form."""
    case_id, version, type_, entry = row
    return StoredEvent(
        originator_id=uuid5(NAMESPACE_URL, case_id),
        originator_version=version,
        topic=type_,
        state=entry,
    )


def _environment(target: str, *, make: bool) -> dict[str, str]:
    if "://" not in target:
        return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": target}
    url = urlsplit(target)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": url.path[1:],
        "POSTGRES_HOST": str(url.hostname),
        "POSTGRES_PORT": str(url.port or 5432),
        "POSTGRES_USER": unquote(url.username or ""),
        "POSTGRES_PASSWORD": unquote(url.password or ""),
        "CREATE_TABLE": "y" if make else "n",
    }
