"""Slips of the keyboard are answered in the user's words; no word of a library or of our inside."""

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import pytest

from cli.main import program
from tests.support.places import Place
from tests.support.terminal import CASE, scoretrail

INSIDE: Final = re.compile(
    r"Traceback|msgspec|sqlite3|openpyxl|calamine|xlsxwriter|cryptography|tomllib|json\.|Errno"
    r"|command\.\w|\$\.\w|regex|\\Z|`|Decimal\(|datetime|UnicodeDecode|codec can't|Invalid decimal"
    r"|Expected |strptime|%Y|object at 0x|NoneType|None\b|ValueError|KeyError|\(at line \d+, column"
)
"""What nobody outside the program needs to know, and most cannot read."""
CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
ENGLISH: Final = re.compile(
    r"\b(the|must|not|cannot|is|was|invalid|expected|value|file)\b", re.IGNORECASE
)
WRONG: Final = (
    "8,5",
    "2024/9/2",
    "-1",
    "ff",
    "五",
    "",
    "\x07",
    "v0",
    "A b",
    "nowhere.toml",
    "1e999",
)


def commands(
    command: click.Command | None = None, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with its path."""
    here = command or program()
    if not isinstance(here, click.Group):
        yield path, here
        return
    context = click.Context(here)
    for name in here.list_commands(context):
        child = here.get_command(context, name)
        assert child
        yield from commands(child, (*path, name))


def filled(command: click.Command, wrong: str, slot: click.Parameter) -> list[str]:
    """Words for a command that are fine, as far as one can say of all, but for one of them."""
    words: list[str] = []
    behind: list[str] = []
    for parameter in command.params:
        value = wrong if parameter is slot else plausible(parameter)
        if isinstance(parameter, click.Argument):
            if parameter.required or parameter is slot:
                behind.append(value)
        elif isinstance(parameter, click.Option) and not parameter.is_flag:
            name = parameter.opts[-1]
            given = f"{name}={value}" if name.startswith("--") else f"{name}{value}"
            words += [given] if parameter.required or parameter is slot else []
    return [*words, "--", *behind]


def plausible(parameter: click.Parameter) -> str:
    if parameter.name == "case_id":
        return CASE
    if isinstance(parameter.type, click.Choice):
        return str(parameter.type.choices[0])
    return {"integer": "2023", "date": "2024-01-02", "Decimal": "1.00", "VERSION": "v1"}.get(
        parameter.type.name, "output-goals"
    )


THIRD: Final = 3
SLOTS: Final = [
    pytest.param(path, name, number % THIRD, id=f"{' '.join(path)} {name}")
    for number, (path, name) in enumerate(
        (path, parameter.name)
        for path, command in commands()
        for parameter in command.params
        # Of those two tests/web/test_service.py: they serve until they are ended.
        if path not in {("demo",), ("web",)}
        and not (isinstance(parameter, click.Option) and parameter.is_flag)
        and parameter.name != "help"
    )
]


def check(err: str, lang: str, given: str) -> None:
    """What was said has no library in it, and is in one language."""
    said = "\n".join(line for line in err.splitlines() if given not in line or len(given) > 3)
    assert not INSIDE.search(said), err
    first = next(iter(err.splitlines()), "")
    if lang == "zh":
        assert CHINESE.search(first), err


@pytest.mark.slow
@pytest.mark.sqlite_only("what is said of words is said before a database is asked")
@pytest.mark.parametrize(("path", "name", "turn"), SLOTS)
def test_every_option_with_every_slip(  # noqa: PLR0913, PLR0917 - a cell of the table, and where
    path: tuple[str, ...],
    name: str,
    turn: int,
    submitted: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    command = next(command for each, command in commands() if each == path)
    slot = next(parameter for parameter in command.params if parameter.name == name)
    # Options of one kind are read by one function, so together they meet every slip.
    for number, wrong in enumerate(WRONG[turn::THIRD]):
        lang = ("zh", "en")[(number + turn) % 2]
        words = ("--as", "agency-reviewer", *path, *filled(command, wrong, slot))
        said = scoretrail(submitted, *words, lang=lang)
        if said.code not in {0, 3}:
            assert said.err
            check(said.err, lang, wrong)


GLOBAL: Final = [
    ("--dated", "2024/9/2"),
    ("--confirm-date", "9月2日"),
    ("--lang", "fr"),
    ("--ledger", "/"),
    ("--ledger", "mysql://x"),
    ("--ledger", "postgresql://nobody@127.0.0.1:1/x"),
    ("--key", "nowhere"),
    ("--key-command", "no-such-program"),
    ("--key-command", "'"),
]


@pytest.mark.parametrize("words", GLOBAL, ids=" ".join)
@pytest.mark.sqlite_only("each names a ledger of its own, or none")
def test_every_global_option_with_a_slip(words: tuple[str, str], submitted: Place) -> None:
    for lang in ("zh", "en"):
        said = scoretrail(submitted, *words, "--as", "x", "checkpoint", "sign", lang=lang)
        assert said.code
        if words[0] != "--lang":
            check(said.err, lang, words[1])


def broken(folder: Path) -> Iterator[Path]:
    """Files that are not what their names say, each in its own way."""
    for suffix in (
        "toml",
        "jsonl",
        "xlsx",
        "docx",
        "ods",
        "xls",
        "csv",
        "zip",
        "json",
        "key",
        "proof",
        "pem",
    ):
        for kind, content in {
            "empty": b"",
            "bytes": b"\x00\xff\xfe\x80",
            "text": "不是这种文件\n= [".encode(),
            "brackets": b"[[command]]\n[",
            "object": json.dumps({"a": 1}).encode() + b"\n",
            "deep": b"[" * 5000,
        }.items():
            path = folder / f"{kind}.{suffix}"
            path.write_bytes(content)
            yield path
        path = folder / f"zip.{suffix}"
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("x.xml", "<x")
        yield path
        folder_of_name = folder / f"folder.{suffix}"
        folder_of_name.mkdir()
        yield folder_of_name


DOORS: Final = (
    ("apply", "{file}"),
    ("apply", "{file}", "--check"),
    ("rubric", "check", "{file}"),
    ("--as", "administrator", "rubric", "publish", "{file}"),
    ("import", "{file}"),
    ("import-table", CASE, "{file}"),
    ("import-table", CASE, "{file}", "--mapping", "{file}"),
    ("verify", "--checkpoint", "{file}", "--vkey", "{file}"),
    ("verify", "--policy", "{file}"),
    ("verify", "--tsa-ca", "{file}"),
    ("dossier", "verify", "{file}", "--vkey", "{file}"),
    ("receipt", "verify", "{file}", "{file}", "--vkey", "{file}"),
    ("checkpoint", "verify", "{file}", "--vkey", "{file}"),
    ("checkpoint", "keep", "{file}", "--witness", "{file}"),
    ("checkpoint", "resume", "{file}"),
    ("checkpoint", "witness-key", "{file}"),
    ("--key", "{file}", "key", "show"),
    ("--ledger", "{file}", "score", CASE),
)


@pytest.mark.slow
@pytest.mark.sqlite_only("files are read before a database is asked")
@pytest.mark.parametrize("door", DOORS, ids=" ".join)
def test_every_file_that_is_broken(door: tuple[str, ...], submitted: Place, tmp_path: Path) -> None:
    for number, file in enumerate(broken(tmp_path)):
        lang = ("zh", "en")[number % 2]
        said = scoretrail(submitted, *(word.format(file=file) for word in door), lang=lang)
        assert said.code, (file, said.out)
        check(said.err or said.out, lang, str(file))


def test_a_slip_is_answered_with_the_right_form(submitted: Place) -> None:
    act = ("--as", "agency-reviewer", "review", "adjust", CASE, "e-contracts")
    for words, right in (
        ((*act, "8,5"), "8.5"),
        ((*act, "1,234.5"), "1234.5"),
        ((*act, "８分"), "8"),
        (("--dated", "2024/9/2", *act, "1"), "2024-09-02"),
        (("--dated", "2024年9月2日", *act, "1"), "2024-09-02"),
        (("--dated", "20240902", *act, "1"), "2024-09-02"),
        (("--as", "x", "review", "adjust", CASE, "E_Contracts", "1"), "e-contracts"),
        (("receipt", "issue", CASE, "--version", "8.8", "-o", "x"), "v57"),
        ((*act, "-1"), "--"),
        (("portfolio", "scores", "--year", "24"), "1949"),
    ):
        for lang in ("zh", "en"):
            said = scoretrail(submitted, *words, lang=lang)
            assert said.code == 2
            assert right in said.err.splitlines()[0], said.err


def test_an_option_of_the_program_behind_a_command_is_told_where_it_belongs(
    submitted: Place,
) -> None:
    for option in ("--as", "--dated", "--ledger", "--lang"):
        for lang, mark in (("zh", "命令名之前"), ("en", "before the name of the command")):
            said = scoretrail(submitted, "log", CASE, option, "x", lang=lang)
            assert said.code == 2
            assert f"{option}" in said.err.splitlines()[0]
            assert mark in said.err.splitlines()[0]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("scor", CASE), "score"),
        (("review", "adjst"), "adjust"),
        (("score", CASE, "--jsn"), "--json"),
        (("score", "zhanjiang-amr-203"), CASE),
        (("export", "zhanjiang-amr-203"), CASE),
        (("receipt", "issue", "zhanjiang-amr-203", "-o", "x"), CASE),
        (("explain", CASE, "e-contract"), "e-contracts"),
        (("--as", "agency-revewer", "review", "confirm", CASE, "e-contracts"), "agency-reviewer"),
        (("--as", "agency-reviewer", "review", "confirm", CASE, "e-contract"), "e-contracts"),
        (("--as", "agency-reviewer", "review", "confirm", "zhanjiang-amr-223", "x"), CASE),
        (("log", CASE, "--type", "FigureSubmited"), "FigureSubmitted"),
        (("log", CASE, "--by", "agency-revewer"), "agency-reviewer"),
        (("score", CASE, "--at", "Slef"), "self"),
        (("explain", CASE, "预算编制约束性"), "budget-constraint"),
        (("log", CASE, "--indicator", "预算编制约束性"), "budget-constraint"),
        (("rubric", "show", "zhanjiang-department-2023"), "zhanjiang-departments-2023"),
        (
            ("--as", "unit-filer", "submit", "score", CASE, "e-contracts", "0",
             "--cite", "self-reprt=x"),
            "self-report",
        ),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_answered_with_what_was_meant(
    words: tuple[str, ...], meant: str, submitted: Place
) -> None:
    for lang, mark in (("zh", "是否应为"), ("en", "Did you mean")):
        said = scoretrail(submitted, *words, lang=lang)
        assert said.code in {1, 2}
        told = next(line for line in said.err.splitlines() if mark in line)
        assert f"'{meant}'" in told or f"“{meant}”" in told


def test_a_case_is_shown_in_the_language_spoken(submitted: Place) -> None:
    zh, en = (scoretrail(submitted, "case", "show", CASE, lang=lang).out for lang in ("zh", "en"))
    assert not re.search(r"^\w*[a-z]\w*[:：]", zh, re.MULTILINE)
    assert "阶段：核查" in zh
    assert "Stage: " in en
