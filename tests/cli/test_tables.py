"""What people see: columns that align with Chinese in them, as wide as can be, in one language."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator

import pytest
from rich.cells import cell_len

from tests.support.places import Place
from tests.support.terminal import CASE, EXAMPLES, ROOT, SELF, done, entries, record, scoretrail

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sqlite_only("widths and words, in which the database has no part"),
]

TABLES = {
    "score": ("score", CASE),
    "score at self": ("score", CASE, "--at", "self"),
    "bridge": ("bridge", CASE),
    "bridge from the table": ("bridge", CASE, "--baseline", "review-table"),
    "explain": ("explain", CASE, "output-goals"),
    "explain a range": ("explain", CASE, "asset-utilisation"),
    "check": ("check", CASE),
    "case list": ("case", "list"),
    "rubric list": ("rubric", "list"),
    "rubric show": ("rubric", "show", str(EXAMPLES / "rubric.toml")),
    "evidence list": ("evidence", "list", CASE),
}
LINES = {
    "log": ("log", CASE),  # wider than a pipe here, so that each row is a block
    "case show": ("case", "show", CASE),
    "account list": ("account", "list"),
    "replay": ("replay", CASE),
    "verify": ("verify",),
    "apply": ("apply", "-v", str(SELF)),
    "check a file": ("apply", "--check", str(SELF)),
}
JOINED = {"check", "log", "explain", "explain a range", "replay"}
"""Those that join words of the data by Chinese punctuation, as the words before it ask for."""
PIPE = 140
RULE = re.compile(r"^ ?─+ ?$")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")


def tables(out: str) -> Iterator[list[str]]:
    """The lines of each table, from its heading to the blank line below."""
    lines = out.splitlines()
    for at, line in enumerate(lines):
        if RULE.match(line):
            end = next(n for n in range(at, len(lines)) if not lines[n].strip())
            yield lines[at - 1 : end]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", TABLES)
def test_every_line_of_a_table_is_as_wide_as_the_others(
    name: str, lang: str, issued: Place
) -> None:
    said = done(scoretrail(issued, *TABLES[name], lang=lang))
    found = list(tables(said.out))
    assert found
    for table in found:
        assert len({cell_len(line) for line in table}) == 1, table[:3]
        assert len(table) > 2
    widths = {cell_len(line) for table in found for line in table}
    assert max(widths) <= PIPE or name.startswith("explain")
    assert "\x1b" not in said.out


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("point", "numbers"), [("self", 2), ("final", 2)])
def test_the_numbers_of_the_score_sheet_end_where_their_headings_end(
    point: str, numbers: int, lang: str, issued: Place
) -> None:
    said = done(scoretrail(issued, "score", CASE, "--at", point, lang=lang))
    heading, _, *rows = next(tables(said.out))
    columns = {"zh": ("分值", "自评得分"), "en": ("Weight", "Claimed")}[lang]
    ends = [cell_len(heading[: heading.index(column) + len(column)]) for column in columns]
    assert len(rows) == 28
    for row in rows:
        found = list(re.finditer(r"(?<![\d.–])\d+\.\d\d(?=\s)", row))[:numbers]
        assert [cell_len(row[: number.end()]) for number in found] == ends, row


def test_the_steps_of_the_bridge_stand_under_their_headings(issued: Place) -> None:
    heading, _, *rows = next(tables(done(scoretrail(issued, "bridge", CASE)).out))
    end = cell_len(heading[: heading.index("增减") + 2])
    deltas = [
        (delta.group(), cell_len(row[: delta.end()]))
        for row in rows
        for delta in re.finditer(r"(?<=\s)[+-]\d+\.\d\d(?=\s+(?:v\d|以上))", row)
    ]
    assert [delta for delta, _ in deltas] == [
        "-4.00", "-1.00", "-1.00", "-1.50", "+0.50", "+0.39", "-1.00", "+1.50",
    ]  # fmt: skip
    assert {at for _, at in deltas} == {end}


def words_of(data: object) -> Iterator[str]:
    match data:
        case dict():
            for value in data.values():
                yield from words_of(value)
        case list():
            for value in data:
                yield from words_of(value)
        case str():
            yield data


@pytest.mark.parametrize("name", [*TABLES, *LINES])
def test_in_english_all_chinese_is_of_the_data(name: str, issued: Place) -> None:
    said = done(scoretrail(issued, *{**TABLES, **LINES}[name], lang="en"))
    streams = sorted({row[1] for row in record(issued)})
    data = "\n".join(
        word for stream in streams for entry in entries(issued, stream) for word in words_of(entry)
    )
    shown = said.out + said.err
    if name in JOINED:
        shown = re.sub(r"[\u3000-\u303f\uff00-\uffef]", " ", shown)
    assert [found for found in CHINESE.findall(shown) if found not in data] == []


@pytest.mark.parametrize("name", [*TABLES, *LINES])
def test_in_chinese_it_is_in_chinese(name: str, issued: Place) -> None:
    words = {**TABLES, **LINES}[name]
    zh, en = (done(scoretrail(issued, *words, lang=lang)).out for lang in ("zh", "en"))
    assert CHINESE.search(zh)
    assert zh != en or name == "case show"  # its keys are those of the JSON


def on_a_terminal(columns: int, *words: str, ledger: Place) -> str:
    """What a terminal of that many columns shows."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    environment = {name: to for name, to in os.environ.items() if name not in {"COLUMNS", "LINES"}}
    with subprocess.Popen(  # noqa: S603 - our own program
        [
            sys.executable,
            "-c",
            "from cli.main import main; main()",
            "--ledger",
            str(ledger),
            *words,
        ],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**environment, "PYTHONPATH": str(ROOT), "TERM": "xterm", "LANG": "zh_CN.UTF-8"},
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:  # how Linux says that the other end is closed
            pass
    os.close(ours)
    assert process.returncode == 0, shown.decode()
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode()).replace("\r", "")


@pytest.mark.parametrize("columns", [120, 200])
def test_on_a_terminal_a_table_is_as_wide_as_that(columns: int, issued: Place) -> None:
    shown = on_a_terminal(columns, "bridge", CASE, ledger=issued)
    (table,) = tables(shown)
    assert len({cell_len(line) for line in table}) == 1
    assert cell_len(table[0]) <= columns
    assert "".join(table).count("-4.00") == 1


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_on_a_narrow_terminal_each_step_is_a_block(columns: int, issued: Place) -> None:
    shown = on_a_terminal(columns, "bridge", CASE, ledger=issued)
    assert not list(tables(shown))
    said = shown.partition("已核验")[0]  # what is on stderr the terminal breaks
    assert max(cell_len(line) for line in said.splitlines()) <= columns
    labels = [line.partition("：") for line in shown.splitlines() if line.startswith("增减：")]
    assert [value.strip() for _, _, value in labels] == [
        "-4.00", "-1.00", "-1.00", "-1.50", "+0.50", "+0.39", "-1.00", "+1.50",
    ]  # fmt: skip


def test_a_reader_who_has_seen_enough_is_no_error(issued: Place) -> None:
    with subprocess.Popen(  # noqa: S603 - our own program
        [
            *(sys.executable, "-c", "from cli.main import main; main()"),
            *("--ledger", str(issued), "log", CASE, "--json"),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == b"{\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_an_output_that_cannot_hold_chinese_is_said_to_be_that(issued: Place) -> None:
    said = subprocess.run(  # noqa: S603 - our own program
        [
            *(sys.executable, "-c", "from cli.main import main; main()"),
            *("--ledger", str(issued), "--lang", "en", "score", CASE),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )
    assert said.returncode == 2
    assert b"PYTHONIOENCODING=utf-8" in said.stderr


def test_a_number_is_never_cut_however_narrow_the_terminal(issued: Place) -> None:
    shown = on_a_terminal(40, "score", CASE, ledger=issued)
    for number in ("10.75", "11.82～18.36", "16.00", "0.39", "0.00～10.00", "101.50"):
        assert number in shown
