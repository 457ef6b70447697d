"""A table of scores, of which SQLAlchemy-Continuum keeps every version."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from msgspec.json import decode
from sqlalchemy.orm import DeclarativeBase, Session, configure_mappers
from sqlalchemy_continuum import make_versioned, version_class

from bench.limit import Row

NAME: Final = "SQLAlchemy-Continuum"
ON_SQLITE: Final = True
ON_POSTGRES: Final = True

make_versioned(user_cls=None)


class Base(DeclarativeBase):
    """Of its tables."""


class Score(Base):
    """The score of an indicator in a case, as it is now."""

    __tablename__ = "scores"
    __versioned__: dict[str, Any] = {}  # noqa: RUF012 - as the library wants it
    case_id = sa.Column(sa.String(200), primary_key=True)
    indicator = sa.Column(sa.String(200), primary_key=True)
    version = sa.Column(sa.Integer)
    award = sa.Column(sa.String(20))
    entry = sa.Column(sa.LargeBinary)


configure_mappers()


class Peer:
    """A session on a database."""

    def __init__(self, target: str) -> None:
        url = target.replace("postgresql://", "postgresql+psycopg://")
        engine = sa.create_engine(url if "://" in url else f"sqlite:///{url}")
        if engine.dialect.name == "sqlite":
            sa.event.listen(engine, "connect", _durable)
        Base.metadata.create_all(engine)
        self._session = Session(engine, expire_on_commit=False)

    def append(self, row: Row) -> None:
        """Change one score, in one transaction."""
        self._change(row)
        self._session.commit()
        self._session.expunge_all()

    def append_all(self, rows: Sequence[Row]) -> None:
        """Change scores one after the other: a transaction keeps one version of a row at most."""
        for row in rows:
            self._change(row)
            self._session.commit()
        self._session.expunge_all()

    def replay(self, case_id: str) -> dict[str, str]:
        """The last score of every indicator, from the versions."""
        version = version_class(Score)
        rows = self._session.execute(
            sa.select(version).where(version.case_id == case_id).order_by(version.version)
        )
        scores = {scored.indicator: scored.award for (scored,) in rows}
        self._session.expunge_all()
        return scores

    def close(self) -> None:
        """Let go of the database."""
        self._session.close()

    def _change(self, row: Row) -> None:
        case_id, version, _, entry = row
        data = decode(entry)["data"]
        score = self._session.get(Score, (case_id, data["indicator"]))
        if score is None:
            score = Score(case_id=case_id, indicator=data["indicator"])
            self._session.add(score)
        values = {"version": version, "award": data["award"], "entry": entry}
        for name, value in values.items():
            setattr(score, name, value)


def _durable(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
