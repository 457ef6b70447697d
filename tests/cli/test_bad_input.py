"""Whatever is wrong: the right exit code, a message in either language, and nothing written."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.places import Place, Places
from tests.support.postgres import Databases, raw
from tests.support.terminal import CASE, EXAMPLES, ROOT, SELF, record, scoretrail

REFUSED, USAGE = 1, 2
LEDGER = "the file or the database of the ledger"
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
DATA = (
    "部门整体绩效目标产出指标完成情况",
    "采购合同签订时效性",
    "优",
    "v１",
    "１６",
    "产出",
)  # no words of ours


class Wrong(NamedTuple):
    """A situation, the code that it deserves, and what the message must name."""

    stage: str
    code: int
    names: str
    words: tuple[str, ...]


def reviewing(*words: str, by: str = "agency-reviewer") -> tuple[str, ...]:
    return ("--as", by, "review", *words)


def adjusting(indicator: str, award: str, *, by: str = "agency-reviewer") -> tuple[str, ...]:
    why = ("--justification", "x", "--clause", "x")
    return reviewing("adjust", *why, "--", CASE, indicator, award, by=by)


WRONG = {
    "an adjustment without a justification": Wrong(
        "submitted", REFUSED, "justification",
        reviewing("adjust", CASE, "e-contracts", "0.39", "--clause", "x"),
    ),
    "an adjustment with a blank justification": Wrong(
        "submitted", REFUSED, "justification",
        reviewing("adjust", CASE, "e-contracts", "0.39", "--justification", " "),
    ),
    "an award above the weight": Wrong(
        "submitted", REFUSED, "20", adjusting("output-goals", "20.01"),
    ),
    "an award below zero": Wrong("submitted", REFUSED, "-1", adjusting("output-goals", "-1")),
    "an award finer than the rubric's scale": Wrong(
        "submitted", REFUSED, "16.005", adjusting("output-goals", "16.005"),
    ),
    "an award that is no number": Wrong(
        "submitted", REFUSED, "NaN", adjusting("output-goals", "NaN"),
    ),
    "a signalling award that is no number": Wrong(
        "submitted", REFUSED, "sNaN", adjusting("output-goals", "sNaN"),
    ),
    "an award beyond all numbers": Wrong(
        "submitted", REFUSED, "Infinity", adjusting("output-goals", "Infinity"),
    ),
    "an award with a huge exponent": Wrong(
        "submitted", REFUSED, "1E+400", adjusting("output-goals", "1e400"),
    ),
    "an award with a tiny exponent": Wrong(
        "submitted", REFUSED, "1E-400", adjusting("output-goals", "1e-400"),
    ),
    "an award beyond what decimals hold": Wrong(
        "submitted", USAGE, "is not a number", adjusting("output-goals", "1e99999999999999999999"),
    ),
    "an award in words": Wrong(
        "submitted", USAGE, "is not a number", adjusting("output-goals", "sixteen"),
    ),
    "an award in digits of another script": Wrong(
        "submitted", USAGE, "digits 0-9", adjusting("output-goals", "٧"),
    ),
    "an award in full-width digits": Wrong(
        "submitted", USAGE, "digits 0-9", adjusting("output-goals", "１６"),
    ),
    "a business date in digits of another script": Wrong(
        "submitted", USAGE, "is not a date",
        ("--dated", "٢٠٢٤-12-30", *adjusting("output-goals", "16")),
    ),
    "an award with a thousands separator": Wrong(
        "submitted", USAGE, "is not a number", adjusting("output-goals", "1,6"),
    ),
    "an unknown indicator": Wrong("submitted", REFUSED, "outputs", adjusting("outputs", "16")),
    "an indicator that is no id": Wrong(
        "submitted", USAGE, "is not an id", adjusting("产出", "16"),
    ),
    "a figure that is no id": Wrong(
        "opened", USAGE, "such as food-safety",
        (
            "--as", "unit-filer", "submit", "figure", CASE, "Food Safety",
            "--indicator", "output-goals", "--name", "x",
        ),
    ),
    "the unit adjusting its own score": Wrong(
        "submitted", REFUSED, "unit-filer", adjusting("output-goals", "16", by="unit-filer"),
    ),
    "the bureau adjusting": Wrong(
        "submitted", REFUSED, "bureau-officer",
        adjusting("output-goals", "16", by="bureau-officer"),
    ),
    "an agency that was not commissioned": Wrong(
        "submitted", REFUSED, "other-agency", adjusting("output-goals", "16", by="outsider"),
    ),
    "an adjustment before the self-evaluation": Wrong(
        "opened", REFUSED, "open", adjusting("output-goals", "16"),
    ),
    "an adjustment after the result": Wrong(
        "issued", REFUSED, "issued", adjusting("output-goals", "15"),
    ),
    "a claim after the submission": Wrong(
        "submitted", REFUSED, "submitted",
        ("--as", "unit-filer", "submit", "score", CASE, "e-contracts", "1"),
    ),
    "a submission with rows unclaimed": Wrong(
        "opened", REFUSED, "28",
        ("--as", "unit-filer", "submit", "self-evaluation", CASE),
    ),
    "evidence that was never filed": Wrong(
        "submitted", REFUSED, "ffffffffffff",
        (*adjusting("e-contracts", "0.39")[:-4], "--evidence", "f" * 64, "--",
         CASE, "e-contracts", "0.39"),
    ),
    "evidence that is no SHA-256": Wrong(
        "submitted", USAGE, "there is no evidence",
        (*adjusting("e-contracts", "0.39")[:-4], "--evidence", "ff", "--",
         CASE, "e-contracts", "0.39"),
    ),
    "an evidence file that is not there": Wrong(
        "opened", USAGE, "nowhere.pdf",
        ("--as", "unit-filer", "submit", "evidence", CASE, "nowhere.pdf", "--title", "x"),
    ),
    "signing an award of one's own": Wrong(
        "reviewed", REFUSED, "agency-reviewer", reviewing("countersign", CASE, "data-quality"),
    ),
    "an unknown account": Wrong(
        "submitted", REFUSED, "nobody", adjusting("output-goals", "16", by="nobody"),
    ),
    "nobody acting": Wrong(
        "submitted", USAGE, "--as", ("review", "adjust", CASE, "output-goals", "16"),
    ),
    "an issue with another total than the awards give": Wrong(
        "reviewed", REFUSED, "93.89",
        ("--as", "bureau-officer", "review", "issue", CASE, "--printed-total", "93.98"),
    ),
    "an issue that prints no number": Wrong(
        "reviewed", REFUSED, "NaN",
        ("--as", "bureau-officer", "review", "issue", CASE, "--printed-total", "NaN"),
    ),
    "an act in an unknown case": Wrong(
        "submitted", REFUSED, "case open",
        ("--as", "agency-reviewer", "review", "claim", "no-such", "e-contracts", "1",
         "--reason", "x"),
    ),
    "a case that exists already": Wrong(
        "opened", REFUSED, CASE,
        ("--as", "bureau-officer", "case", "open", CASE, "--title", "x", "--year", "2023",
         "--unit", "zhanjiang-amr", "--unit-name", "x", "--bureau", "zhanjiang-finance",
         "--bureau-name", "x"),
    ),
    "a year in words": Wrong(
        "opened", USAGE, "--year",
        ("--as", "bureau-officer", "case", "open", "other-2023", "--title", "x", "--year", "x",
         "--unit", "x", "--unit-name", "x", "--bureau", "x", "--bureau-name", "x"),
    ),
    "a date that is no day": Wrong(
        "submitted", USAGE, "2024-02-30", ("--dated", "2024-02-30", *adjusting("e-contracts", "1")),
    ),
    "the administrator publishing a rubric": Wrong(
        "opened", REFUSED, "administrator",
        ("--as", "administrator", "rubric", "publish", str(EXAMPLES / "rubric.toml")),
    ),
    "an edition that was published": Wrong(
        "opened", REFUSED, "2024-1",
        ("--as", "bureau-officer", "rubric", "publish", str(EXAMPLES / "rubric.toml")),
    ),
    "a rubric that is none": Wrong(
        "opened", USAGE, "TOML",
        ("--as", "bureau-officer", "rubric", "publish", str(ROOT / "README.md")),
    ),
    "a key of an act that was used for another one": Wrong(
        "reviewed", REFUSED, "twice",
        ("--as", "bureau-officer", "case", "pin", CASE, "--rubric", "x", "--edition", "1",
         "--id", "twice words"[:5]),
    ),
    "an unknown case": Wrong("issued", USAGE, "no-such", ("score", "no-such")),
    "a stream that is no case": Wrong(
        "issued", USAGE, "register:accounts", ("score", "register:accounts"),
    ),
    "a case named in bytes that are no text": Wrong("issued", USAGE, "udcff", ("score", "\udcff")),
    "an unknown case to export": Wrong("issued", USAGE, "no-such", ("export", "no-such")),
    "an unknown case to show": Wrong("issued", USAGE, "no-such", ("case", "show", "no-such")),
    "an unknown rubric": Wrong("issued", USAGE, "no-such", ("rubric", "show", "no-such")),
    "an unknown edition": Wrong(
        "issued", REFUSED, "1999",
        ("rubric", "show", "zhanjiang-departments-2023", "--edition", "1999"),
    ),
    "an unknown indicator to explain": Wrong(
        "issued", USAGE, "outputs", ("explain", CASE, "outputs"),
    ),
    "an unknown indicator to log": Wrong(
        "issued", USAGE, "outputs", ("log", CASE, "--indicator", "outputs"),
    ),
    "a dossier in the place of a folder": Wrong(
        "issued", USAGE, "/", ("--as", "bureau-officer", "dossier", "export", CASE, "-o", "/"),
    ),
    "a dossier in a folder that is not there": Wrong(
        "issued", USAGE, "/no-such", ("--as", "bureau-officer", "dossier", "export", CASE, "-o",
        "/no-such/answer.zip"),
    ),
    "an unknown point": Wrong("issued", USAGE, "yesterday", ("score", CASE, "--at", "yesterday")),
    "version 0": Wrong("issued", USAGE, "event 0", ("score", CASE, "--at", "v0")),
    "a version far beyond": Wrong("issued", USAGE, "99999", ("score", CASE, "--at", "v99999")),
    "a version in other digits": Wrong("issued", USAGE, "v１", ("score", CASE, "--at", "v１")),
    "a stage not reached": Wrong("submitted", USAGE, "issued", ("score", CASE, "--at", "issued")),
    "a draft never sent": Wrong("issued", USAGE, "draft", ("bridge", CASE, "--from", "draft")),
    "a point that is no day": Wrong(
        "issued", USAGE, "2024-02-30", ("score", CASE, "--at", "2024-02-30"),
    ),
    "an instant that is none": Wrong(
        "issued", USAGE, "25:00", ("score", CASE, "--at", "recorded:2024-01-01T25:00:00Z"),
    ),
    "an instant without its zone": Wrong(
        "issued", USAGE, "is not an instant",
        ("score", CASE, "--at", "recorded:2024-01-01T10:00:00"),
    ),
    "an unknown baseline": Wrong(
        "issued", USAGE, "--baseline", ("bridge", CASE, "--baseline", "theirs"),
    ),
    "an unknown option": Wrong("issued", USAGE, "--jsom", ("score", CASE, "--jsom")),
    "an unknown command": Wrong("issued", USAGE, "scores", ("scores", CASE)),
    "a missing word": Wrong("issued", USAGE, "CASE", ("score",)),
    "an export to where nothing can be": Wrong(
        "issued", USAGE, "no-such-folder",
        ("export", CASE, "-o", "no-such-folder/case.jsonl"),
    ),
    "an import of nothing": Wrong("issued", USAGE, "nowhere", ("import", "nowhere.jsonl")),
    "an existing ledger for init": Wrong("issued", REFUSED, LEDGER, ("init",)),
    "an existing ledger for demo": Wrong("issued", REFUSED, LEDGER, ("demo",)),
}  # fmt: skip


def prepared(stage: str, built: Mapping[str, Place], places: Places) -> Place:
    ledger = places.copy(built[stage])
    administrator = ("--as", "administrator", "account", "open")
    agency = ("--organisation", "other-agency", "--role", "reviewer")
    assert scoretrail(ledger, *administrator, "outsider", *agency).code == 0
    finding = ("--title", "x", "--statement", "x", "--id", "twice")
    reviewing_now = stage in {"submitted", "reviewed"}
    if reviewing_now:
        assert scoretrail(ledger, *reviewing("finding", CASE, "some", *finding)).code == 0
    return ledger


@pytest.mark.slow
@pytest.mark.server_sample(8)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("situation", WRONG)
def test_nothing_is_written_and_the_message_says_what_is_wrong(
    situation: str, lang: str, built: Mapping[str, Place], places: Places
) -> None:
    wrong = WRONG[situation]
    ledger = prepared(wrong.stage, built, places)
    before = record(ledger)
    said = scoretrail(ledger, *wrong.words, lang=lang)
    assert (said.code, said.out) == (wrong.code, ""), said
    assert record(ledger) == before
    assert in_its_language(said.err, lang)
    if lang == "en":
        assert (ledger.name if wrong.names is LEDGER else wrong.names) in said.err


def in_its_language(message: str, lang: str) -> bool:
    """Chinese has Chinese words in it; English has none, names of the data aside."""
    for name in DATA:
        message = message.replace(name, "")
    if lang == "zh":
        return message.startswith("错误") and bool(CHINESE.search(message))
    return message.startswith("Error: ") and not CHINESE.search(message)


# Ledgers that are none ---------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("words", [("verify",), ("score", CASE), ("apply", str(SELF))])
def test_a_ledger_that_is_not_there_is_not_made(
    places: Places, tmp_path: Path, words: tuple[str, ...], lang: str
) -> None:
    mistyped = places.new()
    said = scoretrail(mistyped, *words, lang=lang)
    assert (said.code, said.out) == (USAGE, "")
    assert mistyped.name in said.err
    assert "scoretrail init" in said.err
    assert in_its_language(said.err, lang)
    assert not mistyped.has_ledger()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("words", "code"), [(("verify",), USAGE), (("score", CASE), USAGE), (("init",), REFUSED)]
)
def test_a_database_of_something_else_is_left_as_it_is(
    server: Databases, words: tuple[str, ...], code: int, lang: str
) -> None:
    with server.empty() as letters:
        with raw(letters) as connection:
            connection.execute("CREATE TABLE letters AS SELECT 'Dear reader' AS opening")
        said = scoretrail(letters, *words, lang=lang)
        assert (said.code, said.out) == (code, "")
        assert letters.rpartition("/")[2] in said.err
        assert in_its_language(said.err, lang)
        with raw(letters) as connection:
            assert connection.execute("SELECT * FROM letters").fetchall() == [("Dear reader",)]
            named = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            assert connection.execute(named).fetchall() == [("letters",)]


@pytest.mark.sqlite_only("what a file holds that is no database; a server has only databases")
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"", b"SQLite format 3\0"])
@pytest.mark.parametrize("words", [("verify",), ("score", CASE), ("import", "case.jsonl")])
def test_a_file_that_is_no_ledger_is_left_as_it_is(  # noqa: PLR0913, PLR0917 - the tables' columns
    issued: Place, tmp_path: Path, content: bytes, words: tuple[str, ...], lang: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert scoretrail(issued, "export", CASE, "-o", "case.jsonl").code == 0
    letter = tmp_path / "letter.db"
    letter.write_bytes(content)
    said = scoretrail(letter, *words, lang=lang)
    assert (said.code, said.out) == (USAGE, "")
    assert "letter.db" in said.err
    assert in_its_language(said.err, lang)
    assert letter.read_bytes() == content


@pytest.mark.sqlite_only("a folder is no address of a server")
@pytest.mark.parametrize("words", [("verify",), ("score", CASE)])
def test_a_folder_is_no_ledger(tmp_path: Path, words: tuple[str, ...]) -> None:
    said = scoretrail(tmp_path, *words, lang="en")
    assert (said.code, said.out) == (USAGE, "")
    assert str(tmp_path) in said.err


@pytest.mark.sqlite_only("a file with a letter in it; on a server, see above")
@pytest.mark.parametrize("word", ["init", "demo"])
def test_a_file_that_is_there_is_not_made_a_ledger(tmp_path: Path, word: str) -> None:
    letter = tmp_path / "letter.db"
    letter.write_text("Dear reader, this is not a database.\n" * 10)
    said = scoretrail(letter, word, lang="en")
    assert (said.code, said.out) == (USAGE, "")
    assert letter.read_text() == "Dear reader, this is not a database.\n" * 10


# Act files that are none -------------------------------------------------------------------------

CLAIM = {"do": "claim-score", "case": CASE, "indicator": "e-contracts", "score": "0.5"}


def line(**changes: object) -> bytes:
    """A good act with something changed in it; `None` leaves a key out."""
    act = {**CLAIM, "as": "unit-filer", **{key.rstrip("_"): to for key, to in changes.items()}}
    return json.dumps({key: to for key, to in act.items() if to is not None}).encode() + b"\n"


GOOD = line()
GOOD_TOML = (
    b'case = "zhanjiang-amr-2023"\nas = "unit-filer"\n\n[[act]]\ndo = "claim-score"\n'
    b'indicator = "e-contracts"\nscore = "0.5"\n'
)


class Bad(NamedTuple):
    """A file, its name, the code that it deserves, and what the message must name."""

    name: str
    content: bytes
    names: str
    code: int = USAGE


BAD = {
    "a float in JSON Lines": Bad("a.jsonl", GOOD + line(score=0.5), "line 2), score: 0.5"),
    "an integer for a score": Bad("a.jsonl", line(score=1.0).replace(b"1.0", b"[1]"), "score"),
    "NaN in JSON Lines": Bad("a.jsonl", line(score=float("nan")), "NaN"),
    "Infinity in JSON Lines": Bad("a.jsonl", line(score=float("inf")), "Infinity"),
    "a float in TOML": Bad("a.toml", GOOD_TOML.replace(b'"0.5"', b"0.5"), "line 7"),
    "nan in TOML": Bad("a.toml", GOOD_TOML.replace(b'"0.5"', b"nan"), "nan"),
    "a duplicate key in JSON Lines": Bad(
        "a.jsonl", line()[:-2] + b', "score": "1"}\n', "score is given twice"
    ),
    "a duplicate key in TOML": Bad("a.toml", GOOD_TOML + b'score = "1"\n', "line 8"),
    "an unknown key": Bad("a.jsonl", GOOD + line(reason="x"), "line 2), reason: there is no field"),
    "an unknown key before the acts": Bad("a.toml", b'unit = "x"\n' + GOOD_TOML, "unit"),
    "a missing key": Bad("a.jsonl", line(score=None), "score is missing"),
    "a missing key in TOML": Bad("a.toml", GOOD_TOML[:-14], "line 4"),
    "an unknown act": Bad("a.jsonl", line(do="forgive"), "forgive"),
    "no act named": Bad("a.jsonl", line(do=None), "do"),
    "an act named by a number": Bad("a.jsonl", line(do=7), "line 1"),
    "no case named": Bad("a.jsonl", line(case=None), "line 1): The command names no case"),
    "a case that is no id": Bad("a.jsonl", line(case="Zhanjiang 2023"), "case"),
    "a case that is a number": Bad("a.jsonl", line(case=10**30), "case"),
    "nobody acting": Bad("a.jsonl", line(as_=None), "scoretrail --as ACCOUNT"),
    "an unknown account": Bad("a.jsonl", line(as_="nobody"), "line 1): There is no account", 1),
    "an account that is a list": Bad("a.jsonl", line(as_=["unit-filer"]), "as"),
    "a date that is no day": Bad("a.jsonl", line(dated="2024-02-30"), "dated"),
    "a date that is a time": Bad("a.toml", b"dated = 10:00:00\n" + GOOD_TOML, "dated"),
    "an id with a blank in it": Bad("a.jsonl", line(id="a b"), "id"),
    "an empty id": Bad("a.jsonl", line(id=""), "id"),
    "half a character": Bad("a.jsonl", line(justification="\ud800"), "line 1"),
    "evidence that is not there": Bad("a.jsonl", line(evidence=["nowhere.csv"]), "nowhere.csv"),
    "evidence that is a folder": Bad("a.jsonl", line(evidence=["."]), "cannot be read"),
    "evidence that is no name": Bad("a.jsonl", line(evidence=["a\0b"]), "line 1"),
    "evidence that is a number": Bad("a.jsonl", line(evidence=[7]), "evidence"),
    "evidence that is one word": Bad("a.jsonl", line(evidence="a.csv"), "evidence"),
    "a file that is a number": Bad(
        "a.jsonl", line(do="file-evidence", indicator=None, score=None, file=7), "7"
    ),
    "a rubric that is not there": Bad(
        "a.jsonl", line(do="publish-rubric", indicator=None, score=None, file="no.toml"), "no.toml"
    ),
    "a rubric that is none": Bad(
        "a.jsonl", line(do="publish-rubric", indicator=None, score=None, source="x"), "line 1"
    ),
    "not UTF-8": Bad("a.toml", GOOD_TOML + "# 湛江\n".encode("gb18030"), "UTF-8"),
    "not UTF-8 in JSON Lines": Bad("a.jsonl", b'{"do": "\xff"}\n', "UTF-8"),
    "not TOML": Bad("a.toml", b"act one: claim\n", "line 1"),
    "not JSON": Bad("a.jsonl", GOOD + b"{claim}\n", "line 2"),
    "half a line": Bad("a.jsonl", GOOD + GOOD[:40], "line 2"),
    "a list for an act": Bad("a.jsonl", b"[]\n", "not a JSON object"),
    "no acts": Bad("a.toml", b'case = "x"\n', "no command"),
    "an empty list of acts": Bad("a.toml", b"act = []\n", "no command"),
    "acts that are none": Bad("a.toml", b"act = [1]\n", "[[act]]"),
    "an empty file": Bad("a.jsonl", b"\n", "no command"),
    "an empty TOML file": Bad("a.toml", b"", "no command"),
    "lists without an end": Bad("a.jsonl", b"[" * 100_000, "line 1"),
    "objects without an end": Bad("a.jsonl", b'{"a":' * 100_000, "line 1"),
    "lists without an end in TOML": Bad("a.toml", b"a = " + b"[" * 100_000, "a.toml"),
    "a number without an end": Bad("a.jsonl", line(case=7).replace(b"7", b"7" * 5000), "line 1"),
    "a number without an end in TOML": Bad("a.toml", b"case = " + b"7" * 5000, "a.toml"),
    "an unknown suffix": Bad("a.csv", b"do,case\n", ".jsonl"),
    "no suffix": Bad("acts", GOOD, ".jsonl"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.server_sample(8)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("check", [False, True], ids=["apply", "check"])
@pytest.mark.parametrize("situation", BAD)
def test_a_bad_file_of_acts_is_refused_as_a_whole_and_says_where(
    situation: str, check: bool, lang: str, opened: Place, tmp_path: Path  # noqa: FBT001 - a parameter of the table
) -> None:  # fmt: skip
    bad = BAD[situation]
    file = tmp_path / bad.name
    file.write_bytes(bad.content)
    before = record(opened)
    said = scoretrail(opened, "apply", *(["--check"] if check else []), str(file), lang=lang)
    assert (said.code, said.out) == (bad.code, ""), said
    assert record(opened) == before
    assert bad.name in said.err
    assert in_its_language(said.err, lang)
    if lang == "en":
        assert bad.names in said.err


def test_a_file_of_acts_that_is_not_there(opened: Place, tmp_path: Path) -> None:
    for lang in ("zh", "en"):
        said = scoretrail(opened, "apply", str(tmp_path / "nowhere.toml"), lang=lang)
        assert said.code == USAGE
        assert "nowhere.toml" in said.err


def test_the_good_acts_that_the_bad_ones_were_made_of_are_recorded(
    opened: Place, tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_bytes(line(score="1"))
    (tmp_path / "b.toml").write_bytes(GOOD_TOML)
    (tmp_path / "c.toml").write_bytes(b"\xef\xbb\xbf" + GOOD_TOML.replace(b"0.5", b"0.6"))
    odd = line(score="0.7", justification="一行\u2028两行").decode()
    odd = json.dumps(json.loads(odd), ensure_ascii=False)
    (tmp_path / "d.jsonl").write_text(odd + "\r\n", encoding="utf-8", newline="")
    before = len(record(opened))
    for name in ("a.jsonl", "b.toml", "c.toml", "d.jsonl"):
        assert scoretrail(opened, "apply", str(tmp_path / name)).code == 0, name
    assert len(record(opened)) == before + 4


# The language of the place -----------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("locale", "lang"),
    [("en_US.UTF-8", "en"), ("en_GB", "en"), ("zh_CN.UTF-8", "zh"), ("C.UTF-8", "zh"), ("", "zh")],
)
def test_without_lang_the_locale_decides(tmp_path: Path, locale: str, lang: str) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LC_", "LANG", "SCORETRAIL_"))
    }
    said = subprocess.run(
        [sys.executable, "-c", "from cli.main import main; main()", "verify"],
        cwd=tmp_path,
        env={**environment, "LANG": locale, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert said.returncode == USAGE
    assert in_its_language(said.stderr, lang)


@pytest.mark.parametrize(
    "address", ["postgresql:/me:hunter2@db/ledger", "me:hunter2@db", "host=db password=hunter2"]
)
def test_the_password_of_an_address_that_was_mistyped_stands_in_no_message(address: str) -> None:
    for words in (("verify",), ("--verbose", "score", "a-case"), ("migrate",)):
        said = scoretrail(None, "--ledger", address, *words)
        assert said.code
        assert "hunter2" not in said.out + said.err
