"""Given a cluster that somebody else runs, when it verifies ledgers, then it finds what one finds.

The cluster is a real one: a Dask scheduler and two workers as processes, which speak TLS only.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from shutil import copy
from threading import Timer

import pytest

from application import verify_in_parts
from application.cluster import Cluster, dask
from application.place import LedgerPlace
from application.processes import answer
from application.verify import verify
from ledger.log_verification import Trust
from ledger.store import Store
from ledger.values import Invalid
from tests.support.damaged_kit import write_kit
from tests.support.dask_cluster import Running, cluster
from tests.support.places import Place, administrator
from tests.support.portfolio_tables import filled
from tests.support.terminal import Said, scoretrail

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only("a cluster is slow to start, once")]
LEDGERS = 21


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


def found(place: LedgerPlace, workers: int | Cluster) -> tuple[object, ...]:
    with closing(place.open()) as store:
        result = verify(store, place, Trust(), None, workers)
    return result.report, result.head, sorted(result.streams), result.portfolio_unchecked


def test_damaged_ledgers_have_the_same_findings(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify_in_parts, "BATCH", 1)
    given = list[bool]()

    def noting(future: "Future[object]") -> object:
        given.append(answer(future) is not None)
        return answer(future)

    monkeypatch.setattr(verify_in_parts, "answer", noting)
    ledgers = [item for item in write_kit(tmp_path / "kit") if item.what == "ledger"]
    assert len(ledgers) > 30
    with dask(running.address, running.tls, "damaged") as workers:
        assert workers.size >= 1
        for item in ledgers:
            place = LedgerPlace(str(tmp_path / "kit" / item.file), tmp_path / "kit" / "evidence")
            assert found(place, workers) == found(place, 1), item.name
    assert given.count(True) >= len(ledgers), "they did it, and not the one that asks"


def test_a_cluster_without_its_certificates_is_not_reached(
    running: Running, tmp_path: Path
) -> None:
    with pytest.raises(Invalid, match="cannot be reached"), dask(running.address, None, "r"):
        pass
    with pytest.raises(Invalid, match="cannot be reached"), dask("tls://", tmp_path, "r"):
        pass


def test_the_command_line_verifies_a_fleet_by_it(running: Running, tmp_path: Path) -> None:
    """Given two cities, one of which has another entry than it signed, and a province."""
    names = ("city-a", "city-b", "province")
    for name in names:
        run(tmp_path, name, "init")
        run(tmp_path, name, "key", "generate", f"{name}.example/2024")
        run(tmp_path, name, "checkpoint", "sign")
    fleet = tmp_path / "fleet.toml"
    fleet.write_text(
        "\n".join(
            f'[[ledger]]\norigin = "{name}.example/2024"\ntarget = "{name}.db"\n'
            f'vkey = "{name}.db.key.pub"\n'
            for name in names[:2]
        )
    )
    run(tmp_path, "province", "fleet", "checkpoint", str(fleet))
    target = str(tmp_path / "city-b.db")
    with administrator(Place(target, target, tmp_path)) as city:
        city.execute("UPDATE events SET entry = CAST(entry || ' ' AS BLOB) WHERE id = 2")
    asked = ("fleet", "verify", str(fleet), "--json")
    by_one = run(tmp_path, "province", *asked, code=3)
    shared = ("--dask", running.address, "--tls", str(running.tls))
    by_workers = run(tmp_path, "province", *asked, *shared, code=3)
    assert by_workers.json == by_one.json
    assert by_one.json[0]["result"] == "all hold (L2)"
    said = run(tmp_path, "province", *asked, "--dask", running.address, code=2)
    assert "cannot be reached" in said.err


def run(folder: Path, name: str, *words: str, code: int = 0) -> Said:
    day = ("--as", "administrator", "--dated", "2024-12-31")
    said = scoretrail(folder / f"{name}.db", *day, *words, lang="en")
    assert said.code == code, said
    return said


def test_a_worker_that_is_killed_is_made_up_for(running: Running, tmp_path: Path) -> None:
    """The last of this file: one of the two does not come back."""
    first = tmp_path / "0.db"
    with Store.create(first) as store:
        filled(store, [1, 2, 3])
    ledgers = [first, *(tmp_path / f"{number}.db" for number in range(1, LEDGERS))]
    for ledger in ledgers[1:]:
        copy(first, ledger)
    by_one = found(LedgerPlace(str(first)), 1)
    with dask(running.address, running.tls, "killed") as workers:
        Timer(0.5, running.workers[0].kill).start()
        for ledger in ledgers:
            assert found(LedgerPlace(str(ledger)), workers) == by_one
    assert running.workers[0].wait(10) < 0


def test_no_password_is_sent_where_others_can_read_it() -> None:
    """Given a cluster without TLS, when a ledger on a server is to be verified, then it is not."""
    nobody = Cluster(ThreadPoolExecutor(1), 1, "run", private=False)
    with pytest.raises(Invalid, match="may hold a password"):
        nobody.at(LedgerPlace("postgresql://reader:secret@127.0.0.1/ledger"))
    nobody.at(LedgerPlace("ledger.db")).close()
