"""The servers that tests start: killed like a machine, started again, and never left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.postgres import Server, programs

pytestmark = pytest.mark.slow

STARTING = """
import sys, time
from tests.support.postgres import Server, programs
server = Server(programs())
print(server.folder, flush=True)
if sys.argv[1] == "started":
    server.start()
    print(server.url, flush=True)
time.sleep(600)
"""


def processes_in(folder: str) -> list[int]:
    """The processes whose working folder or command line is in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
            where = str((process / "cwd").readlink())
        except OSError:
            continue
        if (folder.encode() in words and b"/bin/sh" not in words) or where.startswith(folder):
            found.append(int(process.name))
    return found


@pytest.mark.parametrize("how_far", ["made", "started"])
def test_tests_that_are_killed_leave_no_server_and_no_folder_behind(how_far: str) -> None:
    tests = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", STARTING, how_far],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert tests.stdout
    folder = tests.stdout.readline().strip()
    assert Path(folder, "data").is_dir()
    if how_far == "started":
        assert "postgresql://" in tests.stdout.readline()
        assert processes_in(folder)
    tests.send_signal(signal.SIGKILL)
    tests.communicate()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (processes_in(folder) or Path(folder).exists()):
        time.sleep(0.05)
    assert processes_in(folder) == []
    assert not Path(folder).exists()


def test_a_server_that_is_killed_can_be_started_again_at_once() -> None:
    server = Server(programs())
    try:
        for _ in range(3):
            server.start()
            serving = server.serving()
            assert serving
            server.kill()
            assert not set(serving) & set(processes_in(str(server.folder)))
    finally:
        server.stop()
    assert not server.folder.exists()
