"""The command line on a PostgreSQL server: set up by its owner, used by a role with few rights."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy
from typing import NoReturn
from urllib.parse import urlsplit

import pytest

from ledger.store import NewEntry, Store, VersionConflict
from tests.support.postgres import Server, programs, raw
from tests.support.terminal import CASE, EXAMPLES, ROOT, done, record, scoretrail


def test_a_whole_case_under_the_address_that_init_prints(owned: str, tmp_path: Path) -> None:
    made = done(scoretrail(None, "init", "--database", owned))
    created, address = made.out.splitlines()
    assert "记录库已建立" in created
    password = urlsplit(owned).password
    assert password
    assert password not in made.out + made.err
    assert urlsplit(address).username != urlsplit(owned).username
    evidence = ("--evidence", str(tmp_path))
    for name in ("1-opening", "2-self-evaluation", "3-review", "4-result"):
        done(scoretrail(address, *evidence, "apply", str(EXAMPLES / f"{name}.toml")))
    score = done(scoretrail(address, *evidence, "score", CASE, "--json")).json
    assert score["award"]["total"] == "93.89"
    assert done(scoretrail(address, *evidence, "verify", "--json")).json["breaks"] == []


def test_making_a_ledger_twice_is_refused_and_tells_no_password(owned: str) -> None:
    done(scoretrail(owned, "init"))
    again = scoretrail(owned, "init")
    assert again.code == 1
    assert str(urlsplit(owned).password) not in again.out + again.err


def test_an_interrupted_attempt_is_taken_up_and_keeps_the_password_of_the_role(owned: str) -> None:
    Store.create(owned).close()
    with raw(owned) as connection:
        connection.execute(f'CREATE ROLE "{urlsplit(owned).path[1:]}_app" LOGIN')
    made = done(scoretrail(owned, "init"))
    assert "密码不变" in made.err
    assert urlsplit(made.out.splitlines()[-1]).password is None


def test_of_two_who_make_a_ledger_at_once_the_one_who_made_the_role_tells_its_password(
    owned: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def somebody_is_faster(*_: object, **__: object) -> NoReturn:
        monkeypatch.undo()
        done(scoretrail(owned, "init"))
        raise VersionConflict("register:accounts", 1)

    monkeypatch.setattr("cli.init.create_first_account", somebody_is_faster)
    said = scoretrail(owned, "init")
    assert said.code == 4
    (address,) = said.out.split()
    assert done(scoretrail(address, "account", "list", "--json")).json["accounts"]


class TestWhereNobodySaysWhereEvidenceIsKept:
    """A ledger on a server has no folder beside it."""

    @pytest.fixture
    def issued(self, owned: str, tmp_path: Path) -> str:
        address = done(scoretrail(owned, "init")).out.split()[-1]
        for name in ("1-opening", "2-self-evaluation"):
            words = ("--evidence", str(tmp_path / "evidence"), "apply")
            done(scoretrail(address, *words, str(EXAMPLES / f"{name}.toml")))
        return address

    def test_no_demonstration_is_begun(self, owned: str) -> None:
        said = scoretrail(owned, "demo", lang="en")
        assert (said.code, said.out) == (2, "")
        assert "--evidence" in said.err
        with raw(owned) as connection:
            named = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            assert connection.execute(named).fetchone() == (0,)

    @pytest.mark.parametrize(
        "act",
        [
            {"do": "file-evidence", "as": "unit-filer", "file": "rubric.toml"},
            {"do": "erase-evidence", "as": "bureau-officer", "ground": "x", "sha256": "EVERY"},
        ],
    )
    def test_no_act_that_needs_it_is_recorded(
        self, issued: str, tmp_path: Path, act: dict[str, str]
    ) -> None:
        before = record(issued)
        copy(EXAMPLES / "rubric.toml", tmp_path)
        held = next((tmp_path / "evidence").glob("*/*"))
        file = tmp_path / "acts.jsonl"
        line = json.dumps({**act, "case": CASE}).replace("EVERY", held.name)
        file.write_text(line)
        said = scoretrail(issued, "apply", str(file), lang="en")
        assert (said.code, said.out) == (2, "")
        assert "--evidence" in said.err
        assert record(issued) == before
        assert held.exists()

    def test_nothing_is_imported_that_comes_with_it(
        self, issued: str, postgres_target: str, tmp_path: Path
    ) -> None:
        file = tmp_path / "whole.jsonl"
        done(scoretrail(issued, "export", "--all", "-o", str(file)))
        words = ("import", str(file), "--with-evidence", str(tmp_path / "evidence"))
        said = scoretrail(postgres_target, *words, lang="en")
        assert (said.code, said.out) == (2, "")
        assert "--evidence" in said.err
        assert record(postgres_target) == []


def test_a_server_that_cannot_be_reached_is_exit_code_5() -> None:
    said = scoretrail("postgresql://me:secret@127.0.0.1:1/ledger", "verify")
    assert said.code == 5
    assert "secret" not in said.err


def test_a_server_that_is_kept_busy_is_exit_code_4(
    postgres_target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.store.store.LOCK_TIMEOUT", 0.1)
    limits = f"{postgres_target}?options=-c%20lock_timeout%3D100"
    with raw(postgres_target) as other:
        other.execute("BEGIN")
        other.execute("LOCK TABLE log_state IN SHARE UPDATE EXCLUSIVE MODE")
        assert scoretrail(limits, "seal").code == 4


def test_seal_gives_places_to_what_has_none(store_target: str) -> None:
    with Store.open(store_target) as store:
        store.append_unsealed([NewEntry("a", 1, "T", b"{}"), NewEntry("a", 2, "T", b"{}")])
    assert "2 events sealed" in done(scoretrail(store_target, "seal", lang="en")).out
    assert "编入日志 0 条" in done(scoretrail(store_target, "seal", "--thorough")).out


@contextmanager
def following(target: str) -> Iterator["subprocess.Popen[str]"]:
    program = [sys.executable, "-c", "from cli.main import main; main()"]
    sealer = subprocess.Popen(  # noqa: S603 - our own program
        [*program, "--lang", "en", "--ledger", target, "seal", "--follow"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield sealer
    finally:
        sealer.kill()
        sealer.communicate()


def sealed_by(target: str, size: int) -> None:
    """Wait until the log is so long."""
    deadline = time.monotonic() + 60
    with Store.open(target) as store:
        while store.size() < size:
            assert time.monotonic() < deadline, "nobody seals"
            time.sleep(0.01)


@pytest.mark.parametrize("wish", [signal.SIGTERM, signal.SIGINT])
def test_a_sealer_follows_the_writers_and_stops_when_told(
    store_target: str, wish: signal.Signals
) -> None:
    with Store.open(store_target) as store, following(store_target) as sealer:
        store.append_unsealed([NewEntry("a", 1, "T", b"{}")])
        sealed_by(store_target, 1)
        store.append_unsealed([NewEntry("a", 2, "T", b"{}")])
        sealed_by(store_target, 2)
        sealer.send_signal(wish)
        out, err = sealer.communicate(timeout=60)
        assert (sealer.returncode, out, err) == (0, "2 events sealed\n", "")
        assert store.size() == 2


@pytest.mark.slow
def test_a_sealer_waits_for_its_server_from_the_beginning() -> None:
    server = Server(programs())
    try:
        target = server.start().url
        with Store.create(target) as store:
            store.append_unsealed([NewEntry("a", 1, "T", b"{}")])
        server.kill()
        with following(target) as sealer:
            assert sealer.stderr
            assert "Error" in sealer.stderr.readline()
            assert "trying again" in sealer.stderr.readline()
            server.start()
            sealed_by(target, 1)
            sealer.send_signal(signal.SIGTERM)
            out, err = sealer.communicate(timeout=60)
        assert (sealer.returncode, out, err) == (0, "1 event sealed\n", "")
    finally:
        server.stop()


def test_a_sealer_that_may_not_write_ends(owned: str) -> None:
    with Store.create(owned) as store:
        store.append_unsealed([NewEntry("a", 1, "T", b"{}")])
    parts = urlsplit(owned)
    role = f"{parts.path[1:]}_app"
    with raw(owned) as connection:
        connection.execute(f"CREATE ROLE \"{role}\" LOGIN PASSWORD 'x'")
        connection.execute(f'GRANT SELECT ON ALL TABLES IN SCHEMA public TO "{role}"')
    reader = parts._replace(netloc=f"{role}:x@{parts.hostname}:{parts.port}").geturl()
    with following(reader) as sealer:
        out, err = sealer.communicate(timeout=60)
    assert (sealer.returncode, out) == (5, "")
    assert "trying again" not in err
