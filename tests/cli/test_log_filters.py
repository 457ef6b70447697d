"""An auditor asks the log: who, in which role, what, when, what was late, what is new."""

import csv
from io import StringIO

import pytest

from documents.lists import BOM
from tests.support.places import Place
from tests.support.terminal import CASE, done, scoretrail

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only("rows are chosen after they are read")]


def rows(ledger: Place, *words: str) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = done(
        scoretrail(ledger, "log", CASE, *words, "--json", lang="en")
    ).json["entries"]
    return listed


def values(ledger: Place, key: str, *words: str) -> set[object]:
    return {entry[key] for entry in rows(ledger, *words)}


def test_who_changed_an_indicator(issued: Place) -> None:
    words = ("--indicator", "output-goals", "--by", "agency-reviewer", "--type", "ScoreAdjusted")
    (entry,) = rows(issued, *words)

    assert (entry["before"], entry["after"]) == ("20.00", "16.00")
    assert values(issued, "type", "--kind", "ScoreAdjusted") == {"ScoreAdjusted"}


def test_in_which_role(issued: Place) -> None:
    for entry in rows(issued, "--role", "bureau"):
        assert entry["by"]["role"] == "bureau"  # type: ignore[index]  # an object
    assert len(rows(issued, "--role", "bureau", "--role", "unit")) > len(
        rows(issued, "--role", "bureau")
    )


def test_dated_when_and_recorded_when(issued: Place) -> None:
    day = ("--from", "2024-12-30", "--to", "2024-12-30")
    known = str(rows(issued)[200]["at"])

    assert values(issued, "dated", *day) == {"2024-12-30"}
    before = rows(issued, "--recorded-to", known)
    assert before[-1]["at"] == known
    after = rows(issued, "--recorded-from", known)
    assert after[0]["at"] == known
    assert {entry["version"] for entry in [*before, *after]} == values(issued, "version")


def test_what_was_recorded_afterwards_and_by_how_much(issued: Place) -> None:
    late = rows(issued, "--late")

    assert late
    assert all(int(str(entry["recorded_late_days"])) > 0 for entry in late)


@pytest.mark.parametrize("version", ["470", "v470"])
def test_what_is_new_since_a_version(version: str, issued: Place) -> None:
    assert min(map(int, map(str, values(issued, "version", "--since", version)))) == 471


def test_all_that_is_asked_must_hold_as_counted_from_the_whole_log(issued: Place) -> None:
    """In JSON, in CSV and in the count that people are shown."""
    every = rows(issued)
    known = str(every[-1]["at"])
    words = (
        *("--indicator", "output-goals", "--role", "unit", "--role", "reviewer", "--late"),
        *("--by", "unit-filer", "--by", "agency-reviewer", "--kind", "ScoreClaimed"),
        *("--kind", "FigureRestated", "--from", "2024-07-30", "--to", "2024-12-30"),
        *("--recorded-from", str(every[0]["at"]), "--recorded-to", known, "--since", "v120"),
    )
    wanted = [
        entry
        for entry in every
        if entry["indicator"] == "output-goals"
        and entry["type"] in {"ScoreClaimed", "FigureRestated"}
        and int(str(entry["version"])) > 120
    ]

    assert {entry["type"] for entry in wanted} == {"ScoreClaimed", "FigureRestated"}
    assert rows(issued, *words) == wanted
    said = done(scoretrail(issued, "log", CASE, *words, "--csv", lang="en"))
    told = csv.DictReader(StringIO(said.out.removeprefix(BOM), newline=""))
    assert [line["Version"] for line in told] == [str(entry["version"]) for entry in wanted]
    assert f"{len(wanted)} of " in said.err


def test_people_are_told_how_many_of_how_many(issued: Place) -> None:
    said = done(scoretrail(issued, "log", CASE, "--role", "bureau", lang="en"))
    count = len(rows(issued, "--role", "bureau"))

    assert f"{count} of {len(rows(issued))} rows" in said.err


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--by", "nobody-here"), 2, "There is no account nobody-here"),
        (("--type", "ScoreInvented"), 2, "there is no event type 'ScoreInvented'"),
        (("--from", "2024/12/30"), 2, "'2024/12/30' is not a date"),
        (("--recorded-from", "2024-12-30"), 2, "'2024-12-30' is not an instant. Write it as"),
        (("--since", "no-such-receipt"), 2, "no-such-receipt"),
        (("--role", "minister"), 2, "minister"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    words: tuple[str, ...], code: int, message: str, issued: Place
) -> None:
    said = scoretrail(issued, "log", CASE, *words, lang="en")

    assert (said.code, said.out) == (code, "")
    assert message in said.err


def test_who_is_known_and_did_nothing_here_leaves_an_empty_log(issued: Place) -> None:
    words = ("account", "open", "auditor-1", "--organisation", "audit", "--role", "auditor")
    done(scoretrail(issued, "--as", "administrator", *words))

    assert rows(issued, "--by", "auditor-1") == []


def test_in_csv_every_fact_has_a_column(issued: Place) -> None:
    words = ("--indicator", "output-goals", "--type", "ScoreAdjusted")
    said = done(scoretrail(issued, "log", CASE, *words, "--csv", lang="en"))
    (told,) = csv.DictReader(StringIO(said.out.removeprefix(BOM), newline=""))
    (entry,) = rows(issued, *words)

    assert told["Version"] == str(entry["version"])
    assert (told["Before"], told["After"]) == ("20.00", "16.00")
    assert told["Recorded"] == entry["at"]
    assert told["Recorded days later"] == str(entry["recorded_late_days"])
    assert told["Justification"] == entry["justification"]
    assert told["Type"] == "ScoreAdjusted"
    assert told["Role"] == "reviewer"


def test_the_table_shows_when_a_row_was_recorded_where_that_is_asked(issued: Place) -> None:
    words = ("log", CASE, "--indicator", "output-goals", "--type", "ScoreAdjusted")
    plain, late = (
        done(scoretrail(issued, *words, *more, lang="en")).out for more in ([], ["--late"])
    )
    (entry,) = rows(issued, *words[2:])
    shown = {f"{str(entry['at'])[:16]}Z", str(entry["recorded_late_days"])}

    assert {text for text in shown if text in late} == shown
    assert not {text for text in shown if text in plain}
    assert str(entry["dated"]) in late


def test_who_was_given_what_and_why_it_was_taken_away(issued: Place) -> None:
    """The accounts have a log as a case has, with the same filters, points and forms."""
    act = ("--as", "administrator", "account")
    words = ("auditor-1", "--organisation", "audit", "--role", "auditor")
    done(scoretrail(issued, *act, "open", *words))
    done(scoretrail(issued, *act, "revoke", "auditor-1", "auditor", "--reason", "轮岗"))
    accounts = ("log", "register:accounts")

    *_, last = done(scoretrail(issued, *accounts, "--json")).json["entries"]
    assert (last["type"], last["justification"]) == ("RoleRevoked", "轮岗")
    assert last["by"]["account"] == "administrator"
    assert last["verified"] == "L0"
    said = done(scoretrail(issued, *accounts, "--kind", "RoleRevoked", "--csv", lang="en"))
    (told,) = csv.DictReader(StringIO(said.out.removeprefix(BOM), newline=""))
    assert told["Content"] == "Account: auditor-1; Role: auditor; Reason: 轮岗"
    shown = done(scoretrail(issued, *accounts, "--at", f"v{last['version'] - 1}"))
    assert "auditor-1" in shown.out
    assert "轮岗" not in shown.out
    (published,) = done(
        scoretrail(issued, "log", "rubric:zhanjiang-departments-2023", "--json")
    ).json["entries"]
    assert published["type"] == "RubricPublished"


@pytest.mark.parametrize("stream", ["register:account", "rubric:none", "register:", "x:y"])
def test_a_log_that_is_not_there_is_refused(stream: str, issued: Place) -> None:
    said = scoretrail(issued, "log", stream, lang="en")

    assert (said.code, said.out) == (2, "")
    assert f"there is no case {stream}" in said.err


@pytest.mark.parametrize("read", ["score", "bridge", "replay", "check"])
def test_no_other_read_takes_the_accounts_for_a_case(read: str, issued: Place) -> None:
    assert scoretrail(issued, read, "register:accounts").code == 2
