"""A case carried from one ledger to another, byte for byte, or not at all."""

import json
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import copytree

import pytest

from tests.support.places import Place, Places
from tests.support.sample import SLOW, some
from tests.support.terminal import CASE, OPENING, done, entries, record, scoretrail

pytestmark = pytest.mark.slow


@pytest.fixture
def exported(issued: Place, tmp_path: Path) -> Path:
    """The export of the reference case."""
    file = tmp_path / "case.jsonl"
    done(scoretrail(issued, "export", CASE, "-o", str(file)))
    return file


def test_an_export_is_the_stored_bytes_and_nothing_else(issued: Place, exported: Path) -> None:
    assert exported.read_bytes() == b"".join(row[4] + b"\n" for row in record(issued))
    streams = {json.loads(line)["case"] for line in exported.read_bytes().splitlines()}
    assert streams == {CASE, "register:accounts", "rubric:zhanjiang-departments-2023"}


def test_to_stdout_it_is_the_same_as_to_a_file(issued: Place, exported: Path) -> None:
    said = done(scoretrail(issued, "export", CASE))
    assert said.out.encode() == exported.read_bytes()
    assert said.err == ""


@pytest.mark.parametrize("where", ["nowhere/case.jsonl", "case.jsonl/case.jsonl", "."])
def test_an_export_to_where_no_file_can_be_is_refused(
    issued: Place, exported: Path, where: str
) -> None:
    said = scoretrail(issued, "export", CASE, "-o", str(exported.parent / where))
    assert said.code == 2
    assert "无法写入" in said.err


def test_a_new_ledger_made_of_an_export_is_the_same_to_the_byte(
    issued: Place, exported: Path, places: Places
) -> None:
    other = places.for_import()
    said = done(scoretrail(other, "import", str(exported), lang="en"))
    assert f"{len(record(issued))} entries imported, 0 known" in said.out
    assert record(other) == record(issued)
    with_evidence(issued, other)
    again = exported.with_name("again.jsonl")
    done(scoretrail(other, "export", CASE, "-o", str(again)))
    assert again.read_bytes() == exported.read_bytes()
    verified = done(scoretrail(other, "verify", "--json")).json
    assert verified["counted"]["events"] == len(record(issued))
    for words in (("score", CASE, "--json"), ("log", CASE, "--json"), ("bridge", CASE, "--json")):
        assert done(scoretrail(other, *words)).out == done(scoretrail(issued, *words)).out


def test_to_import_again_writes_nothing(issued: Place, exported: Path) -> None:
    before = record(issued)
    said = done(scoretrail(issued, "import", str(exported), lang="en"))
    assert f"0 entries imported, {len(before)} known" in said.out
    assert record(issued) == before


@pytest.mark.parametrize("stage", ["founded", "opened", "submitted", "reviewed"])
def test_a_ledger_that_is_behind_takes_what_it_lacks_and_says_who_merged_it(
    stage: str, issued: Place, exported: Path, built: Mapping[str, Place], places: Places
) -> None:
    behind = places.copy(built[stage])
    done(scoretrail(behind, "--as", "administrator", "import", str(exported)))
    assert record(behind)[:-1] == record(issued)
    merged = entries(behind, "register:accounts")[-1]
    assert (merged["type"], merged["by"]["account"]) == ("EntriesMerged", "administrator")
    assert CASE in {one["stream"] for one in merged["data"]["streams"]}
    with_evidence(issued, behind)
    assert scoretrail(behind, "verify").code == 0


def test_nobody_but_an_administrator_merges_into_a_ledger_that_has_records(
    exported: Path, built: Mapping[str, Place], places: Places
) -> None:
    behind = places.copy(built["opened"])
    before = record(behind)
    assert scoretrail(behind, "import", str(exported)).code == 2
    for account in ("bureau-officer", "auditor", "nobody"):
        assert scoretrail(behind, "--as", account, "import", str(exported)).code == 1
    assert record(behind) == before


def test_a_ledger_of_its_own_beginning_takes_nothing(exported: Path, places: Places) -> None:
    own = places.new()
    done(scoretrail(own, "init", "--administrator", "someone-else"))
    before = record(own)
    said = scoretrail(own, "import", str(exported), lang="en")
    assert (said.code, said.out) == (1, "")
    assert "register:accounts v1" in said.err
    assert record(own) == before


def test_a_ledger_that_went_on_by_itself_takes_nothing(
    exported: Path, built: Mapping[str, Place], places: Places
) -> None:
    own = places.copy(built["reviewed"])
    finding = ("--title", "x", "--statement", "x")
    done(scoretrail(own, "--as", "agency-reviewer", "review", "finding", CASE, "other", *finding))
    before = record(own)
    said = scoretrail(own, "import", str(exported), lang="en")
    assert (said.code, said.out) == (1, "")
    assert CASE in said.err
    assert record(own) == before


Change = Callable[[list[bytes]], list[bytes]]

GAPS: dict[str, Change] = {
    "a line left out": lambda lines: lines[:100] + lines[101:],
    "the first line left out": lambda lines: lines[1:],
    "two lines in the other order": lambda lines: [*lines[:-2], lines[-1], lines[-2]],
    "a line twice, once changed": lambda lines: [
        *lines, lines[-1].replace(b"93.89", b"98.93")
    ],
    "a line cut short": lambda lines: [*lines[:-1], lines[-1][:-20]],
    "an empty line": lambda lines: [*lines[:50], b"", *lines[50:]],
    "nothing at all": lambda _: [],
    "a line of something else": lambda lines: [*lines, b'{"hello": "world"}'],
    "keys in another order": lambda lines: [
        json.dumps(dict(reversed(json.loads(lines[0]).items())), separators=(",", ":")).encode(),
        *lines[1:],
    ],
}  # fmt: skip


@pytest.mark.parametrize("change", GAPS)
def test_an_export_with_a_gap_is_refused_and_no_ledger_is_made(
    change: str, exported: Path, tmp_path: Path, places: Places
) -> None:
    other = places.for_import()
    lines = GAPS[change](exported.read_bytes().splitlines())
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(b"".join(line + b"\n" for line in lines))
    for lang in ("zh", "en"):
        said = scoretrail(other, "import", str(broken), lang=lang)
        assert said.code in {1, 2}
        assert said.out == ""
    assert other.is_empty()


def changed_bytes(content: bytes, seed: int, times: int) -> list[tuple[int, bytes]]:
    """The content with one byte changed, anywhere; with the place of the change."""
    chance = random.Random(seed)  # noqa: S311 - places to try, no secrets
    places = [chance.randrange(len(content)) for _ in range(times)]
    return [
        (place, content[:place] + bytes([content[place] ^ (1 << bit)]) + content[place + 1 :])
        for place in places
        for bit in (0, chance.randrange(1, 8))
    ]


def test_a_changed_byte_anywhere_is_refused_where_the_case_is_known(
    issued: Place, exported: Path, tmp_path: Path
) -> None:
    before = record(issued)
    for place, content in some(changed_bytes(exported.read_bytes(), seed=2023, times=40)):
        (tmp_path / "changed.jsonl").write_bytes(content)
        said = scoretrail(issued, "import", str(tmp_path / "changed.jsonl"))
        assert said.code in {1, 2}, place
    assert record(issued) == before


def test_a_changed_byte_is_refused_where_the_case_is_new(
    exported: Path, tmp_path: Path, places: Places
) -> None:
    """All but in the last entry of a stream, which no later entry names by its hash.

    Whoever needs to trust that one, too, compares it with a signed checkpoint.
    """
    other = places.for_import()
    content = exported.read_bytes()
    ends = {}
    start = 0
    for line in content.splitlines(keepends=True):
        ends[json.loads(line)["case"]] = range(start, start + len(line))
        start += len(line)
    tried = 0
    for place, changed in some(changed_bytes(content, seed=2024, times=60)):
        if any(place in end for end in ends.values()):
            continue
        (tmp_path / "changed.jsonl").write_bytes(changed)
        said = scoretrail(other, "import", str(tmp_path / "changed.jsonl"))
        assert said.code in {1, 2}, place
        tried += 1
    assert tried > 40 // SLOW
    assert other.is_empty()


def test_nothing_of_an_import_is_written_when_its_last_line_is_refused(
    exported: Path, built: Mapping[str, Place], tmp_path: Path, places: Places
) -> None:
    behind = places.copy(built["opened"])
    before = record(behind)
    lines = exported.read_bytes().splitlines()
    (tmp_path / "broken.jsonl").write_bytes(b"\n".join([*lines[:-2], lines[-1], b""]))
    said = scoretrail(behind, "import", str(tmp_path / "broken.jsonl"), lang="en")
    assert said.code == 1
    assert f"v{len(entries_of(lines))}" in said.err
    assert record(behind) == before
    done(scoretrail(behind, "apply", str(OPENING)))  # and the ledger is as usable as before


def entries_of(lines: list[bytes]) -> list[bytes]:
    return [line for line in lines if json.loads(line)["case"] == CASE]


def test_evidence_is_carried_beside_an_export_and_a_file_left_behind_is_missed(
    issued: Place, exported: Path, places: Places
) -> None:
    other = places.for_import()
    done(scoretrail(other, "import", str(exported)))
    unseen = done(scoretrail(other, "verify", "--json", lang="en")).json
    assert unseen["counted"]["evidence"] == 0
    assert any("evidence" in limit for limit in unseen["does_not_prove"])

    with_evidence(issued, other)
    seen = done(scoretrail(other, "verify", "--json", lang="en")).json
    assert seen["counted"]["evidence"] == len([*issued.evidence.glob("*/*")])
    assert len(seen["does_not_prove"]) < len(unseen["does_not_prove"])

    lost = next(other.evidence.glob("*/*"))
    lost.unlink()
    verified = scoretrail(other, "verify", "--json")
    assert verified.code == 3
    (found,) = verified.json["breaks"]
    assert found["kind"] == "evidence"
    assert lost.name in found["where"]


def with_evidence(source: Place, ledger: Place) -> None:
    """Put the files beside a ledger, as whoever carries a case does."""
    copytree(source.evidence, ledger.evidence, dirs_exist_ok=True)


def test_a_case_can_go_on_where_it_was_imported(
    issued: Place, exported: Path, places: Places
) -> None:
    other = places.for_import()
    done(scoretrail(other, "import", str(exported)))
    with_evidence(issued, other)
    words = ("--as", "unit-filer", "review", "receive", CASE, "--on", "2025-01-06")
    done(scoretrail(other, *words))
    assert entries(other)[-1]["type"] == "ResultReceived"
    assert scoretrail(other, "verify").code == 0
