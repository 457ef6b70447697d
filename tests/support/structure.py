"""Write down what the migrations make: `python -m tests.support.structure`, after a new one."""

import json
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import migrations
from ledger.store.database import Opening
from ledger.store.store import connect
from tests.support.postgres import databases


def structure(target: str) -> dict[str, str]:
    """What the tables of a ledger are made of."""
    with closing(connect(target, Opening.OPEN)) as database:
        return database.structure()


def write(dialect: str, target: str) -> None:
    """Make a ledger and write down what it is made of."""
    with closing(connect(target, Opening.MAKE)) as database:
        found = dict(sorted(database.structure().items()))
    text = json.dumps(found, ensure_ascii=False, indent=1)
    (migrations.STRUCTURE / f"{dialect}.json").write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        write("sqlite", str(Path(folder) / "ledger.db"))
    with databases() as server, server.empty() as url:
        write("postgresql", url)
