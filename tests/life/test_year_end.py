"""Given a ledger at the end of its year, when it is frozen, then the next one goes on from it."""

from pathlib import Path

import pytest

from application.handed_over import read_log_keys
from application.year_end import final_checkpoint
from ledger.events import AccountCarriedOver
from ledger.ledger import Ledger
from ledger.store import Store
from ledger.values import Invalid
from tests.support.places import Place, Places, administrator
from tests.support.postgres import raw
from tests.support.terminal import CASE, OPENING, Said, begun, done, record, scoretrail

DAY = "2024-12-31"
BROKEN = 3
SCORE = ("submit", "score", CASE, "output-goals", "1.00")
BATCH = """
as = "administrator"
dated = 2024-12-31
[[command]]
do = "open-account"
account = "x"
organisation = "parks"
"""
LAST = "SELECT case_id, version, type, entry FROM events ORDER BY id DESC LIMIT 1"
INSERT = "INSERT INTO events (case_id, version, type, entry) VALUES (?, ?, ?, ?)"


def act(place: Place, account: str, *words: str) -> Said:
    return scoretrail(place, "--as", account, "--dated", DAY, *words, lang="en")


@pytest.fixture
def old(places: Places) -> Place:
    """A ledger with one case, of which the last checkpoint is to be signed."""
    place = begun(places.new(), "2024-01-05")
    done(act(place, "administrator", "apply", str(OPENING)))
    done(act(place, "administrator", "key", "generate", "city.example/2024"))
    return place


@pytest.fixture
def frozen(old: Place) -> Place:
    done(act(old, "administrator", "year", "freeze", "2024", "--reason", "其余在下年办理"))
    return old


@pytest.fixture
def vkey(frozen: Place) -> str:
    return str(frozen.file(".key.pub"))


def succeeded(places: Places, frozen: Place, vkey: str) -> Place:
    place = begun(places.new(), "2025-01-05")
    done(act(place, "administrator", "year", "succeed", frozen.target, "--vkey", vkey))
    return place


class TestAFreeze:
    def test_wants_the_cases_closed_or_a_reason_and_a_key(self, places: Places) -> None:
        place = begun(places.new(), "2024-01-05")
        done(act(place, "administrator", "apply", str(OPENING)))
        freeze = ("year", "freeze", "2024")
        assert "no signing key" in act(place, "administrator", *freeze).err
        done(act(place, "administrator", "key", "generate", "city.example/2024"))
        open_yet = act(place, "administrator", *freeze)
        assert (open_yet.code, "1 case not closed yet" in open_yet.err) == (2, True)
        stranger = act(place, "bureau-officer", *freeze, "--reason", "年终")
        assert (stranger.code, "administrator" in stranger.err) == (1, True)
        assert "LedgerFrozen" not in str(record(place))

    def test_is_the_end_at_every_door(self, frozen: Place, tmp_path: Path) -> None:
        before = record(frozen)
        for account, words in {
            "administrator": ("account", "open", "x", "--organisation", "parks"),
            "bureau-officer": ("case", "close", "zhanjiang-amr-2023"),
            "unit-filer": SCORE,
        }.items():
            said = act(frozen, account, *words)
            assert (said.code, "The ledger of 2024 is frozen" in said.err) == (1, True), said
        batch = tmp_path / "more.toml"
        batch.write_text(BATCH)
        assert "is frozen" in scoretrail(frozen, "apply", str(batch), lang="en").err
        assert record(frozen) == before
        again = act(frozen, "administrator", "year", "freeze", "2024", "--reason", "其余在下年办理")
        assert (again.code, record(frozen)) == (0, before)

    def test_is_verified_and_proven_as_any_entry(self, frozen: Place, vkey: str) -> None:
        assert "all hold" in done(scoretrail(frozen, "verify", "--vkey", vkey, lang="en")).out
        last = len(record(frozen))
        file = frozen.file(".tlog-proof")
        done(scoretrail(frozen, "receipt", "issue", "register:accounts", "-o", str(file)))
        assert f"index {last - 1}\n" in file.read_text()

    def test_whose_ledger_goes_on_past_the_program_is_found(
        self, places: Places, old: Place
    ) -> None:
        """Somebody takes the guards away and adds what the program recorded in a copy."""
        copied = places.copy(old)
        done(act(copied, "unit-filer", *SCORE))
        with raw(copied.owner) as connection:
            more = connection.execute(LAST).fetchone()
        done(act(old, "administrator", "year", "freeze", "2024", "--reason", "年终"))
        with administrator(old) as connection:
            connection.execute(INSERT, tuple(more))
        with Store.open(old.owner) as store:
            store.seal(thorough=True)
        said = scoretrail(old, "verify", "--json", lang="en")
        assert said.code == BROKEN
        assert any("The ledger of 2024 is frozen" in str(one) for one in said.json["breaks"])
        with Store.open(old.owner) as store, pytest.raises(Invalid, match="after"):
            final_checkpoint(store, read_log_keys([str(old.file(".key.pub"))]))


def test_the_next_ledger_names_it_and_carries_accounts_and_rubrics_over(
    places: Places, frozen: Place, vkey: str
) -> None:
    place = succeeded(places, frozen, vkey)
    done(act(place, "bureau-officer", "year", "rubrics", frozen.target))

    with Store.open(place.target) as store, Store.open(frozen.target) as before:
        register, old = Ledger(store).register(), Ledger(before).register()
        named = register.predecessor
        assert named is not None
        assert (named.year, named.origin) == (2024, "city.example/2024")
        assert (named.size, named.root) == (before.size(), before.head().root.hex())
        assert {one.id: one.roles for one in register.accounts.values()} == {
            one.id: one.roles for one in old.accounts.values()
        }
        for recorded in Ledger(store).history("register:accounts"):
            if isinstance(event := recorded.event, AccountCarriedOver):
                entry = before.entry_at(event.position)
                assert entry is not None
                assert f'"account":"{event.account}"'.encode() in entry.entry
        (rubric,) = [name for name in Ledger(store).streams() if name.startswith("rubric:")]
        (published,) = Ledger(store).history(rubric)
        assert "city.example/2024" in (published.event.transcriber_note or "")
    assert "all hold" in done(scoretrail(place, "verify", lang="en")).out
    size = len(record(place))
    done(act(place, "administrator", "year", "succeed", frozen.target, "--vkey", vkey))
    done(act(place, "bureau-officer", "year", "rubrics", frozen.target))
    assert len(record(place)) == size


def test_nothing_is_carried_over_from_what_is_not_frozen_or_not_what_was_signed(
    places: Places, old: Place
) -> None:
    place = begun(places.new(), "2025-01-05")
    key = str(old.file(".key.pub"))
    done(scoretrail(old, "checkpoint", "sign"))
    succeed = ("year", "succeed", old.target, "--vkey", key)
    assert "is not frozen" in act(place, "administrator", *succeed).err
    done(act(old, "administrator", "year", "freeze", "2024", "--reason", "其余在下年办理"))
    other = places.new()
    stranger = done(act(other, "administrator", "key", "generate", "other.example/2024"))
    wrong = ("year", "succeed", old.target, "--vkey", stranger.out.split()[-1])
    assert "no signature by a trusted key" in act(place, "administrator", *wrong).err
    with administrator(old) as connection:
        connection.execute(
            "UPDATE events SET entry = (SELECT entry FROM events WHERE id = 2) WHERE id = 1"
        )
    said = act(place, "administrator", *succeed)
    assert (said.code, "not what its final checkpoint says" in said.err) == (2, True), said
    assert "PredecessorNamed" not in str(record(place))
