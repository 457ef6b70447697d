"""Help in either language, quick and with examples that run."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from shutil import copy, copytree
from typing import Final

import click
import pytest

from cli.main import program
from documents.line_breaking import cell_len
from ledger.commands import COMMANDS
from ledger.store import NewEntry, Store
from tests.support.authority import Authority
from tests.support.help_pages import child, pages
from tests.support.places import Place, Places
from tests.support.postgres import is_postgres
from tests.support.terminal import CASE, ROOT, done, record, scoretrail

pytestmark = pytest.mark.slow

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def examples(lang: str) -> dict[str, str]:
    """The example of every command that has one."""
    heading = {"zh": "例：", "en": "Example:"}[lang]
    found = {}
    for path, (_, _, text) in pages(lang).items():
        _, *rest = re.split(f"\n  {heading}\n", text)
        if rest:
            found[path] = rest[0].strip()
    return found


def test_every_page_of_help_is_there_in_both_languages() -> None:
    for lang in ("zh", "en"):
        assert {code for code, _, _ in pages(lang).values()} == {0}
    assert pages("zh").keys() == pages("en").keys()
    assert len(pages("zh")) > 50


def test_english_help_has_no_chinese_but_in_its_examples() -> None:
    for path, (_, _, text) in pages("en").items():
        assert not CHINESE.search(text.partition("Example:")[0]), path


def test_chinese_help_is_in_chinese() -> None:
    for path, (_, group, text) in pages("zh").items():
        what = text.partition("\n\n")[2].partition("\n\n")[0]
        assert CHINESE.search(what), path
        if not group:
            options = text.partition("选项：\n")[2].partition("\n\n")[0]
            for option in re.findall(r"^  -.*(?:\n      .*)*", options, re.MULTILINE):
                assert CHINESE.search(option), (path, option)


def test_every_command_has_an_example_and_it_is_the_same_in_both_languages() -> None:
    commands = {path for path, (_, group, _) in pages("zh").items() if not group}
    assert examples("zh").keys() == commands
    assert examples("zh") == examples("en")


def test_every_example_is_of_the_command_that_shows_it() -> None:
    for path, line in examples("en").items():
        assert line.startswith("scoretrail ")
        assert f" {path}" in line, path


# Where each example runs: the stage of the ledger, and what else must have been done. A name stands
# for the example of that command; a line beginning with a hyphen is a line of its own; some things
# happen beside the program.
OPEN = "--as administrator account open"
OPEN_CASE = (
    "--as bureau-officer case open demo-2024 --title 2024年度整体绩效 --year 2024 --unit u"
    " --unit-name 某局 --bureau zhanjiang-finance --bureau-name 湛江市财政局"
)
WITNESS = "--key witness.key key generate witness.example/w1"
STAMP = "the authority answers"
DATA = "export --parquet data"
NEWER = "somebody writes a newer edition"
LOSS = "the signer's state is lost"
SECOND = f"{OPEN} second-officer --organisation zhanjiang-finance --role bureau"
EARLY = "--as bureau-officer --confirm-date 2014-01-01 archive retain"
KEPT = (
    "case close",
    f"{EARLY} {CASE} --term 10-years --starts 2014-01-01 --number 财档〔2014〕1号",
)
STRAY = "somebody writes past the program"
AT: dict[str, tuple[str, tuple[str, ...]]] = {
    "init": ("founded", ()),
    "migrate": ("founded", ()),
    "demo": ("founded", ()),
    "account open": ("opened", ()),
    "account grant": ("opened", ()),
    "account revoke": ("opened", ()),
    "account list": ("opened", ()),
    "account database-role": ("opened", ()),
    "web": ("opened", ()),
    "rubric publish": (
        "founded",
        (f"{OPEN} bureau-officer --organisation zhanjiang-finance --role bureau",),
    ),
    "rubric supersede": (
        "opened",
        (NEWER, "--as bureau-officer rubric publish examples/zhanjiang-2023/newer.toml"),
    ),
    "rubric list": ("opened", ()),
    "rubric show": ("founded", ()),
    "rubric check": ("opened", ()),
    "rubric diff": ("opened", ()),
    "case open": ("opened", ()),
    "case pin": ("opened", (OPEN_CASE,)),
    "case commission": ("opened", (OPEN_CASE,)),
    "case repin": ("opened", ()),
    "case next": ("issued", ()),
    "case assign": ("submitted", ()),
    "case recuse": ("submitted", ()),
    "case close": ("issued", ()),
    "case request-reopening": ("issued", ("case close",)),
    "case reopen": (
        "issued",
        (
            f"{OPEN} second-officer --organisation zhanjiang-finance --role bureau",
            "case close",
            "case request-reopening",
        ),
    ),
    "case list": ("opened", ()),
    "case show": ("opened", ()),
    "submit figure": ("opened", ()),
    "submit withdraw": ("opened", ("submit figure",)),
    "submit evidence": ("opened", ()),
    "submit score": ("opened", ()),
    "submit bonus": ("opened", ()),
    "submit self-evaluation": ("claimed", ()),
    "review return": ("submitted", ()),
    "review restate": ("submitted", ()),
    "review claim": ("submitted", ()),
    "review confirm-figure": ("submitted", ()),
    "review deliver": ("reviewed", ()),
    "source register": ("opened", ()),
    "source unit": ("opened", ()),
    "source scope": ("opened", ("source unit",)),
    "source state": ("opened", ()),
    "source sum": ("submitted", ()),
    "source disclose": ("opened", ()),
    "source list": ("issued", ()),
    "review confirm": ("submitted", ()),
    "review adjust": ("submitted", ()),
    "review amend": ("reviewed", ()),
    "review countersign": ("submitted", ("review adjust",)),
    "review countersign-all": ("submitted", ("review adjust",)),
    "review withdraw": ("submitted", ("review adjust",)),
    "review recognise": ("submitted", ()),
    "review refuse": ("submitted", ()),
    "review penalty": ("submitted", ()),
    "review exclude": ("submitted", ()),
    "review finding": ("submitted", ()),
    "review recommendation": ("submitted", ()),
    "review draft": ("reviewed", ()),
    "review issue": ("reviewed", ()),
    "review receive": ("issued", ()),
    "review correct": ("issued", ()),
    "review publish": ("issued", ()),
    "object raise": ("reviewed", ("review draft",)),
    "object answer": ("reviewed", ("review draft", "object raise")),
    "appeal lodge": ("issued", ()),
    "appeal withdraw": ("issued", ("appeal lodge",)),
    "appeal decide": ("issued", ("appeal lodge",)),
    "appeal list": ("issued", ()),
    "rectify request": ("issued", ()),
    "rectify respond": ("issued", ("rectify request",)),
    "rectify return": ("issued", ("rectify request", "rectify respond")),
    "rectify accept": ("issued", ("rectify request", "rectify respond")),
    "rectify extend": ("issued", ("rectify request",)),
    "rectify status": ("issued", ()),
    "rectify figures": ("issued", ()),
    "archive retain": ("issued", ()),
    "archive propose": ("issued", KEPT),
    "archive appraise": ("issued", (*KEPT, "archive propose")),
    "archive decide": ("issued", (SECOND, *KEPT, "archive propose", "archive appraise")),
    "archive destroy": (
        "issued",
        (SECOND, *KEPT, "archive propose", "archive appraise", "archive decide"),
    ),
    "archive list": ("issued", ()),
    "evidence list": ("issued", ()),
    "evidence read": ("issued", ()),
    "evidence erase": ("issued", ()),
    "apply": ("submitted", ()),
    "check": ("issued", ()),
    "score": ("issued", ()),
    "explain": ("issued", ()),
    "bridge": ("issued", ()),
    "log": ("issued", ()),
    "replay": ("issued", ()),
    "entry set-aside": ("founded", (STRAY,)),
    "verify": ("issued", ()),
    "form self-evaluation": ("opened", ()),
    "form review": ("submitted", ()),
    "form list": ("submitted", ()),
    "document": ("issued", ()),
    "import-table": ("submitted", ("document",)),
    "form table": ("submitted", ("document",)),
    "rubric draft": ("submitted", ("document",)),
    "account conflict": ("submitted", ()),
    "account end-conflict": ("submitted", ("account conflict",)),
    "account link": ("submitted", ()),
    "account key enroll": ("submitted", ()),
    "account key list": ("submitted", ()),
    "portfolio scores": ("issued", ()),
    "portfolio adjustments": ("issued", ()),
    "portfolio rectification": ("issued", ()),
    "portfolio work": ("submitted", ()),
    "portfolio rebuild": ("issued", ()),
    "portfolio compare": ("issued", ()),
    "search": ("issued", ()),
    "seal": ("issued", ()),
    "key generate": ("issued", ()),
    "key show": ("issued", ("key generate",)),
    "key rotate": ("issued", ("key generate",)),
    "key retire": ("issued", ("key generate", "key rotate")),
    "key add-ml-dsa": ("issued", ("key generate",)),
    "checkpoint sign": ("issued", ("key generate",)),
    "checkpoint cosign": ("issued", ("key generate", "publish", WITNESS)),
    "checkpoint witness-key": ("issued", (WITNESS,)),
    "checkpoint keep": (
        "issued",
        ("key generate", "publish", WITNESS, "checkpoint witness-key", "checkpoint cosign"),
    ),
    "checkpoint request-stamp": ("issued", ("key generate", "checkpoint sign")),
    "checkpoint keep-stamp": (
        "issued",
        ("key generate", "checkpoint sign", "checkpoint request-stamp", STAMP),
    ),
    "checkpoint resume": ("issued", ("key generate", "checkpoint sign", LOSS)),
    "year freeze": ("issued", ("key generate",)),
    "restored": ("issued", ("key generate", "checkpoint sign")),
    "checkpoint verify": ("issued", ("key generate", "checkpoint sign")),
    "checkpoint line": ("issued", ("key generate", "checkpoint sign")),
    "checkpoint compare": ("issued", ("key generate", "checkpoint sign", "checkpoint line")),
    "checkpoint ask": ("issued", ("key generate", WITNESS, "checkpoint witness-key")),
    "checkpoint witness": (
        "issued",
        ("key generate", WITNESS, "checkpoint witness-key", "checkpoint ask"),
    ),
    "calendar notice": ("opened", ()),
    "calendar list": ("opened", ()),
    "ranking record": ("issued", ()),
    "ranking prove": ("issued", ("ranking record", "key generate")),
    "ranking verify": ("issued", ("ranking record", "key generate", "ranking prove")),
    "ranking audit": ("issued", ("ranking record",)),
    "checkpoint page": ("issued", ("key generate", "checkpoint sign")),
    "receipt issue": ("issued", ("key generate",)),
    "receipt verify": ("issued", ("key generate", "receipt issue")),
    "publish": ("issued", ("key generate",)),
    "dossier export": ("issued", ("key generate",)),
    "dossier verify": ("issued", ("key generate", "dossier export")),
    "export": ("issued", ()),
    "verify-export": ("issued", ("key generate", "checkpoint sign", DATA)),
    "import": ("issued", ("export",)),
}


def answer(desk: Path) -> None:
    authority = Authority.found(desk / "authority")
    authority.stamp(desk / "checkpoint.tsq", desk / "checkpoint.tsr")
    copy(authority.ca, desk / "ca.pem")


def lose(desk: Path) -> None:
    (desk / "scoretrail.db.key.state").unlink()


def write_newer(desk: Path) -> None:
    rubric = desk / "examples" / "zhanjiang-2023" / "rubric.toml"
    newer = rubric.read_text(encoding="utf-8").replace('edition = "2024-1"', 'edition = "2024-2"')
    rubric.with_name("newer.toml").write_text(newer, encoding="utf-8")


def stray(ledger: Place) -> None:
    with Store.open(ledger.owner) as store:
        store.append([NewEntry("stray", 1, "?", b"?")])


FOR_OWNERS = {"migrate", "account database-role"}
ON_SERVERS = {"account database-role"}
"""What a ledger in a file has not."""
BESIDE = {STAMP: answer, LOSS: lose, NEWER: write_newer}
"""What happens beside the program between two lines."""
READS = {"account list", "rubric list", "rubric show", "case list", "case show", "apply", "score"}


@pytest.fixture
def desk(built: Mapping[str, Place], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as the repository's, for the files that examples name."""
    copytree(ROOT / "examples", tmp_path / "examples")
    copy(ROOT / "README.md", tmp_path)
    entry = next(row[4] for row in record(built["issued"]) if row[1:3] == (CASE, 173))
    (tmp_path / "v173.json").write_bytes(entry)
    monkeypatch.chdir(tmp_path)
    return tmp_path


NOT_BY_ITSELF = {
    "account time-zone",  # of a ledger that nobody uses yet; tests/life/test_time_zone.py
    *("account key countersign", "account key retire"),
    "account demand-signatures",  # of two administrators with keys that are countersigned
    *("signature prepare", "signature sign", "signature submit"),
    *("fleet status", "fleet verify", "fleet checkpoint"),  # tests/life/test_fleet.py
    *("fleet export", "fleet portfolio"),  # the same
    "archive write",  # of a frozen ledger; tests/life/test_archived.py
    *("year succeed", "year rubrics"),  # from a frozen ledger; tests/life/test_year_end.py
}
"""What names a key or a file of the moment; tests/life/test_signed_acts.py runs them."""


def test_it_is_known_where_every_example_runs() -> None:
    unknown = examples("zh").keys() - AT.keys() - NOT_BY_ITSELF
    assert unknown == set(), "say in AT at which stage it runs"


@pytest.mark.parametrize("path", AT)
def test_the_example_runs(
    path: str,
    built: Mapping[str, Place],
    desk: Path,
    places: Places,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage, first = AT[path]
    ledger = places.copy(built[stage], "scoretrail.db")
    if path in FOR_OWNERS:
        ledger = ledger.under(ledger.owner)
    if is_postgres(ledger.target):  # a file has the name that the program looks for
        for variable, value in ledger.environment.items():
            monkeypatch.setenv(variable, value)
    for line in (*first, path):
        if line == STRAY:
            stray(ledger)
            continue
        if line in BESIDE:
            BESIDE[line](desk)
            continue
        words = shlex.split(
            examples("zh")[line].removeprefix("scoretrail ") if line in AT else line
        )
        if "KEY" in words:
            (key,) = done(scoretrail(None, "key", "show", "--json")).json["vkeys"]
            words[words.index("KEY")] = key
        before = record(ledger)
        if line in ON_SERVERS and not is_postgres(ledger.target):
            assert scoretrail(None, *words).code == 2
        else:
            done(scoretrail(None, *words))
    if path in READS:
        assert record(ledger) == before


# Quick -------------------------------------------------------------------------------------------

PROGRAM: Final = """
import sys
from cli.main import main
try:
    main()
finally:
    sys.stderr.write(f"heavy: {sorted(HEAVY & set(sys.modules))}")
"""
DATABASES: Final = {"alembic", "eventsourcing", "sqlalchemy"}
FOR_HELP: Final = DATABASES | {"documents.whole_parts", "msgspec", "rich"}
FOR_READING: Final = DATABASES | {
    *("calendar", "cryptography", "csv", "documents.whole_parts", "json", "ledger.decide"),
    *("ledger.toml_lines", "rich", "subprocess", "tempfile", "zoneinfo"),
}
FOR_SCORES: Final = FOR_READING | {"ledger.moves"}
FOR_LOGS: Final = DATABASES | {
    *("cryptography.x509", "ledger.decide", "rich", "subprocess", "tempfile", "zoneinfo"),
}


def main_but_for(heavy: set[str]) -> str:
    """The program, which then states what of this it has imported."""
    return PROGRAM.replace("HEAVY", repr(heavy))


MAIN: Final = main_but_for(FOR_HELP)


@pytest.mark.parametrize("lang", ["zh_CN.UTF-8", "en_US.UTF-8"])
@pytest.mark.parametrize("word", ["--help", "-h", "--version"])
def test_help_and_version_import_no_database(word: str, lang: str) -> None:
    said = child(MAIN, word, LANG=lang)
    assert (said.returncode, said.stderr) == (0, "heavy: []")
    assert "scoretrail" in said.stdout


@pytest.mark.sqlite_only("what a ledger in a file can do without; a server is spoken to by them")
@pytest.mark.parametrize(
    ("heavy", "words"),
    [
        (FOR_SCORES, ("score", CASE)),
        (FOR_READING, ("log", CASE)),
        (FOR_READING, ("bridge", CASE)),
        (FOR_READING, ("explain", CASE, "asset-compliance")),
        (FOR_LOGS, ("verify", "--log")),
    ],
)
def test_reading_a_ledger_in_a_file_imports_nothing_that_only_others_need(
    built: Mapping[str, Place], heavy: set[str], words: tuple[str, ...]
) -> None:
    said = child(main_but_for(heavy), *built["issued"].words, *words)
    *_, imported = said.stderr.splitlines()
    assert (said.returncode, imported) == (0, "heavy: []")


@pytest.mark.parametrize("width", [80, 100, 140])
def test_lines_of_help_are_broken_as_elsewhere(width: int) -> None:
    """Within the screen, but for names and examples, which stay whole."""
    for lang in ("zh", "en"):
        for path, (_, _, text) in pages(lang, width).items():
            told = text.partition("\n  例：\n")[0].partition("\n  Example:\n")[0]
            for line in told.splitlines():
                is_name = re.match(r"  --?[\w-]+ \S*$| *\{\S+\}$", line)
                assert cell_len(line) <= min(width, 100) or is_name, (path, line)
                assert line.strip()[:1] not in set("，。、；：？！）》”"), (path, line)


@pytest.mark.parametrize(
    ("words", "last", "offered"),
    [
        ("scoretrail", "1", {"plain,score", "plain,verify", "plain,apply", "plain,demo"}),
        ("scoretrail ver", "1", {"plain,verify"}),
        ("scoretrail --l", "1", {"plain,--lang", "plain,--ledger"}),
        ("scoretrail --lang", "2", {"plain,zh", "plain,en"}),
        ("scoretrail --ledger x.db sc", "3", {"plain,score"}),
    ],
)
def test_completion_imports_no_database(words: str, last: str, offered: set[str]) -> None:
    said = child(
        MAIN,
        COMP_WORDS=words,
        COMP_CWORD=last,
        _SCORETRAIL_COMPLETE="bash_complete",
    )
    assert said.stderr == "heavy: []"
    assert offered <= set(said.stdout.split("\n"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_switched_on_without_a_database(shell: str) -> None:
    said = child(MAIN, _SCORETRAIL_COMPLETE=f"{shell}_source")
    assert (said.returncode, said.stderr.splitlines()[-1]) == (0, "heavy: []")
    assert "_SCORETRAIL_COMPLETE" in said.stdout


@pytest.mark.parametrize("words", [("--lang", "en"), ("--lang=en",)])
@pytest.mark.parametrize("command", [(), ("score",), ("review", "adjust")])
def test_lang_speaks_louder_than_the_locale(
    words: tuple[str, ...], command: tuple[str, ...]
) -> None:
    said = child(MAIN, *words, *command, "--help", LANG="zh_CN.UTF-8")
    assert said.returncode == 0
    assert not CHINESE.search(said.stdout.partition("Example:")[0])


@pytest.mark.parametrize("command", [(), ("case",), ("review",)])
def test_no_command_at_all_is_answered_by_the_help(command: tuple[str, ...]) -> None:
    said = child(MAIN, *command, LANG="en_US.UTF-8")
    assert said.returncode == 2
    assert said.stderr.startswith("Usage: scoretrail")


OF_KEYS = {"enrol-key", "countersign-key", "retire-key"}
OF_YEARS = {"freeze-ledger", "name-predecessor", "carry-account", "take-checkpoint"}
"""Commands of `account key`, a group within a group."""


def test_every_command_of_the_ledger_is_called_by_the_name_of_batch_files_too() -> None:
    """`review adjust-score` is `review adjust`; the help of the group shows both."""
    whole = program()
    context = click.Context(whole)
    answered: dict[str, click.Command] = {}
    for name in whole.list_commands(context):
        group = whole.get_command(context, name)
        if isinstance(group, click.Group):
            shown = group.get_help(click.Context(group, info_name=name))
            for do in COMMANDS:
                command = group.get_command(context, do)
                if command:
                    answered[do] = command
                    assert re.search(rf"(^|[ ,]){do}\b", shown, re.MULTILINE), do
    alone = {"merge-entries", "record-ranking", *OF_KEYS, *OF_YEARS}
    assert answered.keys() == COMMANDS.keys() - alone
    assert len({id(command) for command in answered.values()}) == len(answered)
