"""What outsiders' scripts may rely on: keys, decimals as strings, exit codes, a clean stdout.

The keys are written here by hand from the contract of the command line. More keys may come; none of
these may go.
"""

import re
import socket
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ledger.store import Store
from tests.support.places import Place, Places, administrator
from tests.support.terminal import CASE, Said, done, entries, record, scoretrail

pytestmark = pytest.mark.slow

READS = {
    "score": ("score", CASE, "--json"),
    "score at self": ("score", CASE, "--at", "self", "--json"),
    "bridge": ("bridge", CASE, "--json"),
    "log": ("log", CASE, "--json"),
    "log of a row": ("log", CASE, "--indicator", "e-contracts", "--json"),
    "explain": ("explain", CASE, "output-goals", "--json"),
    "replay": ("replay", CASE, "--json"),
    "check": ("check", CASE, "--json"),
    "verify": ("verify", "--json"),
    "verify a case": ("verify", "--case", CASE, "--json"),
    "case list": ("case", "list", "--json"),
    "case show": ("case", "show", CASE, "--json"),
    "account list": ("account", "list", "--json"),
    "rubric list": ("rubric", "list", "--json"),
    "rubric show": ("rubric", "show", "zhanjiang-departments-2023", "--json"),
}
TOTALS = {"base", "bonus", "penalty", "raw", "cap_loss", "total", "printed", "grade", "pending"}
LOG_ENTRY = {
    "version", "position", "type", "at", "dated", "by", "indicator", "before", "after",
    "justification", "clause", "evidence", "caused_by", "cites", "transcriber_note", "undocumented",
    "ground", "outcome", "requested", "number", "subject", "answers", "recorded_late_days",
    "figure", "bonus", "verified", "signed",
}  # fmt: skip
SCORE = re.compile(r"^-?\d+\.\d\d\Z", re.ASCII)
INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z", re.ASCII)
DAY = re.compile(r"^\d{4}-\d\d-\d\d\Z", re.ASCII)


def read(ledger: Place, name: str) -> Any:  # noqa: ANN401 - JSON data is what it is
    return done(scoretrail(ledger, *READS[name])).json


def values(data: object) -> Iterator[object]:
    """Everything that is no list and no object, however deep."""
    match data:
        case dict():
            for value in data.values():
                yield from values(value)
        case list():
            for value in data:
                yield from values(value)
        case _:
            yield data


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", READS)
def test_json_is_one_document_and_nothing_else_is_said(issued: Place, name: str, lang: str) -> None:
    said = scoretrail(issued, *READS[name], lang=lang)
    assert said.code == 0
    assert isinstance(said.json, dict)
    assert said.err == ""


@pytest.mark.parametrize("name", READS)
def test_there_is_no_float_in_any_json(issued: Place, name: str) -> None:
    assert not [value for value in values(read(issued, name)) if isinstance(value, float)]


def test_keys_of_score(issued: Place) -> None:
    sheet = read(issued, "score")
    assert sheet.keys() >= {
        "case", "unit", "year", "stage", "at", "rubric", "claim", "award", "indicators",
    }  # fmt: skip
    assert sheet["at"].keys() >= {"version", "dated", "recorded"}
    assert sheet["rubric"].keys() >= {"id", "edition", "sha256"}
    assert sheet["claim"].keys() >= TOTALS
    assert sheet["award"].keys() >= TOTALS
    for row in sheet["indicators"]:
        assert row.keys() >= {
            "id", "path", "weight", "claim", "rule", "award", "discretion", "missing",
        }  # fmt: skip
        assert len(row["path"]) == 3
        assert isinstance(row["discretion"], bool)
        assert row["discretion"] == (row["discretion_state"] == "discretion")
        assert isinstance(row["missing"], list)
    states = {row["discretion_state"] for row in sheet["indicators"]}
    assert {"by-rule", "discretion", "judgement"} <= states
    assert states <= {"by-rule", "discretion", "judgement", "missing-figure"}
    assert (sheet["case"], sheet["year"], sheet["stage"]) == (CASE, 2023, "issued")
    assert INSTANT.match(sheet["at"]["recorded"])
    assert DAY.match(sheet["at"]["dated"])
    assert re.match(r"^[0-9a-f]{64}\Z", sheet["rubric"]["sha256"])


STANDARD = {
    "lowest", "highest", "grade_lowest", "grade_highest", "undecided", "given", "grade_given",
    "nearest", "grade_nearest", "off", "decisive", "decided", "grade_decided",
}  # fmt: skip


def test_what_the_standard_gives_in_sum(issued: Place) -> None:
    sheet = read(issued, "score")
    awards, claims = sheet["standard"], sheet["claim_standard"]

    assert awards.keys() >= STANDARD <= claims.keys()
    assert (awards["highest"], awards["grade_highest"]) == ("88.48", "良")
    assert (awards["nearest"], awards["given"]) == ("86.98", "93.89")
    assert (claims["highest"], claims["given"]) == ("96.36", "100.00")
    assert awards["decisive"] == ["output-goals"]
    assert awards["off"][0] == {
        "indicator": "output-goals", "score": "16.00", "nearest": "10.75", "gap": "5.25",
    }  # fmt: skip
    open_ = [row for row in sheet["indicators"] if row["rule"] is None]
    assert awards["undecided"] == [row["id"] for row in open_]
    assert all(SCORE.match(row["rule_lowest"]) for row in sheet["indicators"])
    assert all(SCORE.match(row["rule_highest"]) for row in sheet["indicators"])
    assert read(issued, "bridge")["standard"] == awards
    assert read(issued, "explain")["standard_totals"] == awards
    assert "88.48 分（良）" in read(issued, "explain")["by_standard"][0]
    assert read(issued, "explain")["total_by_rule"] == {
        "lowest": "88.64", "highest": "88.64", "grade_lowest": "良", "grade_highest": "良",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["score", "score at self"])
def test_scores_are_strings_with_two_decimals(issued: Place, name: str) -> None:
    sheet = read(issued, name)
    sums = ["base", "bonus", "penalty", "raw", "cap_loss", "total"]
    scores = [sheet[column][part] for column in ("claim", "award") for part in sums]
    scores += [row[key] for row in sheet["indicators"] for key in ("weight", "claim")]
    optional = [row[key] for row in sheet["indicators"] for key in ("rule", "award")]
    optional += [sheet[column]["printed"] for column in ("claim", "award")]
    scores += [score for score in optional if score is not None]
    assert len(scores) > 80
    assert [score for score in scores if not SCORE.match(score)] == []


def test_where_the_rule_lacks_a_figure_it_is_named_and_the_score_is_null(issued: Place) -> None:
    rows = {row["id"]: row for row in read(issued, "score")["indicators"]}
    assert rows["financial-compliance"]["rule"] is None
    assert rows["financial-compliance"]["missing"]
    assert (rows["output-goals"]["rule"], rows["output-goals"]["missing"]) == ("10.75", [])
    assert rows["output-goals"]["discretion"] is True
    assert rows["e-contracts"]["discretion"] is False


def test_keys_of_bridge(issued: Place) -> None:
    bridge = read(issued, "bridge")
    assert bridge.keys() >= {"case", "from", "to", "steps", "residual"}
    assert bridge["from"].items() >= {"label": "self", "total": "100.00"}.items()
    assert bridge["to"].items() >= {"label": "final", "total": "93.89"}.items()
    for step in bridge["steps"]:
        assert step.keys() >= {"kind", "indicator", "before", "after", "delta", "events"}
        assert step["kind"] in {"indicator", "bonus", "penalty", "cap"}
        assert all(SCORE.match(step[key]) for key in ("before", "after", "delta"))
        assert step["delta"] not in {"0.00", "-0.00"}
        for event in step["events"]:
            assert event.keys() >= {
                "version", "type", "dated", "by", "justification", "evidence",
            }  # fmt: skip
            assert isinstance(event["by"], str)
            assert DAY.match(event["dated"])


def test_keys_of_log_oldest_first(issued: Place) -> None:
    log = read(issued, "log")
    assert log.keys() >= {"case", "entries"}
    assert [(entry["version"], entry["type"], entry["at"]) for entry in log["entries"]] == [
        (entry["version"], entry["type"], entry["at"]) for entry in entries(issued)
    ]
    for entry in log["entries"]:
        assert entry.keys() >= LOG_ENTRY
        assert entry["by"].keys() >= {"account", "role", "organisation"}
        assert INSTANT.match(entry["at"])
        assert (entry["verified"], entry["signed"]) == (log["verified"], None) == ("L0", None)
        figure, bonus = entry["figure"] or {}, entry["bonus"] or {}
        assert not figure or figure.keys() >= {"id", "name", "unit", "before", "after", "target"}
        assert not bonus or bonus.keys() >= {"item", "before", "after"}
        for evidence in entry["evidence"]:
            assert evidence.keys() >= {"sha256", "title", "number"}


def test_the_log_says_who_moved_a_row_from_what_to_what_and_why(issued: Place) -> None:
    entries = read(issued, "log of a row")["entries"]
    assert {entry["indicator"] for entry in entries} == {"e-contracts"}
    (adjusted,) = [entry for entry in entries if entry["type"] == "ScoreAdjusted"]
    assert (adjusted["before"], adjusted["after"]) == ("0.00", "0.39")
    assert adjusted["by"] == {
        "account": "agency-reviewer",
        "role": "reviewer",
        "organisation": "guangzhou-xianghe",
    }
    assert "39%" in adjusted["justification"]
    assert adjusted["clause"].startswith("附件1")
    assert [one["title"] for one in adjusted["evidence"]] == ["电子卖场合同签订方式摘录"]
    (claimed,) = [entry for entry in entries if entry["type"] == "ScoreClaimed"]
    assert claimed["version"] in adjusted["caused_by"]
    assert (claimed["before"], claimed["clause"]) == (None, None)


def test_keys_of_explain(issued: Place) -> None:
    explained = read(issued, "explain")
    assert explained.keys() >= {"indicator", "path", "weight", "claim", "rule", "award", "moves"}
    assert explained["rule"].keys() >= {"score", "derivation", "figures", "missing", "clause"}
    assert (explained["weight"], explained["claim"]) == ("20.00", "20.00")
    assert explained["explanation"].startswith("年初编预算时定下的部门整体目标")
    assert (explained["rule"]["score"], explained["award"]) == ("10.75", "16.00")
    assert all(isinstance(step, str) for step in explained["rule"]["derivation"])
    for figure in explained["rule"]["figures"]:
        assert figure.keys() >= {"id", "value", "target", "unit", "scope", "source", "version"}
    figures = {figure["id"]: figure for figure in explained["rule"]["figures"]}
    assert figures["standard-implementing-firms"]["value"] == "8"
    assert figures["standard-implementing-firms"]["target"] == "≥ 10"
    assert all(move.keys() >= LOG_ENTRY for move in explained["moves"])


def test_keys_of_replay(issued: Place) -> None:
    frames = read(issued, "replay")["frames"]
    assert len(frames) == len(entries(issued))
    assert all(
        frame.keys() >= {*LOG_ENTRY, "stage", "total_before", "total_after"} for frame in frames
    )
    assert (frames[0]["total_before"], frames[-1]["total_after"]) == (None, "93.89")
    for earlier, later in pairwise(frames):
        assert earlier["total_after"] == later["total_before"]


def test_keys_of_check(issued: Place) -> None:
    check = read(issued, "check")
    assert check.keys() >= {"case", "findings"}
    assert check["findings"]
    for finding in check["findings"]:
        assert finding.keys() >= {
            "check", "severity", "indicator", "message", "events", "documents",
        }  # fmt: skip
        assert finding["severity"] in {"error", "warning", "note"}
        assert finding["message"]
        assert set(finding["events"]) <= {one["version"] for one in entries(issued)}


def test_keys_of_verify(issued: Place) -> None:
    result = read(issued, "verify")
    assert result.keys() >= {"level", "counted", "breaks", "does_not_prove"}
    assert result["counted"].keys() >= {
        "events", "cases", "leaves", "checkpoints", "signatures", "evidence",
    }  # fmt: skip
    assert result["level"] == "L0"
    assert result["counted"]["events"] == result["counted"]["leaves"] == len(record(issued))
    assert result["counted"]["cases"] == 1
    assert result["breaks"] == []
    assert result["does_not_prove"]


def test_one_case_verifies_by_itself(issued: Place) -> None:
    result = read(issued, "verify a case")
    assert (result["counted"]["events"], result["breaks"]) == (len(entries(issued)), [])


def test_keys_of_the_lists(issued: Place) -> None:
    (case,) = read(issued, "case list")["cases"]
    assert case.keys() >= {"case", "title", "year", "unit", "rubric", "edition", "stage", "version"}
    both = case.keys() & read(issued, "case show").keys()
    assert both >= {"case", "title", "year", "unit", "rubric", "edition", "stage", "version"}
    assert all(case[key] == read(issued, "case show")[key] for key in both)
    assert (case["case"], case["stage"], case["version"]) == (CASE, "issued", len(entries(issued)))
    accounts = {one["id"]: one for one in read(issued, "account list")["accounts"]}
    assert accounts["agency-lead"] == {
        "id": "agency-lead",
        "organisation": "guangzhou-xianghe",
        "roles": ["lead-reviewer"],
    }
    (rubric,) = read(issued, "rubric list")["rubrics"]
    assert rubric.keys() >= {"id", "edition", "sha256", "title", "superseded_by"}
    shown = read(issued, "rubric show")
    assert shown.keys() >= {"id", "edition", "sha256", "title", "full", "cap", "indicators"}
    assert (shown["sha256"], len(shown["indicators"])) == (rubric["sha256"], 28)
    assert shown["sha256"] == read(issued, "score")["rubric"]["sha256"]


# Exit codes --------------------------------------------------------------------------------------

ADJUST = ("--as", "agency-reviewer", "review", "adjust", CASE)


def test_0_done(submitted: Place) -> None:
    before = record(submitted)
    said = scoretrail(
        submitted, *ADJUST, "e-contracts", "0.39", "--justification", "29/75", "--clause", "附件1"
    )
    assert (said.code, said.err) == (0, "")
    added = entries(submitted)[-1]
    assert (added["type"], added["data"]["award"]) == ("ScoreAdjusted", "0.39")
    assert f" {added['version']} " in said.out
    assert record(submitted)[:-1] == before


def test_1_refused_by_a_rule(submitted: Place) -> None:
    before = record(submitted)
    said = scoretrail(submitted, *ADJUST, "e-contracts", "0.39", "--clause", "附件1")
    assert (said.code, said.out) == (1, "")
    assert record(submitted) == before


def test_2_usage(submitted: Place) -> None:
    before = record(submitted)
    said = scoretrail(submitted, *ADJUST, "e-contracts")
    assert (said.code, said.out) == (2, "")
    assert "--help" in said.err
    assert record(submitted) == before


def altered(ledger: Place, statement: str, *values: object) -> None:
    """What somebody with the database and a tool for it may do."""
    with administrator(ledger) as connection:
        assert connection.execute(statement, values).rowcount == 1


def softened(ledger: Place) -> None:
    """An award is another one."""
    (row,) = [row for row in record(ledger) if b'"award":"16.00"' in row[4]]
    entry = row[4].replace(b'"award":"16.00"', b'"award":"17.00"')
    altered(ledger, "UPDATE events SET entry = ? WHERE id = ?", entry, row[0])


LAST = "version = (SELECT max(version) FROM events WHERE case_id = 'zhanjiang-amr-2023')"
UNREADABLE = f"UPDATE events SET entry = ? WHERE {LAST}"  # noqa: S608 - words of our own


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (None, ()),
        ("DELETE FROM events WHERE version = 300 AND case_id = 'zhanjiang-amr-2023'", ()),
        ("UPDATE leaves SET hash = ? WHERE position = 7", (bytes(32),)),
        ("UPDATE leaves SET position = 9999 WHERE position = 352", ()),
        ("DELETE FROM leaves WHERE position = 352", ()),
        ("UPDATE events SET type = 'CaseClosed' WHERE version = 292", ()),
        (UNREADABLE, (b"x",)),
    ],
)
def test_3_integrity_broken(
    issued: Place, statement: str | None, values: tuple[object, ...]
) -> None:
    if statement is None:
        softened(issued)
    else:
        altered(issued, statement, *values)
    for lang in ("zh", "en"):
        said = scoretrail(issued, "verify", lang=lang)
        assert said.code == 3
        assert "L0" in said.out
    result = scoretrail(issued, "verify", "--json")
    assert result.code == 3
    assert result.json["breaks"]
    for one in result.json["breaks"]:
        assert one.keys() >= {"kind", "where", "message", "affects"}


def test_3_a_case_that_cannot_be_read_is_not_scored(issued: Place) -> None:
    altered(issued, UNREADABLE, b"x")
    said = scoretrail(issued, "score", CASE, lang="en")
    assert (said.code, said.out) == (3, "")
    assert str(len(record(issued)) - 1) in said.err  # the place in the log


def test_3_nothing_was_there_to_verify(places: Places, issued: Place) -> None:
    assert scoretrail(places.ledger(), "verify").code == 3
    assert scoretrail(issued, "verify", "--case", "nobodys-case").code == 3


def test_a_ledger_that_was_left_without_its_first_account_can_be_given_one(places: Places) -> None:
    ledger = places.ledger()
    assert scoretrail(ledger, "init").code == 0
    assert scoretrail(ledger, "verify").code == 0
    assert scoretrail(ledger, "init").code == 1


def test_4_someone_else_was_faster(submitted: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    append = Store.append
    other: list[Said] = []

    def late(store: Store, *given: Any) -> list[int]:  # noqa: ANN401 - whatever append takes
        monkeypatch.setattr(Store, "append", append)
        words = (*ADJUST, "three-public", "0.50", "--justification", "先到", "--ground", "先到")
        other.append(scoretrail(submitted, *words, lang="en"))
        return append(store, *given)

    monkeypatch.setattr(Store, "append", late)
    words = (*ADJUST, "e-contracts", "0.39", "--justification", "后到", "--clause", "附件1")
    said = scoretrail(submitted, *words, lang="en")
    assert (other[0].code, said.code, said.out) == (0, 4, "")
    written = entries(submitted)
    assert f"event {len(written)} " in said.err
    assert "another account" in said.err
    assert [one["version"] for one in written] == [*range(1, len(written) + 1)]
    again = scoretrail(submitted, *words)
    assert again.code == 0
    assert scoretrail(submitted, "verify").code == 0


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "words",
    [
        ("verify",),
        ("score", CASE),
        ("init",),
        ("--evidence", "evidence", "demo"),
        ("account", "list"),
    ],
)
def test_a_database_server_that_is_not_there_is_named_and_its_password_is_not(
    words: tuple[str, ...], lang: str
) -> None:
    url = f"postgresql://somebody:geheim@127.0.0.1:{closed_port()}/ledger"
    said = scoretrail(url, *words, lang=lang)
    assert (said.code, said.out) == (5, "")
    assert "postgresql" in said.err
    assert "geheim" not in said.out + said.err


@pytest.mark.sqlite_only("of a server, see above")
def test_5_the_database_cannot_be_reached(tmp_path: Path) -> None:
    for lang in ("zh", "en"):
        said = scoretrail(tmp_path / "no-such-folder" / "ledger.db", "init", lang=lang)
        assert (said.code, said.out) == (5, "")
        assert "no-such-folder" in said.err
