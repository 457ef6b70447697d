"""Entries that no rule would have let pass, made by hand to follow what a ledger has."""

import json
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest

from ledger.codec import canonical
from ledger.envelope import REGISTER
from ledger.store import NewEntry, Store
from tests.support.attacks import last_of, redigested
from tests.support.golden_ledgers import FOLDER
from tests.support.naive_log import leaf
from tests.support.places import Place, Places, administrator
from tests.support.terminal import CASE, ROOT, Said, done, record, scoretrail

pytest_plugins = ["tests.support.reference_ledger"]

ADMINISTRATOR = {
    "account": "administrator",
    "organisation": "administration",
    "role": "administrator",
}
MALLORY = {"account": "mallory", "organisation": "zhanjiang-finance", "role": "bureau"}
CORRECTION = {
    "number": "财绩更〔2025〕9号",
    "indicator": "e-contracts",
    "before": "0.33",
    "award": "0.38",
    "justification": "复核",
    "clause": "",
    "evidence": [],
}
Forged = tuple[str, str, dict[str, Any], Mapping[str, str]]

OPENED: Forged = (
    REGISTER,
    "AccountOpened",
    {"account": "mallory", "organisation": "zhanjiang-finance"},
    ADMINISTRATOR,
)
GRANTED: Forged = (
    REGISTER,
    "RoleGranted",
    {"account": "mallory", "role": "bureau"},
    ADMINISTRATOR,
)
BY_ONE_WHO_IS_NOBODY: Forged = (CASE, "CaseClosed", {"unfinished": [], "reason": ""}, MALLORY)

CLERK = {"account": "bureau-officer", "organisation": "zhanjiang-finance", "role": "bureau"}
UNIT = {"account": "unit-filer", "organisation": "zhanjiang-amr", "role": "unit"}
AUDITOR = {"account": "auditor", "organisation": "zhanjiang-audit", "role": "auditor"}
SOURCE: Final = (ROOT / "examples" / "zhanjiang-2023" / "rubric.toml").read_text(encoding="utf-8")


def published(source: str, edition: str = "2024-1", digest: str = "") -> dict[str, Any]:
    return {
        "edition": edition,
        "rubric": "zhanjiang-departments-2023",
        "sha256": digest or sha256(source.encode()).hexdigest(),
        "source": source,
    }


NEWER: Final = SOURCE.replace('edition = "2024-1"', 'edition = "2024-2"')
RUBRIC: Final = "rubric:zhanjiang-departments-2023"

FORGED: dict[str, tuple[tuple[Forged, ...], str]] = {
    "an act of somebody without an account": (
        (BY_ONE_WHO_IS_NOBODY,),
        "there is no such account",
    ),
    "a correction by one who opens an account for themselves": (
        (
            (*OPENED[:3], MALLORY),
            (*GRANTED[:3], MALLORY),
            (CASE, "ResultCorrected", CORRECTION, MALLORY),
        ),
        "there is no such account",
    ),
    "a role that somebody gives to themselves": (
        ((*GRANTED[:2], {"account": "unit-filer", "role": "administrator"}, UNIT),),
        "requires the role administrator",
    ),
    "an account that the bureau opens": (
        ((*OPENED[:3], CLERK),),
        "requires the role administrator",
    ),
    "an account that is open already": (
        ((*OPENED[:2], {"account": "unit-filer", "organisation": "x"}, ADMINISTRATOR),),
        "exists already",
    ),
    "an administrator who was the last": (
        (
            (
                *(REGISTER, "RoleRevoked"),
                {"account": "administrator", "role": "administrator", "reason": "x"},
                ADMINISTRATOR,
            ),
        ),
        "the last administrator",
    ),
    "an edition that the unit publishes": (
        ((RUBRIC, "RubricPublished", published(NEWER, "2024-2"), UNIT),),
        "requires the role bureau",
    ),
    "an edition that is published already": (
        ((RUBRIC, "RubricPublished", published(SOURCE), CLERK),),
        "is published",
    ),
    "an edition under the digest of another file": (
        ((RUBRIC, "RubricPublished", published(NEWER, "2024-2", "0" * 64), CLERK),),
        "differs from the result of the rules",
    ),
    "an edition under another name": (
        ((RUBRIC, "RubricPublished", published(NEWER, "2025-1"), CLERK),),
        "differs from the result of the rules",
    ),
    "an edition of another rubric": (
        ((f"{RUBRIC}-x", "RubricPublished", published(SOURCE), CLERK),),
        "it belongs to",
    ),
    "an issued score that an auditor moves": (
        ((CASE, "ResultCorrected", CORRECTION, AUDITOR),),
        "requires the role bureau",
    ),
    "an issued score that starts from another one": (
        ((CASE, "ResultCorrected", CORRECTION | {"before": "0.12"}, CLERK),),
        "not what the rules give",
    ),
}


def appended(lines: list[bytes], forged: tuple[Forged, ...]) -> list[bytes]:
    """An export with further entries, in order but for what nobody was allowed to record."""
    out = list(lines)
    for number, (stream, kind, data, by) in enumerate(forged):
        own = [one for one in out if json.loads(one)["case"] == stream]
        before = json.loads(own[-1] if own else out[-1])
        entry = canonical(
            {
                **{key: before[key] for key in ("at", "dated", "rules") if key in before},
                "by": by,
                "case": stream,
                "command": {"id": f"m{number}", "sha256": "0" * 64},
                "data": data,
                "prev": leaf(own[-1]).hex() if own else "",
                "type": kind,
                "v": 1,
                "version": len(own) + 1,
            }
        )
        out += redigested([entry])
    return out


@pytest.mark.parametrize(("forged", "why"), FORGED.values(), ids=FORGED)
@pytest.mark.parametrize("account", [(), ("--as", "administrator")], ids=["nobody", "admin"])
def test_what_no_rule_would_let_pass_is_not_merged(
    forged: tuple[Forged, ...], why: str, account: tuple[str, ...], issued: Place, tmp_path: Path
) -> None:
    file = tmp_path / "forged.jsonl"
    done(scoretrail(issued, "export", CASE, "-o", str(file)))
    lines = appended(file.read_bytes().splitlines(), forged)
    file.write_bytes(b"".join(one + b"\n" for one in lines))
    before = record(issued)
    said = scoretrail(issued, *account, "import", str(file), lang="en")
    assert said.code == (1 if account else 2)
    assert record(issued) == before
    if account:  # by the rule "merge-irregular"
        assert "nothing was imported" in said.err
        assert why in said.err
        assert "digest" not in said.err


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "with a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "with other line ends": lambda data: data.replace(b"\n", b"\r\n"),
    "in UTF-16": lambda data: data.decode().encode("utf-16"),
    "of nothing": lambda _: b"",
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("whole", [False, True], ids=["case", "ledger"])
def test_an_export_that_was_damaged_on_its_way_is_told_as_that(
    damage: Callable[[bytes], bytes], issued: Place, tmp_path: Path, *, whole: bool
) -> None:
    file = tmp_path / "export.jsonl"
    what = "--all" if whole else CASE
    done(scoretrail(issued, "export", what, "-o", str(file)))
    file.write_bytes(damage(file.read_bytes()))
    said = scoretrail(issued, "import", str(file), lang="en")
    assert (said.code, "get it again" in said.err) == (2, True)


def test_an_act_under_the_digest_of_another_is_not_merged(issued: Place, tmp_path: Path) -> None:
    lines = exported(issued, tmp_path)
    forged = appended(lines, ((CASE, "ResultCorrected", CORRECTION, CLERK),))
    again = json.loads(forged[-1])
    again["command"]["sha256"] = "f" * 64
    said = imported(issued, [*lines, canonical(again)], tmp_path)
    assert (said.code, "digest of the command" in said.err) == (1, True)

    used = next(one for one in map(json.loads, lines) if one["case"] == CASE)["command"]["id"]
    again["command"]["id"] = used
    said = imported(issued, [*lines, *redigested([canonical(again)])], tmp_path)
    assert (said.code, "was used by an earlier command" in said.err) == (1, True)


def exported(ledger: Place, folder: Path, case: str = CASE) -> list[bytes]:
    done(scoretrail(ledger, "export", case, "-o", str(folder / "export.jsonl")))
    return (folder / "export.jsonl").read_bytes().splitlines()


def imported(ledger: Place, lines: list[bytes], folder: Path) -> Said:
    (folder / "import.jsonl").write_bytes(b"".join(one + b"\n" for one in lines))
    words = ("--as", "administrator", "import", str(folder / "import.jsonl"))
    return scoretrail(ledger, *words, lang="en")


# Editions of the rules ----------------------------------------------------------------------------

OLDER: Final = FOLDER / "v1" / "handed-out" / "parks-2022.jsonl"
"""An export of a program that knew the first edition only."""


@pytest.fixture
def behind(places: Places, tmp_path: Path) -> Place:
    """A ledger that lacks the last entries of an older case, and goes on under today's rules."""
    ledger = places.for_import()
    done(imported(ledger, OLDER.read_bytes().splitlines()[:-3], tmp_path))
    words = ("case", "open", "another-2024", "--unit", "parks", "--unit-name", "x", "--year")
    names = ("--bureau", "finance", "--bureau-name", "y", "--title", "z")
    officer = ("--as", "whole-life-bureau-officer")
    done(scoretrail(ledger, *officer, *words, "2024", *names))
    return ledger


def test_entries_of_older_rules_are_merged_and_that_is_said(behind: Place, tmp_path: Path) -> None:
    done(imported(behind, OLDER.read_bytes().splitlines(), tmp_path))

    said = done(scoretrail(behind, "verify", "--json", lang="en")).json

    assert said["breaks"] == []
    (note,) = said["notes"]
    assert note["message"].endswith("3 were recorded under an older edition of the rules")
    assert done(scoretrail(behind, "verify", "--case", "parks-2022", "--json")).json["breaks"] == []


def test_only_those_that_were_merged_may_go_back_to_older_rules(
    behind: Place, tmp_path: Path
) -> None:
    *_, third = OLDER.read_bytes().splitlines()
    done(imported(behind, OLDER.read_bytes().splitlines()[:-1], tmp_path))
    with Store.open(behind.owner) as store:  # the next one is written past the program
        one = json.loads(third)
        store.append([NewEntry(one["case"], one["version"], one["type"], third)])

    said = scoretrail(behind, "verify", "--json", lang="en")

    assert [one["kind"] for one in said.json["breaks"]] == ["edition"]
    assert f"v{json.loads(third)['version']}" in said.json["breaks"][0]["where"]


def test_a_merge_lets_nothing_pass_but_those_very_entries(behind: Place, tmp_path: Path) -> None:
    done(imported(behind, OLDER.read_bytes().splitlines(), tmp_path))
    with administrator(behind) as connection:
        key, entry = last_of(connection, "EntriesMerged")
        other = re.sub(rb'"leaf":"[0-9a-f]{64}"', b'"leaf":"' + b"0" * 64 + b'"', entry)
        connection.execute("UPDATE events SET entry = ? WHERE id = ?", (other, key))

    said = scoretrail(behind, "verify", "--json", lang="en")

    assert [one["kind"] for one in said.json["breaks"]].count("edition") == 3
    assert said.json["notes"] == []
    assert any("are not what was merged" in one["message"] for one in said.json["breaks"])


# Merges that nobody made --------------------------------------------------------------------------


def merge_of(stream: str, first: int, version: int, leaf_: str = "a" * 64) -> dict[str, Any]:
    return {"stream": stream, "first": first, "version": version, "leaf": leaf_}


def forged_merge(ledger: Place, streams: list[dict[str, Any]]) -> list[str]:
    """Write an act of merging past the program that fits but for what it says; what shows."""
    with Store.open(ledger.owner) as store:
        (*_, (_, before)), (_, now) = store.stream(REGISTER), store.stream(CASE)[-1]
        entry = json.loads(before) | {"at": json.loads(now)["at"], "by": ADMINISTRATOR}
        entry |= {"prev": leaf(before).hex(), "version": entry["version"] + 1}
        entry |= {"type": "EntriesMerged", "data": {"sha256": "a" * 64, "streams": streams}}
        entry["command"]["id"] = "forged"
        (forged,) = redigested([canonical(entry)])
        store.append([NewEntry(REGISTER, entry["version"], "EntriesMerged", forged)])
    said = scoretrail(ledger, "verify", "--json", lang="en")
    assert {one["kind"] for one in said.json["breaks"]} <= {"rules"}
    return [one["message"] for one in said.json["breaks"]]


def test_a_merge_that_names_nothing_is_a_break(issued: Place) -> None:
    assert forged_merge(issued, []) == [
        "it names no streams, or does not name each of them once and in order"
    ]


def test_a_merge_that_names_a_stream_twice_is_a_break(issued: Place) -> None:
    twice = [merge_of(CASE, 1, 5), merge_of(CASE, 1, 5)]
    assert forged_merge(issued, twice) == [
        "it names no streams, or does not name each of them once and in order"
    ]


@pytest.mark.parametrize(("first", "version"), [(1, 5), (5, 1), (1, 2**53 - 1), (9000, 9001)])
def test_a_merge_of_other_entries_than_there_are_is_a_break(
    issued: Place, first: int, version: int
) -> None:
    (told,) = forged_merge(issued, [merge_of(CASE, first, version)])
    assert told == f"{CASE} v{first} to v{version} are not what was merged"


def test_a_merge_of_a_stream_that_is_not_there_is_a_break_beside_other_cases(
    issued: Place,
) -> None:
    """In the export of one case, an honest merge of another one looks the same."""
    nothing = [merge_of("nothing-2024", 1, 5)]
    words = ("case", "open", "second-2024", "--unit", "parks", "--unit-name", "x", "--year", "2024")
    names = ("--bureau", "zhanjiang-finance", "--bureau-name", "y", "--title", "z")
    done(scoretrail(issued, "--as", "bureau-officer", *words, *names))
    assert forged_merge(issued, nothing) == ["there is no nothing-2024"]


def test_a_merge_under_the_digest_of_another_file_is_a_break(issued: Place) -> None:
    with Store.open(issued.owner) as store:
        (_, first), *_ = store.stream(CASE, 1)
    told = forged_merge(issued, [merge_of(CASE, 1, 1, leaf(first).hex())])
    assert told == ["the digest (sha256) of what was merged differs"]
