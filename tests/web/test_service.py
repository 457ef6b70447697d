"""The service as a process: what it says when it cannot begin, and what it does on the way."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from application.look import accounts
from application.place import LedgerPlace
from ledger.events import Role
from ledger.language import Language, in_language, speaker
from ledger.values import Invalid
from tests.support.desks import house
from tests.support.places import Place
from tests.support.terminal import CASE, scoretrail
from web.__main__ import _listening, _record_demo
from web.identity import Identities
from web.store import WebStore

pytestmark = pytest.mark.sqlite_only("a process beside a ledger in a file; test_login has both")


def begin(place: Place, *words: str, lang: str = "zh") -> subprocess.CompletedProcess[str]:
    """Begin the service with something that ends at once."""
    service = [sys.executable, "-m", "web", place.target, f"--lang={lang}", *words]
    return subprocess.run(service, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - our own module


@pytest.mark.parametrize(("lang", "words"), [("zh", "不可用"), ("en", "cannot be used")])
def test_a_port_that_somebody_has_is_told(opened: Place, lang: str, words: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = begin(opened, f"--port={taken.getsockname()[1]}", lang=lang)
    assert (said.returncode, said.stdout) == (2, "")
    assert words in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("port", ["-1", "65536", "99999999999"])
def test_a_port_that_there_is_not_is_told(opened: Place, port: str) -> None:
    said = begin(opened, f"--port={port}")
    assert said.returncode == 2
    assert "不可用" in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_file_of_something_else_does_not_become_that_of_the_logins(
    tmp_path: Path, lang: Language
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("x")
    for place, why in ((letter, ("未作改动", "was not changed")), (tmp_path, ("文件夹", "folder"))):
        with pytest.raises(Invalid) as refused:
            WebStore(str(place))
        assert why[lang == "en"] in in_language(refused.value.text, lang)
    assert letter.read_text() == "x"


def test_what_listens_is_known_to_be_tcp_so_that_no_answer_waits_for_the_one_before() -> None:
    with _listening(0) as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:  # asyncio looks at it before it switches the waiting off
            assert accepted.proto == socket.IPPROTO_TCP


def test_logins_on_a_server_that_does_not_answer_are_told_without_its_password() -> None:
    with pytest.raises(Invalid) as refused:
        WebStore("postgresql://u:secret@127.0.0.1:1/x")
    assert "127.0.0.1:1" in refused.value.text.en
    assert "secret" not in f"{refused.value.text}"


def test_a_ledger_that_is_not_there_is_told(tmp_path: Path) -> None:
    place = Place(str(tmp_path / "none.db"), str(tmp_path / "none.db"), tmp_path / "none.db")
    said = begin(place, lang="en")
    assert said.returncode == 2
    assert "Traceback" not in said.stderr
    assert not (tmp_path / "none.db.web").exists()


def test_of_a_ledger_on_a_server_it_is_asked_where_logins_are_kept(tmp_path: Path) -> None:
    address = "postgresql://nobody@127.0.0.1:1/ledger"
    said = begin(Place(address, address, tmp_path / "x"), "--password=unit-filer")
    assert said.returncode == 2
    assert "登录数据" in said.stderr


def test_an_account_gets_a_first_password_and_loses_its_login(opened: Place) -> None:
    said = begin(opened, "--password=unit-filer", lang="en")
    assert said.returncode == 0
    password = said.stdout.split()[-1]
    kept = WebStore(f"{opened.target}.web")
    try:
        logins = Identities(kept, lambda: datetime.now(UTC))
        assert logins.who(logins.begin("unit-filer", password))
        assert begin(opened, "--disable=unit-filer").returncode == 0
        assert kept.password_of("unit-filer") is None
    finally:
        kept.close()
    assert begin(opened, "--disable=nobody").returncode == 1


def test_nobody_gets_a_login_whom_the_register_does_not_know(opened: Place) -> None:
    said = begin(opened, "--password=ghost", lang="en")
    assert said.returncode == 2
    assert "ghost" in said.stderr
    assert not Path(f"{opened.target}.web").exists()


def test_the_command_line_begins_it(opened: Place, capfd: pytest.CaptureFixture[str]) -> None:
    assert scoretrail(opened, "web", "--password", "unit-filer", lang="en").code == 0
    assert "first password of unit-filer: " in capfd.readouterr().out


@pytest.mark.parametrize("name", ["SCORETRAIL_KEY", "SCORETRAIL_KEY_COMMAND"])
def test_the_service_refuses_to_have_a_signing_key(
    opened: Place, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "sign.key")
    said = begin(opened, lang="en")
    assert said.returncode == 2
    assert name in said.stderr


def test_the_service_never_opens_the_key(
    built: Mapping[str, Place], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that it serves asks for the place of a key, wherever one lies."""

    def taken(_: LedgerPlace) -> Path:
        raise AssertionError

    monkeypatch.setattr(LedgerPlace, "key_file", property(taken))
    with house(built["issued"], tmp_path) as made:
        desk = made.desk("bureau-officer")
        api = f"/api/v1/cases/{CASE}"
        for path in (f"/cases/{CASE}/papers", f"{api}/events/1/receipt", "/api/v1/checkpoint"):
            assert desk.get(path).status_code < 500
        key = {"idempotency-key": "dossier"}
        answer = desk.post(f"{api}/dossiers?rehearse=1", json={}, headers=key)
        assert answer.status_code == 200, answer.text


def test_a_ledger_that_cannot_be_read_is_told_on_a_page(opened: Place, tmp_path: Path) -> None:
    with house(opened, tmp_path) as made:
        desk = made.desk("unit-filer")
        Path(opened.target).write_bytes(b"no longer a ledger" * 500)
        for gone in Path(opened.target).parent.glob(f"{Path(opened.target).name}-*"):
            gone.unlink()
        page, told = desk.get("/cases"), desk.get("/api/v1/cases")
        assert page.status_code >= 400
        assert 'role="alert"' in page.text
        assert told.headers["content-type"] == "application/problem+json"


@pytest.mark.slow
def test_the_demonstration_has_a_login_for_each_role(tmp_path: Path) -> None:
    place = LedgerPlace(str(tmp_path / "demo.db"))
    kept = str(tmp_path / "demo.db.web")
    _record_demo(place, kept, speaker("zh"))
    with closing(place.open()) as store, closing(WebStore(kept)) as logins:
        people = accounts(store).accounts
        assert {role for person in people.values() for role in person.roles} == set(get_args(Role))
        known = Identities(logins, lambda: datetime.now(UTC))
        assert all(known.who(known.begin(account, f"{account}-demo")) for account in people)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="processes end there without a signal")
def test_who_ends_the_command_ends_the_service(opened: Place) -> None:
    command = "from cli.main import main; main()"
    words = ["--ledger", opened.target, "--lang", "en", "web", "--port", "0"]
    with subprocess.Popen([sys.executable, "-c", command, *words], stdout=subprocess.PIPE) as begun:  # noqa: S603 - our own module
        assert begun.stdout
        (port,) = re.findall(r"127\.0\.0\.1:(\d+)", begun.stdout.readline().decode())
        begun.terminate()
        assert begun.wait(timeout=30) == 0
    for _ in range(100):
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", int(port))) != 0:
                return
        time.sleep(0.1)
    pytest.fail("the service goes on without the command that began it")
