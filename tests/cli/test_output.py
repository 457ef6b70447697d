"""An exit code says what was done, whatever became of the output: as processes, with real pipes."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.places import Place
from tests.support.terminal import CASE, record

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-c", "from cli.main import main; main()")
ACT = (
    *("--as", "bureau-officer", "--dated", "2025-01-06"),
    *("review", "publish", CASE, "--place", "门户网站"),
)
READS = (("score", CASE), ("log", CASE, "--json"), ("export", CASE))

pytest_plugins = ["tests.support.reference_ledger"]


@contextmanager
def closed_pipe() -> Iterator[int]:
    """A pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@contextmanager
def full_disk() -> Iterator[int]:
    number = os.open("/dev/full", os.O_WRONLY)
    yield number
    os.close(number)


def code_of(ledger: Place, *words: str, output: int, **environment: str) -> int:
    done = subprocess.run(  # noqa: S603 - our own program
        [*PROGRAM, *ledger.words, *words],
        env={**os.environ, **ledger.environment, "PYTHONPATH": str(ROOT), **environment},
        stdout=output,
        stderr=subprocess.PIPE,
        check=False,
        timeout=120,
    )
    assert b"Traceback" not in done.stderr
    return done.returncode


def test_an_act_ends_with_0_when_nobody_reads_what_it_says(issued: Place) -> None:
    before = len(record(issued))
    with closed_pipe() as output:
        assert code_of(issued, *ACT, output=output) == 0
    assert len(record(issued)) == before + 1


def test_an_act_ends_with_0_when_the_disk_is_full_that_its_words_go_to(issued: Place) -> None:
    before = len(record(issued))
    with full_disk() as output:
        assert code_of(issued, *ACT, output=output) == 0
    assert len(record(issued)) == before + 1


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_an_act_ends_with_0_on_a_terminal_without_chinese(issued: Place, encoding: str) -> None:
    before = len(record(issued))
    with Path(os.devnull).open("wb") as output:
        words = ("--lang", "zh", *ACT)
        code = code_of(issued, *words, output=output.fileno(), PYTHONIOENCODING=encoding)
    assert (code, len(record(issued))) == (0, before + 1)


def test_an_act_that_a_rule_forbids_stays_1(issued: Place) -> None:
    with closed_pipe() as output:
        assert code_of(issued, "--as", "auditor", *ACT[2:], output=output) == 1


@pytest.mark.parametrize("words", READS, ids=lambda one: one[0])
def test_a_reader_that_has_seen_enough_is_no_failure(issued: Place, words: tuple[str, ...]) -> None:
    with closed_pipe() as output:
        assert code_of(issued, *words, output=output) == 0


@pytest.mark.parametrize("words", READS, ids=lambda one: one[0])
def test_a_question_whose_answer_was_lost_has_failed(issued: Place, words: tuple[str, ...]) -> None:
    with full_disk() as output:
        assert code_of(issued, *words, output=output) == 2


@pytest.mark.sqlite_only("what is broken is broken by SQL of the file")
def test_a_broken_ledger_is_3_whoever_reads_it(issued: Place) -> None:
    with sqlite3.connect(issued.target) as connection:
        connection.execute("drop trigger leaves_refuse_update")
        connection.execute("update leaves set hash = zeroblob(32) where position = 30")
    for way in (closed_pipe, full_disk):
        with way() as output:
            assert code_of(issued, "verify", output=output) == 3


@pytest.mark.sqlite_only("a file takes the first number that is free")
def test_a_closed_stdout_is_not_taken_for_the_ledger(issued: Place) -> None:
    """What is opened next would get its number, and the words of the act would go into it."""
    words = [*PROGRAM, *issued.words, *ACT]
    before = len(record(issued))
    shell = subprocess.run(  # noqa: S603 - our own program
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        check=False,
    )
    assert (shell.returncode, len(record(issued))) == (0, before + 1)
