"""The restore drill of docs/backup.md: its own commands, run as they are printed there.

The machine is gone after the backup, and everything is restored elsewhere. `DRILL_CASES=300` makes
the ledger as large as that of a bureau; the time is printed with `-s`.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy, copytree, move
from typing import Final, NamedTuple

import pytest

from application.handle import handle_all
from ledger.store import Store
from tests.support.houses import House
from tests.support.places import Place
from tests.support.postgres import Databases, is_postgres, programs
from tests.support.terminal import CASE, ROOT, Said, done, entries, record, scoretrail
from web.identity import Identities, LoginRefused
from web.store import WebStore

pytestmark = pytest.mark.slow

PAGE: Final = (ROOT / "docs" / "backup.md").read_text("utf-8")
HALVES: Final = dict(zip(("zh", "en"), PAGE.split('<a id="english"></a>'), strict=True))
BLOCK: Final = re.compile(r"<!-- drill: (.+?) -->\n```sh\n(.*?)```", re.DOTALL)
COMMANDS: Final = dict(BLOCK.findall(HALVES["en"]))
CASES: Final = int(os.environ.get("DRILL_CASES", "3"))


def clock() -> datetime:
    return datetime.now(UTC)


class Machine(NamedTuple):
    """Where the program runs: a folder with a ledger in it, or next to a server.

    Attributes:
        folder: in which the commands of the page are run.
        ledger: as it is named to the program.
        logins: where the login data are.
        variables: of the environment that the page names.
    """

    folder: Path
    ledger: Place
    logins: str
    variables: Mapping[str, str]

    @property
    def kind(self) -> str:
        return "postgresql" if is_postgres(self.ledger.target) else "sqlite"

    def run(self, what: str) -> Said:
        """The commands that the page prints for this database, in a shell."""
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
        if self.kind == "postgresql":
            path = os.pathsep.join((str(programs()), path))
        ran = subprocess.run(  # noqa: S603 - commands of our own documentation
            ["/bin/bash", "-euo", "pipefail", "-c", COMMANDS[f"{self.kind} {what}"]],
            cwd=self.folder,
            env=os.environ | self.variables | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        return Said(ran.returncode, ran.stdout, ran.stderr)

    def says(self, *words: str) -> Said:
        return scoretrail(self.ledger, *words, lang="en")

    def elsewhere(self, folder: Path) -> "Machine":
        """Another machine, with nothing on it; the address of a server stays."""
        folder.mkdir()
        beside = folder / "scoretrail.db"
        if self.kind == "postgresql":
            ledger = Place(self.ledger.target, self.ledger.owner, beside)
            there = {
                "SCORETRAIL_EVIDENCE": str(ledger.evidence),
                "SCORETRAIL_KEY": str(ledger.key),
            }
            return Machine(folder, ledger, self.logins, {**self.variables, **there})
        return Machine(folder, Place(str(beside), str(beside), beside), f"{beside}.web", {})


@pytest.fixture
def machine(house: House, database: Databases | None, tmp_path: Path) -> Iterator[Machine]:
    """The reference case and others, with evidence, receipts, a key, logins and drafts."""
    folder = tmp_path / "machine"
    folder.mkdir()
    beside = folder / "scoretrail.db"
    for suffix in (".evidence", ".key", ".key.state"):
        move(house.ledger.file(suffix), f"{beside}{suffix}")
    if database is None:
        move(house.ledger.target, beside)
        ledger = Place(str(beside), str(beside), beside)
        made = Machine(folder, ledger, f"{beside}.web", {})
    else:
        ledger = Place(house.ledger.target, house.ledger.owner, beside)
        logins = database.make()
        words = dict(zip(("LEDGER", "EVIDENCE", "KEY"), ledger.words[1::2], strict=True))
        made = Machine(
            folder,
            ledger,
            logins,
            {
                "OWNER": ledger.owner,
                "SUPERUSER": database.url,
                "DATABASE": ledger.owner.rpartition("/")[2],
                "LOGINS": logins,
                "LOGIN_DATABASE": logins.rpartition("/")[2],
                **{f"SCORETRAIL_{name}": value for name, value in words.items()},
            },
        )
    with Store.open(ledger.target) as store:
        for number in range(CASES):
            _another(store, f"unit-{number}-2024")
    (folder / "scoretrail.db.receipts").mkdir()
    receipt = str(folder / "scoretrail.db.receipts" / "last")
    done(made.says("receipt", "issue", CASE, "-o", receipt))
    yield made
    if database:
        database.drop(made.logins)


def _another(store: Store, case: str) -> None:
    """One more case, as far as its figures."""
    opened: dict[str, object] = {
        "do": "open-case",
        "title": "2024年度部门整体支出绩效评价",
        "year": 2024,
        "unit": "zhanjiang-amr",
        "unit_name": "湛江市市场监督管理局",
        "bureau": "zhanjiang-finance",
        "bureau_name": "湛江市财政局",
    }
    rubric: dict[str, object] = {
        "do": "pin-rubric",
        "rubric": "zhanjiang-departments-2023",
        "edition": "2024-1",
    }
    acts = {f"{case}-open": opened, f"{case}-pin": rubric}
    handle_all(store, clock, "bureau-officer", acts, case=case)


def published(machine: Machine, vkey: str) -> None:
    done(machine.says("publish", str(machine.folder / "published")))
    (machine.folder / "published.vkey").write_text(f"{vkey}\n")


def gone(machine: Machine, to: Path, database: Databases | None) -> Machine:
    """The machine is gone. Elsewhere: the backup, what was published, and the key by itself."""
    there = machine.elsewhere(to)
    for what in ("backup", "published"):
        copytree(machine.folder / what, there.folder / what)
    copy(machine.folder / "published.vkey", there.folder)
    copy(machine.folder / "scoretrail.db.key", there.ledger.key)
    machine.folder.rename(machine.folder.with_name("destroyed"))
    if database:
        for name in ("DATABASE", "LOGIN_DATABASE"):
            statement = f"DROP DATABASE {machine.variables[name]} WITH (FORCE)"
            database._execute(statement)  # noqa: SLF001 - as a disk that is broken does
    return there


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_commands_of_both_halves_are_the_same() -> None:
    assert dict(BLOCK.findall(HALVES["zh"])) == COMMANDS
    whats = {(kind, what) for kind in ("sqlite", "postgresql") for what in ("backup", "restore")}
    assert {tuple(name.split()) for name in COMMANDS} == whats


def test_nothing_is_lost_and_nothing_returns_that_must_not(
    machine: Machine, house: House, database: Databases | None, tmp_path: Path
) -> None:
    # Given: drafts, a session, and a file that was erased by law after it was copied once.
    with closing(WebStore(machine.logins)) as kept:
        logins = Identities(kept, clock)
        for account in ("unit-filer", "bureau-officer", "agency-reviewer"):
            logins.give_password(account, f"{account}-secret", initial=False)
        token = logins.begin("unit-filer", "unit-filer-secret")
        kept.keep_draft("unit-filer", "/cases/x/acts/y", '{"reason":"草稿"}', "2026-11-30")
        kept.keep_access("unit-filer", CASE, "/", "2026-11-30T10:00:00.000000Z")
    filed = [
        one["data"]["evidence"] for one in entries(machine.ledger) if "evidence" in one["data"]
    ]
    digest = next(one["sha256"] for one in filed if isinstance(one, dict))
    bytes_of_old = machine.ledger.evidence.joinpath(digest[:2], digest).read_bytes()
    erase = ("evidence", "erase", CASE, digest, "--ground", "个人信息保护")
    done(machine.says("--as", "bureau-officer", *erase))
    done(machine.says("checkpoint", "sign"))
    published(machine, house.vkey)
    before = record(machine.ledger)
    evidence = files_in(machine.ledger.evidence)
    receipts = files_in(machine.folder / "scoretrail.db.receipts")

    # When: it is backed up; logins are switched off; the machine is gone; it is restored.
    done(machine.run("backup"))
    copied = next((machine.folder / "backup").glob("*evidence")) / digest[:2] / digest
    copied.parent.mkdir(exist_ok=True)
    copied.write_bytes(bytes_of_old)  # copied a week ago, and still in the folder of copies
    with closing(WebStore(machine.logins)) as kept:
        Identities(kept, clock).disable("agency-reviewer")
        Identities(kept, clock).end(token)
    there = gone(machine, tmp_path / "elsewhere", database)
    began = time.monotonic()
    said = done(there.run("restore"))
    took = time.monotonic() - began
    print(f"{there.kind}: {len(before)} entries restored and verified in {took:.1f} s")  # noqa: T201 - the measure

    # Then: all is there, and verified by the last of the commands.
    assert record(there.ledger) == before
    assert files_in(there.ledger.evidence) == evidence
    assert f"字节已删除：{digest}" in said.out
    assert "全部相符（等级 L2）" in said.out
    if there.kind == "sqlite":
        assert files_in(there.folder / "scoretrail.db.receipts") == receipts
    with closing(WebStore(there.logins)) as kept:
        logins = Identities(kept, clock)
        assert kept.draft("unit-filer", "/cases/x/acts/y") == '{"reason":"草稿"}'
        assert len(kept.accesses(CASE)) == 1
        assert logins.who(token) is None
        for account in ("unit-filer", "bureau-officer", "agency-reviewer"):
            with pytest.raises(LoginRefused):
                logins.begin(account, f"{account}-secret")
        logins.give_password("unit-filer", "another-secret", initial=True)
        assert logins.begin("unit-filer", "another-secret")
    # And signing goes on where it was.
    receive = ("review", "receive", CASE, "--on", "2025-01-07")
    done(there.says("--as", "unit-filer", *receive))
    done(there.says("checkpoint", "sign", "-o", str(tmp_path / "next")))
    held = ("--checkpoint", str(there.folder / "published" / "checkpoint"))
    newer = ("--checkpoint", str(tmp_path / "next"))
    done(there.says("verify", "--vkey", house.vkey, *held, *newer))


@pytest.mark.parametrize("state", ["lost", "restored as well", "left in its place"])
def test_a_backup_that_is_older_than_what_was_published_is_never_signed(
    machine: Machine, house: House, database: Databases | None, tmp_path: Path, state: str
) -> None:
    WebStore(machine.logins).close()
    done(machine.run("backup"))
    old = machine.ledger.file(".key.state").read_bytes()
    receive = ("review", "receive", CASE, "--on", "2025-01-07")
    done(machine.says("--as", "unit-filer", *receive))
    done(machine.says("checkpoint", "sign"))
    published(machine, house.vkey)
    present = machine.ledger.file(".key.state").read_bytes()
    there = gone(machine, tmp_path / "elsewhere", database)
    if state != "lost":
        there.ledger.file(".key.state").write_bytes(present if state.startswith("left") else old)
        there.ledger.file(".key.state").chmod(0o600)

    said = there.run("restore")

    assert said.code == 3
    assert there.says("checkpoint", "sign").code != 0
    other = ("account", "open", "other", "--organisation", "o", "--role", "auditor")
    done(there.says("--as", "administrator", *other))  # so that it is as long as what was lost
    for _ in range(4):
        refused = there.says("checkpoint", "sign")
        assert refused.code != 0
        assert refused.out == ""
        done(there.says("--as", "administrator", "account", "open", f"more{_}", *other[3:]))


def test_a_key_that_was_retired_does_not_return_with_an_old_copy_of_its_file(
    machine: Machine,
) -> None:
    old = machine.ledger.key.read_bytes()
    done(machine.says("key", "rotate"))
    during = machine.ledger.key.read_bytes()
    done(machine.says("checkpoint", "sign"))
    done(machine.says("key", "retire"))
    receive = ("review", "receive", CASE, "--on", "2025-01-07")
    done(machine.says("--as", "unit-filer", *receive))
    done(machine.says("checkpoint", "sign"))
    now = machine.ledger.key.read_bytes()

    for back in (old, during):
        machine.ledger.key.write_bytes(back)
        said = machine.says("checkpoint", "sign")
        assert said.code == 2
        assert "retired" in said.err
    machine.ledger.key.write_bytes(now)
    done(machine.says("checkpoint", "sign"))
