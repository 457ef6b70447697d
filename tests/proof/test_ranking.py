"""The ranking of a year, from the ledger to a unit: attacks on list, proof and record."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from application.ranking_audit import read_ranking
from ledger import refusals
from ledger.commands import ConfirmScore, IssueResult
from ledger.log.checkpoint import SignedCheckpoint, sign_checkpoint
from ledger.log.note import SigningKey
from ledger.log.signer import read_keys
from ledger.practice import MARK
from ledger.store import NewEntry, Store
from tests.support.many_cases import renamed
from tests.support.places import Place, Places
from tests.support.small_case import CASE, CUT_SERVICE, REVIEWED, Story, on
from tests.support.specification import told
from tests.support.stranger import page_believes_place
from tests.support.terminal import ROOT, Said, done, scoretrail

pytestmark = pytest.mark.slow

SERVICE = {"high-2023": "28", "low-2023": "20.5", "same-2023": "20.5", "mid-2023": "25.5"}
CLAIMED = Decimal(28)
EXCELLENT = Decimal(90)
PLACES = {"high-2023": (1, "95.50"), "mid-2023": (2, "93.00"), "low-2023": (3, "88.00")}


def story(award: str) -> Story:
    """The small case with another award, and the result that follows from it."""
    score = Decimal(award)
    cut = replace(CUT_SERVICE, award=score)
    as_claimed = ConfirmScore(indicator="service")
    steps = tuple(
        (account, (as_claimed if score == CLAIMED else cut), day)
        if command == CUT_SERVICE
        else (account, command, day)
        for account, command, day in REVIEWED
    )
    total = Decimal(93) + score - Decimal("25.5")
    grade = "优" if total >= EXCELLENT else "良"
    issue = IssueResult(printed_total=total, printed_grade=grade, number="9号")
    return steps + on("2024-12-30", ("clerk", issue))


class House:
    """A ledger of several cases with a key, and the list of its bureau."""

    def __init__(self, ledger: Place, folder: Path) -> None:
        self.ledger, self.folder = ledger, folder
        made = done(scoretrail(ledger, "key", "generate", "reviews.example/2023"))
        self.vkey = made.out.split()[-1]

    @property
    def list(self) -> Path:
        return self.folder / "list.json"

    def record(self, name: str = "list.json", *words: str) -> Said:
        file = str(self.folder / name)
        return scoretrail(
            self.ledger, "--as", "clerk", "ranking", "record", "2023", file, *words, lang="en"
        )

    def audit(self, file: Path | None = None) -> Said:
        return scoretrail(
            self.ledger, "ranking", "audit", str(file or self.list), "--json", lang="en"
        )

    def prove(self, case: str) -> Path:
        output = self.folder / f"{case}.json"
        words = ("ranking", "prove", str(self.list), case, "-o", str(output))
        done(scoretrail(self.ledger, *words))
        return output

    def verify(self, proof: Path) -> Said:
        """By the program, the one for strangers and their page, which must agree."""
        ours = scoretrail(
            None, "ranking", "verify", str(proof), "--vkey", self.vkey, "--json", lang="en"
        )
        theirs = by_tool(proof, self.vkey)
        assert (ours.code == 0) == (theirs.returncode == 0), (ours.err, theirs.stdout)
        assert page_believes_place(proof, self.vkey) in {None, ours.code == 0}, ours.err
        return ours


def by_tool(proof: Path, vkey: str, *more: str) -> subprocess.CompletedProcess[str]:
    """What the program for strangers says."""
    tool = str(ROOT / "tools" / "verify_ranking.py")
    return subprocess.run(  # noqa: S603 - our own tool on a file of the test
        [sys.executable, tool, str(proof), vkey, *more],
        capture_output=True,
        check=False,
        text=True,
    )


@pytest.fixture
def house(places: Places, tmp_path: Path) -> House:
    ledger = places.ledger()
    start = [NewEntry(old.case_id, old.version, old.type, old.entry) for old in told(())]
    with Store.open(ledger.owner) as store:
        store.append_all(start)
        for name, award in SERVICE.items():
            store.append_all(renamed(told(story(award)), name))
        unfinished = renamed(told(REVIEWED), "open-2023")
        store.append_all(unfinished)
    return House(ledger, tmp_path)


def altered(file: Path, change: Callable[[Any], None]) -> Path:
    """A copy of a file of JSON in which something is otherwise."""
    content = json.loads(file.read_text())
    change(content)
    other = file.with_name("altered.json")
    other.write_text(json.dumps(content, ensure_ascii=False))
    return other


def test_each_unit_is_shown_its_place_and_nothing_else(house: House) -> None:
    done(house.record())
    assert house.audit().json["in_force"] is True
    assert house.list.stat().st_mode & 0o777 == 0o600
    cases = json.loads(house.list.read_text())["cases"]
    assert "open-2023" not in {case["case"] for case in cases}
    for name, (place, score) in PLACES.items():
        proof = house.prove(name)
        said = done(house.verify(proof)).json
        assert (said["place"], said["score"], said["cases"]) == (place, score, 4)
        text = proof.read_text()
        for other in cases:
            if other["case"] != name:
                assert other["case"] not in text
                assert other["salt"] not in text


def test_no_random_byte_is_in_the_ledger(house: House) -> None:
    done(house.record())
    exported = house.folder / "all.jsonl"
    done(scoretrail(house.ledger, "export", "--all", "-o", str(exported)))
    content = exported.read_text()
    listed = json.loads(house.list.read_text())
    assert listed["salt"] not in content
    assert not any(case["salt"] in content for case in listed["cases"])


@pytest.mark.parametrize(
    "change",
    [
        lambda proof: proof["case"].update(place=1),
        lambda proof: proof["case"].update(score="99.00"),
        lambda proof: proof["case"].update(case="high-2023"),
        lambda proof: proof["case"].update(salt="0" * 32),
        lambda proof: proof.update(index=1),
        lambda proof: proof["path"].reverse(),
        lambda proof: proof["path"].pop(),
        lambda proof: proof.update(entry=proof["entry"].replace('"cases":4', '"cases":3')),
        lambda proof: proof.update(entry=proof["entry"].replace('"year":2023', '"year":2024')),
        lambda proof: proof.update(receipt=proof["receipt"].replace("index ", "index 1")),
    ],
)
def test_an_altered_proof_is_refused(house: House, change: Callable[[Any], None]) -> None:
    done(house.record())
    proof = house.prove("mid-2023")
    assert house.verify(altered(proof, change)).code in {2, 3}


def test_a_proof_of_another_log_is_refused(house: House) -> None:
    done(house.record())
    proof = house.prove("mid-2023")
    house.vkey = "reviews.example/log1+f3967548+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    assert house.verify(proof).code == 3


@pytest.mark.parametrize("practice", [True, False])
def test_a_proof_of_a_practice_ledger_is_taken_for_that_only(
    house: House, *, practice: bool
) -> None:
    """The name of the log says so, in the bytes that are signed; the reverse is refused as well."""
    house.record()
    proof, vkey = house.prove("mid-2023"), house.vkey
    if practice:
        content = json.loads(proof.read_text())
        above, _, signed = content["receipt"].partition("\n\n")
        checkpoint = SignedCheckpoint.parse(signed.encode()).checkpoint
        (own,) = read_keys(house.ledger.key)
        key = SigningKey(f"{MARK}{own.name}", own.seed)
        note = sign_checkpoint(checkpoint._replace(origin=key.name), [key])
        content["receipt"] = f"{above}\n\n{bytes(note).decode()}"
        vkey = str(key.public)
        proof.write_text(json.dumps(content, ensure_ascii=False))

    def code(*words: str) -> tuple[int, int]:
        ours = scoretrail(None, "ranking", "verify", str(proof), "--vkey", vkey, *words)
        theirs = by_tool(proof, vkey, *words)
        assert ("PRACTICE, NOT REAL: VERIFIED" in theirs.stdout) == (practice and bool(words))
        return ours.code, theirs.returncode

    assert code() == ((6, 6) if practice else (0, 0))
    assert code("--practice") == ((0, 0) if practice else (6, 6))


def leave_out(ranking: Any) -> None:  # noqa: ANN401 - JSON
    gone = ranking["cases"].pop()
    ranking["sum"] = f"{Decimal(ranking['sum']) - Decimal(gone['score']):f}"


def swap(ranking: Any) -> None:  # noqa: ANN401 - JSON
    first, second = ranking["cases"][:2]
    first["case"], second["case"] = second["case"], first["case"]


def raise_score(ranking: Any) -> None:  # noqa: ANN401 - JSON
    ranking["cases"][1]["score"] = "94.00"
    ranking["sum"] = f"{Decimal(ranking['sum']) + 1:f}"


@pytest.mark.parametrize("change", [leave_out, swap, raise_score])
def test_a_list_that_was_changed_later_is_not_the_recorded_one(
    house: House, change: Callable[[Any], None]
) -> None:
    done(house.record())
    said = house.audit(altered(house.list, change))
    assert (said.code, "no such ranking" in said.err) == (3, True)


@pytest.mark.parametrize(
    ("change", "what"),
    [(leave_out, "the list —"), (swap, "mid-2023"), (raise_score, "94.00")],
)
def test_a_list_that_lies_is_found_by_all_who_hold_it(
    house: House, change: Callable[[Any], None], what: str
) -> None:
    """The bureau itself records the root of a list that leaves out, swaps or raises."""
    done(house.record())
    lying = altered(house.list, change)
    root = read_ranking(lying).root
    cases = len(json.loads(lying.read_text())["cases"])
    done(record_root(house, root, cases))
    said = house.audit(lying)
    assert said.code == 3
    assert what in said.err


def record_root(house: House, root: str, cases: int) -> Said:
    """What somebody who does not use `ranking record` can do by a file of commands."""
    before = json.loads(house.list.read_text())
    present = read_ranking(house.list).root
    file = house.folder / "root.jsonl"
    act = {
        "do": "record-ranking",
        "year": 2023,
        "cases": cases,
        "entries": before["size"],
        "root": root,
        "replaces": present,
        "reason": "更正",
    }
    file.write_text(json.dumps(act))
    return scoretrail(house.ledger, "--as", "clerk", "apply", str(file))


def test_a_correction_replaces_the_list_and_both_stay(house: House) -> None:
    done(house.record())
    refused = house.record("second.json")
    assert (refused.code, "requires a reason" in refused.err) == (1, True)
    assert not (house.folder / "second.json").exists()
    done(house.record("second.json", "--reason", "appeals were decided"))
    assert house.audit().json["in_force"] is False
    assert house.audit(house.folder / "second.json").json["in_force"] is True
    proof = house.prove("mid-2023")
    done(house.verify(proof))
    letter = ("document", "result-letter", "mid-2023", "-o", str(house.folder / "letter.html"))
    stale = scoretrail(house.ledger, *letter, "--place", str(proof), lang="en")
    assert (stale.code, "not in force" in stale.err) == (3, True)


def test_the_letter_states_the_place_and_what_is_revealed(house: House) -> None:
    done(house.record())
    proof, output = house.prove("mid-2023"), house.folder / "letter.html"
    letter = ("document", "result-letter", "mid-2023", "-o", str(output), "--place", str(proof))
    done(scoretrail(house.ledger, *letter))
    text = re.sub("<[^>]*>", "", output.read_text())
    assert "共4个，本事项得分93.00，居第2名" in text
    assert "不透露：其他任何单位的得分、名次和名称" in text
    other = scoretrail(
        house.ledger, "document", "result-letter", "low-2023", *letter[3:], lang="en"
    )
    assert (other.code, "not of low-2023" in other.err) == (2, True)


def test_what_goes_wrong_says_what_to_do(house: House) -> None:
    none = scoretrail(
        house.ledger, "--as", "clerk", "ranking", "record", "2020", str(house.list), lang="en"
    )
    assert (none.code, "no result of 2020" in none.err) == (2, True)
    assert not house.list.exists()
    done(house.record())
    again = house.record()
    assert (again.code, "already exists" in again.err) == (2, True)
    words = ("ranking", "prove", str(house.list), "nobody-2023")
    unknown = scoretrail(house.ledger, *words, lang="en")
    not_ranked = refusals.not_ranked("nobody-2023", ())
    assert (not_ranked.rule, unknown.code) == ("not-ranked", 2)
    assert not_ranked.text.en in unknown.err
    junk = house.folder / "junk.json"
    junk.write_text("{}")
    assert house.audit(junk).code == 2
    assert house.verify(junk).code == 2


def test_only_the_bureau_records_one_and_leaves_no_list_behind(house: House) -> None:
    file = house.folder / "other.json"
    words = ("ranking", "record", "2023", str(file))
    said = scoretrail(house.ledger, "--as", "filer", *words)
    assert said.code == 1
    assert not file.exists()


def test_the_unused_case_of_the_story_is_none_of_the_ranking(house: House) -> None:
    done(house.record())
    assert CASE not in house.list.read_text()
