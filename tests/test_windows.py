"""The program where only what Windows has is there: no `fcntl`, no open folders, no table of zones.

What can be shown on another system is shown by `tests/support/as_on_windows`; the types of Windows
are checked by `make types`.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from threading import Thread
from typing import Final
from urllib.request import urlopen

import pytest

from tests.support.terminal import CASE, EXAMPLES, ROOT

pytestmark = pytest.mark.slow

AS_ON_WINDOWS: Final = ROOT / "tests" / "support" / "as_on_windows"
CORE: Final = (
    *(f"cli/test_{name}.py" for name in ("applying", "contract", "document", "evidence_files")),
    *(f"cli/test_{name}.py" for name in ("export_and_import", "form", "import_table", "seen")),
    *(f"cli/test_{name}.py" for name in ("demo", "portfolio", "rubric_command", "whole_life")),
    *("application", "ledger/test_dump.py", "ledger/log/test_publish.py", "intake"),
)
"""What people do: the rest of the suite is about what the program is made of, or about POSIX."""
OF_POSIX: Final = ("application/test_embedding.py",)
"""It starts a program of its own, in an environment without this folder."""

WAITED: Final = "test_nothing_but_a_file_of_its_own_is_waited_for_or_taken_for_it"
OF_KEYS: Final = (
    "test_a_key_that_others_can_read_does_not_sign",
    "test_what_a_key_command_signs_is_accepted_as_well",
)
"""No mode says there who can read a file, and a command line is quoted otherwise."""

NO_FILES: Final = ("a_pipe", "an_endless_device", "a_link_to_the_same_bytes_elsewhere")
"""What lies in a folder of evidence and is no file of its own: an account there makes none."""


def environment(**more: str) -> dict[str, str]:
    """The surroundings of a process that takes itself to be on Windows."""
    return {**os.environ, "PYTHONPATH": str(AS_ON_WINDOWS), "PYTHONTZPATH": "", **more}


def python(script: str, *words: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    """Run a script there."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", script, *words],
        cwd=cwd,
        env=environment(**more),
        capture_output=True,
        check=False,
        timeout=120,
    )


RUN: Final = "from cli.main import main; main()"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder; many files of a core that ran are not kept for looking at."""
    yield tmp_path
    rmtree(tmp_path, ignore_errors=True)


def test_the_core_of_the_suite_passes(folder: Path) -> None:
    words = [
        *(sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"),
        *("--basetemp", str(folder / "t"), "-m", "not postgresql and not slow and not load"),
        *(f"--ignore=tests/{name}" for name in OF_POSIX),
        *(f"--deselect=tests/application/test_sm2.py::{name}" for name in OF_KEYS),
        *(
            f"--deselect=tests/cli/test_evidence_files.py::{WAITED}[sqlite-{kind}]"
            for kind in NO_FILES
        ),
        *(f"tests/{name}" for name in CORE),
    ]
    done = subprocess.run(  # noqa: S603 - our own suite
        words, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False, timeout=580
    )

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


def test_what_only_posix_has_is_not_there(tmp_path: Path) -> None:
    """The other tests here would pass without that."""
    hidden = "import fcntl", "import os; os.O_DIRECTORY", "import os; os.open('.', os.O_RDONLY)"
    for script in (
        *hidden,
        "import signal; signal.SIGKILL",
        "import zoneinfo; zoneinfo.ZoneInfo('Asia/Shanghai')",
    ):
        assert python(script, cwd=tmp_path).returncode == 1, script


def test_signing_and_publishing_work_with_a_lock_on_a_file(tmp_path: Path) -> None:
    for words in (
        ("--ledger", "l.db", "demo"),
        ("--ledger", "l.db", "key", "generate", "test.example/log"),
        ("--ledger", "l.db", "checkpoint", "sign", "-o", "checkpoint"),
        ("--ledger", "l.db", "publish", "published"),
        ("--ledger", "l.db", "publish", "published"),
        ("--ledger", "l.db", "export", CASE, "-o", "case.jsonl"),
    ):
        done = python(RUN, *words, cwd=tmp_path)
        assert done.returncode == 0, done.stderr.decode()
    trusted = ("--checkpoint", "published/checkpoint", "--vkey", "l.db.key.pub")
    verified = python(RUN, "--ledger", "l.db", "verify", *trusted, cwd=tmp_path)
    assert verified.returncode == 0, verified.stderr.decode()


def test_the_pages_answer(tmp_path: Path) -> None:
    for words in (("init",), ("web", "--password", "administrator")):
        done = python(RUN, "--ledger", "l.db", *words, cwd=tmp_path)
        assert done.returncode == 0, done.stderr.decode()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "web", "l.db", f"--port={port}", "--lang=en"],
        cwd=tmp_path,
        env=environment(PYTHONPATH=f"{AS_ON_WINDOWS}{os.pathsep}{ROOT}"),
        stdout=subprocess.PIPE,
        text=True,
    ) as serving:
        try:
            assert serving.stdout
            assert f"http://127.0.0.1:{port}/" in serving.stdout.readline()
            with urlopen(f"http://127.0.0.1:{port}/login", timeout=30) as answer:
                assert answer.status == 200
        finally:
            serving.terminate()


WAIT_INSIDE: Final = """
import sys
from pathlib import Path
from ledger.log.atomic_files import locked
with locked(Path(".")):
    print("inside", flush=True)
    sys.stdin.readline()
"""


def test_two_processes_in_one_folder_wait_for_each_other(tmp_path: Path) -> None:
    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", WAIT_INSIDE],
            cwd=tmp_path,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    with start() as first:
        assert first.stdout
        assert first.stdout.readline() == "inside\n"
        with start() as second:
            assert second.stdout
            heard: list[str] = []
            reader = Thread(target=lambda: heard.append(second.stdout.readline()))  # type: ignore[union-attr]  # seen above
            reader.start()
            reader.join(1.0)
            assert heard == []

            first.communicate("go on\n")
            reader.join(30)
            assert heard == ["inside\n"]
            second.communicate("go on\n")


REPLACE: Final = """
from pathlib import Path
from threading import Timer
from ledger.log.atomic_files import sync, write
old, draft = Path("file"), Path("draft")
old.write_bytes(b"old")
reader = old.open("rb")
Timer(0.5, reader.close).start()
write(old, b"new", draft=draft, mode=0o600)
sync(Path("."))
assert old.read_bytes() == b"new" and not draft.exists()
"""


def test_a_file_that_somebody_reads_is_replaced_when_it_is_closed(tmp_path: Path) -> None:
    done = python(REPLACE, cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("words", [("score", CASE), ("bridge", CASE), ("case", "show", CASE)])
def test_a_console_in_code_page_936_shows_chinese(words: tuple[str, ...], tmp_path: Path) -> None:
    made = python(RUN, "--ledger", "账本.db", "demo", cwd=tmp_path, PYTHONIOENCODING="cp936")
    assert made.returncode == 0, made.stderr.decode("cp936")
    shown = python(
        RUN,
        *("--lang", "zh", "--ledger", "账本.db", *words),
        cwd=tmp_path,
        PYTHONIOENCODING="cp936",
    )
    assert shown.returncode == 0, shown.stderr.decode("cp936")
    assert "绩效" in shown.stdout.decode("cp936")


def test_a_minus_that_a_code_page_lacks_is_a_hyphen(tmp_path: Path) -> None:
    script = "from cli.output import final, take_over; take_over(); print('−1.98'); exit(final(0))"
    done = python(script, cwd=tmp_path, PYTHONIOENCODING="cp936")
    assert (done.returncode, done.stdout) == (0, b"-1.98\n")


def test_a_batch_file_with_the_line_ends_of_windows_records_the_same(tmp_path: Path) -> None:
    """Notepad also puts a mark before the text."""
    for ends, ledger in ((b"\n", "plain.db"), (b"\r\n", "windows.db")):
        assert python(RUN, "--ledger", ledger, "init", cwd=tmp_path).returncode == 0
        content = (EXAMPLES / "1-opening.toml").read_bytes().replace(b"\n", ends)
        folder = tmp_path / ledger.removesuffix(".db")
        folder.mkdir()
        (folder / "rubric.toml").write_bytes((EXAMPLES / "rubric.toml").read_bytes())
        mark = b"\xef\xbb\xbf" if ends == b"\r\n" else b""
        (folder / "opening.toml").write_bytes(mark + content)
        done = python(RUN, "--ledger", ledger, "apply", f"{folder / 'opening.toml'}", cwd=tmp_path)
        assert done.returncode == 0, done.stderr.decode()
    plain, windows = (
        json.loads(python(RUN, "--ledger", name, "log", CASE, "--json", cwd=tmp_path).stdout)
        for name in ("plain.db", "windows.db")
    )
    assert plain["entries"][0]["type"] == "CaseOpened"
    assert [entry["type"] for entry in windows["entries"]] == [
        entry["type"] for entry in plain["entries"]
    ]
