"""Witnesses: they see only what is published, and what they say comes back into the ledger."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.log.checkpoint import (
    Checkpoint,
    SignedCheckpoint,
    WitnessSigningKey,
    sign_checkpoint,
)
from ledger.log.note import Note
from ledger.log.publish import publish
from ledger.log.signer import read_keys
from ledger.log.tree import EMPTY_ROOT, TreeHead
from ledger.store import Store
from tests.support.houses import House, exported, kinds
from tests.support.postgres import raw
from tests.support.terminal import CASE, Said, done, scoretrail


class Office:
    """Somebody else's place: a key, what was seen last, and no ledger."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder / name
        self.folder.mkdir()
        key = self.folder / "witness.key"
        done(scoretrail(None, "--key", str(key), "key", "generate", f"{name}.example/w"))
        shown = done(scoretrail(None, "checkpoint", "witness-key", str(key)))
        self.vkey = shown.out.strip()
        self.file = self.folder / "witness.key.pub"
        assert self.file.read_text() == f"{self.vkey}\n"

    def cosign(self, house: House, public: Path) -> Said:
        return scoretrail(
            *(self.folder / "no-ledger", "checkpoint", "cosign", str(public)),
            *("--witness-key", str(self.folder / "witness.key"), "--vkey", house.vkey),
            *("--seen", str(self.folder / "seen"), "-o", str(self.cosigned)),
        )

    @property
    def cosigned(self) -> Path:
        return self.folder / "cosigned"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, "auditor")


@pytest.fixture
def partner(tmp_path: Path) -> Office:
    return Office(tmp_path, "partner")


def published(house: House, to: Path, at: Path | None = None) -> Path:
    """What the house publishes, as of a checkpoint or now."""
    if at is None:
        done(scoretrail(house.ledger, "publish", str(to)))
        return to
    checkpoint = SignedCheckpoint.parse(at.read_bytes())
    with Store.open(house.ledger.target) as store:
        publish(to, checkpoint, store.tile, store.entries)
    return to


def policy_file(house: House, folder: Path, lines: str) -> Path:
    path = folder / "policy"
    path.write_text(f"log {house.vkey}\n{lines}")
    return path


class TestAWitness:
    def test_cosigns_what_is_published_and_the_log_reaches_level_three(
        self, house: House, office: Office, tmp_path: Path
    ) -> None:
        public = published(house, tmp_path / "public", house.old)
        done(office.cosign(house, public))
        done(office.cosign(house, published(house, public)))
        held = ("--checkpoint", str(office.cosigned))
        said = house.verify("--vkey", house.vkey, *held, "--witness", office.vkey)
        assert (kinds(said), said.json["level"]) == (set(), "L3")
        alone = house.verify("--vkey", house.vkey, *held)
        assert alone.json["level"] == "L2"  # a witness whom nobody knows counts for nothing

    def test_refuses_a_fork_and_a_rollback_of_what_it_has_seen(
        self, house: House, fork: House, office: Office, tmp_path: Path
    ) -> None:
        done(office.cosign(house, published(house, tmp_path / "public")))
        before = office.cosigned.read_bytes(), (office.folder / "seen").read_bytes()
        forked = published(fork, tmp_path / "fork")
        older = published(house, tmp_path / "older", house.old)
        for public in (forked, older):
            assert office.cosign(house, public).code == 3
        assert (office.cosigned.read_bytes(), (office.folder / "seen").read_bytes()) == before

    def test_cosigns_nothing_of_a_damaged_folder_and_publishing_again_names_the_file(
        self, house: House, office: Office, tmp_path: Path
    ) -> None:
        public = published(house, tmp_path / "public")
        tile = next(path for path in sorted(public.rglob("tile/0/*")) if path.is_file())
        whole = tile.read_bytes()
        tile.write_bytes(whole[:-1])
        assert (office.cosign(house, public).code, office.cosigned.exists()) == (3, False)
        said = scoretrail(house.ledger, "publish", str(public))
        assert said.code == 3
        assert str(tile) in said.err
        tile.unlink()
        assert office.cosign(house, public).code == 3
        done(scoretrail(house.ledger, "publish", str(public)))
        assert tile.read_bytes() == whole
        done(office.cosign(house, public))

    def test_says_what_is_wrong_with_a_folder_that_is_none(
        self, house: House, office: Office, tmp_path: Path
    ) -> None:
        for folder in (tmp_path / "nowhere", tmp_path, house.old):
            said = office.cosign(house, folder)
            assert (said.code, said.out) == (2, "")


class TestACosignatureThatComesBackLater:
    @pytest.fixture
    def keep(self, house: House) -> Callable[..., Said]:
        def kept(office: Office, *words: str) -> Said:
            named = words or ("--witness", str(office.file))
            return scoretrail(house.ledger, "checkpoint", "keep", str(office.cosigned), *named)

        return kept

    @pytest.fixture
    def cosigned(self, house: House, office: Office, tmp_path: Path) -> Office:
        done(office.cosign(house, published(house, tmp_path / "public")))
        return office

    def test_counts_without_being_handed_over_again(
        self, house: House, cosigned: Office, keep: Callable[..., Said]
    ) -> None:
        words = ("--vkey", house.vkey, "--witness", cosigned.vkey)
        assert house.verify(*words).json["level"] == "L1"
        for _ in range(2):  # keeping it again changes nothing
            done(keep(cosigned))
            said = house.verify(*words)
            assert (kinds(said), said.json["level"]) == (set(), "L3")
        assert house.verify("--vkey", house.vkey).json["level"] == "L1"

    def test_stands_below_what_is_published_and_handed_out_from_then_on(
        self, house: House, cosigned: Office, keep: Callable[..., Said], tmp_path: Path
    ) -> None:
        done(keep(cosigned))
        public = published(house, tmp_path / "public")
        assert (public / "checkpoint").read_bytes() == cosigned.cosigned.read_bytes()
        receipt = tmp_path / "v173.tlog-proof"
        issue = ("receipt", "issue", CASE, "--version", "173", "-o", str(receipt))
        done(scoretrail(house.ledger, *issue, "--entry", str(tmp_path / "v173.json")))
        verify = ("receipt", "verify", str(receipt), str(tmp_path / "v173.json"))
        named = ("--vkey", house.vkey, "--witness", cosigned.vkey)
        done(scoretrail(None, *verify, *named))
        other = ("--vkey", house.vkey, "--witness", OTHER_WITNESS)
        assert scoretrail(None, *verify, *other).code == 3

    def test_is_refused_of_another_log_or_witness_or_when_it_is_false(
        self,
        house: House,
        fork: House,
        partner: Office,
        keep: Callable[..., Said],
        tmp_path: Path,
    ) -> None:
        office = Office(tmp_path, "auditor")
        done(office.cosign(fork, published(fork, tmp_path / "fork")))
        assert keep(office).code == 3
        done(partner.cosign(house, published(house, tmp_path / "public")))
        assert keep(partner, "--witness", office.vkey).code == 3
        assert keep(partner, "--vkey", house.vkey).code == 2
        text, _, last = partner.cosigned.read_text().rstrip("\n").rpartition("\n")
        changed = last[:-4] + ("AAA=" if last[-4:] != "AAA=" else "BBA=")
        partner.cosigned.write_text(f"{text}\n{changed}\n")
        assert keep(partner).code == 3
        words = ("--vkey", house.vkey, "--witness", partner.vkey, "--witness", office.vkey)
        said = house.verify(*words)
        assert (kinds(said), said.json["level"]) == (set(), "L1")

    def test_is_not_kept_beyond_what_a_note_may_hold(
        self, house: House, office: Office, keep: Callable[..., Said], tmp_path: Path
    ) -> None:
        """16 signatures are what every verifier must accept: two of the log's, 14 of witnesses."""
        public = published(house, tmp_path / "public")
        text = SignedCheckpoint.parse((public / "checkpoint").read_bytes()).note.text
        keys = [WitnessSigningKey(f"w{n}", bytes([n]) * 32) for n in range(15)]
        named = [word for key in keys for word in ("--witness", str(key.public))]
        for n, key in enumerate(keys):
            office.cosigned.write_bytes(bytes(Note(text, (key.cosign(text, n),))))
            assert keep(office, *named).code == (3 if n == 14 else 0)
        said = house.verify("--vkey", house.vkey, *named)
        assert (kinds(said), said.json["level"]) == (set(), "L3")

    def test_that_was_tampered_with_in_the_ledger_is_found(
        self, house: House, cosigned: Office, keep: Callable[..., Said]
    ) -> None:
        done(keep(cosigned))
        with raw(house.ledger.owner) as connection:
            ((line,),) = connection.execute("SELECT line FROM cosignatures").fetchall()
            broken = line[:-12] + ("A" if line[-12] != "A" else "B") + line[-11:]
            connection.execute("UPDATE cosignatures SET line = ?", (broken,))
        words = ("--vkey", house.vkey, "--witness", cosigned.vkey)
        assert kinds(house.verify(*words)) == {"signature"}
        with raw(house.ledger.owner) as connection:
            connection.execute("UPDATE cosignatures SET line = 'junk'")
        assert kinds(house.verify(*words)) == {"unreadable"}
        assert scoretrail(house.ledger, "checkpoint", "sign").code == 3


OTHER_WITNESS = "auditor.example/w1+15cfbe2c+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"


class TestMlDsa:
    """ML-DSA-44 next to Ed25519, of the log and of a witness (C2SP tlog-cosignature)."""

    def test_signs_and_cosigns_what_is_published_and_each_key_alone_will_do(
        self, house: House, office: Office, tmp_path: Path
    ) -> None:
        plain, ours = done(scoretrail(house.ledger, "key", "add-ml-dsa")).out.split()
        assert plain == house.vkey
        assert scoretrail(house.ledger, "key", "add-ml-dsa").code == 2
        key = str(office.folder / "witness.key")
        done(scoretrail(None, "--key", key, "key", "add-ml-dsa"))
        seer, theirs = done(scoretrail(None, "checkpoint", "witness-key", key)).out.split()
        assert seer == office.vkey

        done(office.cosign(house, published(house, tmp_path / "public")))
        for log, witness in ((ours, theirs), (house.vkey, theirs), (ours, office.vkey)):
            named = ("--vkey", log, "--witness", witness)
            done(scoretrail(None, "checkpoint", "verify", str(office.cosigned), *named))
            # Checkpoints from before are signed with Ed25519 only: both keys are trusted.
            both = ("--vkey", house.vkey, "--vkey", ours, "--witness", witness)
            said = house.verify("--checkpoint", str(office.cosigned), *both)
            assert (kinds(said), said.json["level"]) == (set(), "L3")

    def test_stands_below_what_is_handed_out_as_files_and_not_in_receipts(
        self, house: House, office: Office, tmp_path: Path
    ) -> None:
        key = str(office.folder / "witness.key")
        done(scoretrail(None, "--key", key, "key", "add-ml-dsa"))
        seer, theirs = done(scoretrail(None, "checkpoint", "witness-key", key)).out.split()
        dossier = exported(house.ledger, tmp_path / "more.zip")
        public = published(house, tmp_path / "public")
        done(office.cosign(house, public))
        keep = ("checkpoint", "keep", str(office.cosigned))
        for _ in range(2):  # keeping it again changes nothing
            done(scoretrail(house.ledger, *keep, "--witness", theirs))
        assert house.verify("--vkey", house.vkey, "--witness", seer).json["level"] == "L1"
        done(scoretrail(house.ledger, *keep, "--witness", seer))
        for witness in (seer, theirs):
            said = house.verify("--vkey", house.vkey, "--witness", witness)
            assert (kinds(said), said.json["level"]) == (set(), "L3")

        published(house, public)
        lines = sorted((public / "checkpoint").read_text().splitlines())
        assert lines == sorted(office.cosigned.read_text().splitlines())
        done(scoretrail(house.ledger, "checkpoint", "page", str(tmp_path / "page")))
        page = (tmp_path / "page" / "heads.en.html").read_text("utf-8")
        assert page.count("auditor.example/w ") == 4  # two in the table, two in the note

        # Receipts and dossiers carry Ed25519 only; the file goes beside a dossier.
        receipt = tmp_path / "receipt"
        done(scoretrail(house.ledger, "receipt", "issue", CASE, "-o", str(receipt)))
        assert len(receipt.read_bytes()) < 2000
        named = ("--json", "--vkey", house.vkey, "--witness", theirs)
        verify = ("dossier", "verify", str(dossier), *named)
        assert done(scoretrail(None, *verify)).json["level"] == "L1"
        held = ("--checkpoint", str(public / "checkpoint"))
        assert done(scoretrail(None, *verify, *held)).json["level"] == "L3"

    def test_that_was_tampered_with_in_the_ledger_is_found(
        self, house: House, office: Office, tmp_path: Path
    ) -> None:
        key = str(office.folder / "witness.key")
        done(scoretrail(None, "--key", key, "key", "add-ml-dsa"))
        _, theirs = done(scoretrail(None, "checkpoint", "witness-key", key)).out.split()
        done(office.cosign(house, published(house, tmp_path / "public")))
        keep = ("checkpoint", "keep", str(office.cosigned), "--witness", theirs)
        done(scoretrail(house.ledger, *keep))
        with raw(house.ledger.owner) as connection:
            ((line,),) = connection.execute("SELECT line FROM cosignatures").fetchall()
            broken = line[:-800] + ("A" if line[-800] != "A" else "B") + line[-799:]
            connection.execute("UPDATE cosignatures SET line = ?", (broken,))
        said = house.verify("--vkey", house.vkey, "--witness", theirs)
        assert kinds(said) == {"signature"}


class TestAPolicy:
    def test_decides_how_many_witnesses_are_enough(
        self, house: House, office: Office, partner: Office, tmp_path: Path
    ) -> None:
        """One of them is kept in the ledger, the other one's file is handed over."""
        public = published(house, tmp_path / "public")
        for one in (office, partner):
            done(one.cosign(house, public))
        done(
            scoretrail(
                *(house.ledger, "checkpoint", "keep", str(office.cosigned)),
                *("--witness", office.vkey),
            )
        )
        seers = f"witness a {office.vkey}\nwitness b {partner.vkey}\ngroup all all a b\n"
        held = ("--checkpoint", str(partner.cosigned))
        for quorum, alone, together in (
            ("all", "L1", "L3"),
            ("a", "L3", "L3"),
            ("b", "L1", "L3"),
            ("none", "L1", "L2"),
        ):
            path = policy_file(house, tmp_path, f"{seers}quorum {quorum}\n")
            words = ("--policy", str(path))
            assert house.verify(*words).json["level"] == alone
            assert house.verify(*words, *held).json["level"] == together

    def test_refuses_a_checkpoint_below_its_quorum(
        self, house: House, office: Office, partner: Office, tmp_path: Path
    ) -> None:
        public = published(house, tmp_path / "public")
        done(office.cosign(house, public))
        seers = f"witness a {office.vkey}\nwitness b {partner.vkey}\ngroup G 2 a b\n"
        verify = ("checkpoint", "verify", str(office.cosigned), "--policy")
        one = policy_file(house, tmp_path, f"{seers}quorum a\n")
        done(scoretrail(None, *verify, str(one)))
        two = policy_file(house, tmp_path, f"{seers}quorum G\n")
        said = scoretrail(None, *verify, str(two), lang="en")
        assert (said.code, said.out) == (3, "")
        assert "fewer cosignatures" in said.err

    def test_gives_a_dossier_its_level_by_cosignatures_that_came_beside_it(
        self, house: House, office: Office, tmp_path: Path
    ) -> None:
        dossier = exported(house.ledger, tmp_path / "now.zip")
        done(office.cosign(house, published(house, tmp_path / "public")))
        path = policy_file(house, tmp_path, f"witness a {office.vkey}\nquorum a\n")
        words = ("dossier", "verify", str(dossier), "--json", "--policy", str(path))
        assert done(scoretrail(None, *words)).json["level"] == "L1"
        held = ("--checkpoint", str(office.cosigned))
        assert done(scoretrail(None, *words, *held)).json["level"] == "L3"
        older = done(scoretrail(None, *words, "--checkpoint", str(house.old))).json
        assert older["level"] == "L2"

    def test_that_cannot_be_read_or_comes_with_keys_is_a_usage_error(
        self, house: House, tmp_path: Path
    ) -> None:
        path = policy_file(house, tmp_path, "quorum W\n")
        said = scoretrail(house.ledger, "verify", "--policy", str(path), lang="en")
        assert (said.code, said.out) == (2, "")
        assert "policy: tlog-policy: line 2" in said.err
        sound = policy_file(house, tmp_path, "quorum none\n")
        both = ("verify", "--policy", str(sound), "--vkey", house.vkey)
        assert scoretrail(house.ledger, *both).code == 2
        assert scoretrail(house.ledger, "verify", "--policy", str(tmp_path / "none")).code == 2
        assert scoretrail(None, "checkpoint", "verify", str(house.old)).code == 2


class TestACheckpointOfAnEmptyLog:
    """Every log has grown from nothing: to have held it proves nothing."""

    @pytest.fixture
    def empty(self, tmp_path: Path, house: House) -> Path:
        """Signed before anything was recorded."""
        keys = read_keys(house.ledger.key)
        checkpoint = Checkpoint(keys[0].name, TreeHead(0, EMPTY_ROOT))
        (tmp_path / "empty").write_bytes(bytes(sign_checkpoint(checkpoint, keys)))
        return tmp_path / "empty"

    def test_gives_no_level(self, house: House, empty: Path) -> None:
        said = house.verify_against(empty)
        assert (kinds(said), said.json["level"]) == (set(), "L1")
        assert house.verify_against(empty, house.old).json["level"] == "L2"

    def test_gives_a_dossier_no_level(self, house: House, empty: Path, tmp_path: Path) -> None:
        dossier = exported(house.ledger, tmp_path / "now.zip", "--checkpoint", str(empty))
        words = ("dossier", "verify", str(dossier), "--json", "--vkey", house.vkey)
        assert done(scoretrail(None, *words, "--checkpoint", str(empty))).json["level"] == "L1"
        older = ("--checkpoint", str(house.old))
        assert done(scoretrail(None, *words, *older)).json["level"] == "L2"

    def test_reaches_level_three_for_nobody(
        self, house: House, empty: Path, office: Office, tmp_path: Path
    ) -> None:
        done(office.cosign(house, published(house, tmp_path / "public", empty)))
        held = ("--checkpoint", str(office.cosigned), "--witness", office.vkey)
        said = house.verify("--vkey", house.vkey, *held)
        assert (kinds(said), said.json["level"]) == (set(), "L1")
