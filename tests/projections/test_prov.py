"""A case as W3C PROV: `prov`, which shares no code with ours, reads it, and nothing is left out.

It is installed with what the tests need: where it is missing, this file fails to be read.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from prov import model

from ledger.log.tree import leaf_hash
from tests.support.places import Place
from tests.support.terminal import CASE, done, scoretrail

Records = Mapping[str, Mapping[str, Mapping[str, str]]]


@pytest.fixture
def written(built: Mapping[str, Place], tmp_path: Path) -> Path:
    """What the command writes of the reference case, from its opening to its issue."""
    file = tmp_path / "case.json"
    done(scoretrail(built["issued"], "export", CASE, "--prov", "-o", str(file)))
    return file


@pytest.fixture
def records(written: Path) -> Records:
    read: Records = json.loads(written.read_bytes())
    return read


@pytest.fixture
def entries(built: Mapping[str, Place]) -> list[bytes]:
    """The entries of the case, in order."""
    lines = done(scoretrail(built["issued"], "export", CASE)).out.splitlines()
    return [line.encode() for line in lines if json.loads(line)["case"] == CASE]


@pytest.mark.slow
def test_another_library_reads_it_and_writes_the_same(written: Path) -> None:
    read = model.ProvDocument.deserialize(str(written), format="json")
    again = model.ProvDocument.deserialize(content=read.serialize(format="json"), format="json")
    assert read == again
    notation = model.ProvDocument.deserialize(
        content=read.serialize(format="provn"), format="provn"
    )
    assert len(notation.get_records()) == len(read.get_records()) > 1000
    stated = sum(len(kind) for name, kind in json.loads(written.read_bytes()).items()) - len(
        json.loads(written.read_bytes())["prefix"]
    )
    assert len(read.get_records()) == stated


def test_every_event_is_there_once(records: Records, entries: list[bytes]) -> None:
    numbers = {f"v{number}": entry for number, entry in enumerate(entries, 1)}
    assert set(records["activity"]) == {f"act:{version}" for version in numbers}
    found = {
        name.removeprefix("entry:"): about["scoretrail:leaf"]
        for name, about in records["entity"].items()
        if name.startswith("entry:")
    }
    assert found == {version: leaf_hash(entry).hex() for version, entry in numbers.items()}
    for version, entry in numbers.items():
        event, activity = json.loads(entry), records["activity"][f"act:{version}"]
        assert activity["prov:startTime"] == event["at"]
        assert activity["prov:type"]["$"] == f"scoretrail:{event['type']}"  # type: ignore[index]  # of a qualified name
    made = [one["prov:entity"] for one in records["wasGeneratedBy"].values()]
    assert len(made) == len(set(made))


def test_every_activity_has_its_author_who_acts_for_an_organisation(
    records: Records, entries: list[bytes]
) -> None:
    by = {
        one["prov:activity"]: (one["prov:agent"], one["prov:role"])
        for one in records["wasAssociatedWith"].values()
    }
    assert len(by) == len(records["wasAssociatedWith"]) == len(entries)
    houses = {
        (one["prov:delegate"], one["prov:responsible"])
        for one in records["actedOnBehalfOf"].values()
    }
    for number, entry in enumerate(entries, 1):
        said = json.loads(entry)["by"]
        assert by[f"act:v{number}"] == (f"account:{said['account']}", said["role"])
        assert (f"account:{said['account']}", f"organisation:{said['organisation']}") in houses


def test_what_is_referred_to_is_there(records: Records) -> None:
    known = {name for kind in ("entity", "activity", "agent") for name in records[kind]}
    for kind, statements in records.items():
        if kind in {"prefix", "entity", "activity", "agent"}:
            continue
        for about in statements.values():
            values = {one for key, one in about.items() if key not in LITERALS}
            assert values <= known, (kind, about)


LITERALS = {"prov:time", "prov:role", "prov:type"}


def test_a_state_comes_of_an_earlier_one_and_of_what_was_there(records: Records) -> None:
    def version(name: str) -> int:
        return int(name.rpartition(".v")[2])

    last: dict[str, list[int]] = {}
    for name in records["entity"]:
        if ".v" in name:
            last.setdefault(name.rpartition(".v")[0], []).append(version(name))
    revisions = 0
    for about in records["wasDerivedFrom"].values():
        made, source = about["prov:generatedEntity"], about["prov:usedEntity"]
        assert f"act:v{version(made)}" == about["prov:activity"]
        if "prov:type" in about:
            revisions += 1
            assert source.rpartition(".v")[0] == made.rpartition(".v")[0]
            assert version(source) == max(
                n for n in last[source.rpartition(".v")[0]] if n < version(made)
            )
        else:
            assert source.partition(":")[0] in {"evidence", "document"}
    assert revisions
    for about in records["wasInformedBy"].values():
        earlier, later = about["prov:informant"], about["prov:informed"]
        assert int(earlier.removeprefix("act:v")) < int(later.removeprefix("act:v"))


def test_the_last_state_of_a_row_has_the_score_of_the_sheet(
    built: Mapping[str, Place], records: Records
) -> None:
    sheet = done(scoretrail(built["issued"], "score", CASE, "--json")).json
    last: dict[str, str] = {}
    for name in records["entity"]:
        if name.startswith("row:"):
            row, _, number = name.removeprefix("row:").rpartition(".v")
            if int(number) >= int(last.get(row, "row:x.v0").rpartition(".v")[2]):
                last[row] = name
    scores = {row: records["entity"][name].get("scoretrail:score") for row, name in last.items()}
    rows = [one for one in _rows(sheet) if one["id"] in scores]
    # The row of bonus items has no line of its own among the indicators.
    assert set(scores) - {one["id"] for one in rows} == {"work-bonus"}
    assert len(rows) > 10
    for one in rows:
        assert scores[one["id"]] == one["award"], one["id"]


def _rows(sheet: object) -> list[dict[str, str]]:
    match sheet:
        case {"indicators": list(rows)}:
            return rows
    raise AssertionError(sheet)


def test_it_is_of_one_case_and_the_same_bytes_again(
    built: Mapping[str, Place], written: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.json"
    done(scoretrail(built["issued"], "export", CASE, "--prov", "-o", str(again)))
    assert again.read_bytes() == written.read_bytes()
    assert scoretrail(built["issued"], "export", "--all", "--prov").code == 2
