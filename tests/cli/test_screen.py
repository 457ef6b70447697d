"""No text of one party decides what another party sees, and no secret stands in a message."""

import json
import logging
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from cli.verbose import log_to_stderr
from ledger.log.note import SigningKey
from ledger.redacted import redacted
from ledger.visible import in_json, shows_something, visible
from tests.support.places import Place
from tests.support.terminal import CASE, ROOT, done, scoretrail

HOSTILE: Final = "不服\x1b[3A\x1b[70G满分\x1b[K \u202e倒\u202c \x9b31m \x07\u200b\u2066\rX\u2028"
HIDDEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f]")
INDICATOR: Final = "e-contracts"


@pytest.fixture
def attacked(submitted: Place) -> Place:
    """A ledger in which the unit and the agency wrote such texts wherever they may write any."""
    words = ("--as", "agency-reviewer", "review")
    done(
        scoretrail(
            submitted, *words, "adjust", CASE, INDICATOR, "0.10", "--justification", HOSTILE,
            "--ground", HOSTILE, "--clause", HOSTILE,
        )
    )  # fmt: skip
    finding = ("finding", CASE, "odd", "--title", HOSTILE, "--statement", HOSTILE)
    done(scoretrail(submitted, *words, *finding))
    return submitted


VIEWS: Final = (
    ("log", CASE), ("log", CASE, "--indicator", INDICATOR), ("explain", CASE, INDICATOR),
    ("replay", CASE), ("score", CASE), ("bridge", CASE), ("check", CASE), ("case", "show", CASE),
    ("case", "list"), ("portfolio", "scores"), ("portfolio", "adjustments"), ("portfolio", "work"),
    ("portfolio", "adjustments", "--csv"), ("account", "list"), ("evidence", "list", CASE),
    ("verify",),
)  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_view_lets_a_text_move_the_cursor(attacked: Place, lang: str) -> None:
    shown = ""
    for view in VIEWS:
        said = scoretrail(attacked, *view, lang=lang)
        text = said.out.removeprefix("\ufeff").replace("\r\n", "\n") + said.err
        assert not HIDDEN.search(text), (view, HIDDEN.findall(text))
        shown += text

    assert "<U+001B>" in shown
    assert "<U+202E>" in shown


@pytest.mark.parametrize("view", [("log", CASE), ("explain", CASE, INDICATOR), ("replay", CASE)])
def test_json_shows_the_same_text_and_loses_nothing(attacked: Place, view: tuple[str, ...]) -> None:
    said = done(scoretrail(attacked, *view, "--json"))

    assert not HIDDEN.search(said.out)
    assert HOSTILE in _strings(json.loads(said.out))


def _strings(value: object) -> set[str]:
    if isinstance(value, dict):
        return {text for each in value.values() for text in _strings(each)}
    if isinstance(value, list):
        return {text for each in value for text in _strings(each)}
    return {value} if isinstance(value, str) else set()


FORGED: Final = "总分 60.00 → 100.00"
OF_THE_PROGRAM: Final = re.compile(r"\A {0,6}(?! )")
"""How far the program indents a line of its own. Where a value is folded, its lines stand further
to the right, below each other and beside their label."""


@pytest.mark.parametrize("view", VIEWS)
def test_no_text_can_pass_for_a_line_of_the_program(
    submitted: Place, view: tuple[str, ...]
) -> None:
    reason = f"重新核对\n{FORGED}\r\n{FORGED}"
    words = ("--as", "agency-reviewer", "review")
    adjusted = ("adjust", CASE, INDICATOR, "0.10", "--justification", reason, "--ground", reason)
    done(scoretrail(submitted, *words, *adjusted, "--clause", reason))
    finding = ("finding", CASE, "odd", "--title", reason, "--statement", reason)
    done(scoretrail(submitted, *words, *finding))

    said = scoretrail(submitted, *view)

    lines = (said.out + said.err).splitlines()
    if "--csv" not in view:  # where quotes say what is one cell
        assert not [line for line in lines if OF_THE_PROGRAM.sub("", line).startswith(FORGED)]


def test_a_line_break_in_an_error_is_marked(submitted: Place) -> None:
    said = scoretrail(submitted, "score", f"x\n{FORGED}")

    assert f"\n| {FORGED}" in said.err


@pytest.mark.parametrize(
    "words",
    [
        ("score", f"x{HOSTILE}"),
        ("rubric", "check", f"/nowhere/{HOSTILE.replace('/', '')}"),
        ("--as", f"x{HOSTILE}", "review", "confirm", CASE, INDICATOR),
        ("review", "adjust", CASE, INDICATOR, HOSTILE),
        (f"no-such-command{HOSTILE}",),
        ("score", CASE, f"--{HOSTILE}"),
        ("--dated", HOSTILE, "score", CASE),
        ("verify", "--checkpoint", HOSTILE),
        ("import", HOSTILE),
    ],
    ids=lambda words: words[0][:8],
)
def test_no_error_echoes_what_would_move_the_cursor(
    submitted: Place, words: tuple[str, ...]
) -> None:
    said = scoretrail(submitted, *words)

    assert said.code in {1, 2}
    assert not HIDDEN.search(said.err), HIDDEN.findall(said.err)


def test_an_ordinary_line_end_of_windows_is_a_line_end() -> None:
    assert visible("第一行\r\n第二行") == "第一行\n第二行"
    assert visible("7.50\r10.00") == "7.50<U+000D>10.00"


def test_ordinary_text_stays_as_it_is() -> None:
    for text in ("评价结果：93.89 分", "naïve café", "葛\U000e0100飾区", "表\t格\n行", "👍"):
        assert visible(text) == text
        assert in_json(json.dumps(text, ensure_ascii=False)) == json.dumps(text, ensure_ascii=False)
        assert shows_something(text)


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\u200b\u200b", "\u00ad", "\u202e", "\u0301",
                                  "\ufeff", "\u3164", "\u2800", "\x00", "\u2028\n\t"])  # fmt: skip
def test_a_text_of_nothing_visible_shows_nothing(text: str) -> None:
    assert not shows_something(text)


# Secrets -----------------------------------------------------------------------------------------

URL: Final = "postgresql://clerk:p%40ss@w0rd@db.example/ledger"


def test_a_secret_is_taken_out_of_any_message() -> None:
    secret = SigningKey("log.example/1", bytes(range(32))).text()
    for text in (secret, f"“{secret}” 不是公钥", f"x{secret}\ny", URL, f"({URL})"):
        clean = redacted(text)
        assert secret not in clean
        assert secret.split("+", 4)[4] not in clean
        assert "w0rd" not in clean
        assert "p%40ss" not in clean
    assert redacted("password=s3cret host=db") == "password=*** host=db"
    assert redacted("口令 token: abc, 其余") == "口令 token: ***, 其余"


@pytest.mark.parametrize(
    "door",
    [
        ("verify", "--vkey", "{key}"),
        ("checkpoint", "verify", "{file}", "--vkey", "{key}"),
        ("receipt", "verify", "{file}", "{file}", "--vkey", "{key}"),
        ("dossier", "verify", "{file}", "--vkey", "{key}"),
        ("verify", "--vkey", "{secret}"),
        ("verify", "--policy", "{key}"),
        ("checkpoint", "witness-key", "{file}"),
        ("--key", "{secret}", "key", "show"),
        ("score", "{secret}"),
        ("--key-command", "echo {secret}x", "key", "show"),
        ("--key-command", "echo {secret} {secret}", "checkpoint", "sign"),
        ("{secret}",),
        ("apply", "{key}"),
        ("rubric", "check", "{key}"),
        ("import", "{key}"),
    ],
    ids=" ".join,
)
def test_a_private_key_in_the_wrong_place_is_never_printed(
    submitted: Place, tmp_path: Path, door: tuple[str, ...]
) -> None:
    key, file = tmp_path / "log.key", tmp_path / "file"
    done(scoretrail(submitted, "--key", str(key), "key", "generate", "log.example/1"))
    secret = key.read_text().strip()
    file.write_text(f"{secret}\n")
    words = [word.format(key=key, file=file, secret=secret) for word in door]

    for extra in ((), ("--verbose",)):
        said = scoretrail(submitted, *extra, *words)
        printed = said.out + said.err
        assert secret.split("+", 4)[4] not in printed, (door, said)


@pytest.mark.parametrize(
    "url",
    ["postgresql://clerk:p%40ss-w0rd@127.0.0.1:1/ledger", "postgresql://clerk:p@ss-w0rd@nowhere:x/l",
     "postgresql://clerk@127.0.0.1:1/ledger?password=p%40ss-w0rd", "mysql://clerk:ss-w0rd@db/l"],
)  # fmt: skip
def test_a_password_of_an_address_is_never_printed(url: str) -> None:
    for extra in ((), ("--verbose",)):
        said = scoretrail(url, *extra, "score", CASE)
        assert said.code
        assert "w0rd" not in said.out + said.err, said


def test_an_operator_reads_no_secret_and_no_control_character(
    capsys: pytest.CaptureFixture[str],
) -> None:
    secret = SigningKey("log.example/1", bytes(range(32))).text()
    log_to_stderr(verbose=True)
    try:
        logging.getLogger("ledger").info("opening %s with %s%s", URL, secret, HOSTILE)
    finally:
        log_to_stderr(verbose=False)

    logged = capsys.readouterr().err
    assert "opening" in logged
    assert "w0rd" not in logged
    assert secret not in logged
    assert not HIDDEN.search(logged)


def test_control_c_while_it_is_being_loaded_ends_without_a_traceback() -> None:
    """The handler stands before the first slow import; a signal at that moment is answered."""
    script = (
        "import cli.start, os, signal, sys\n"
        "class Slow:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'cli.main': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Slow())\n"
        "cli.start.main()\n"
    )
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 128 + signal.SIGINT
    assert "Traceback" not in ended.stderr
