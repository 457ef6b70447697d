"""Given the ledgers of two cities, when a province takes them up, then it has proof."""

import json
from pathlib import Path

import pytest

from application.fleet_receipt import TwoStepReceipt
from application.receipt_position import position_of
from ledger.gzipped import uncompressed
from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.log.note import VerifierKey
from ledger.log.policy import TrustPolicy
from ledger.log.signer import parse_keys
from ledger.log.tree import ProofError
from ledger.store import Store
from ledger.values import Instant
from tests.support.places import Place, Places
from tests.support.terminal import CASE, OPENING, Said, begun, done, record, scoretrail

DAY = "2024-12-31"
TWO_KB = 2048
AT: Instant = "2024-12-31T00:00:00.000000Z"


def run(place: Place, *words: str) -> Said:
    return scoretrail(place, "--as", "administrator", "--dated", DAY, *words, lang="en")


def ledger(places: Places, name: str, *, cases: bool = True) -> Place:
    place = begun(places.new(), "2024-01-05")
    if cases:
        done(run(place, "apply", str(OPENING)))
    done(run(place, "key", "generate", name))
    done(run(place, "checkpoint", "sign"))
    return place


class Region:
    """A province over two cities, with the list of them."""

    def __init__(self, places: Places, folder: Path) -> None:
        self.cities = [ledger(places, f"city-{name}.example/2024") for name in "ab"]
        self.province = ledger(places, "province.example/2024", cases=False)
        self.file = folder / "fleet.toml"
        self.write_list()

    def write_list(self, state: str = "live") -> None:
        listed = (
            f'[[ledger]]\norigin = "city-{name}.example/2024"\ntarget = "{city.target}"\n'
            f'vkey = "{city.file(".key.pub")}"\nstate = "{state}"\n'
            for name, city in zip("ab", self.cities, strict=True)
        )
        self.file.write_text("\n".join(listed))

    def fleet(self, what: str) -> tuple[int, list[dict[str, object]]]:
        said = run(self.province, "fleet", what, str(self.file), "--json")
        return said.code, json.loads(said.out)

    def proof(self, name: str = "two-step") -> tuple[bytes, bytes]:
        """A receipt in two steps of the case's second event in the first city, and that event."""
        file, entry = (self.file.with_name(each) for each in (name, "entry"))
        done(run(self.province, "checkpoint", "sign"))
        words = ("--version", "2", "-o", str(file), "--entry", str(entry))
        upper = ("--upper", self.province.target)
        done(run(self.cities[0], "receipt", "issue", CASE, *words, *upper))
        return file.read_bytes(), entry.read_bytes()

    def keys(self) -> list[VerifierKey]:
        files = [place.file(".key.pub") for place in (self.cities[0], self.province)]
        return [VerifierKey.parse(file.read_text().strip()) for file in files]


@pytest.fixture
def region(places: Places, tmp_path: Path) -> Region:
    return Region(places, tmp_path)


def test_checkpoints_are_taken_up_once_and_again_as_the_logs_grow(region: Region) -> None:
    code, rows = region.fleet("status")
    assert (code, [row["taken"] for row in rows]) == (0, [None, None])
    assert region.fleet("checkpoint")[0] == 0
    size = len(record(region.province))
    assert region.fleet("checkpoint")[0] == 0
    assert len(record(region.province)) == size
    city = region.cities[0]
    done(run(city, "account", "open", "more", "--organisation", "parks"))
    done(run(city, "checkpoint", "sign"))
    assert region.fleet("checkpoint")[0] == 0
    assert len(record(region.province)) == size + 1
    code, rows = region.fleet("verify")
    assert (code, [row["result"] for row in rows]) == (0, ["all hold (L2)"] * 2)
    assert "all hold" in done(run(region.province, "verify")).out


def test_a_city_that_rewrote_its_past_is_refused_and_the_others_are_taken_up(
    region: Region, places: Places
) -> None:
    """Given another history in its place, longer than the first and signed with the same key."""
    assert region.fleet("checkpoint")[0] == 0
    city, honest = region.cities
    other = begun(places.new(), "2024-02-06")
    done(run(other, "apply", str(OPENING)))
    done(run(other, "account", "open", "more", "--organisation", "parks"))
    with Store.open(other.owner) as store:
        keys = parse_keys(city.file(".key").read_bytes())
        note = sign_checkpoint(Checkpoint("city-a.example/2024", store.head()), keys)
        store.keep_checkpoint(SignedCheckpoint.parse(bytes(note)), AT)
    other.file(".key.pub").write_bytes(city.file(".key.pub").read_bytes())
    region.cities[0] = other
    region.write_list()
    done(run(honest, "account", "open", "more", "--organisation", "parks"))
    done(run(honest, "checkpoint", "sign"))
    size = len(record(region.province))
    code, rows = region.fleet("checkpoint")
    assert (code, len(record(region.province))) == (3, size + 1)
    assert "the log was rewritten" in str(rows[0]["result"]), rows
    assert region.fleet("verify")[0] == 3


def test_a_ledger_that_is_listed_as_frozen_is(region: Region) -> None:
    region.write_list("frozen")
    code, rows = region.fleet("verify")
    assert (code, "is not frozen" in str(rows[0]["result"])) == (3, True)
    for city in region.cities:
        done(run(city, "year", "freeze", "2024", "--reason", "其余在下年办理"))
    assert region.fleet("verify")[0] == 0


def test_one_receipt_leads_from_an_entry_of_the_city_to_the_province(region: Region) -> None:
    missing = run(
        region.cities[0], "receipt", "issue", CASE, "-o", "x", "--upper", region.province.target
    )
    assert (missing.code, "has not taken up" in missing.err) == (2, True)
    assert region.fleet("checkpoint")[0] == 0
    data, entry = region.proof()
    held, (city, province) = TwoStepReceipt.parse(data), region.keys()

    assert bytes(held) == data
    with Store.open(region.cities[0].target) as store:
        assert position_of(store, held).position == held.inner.position
    assert len(data) <= TWO_KB
    both = TrustPolicy.of([city, province], [])
    assert {key for key, _ in held.verify(entry, both)} == {city, province}
    for policy in (TrustPolicy.of([city], []), TrustPolicy.of([province], [])):
        with pytest.raises(ProofError):
            held.verify(entry, policy)
    with pytest.raises(ProofError):
        held.verify(entry.replace(b"2024", b"2025"), both)
    file, original = (region.file.with_name(name) for name in ("two-step", "entry"))
    keys = [word for key in (city, province) for word in ("--vkey", str(key))]
    verify = ("receipt", "verify", str(file), str(original), *keys)
    said = done(scoretrail(None, *verify, lang="en"))
    assert "whose checkpoint is at position" in said.out
    smaller, _ = region.proof("two-step.gz")
    assert len(smaller) < len(data) == len(uncompressed(smaller, TWO_KB))
    compressed = (*verify[:2], f"{file}.gz", *verify[3:])
    assert done(scoretrail(None, *compressed, lang="en")).out == said.out


def test_no_changed_byte_of_a_two_step_receipt_verifies_something_else(region: Region) -> None:
    assert region.fleet("checkpoint")[0] == 0
    data, entry = region.proof()
    policy = TrustPolicy.of(region.keys(), [])
    true = TwoStepReceipt.parse(data)
    for index in range(0, len(data), 7):
        changed = data[:index] + bytes([data[index] ^ 1]) + data[index + 1 :]
        try:
            held = TwoStepReceipt.parse(changed)
            held.verify(entry, policy)
        except ProofError:
            continue
        assert (held.inner.position, held.taken) == (true.inner.position, true.taken)


def test_the_data_of_all_is_exported_again_where_it_changed_and_asked_together(
    region: Region, tmp_path: Path
) -> None:
    data, city = tmp_path / "data", region.cities[0]
    export = ("fleet", "export", str(region.file), "-o", str(data), "--json")
    first = done(run(region.province, *export))
    assert all("rows of city-" in str(row["result"]) for row in json.loads(first.out))
    again = json.loads(done(run(region.province, *export)).out)
    assert [row["result"] for row in again] == ["has not changed"] * 2
    done(run(city, "account", "open", "more", "--organisation", "parks"))
    done(run(city, "checkpoint", "sign"))
    changed = json.loads(done(run(region.province, *export)).out)
    assert [row["result"] == "has not changed" for row in changed] == [False, True]
    own = data / "origin=city-a.example%2F2024"
    done(run(city, "verify-export", str(own), "--vkey", str(city.file(".key.pub"))))
    assert run(region.cities[1], "verify-export", str(own)).code == 3

    scores = json.loads(
        done(run(region.province, "fleet", "portfolio", str(data), "scores", "--json")).out
    )
    assert [head["origin"] for head in scores["at"]] == [f"city-{n}.example/2024" for n in "ab"]
    assert {row["origin"] for row in scores["scores"]} == {head["origin"] for head in scores["at"]}
    asked = run(region.province, "fleet", "portfolio", str(data), "compare")
    assert (asked.code, "two years" in asked.err) == (2, True)


def test_a_list_is_asked_as_its_ledgers_are_now_and_none_is_left_out(
    region: Region, tmp_path: Path
) -> None:
    """Given a city that was frozen and archived, and one listed no more, or not there."""
    asked = ("fleet", "portfolio", str(region.file), "--json")
    before = json.loads(done(run(region.province, *asked)).out)
    city, other = region.cities
    done(run(city, "year", "freeze", "2024", "--reason", "其余在下年办理"))
    done(run(city, "archive", "write", city.target, str(tmp_path / "archived")))
    text = region.file.read_text().replace(f'"{city.target}"', '"archive:archived"')
    text = text.replace('state = "live"', 'state = "archived"', 1)
    region.file.write_text(text)
    after = json.loads(done(run(region.province, *asked)).out)
    assert after["scores"] == before["scores"]
    assert after["at"][0]["size"] > before["at"][0]["size"]
    assert region.fleet("verify")[0] == 0

    region.file.write_text(text.partition("\n\n")[0])
    alone = json.loads(done(run(region.province, *asked)).out)
    assert [head["origin"] for head in alone["at"]] == ["city-a.example/2024"]
    assert {row["origin"] for row in alone["scores"]} == {"city-a.example/2024"}

    region.file.write_text(text.replace(f'"{other.target}"', '"nowhere.db"'))
    said = run(region.province, *asked)
    assert (said.code, "city-b.example/2024" in said.err) == (2, True)


@pytest.mark.sqlite_only("about the list of the ledgers")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[ledger]]\norigin = 'a'\n", "line 1, ledger.1: the field target is missing"),
        ("nonsense", "line 1: not TOML"),
        (
            "[[ledger]]\norigin='a'\ntarget='x'\nvkey='k'\n" * 2,
            "line 6, ledger.2.origin: a is named twice",
        ),
        ("[[ledger]]\norigin='a'\ntarget='x'\nvkey='k'\nstate='dead'\n", "line 5, ledger.1.state"),
    ],
)
def test_a_list_that_is_none_is_refused(
    places: Places, tmp_path: Path, text: str, said: str
) -> None:
    place = begun(places.new(), "2024-01-05")
    file = tmp_path / "fleet.toml"
    file.write_text(text)
    answer = run(place, "fleet", "status", str(file))
    assert (answer.code, said in answer.err) == (2, True), answer
