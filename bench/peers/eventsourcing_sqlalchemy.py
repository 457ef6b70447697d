"""`eventsourcing` with its recorders on SQLAlchemy's ORM."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from eventsourcing.application import Application
from msgspec.json import decode

from bench.limit import Row
from bench.stock import Case, stored

NAME: Final = "eventsourcing_sqlalchemy 1.0.1"
ON_SQLITE: Final = True
ON_POSTGRES: Final = True


class Peer:
    """An application of the library."""

    def __init__(self, target: str) -> None:
        url = target.replace("postgresql://", "postgresql+psycopg://")
        self._application = Application[UUID](
            env={
                "PERSISTENCE_MODULE": "eventsourcing_sqlalchemy",
                "SQLALCHEMY_URL": url if "://" in url else f"sqlite:///{url}",
            }
        )
        self._cases: dict[str, UUID] = {}

    def append(self, row: Row) -> None:
        """Insert one event through the recorder."""
        self._application.recorder.insert_events([stored(row)])

    def append_all(self, rows: Sequence[Row]) -> None:
        """Insert events in one transaction; the first time as an aggregate, to be replayed."""
        if self._cases:
            self._application.recorder.insert_events([stored(row) for row in rows])
            return
        case = Case()
        for row in rows:
            case.record(decode(row[-1]))
        self._application.save(case)
        self._cases[rows[0][0]] = case.id

    def replay(self, case_id: str) -> dict[str, str]:
        """The last score of every indicator."""
        case: Case = self._application.repository.get(self._cases[case_id])
        return case.scores

    def close(self) -> None:
        """Let go of the database."""
        self._application.close()
