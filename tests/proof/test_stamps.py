"""Time stamps: a stranger's authority states when it saw a checkpoint."""

from pathlib import Path

import pytest

from tests.support.authority import Authority, openssl
from tests.support.houses import House, exported, kinds, signed
from tests.support.postgres import is_postgres, raw
from tests.support.terminal import Said, done, scoretrail


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.found(tmp_path_factory.mktemp("tsa") / "ours")


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.found(tmp_path_factory.mktemp("tsa") / "theirs")


@pytest.fixture
def witness(house: House, tmp_path: Path) -> str:
    """The key of a witness who has cosigned the newest checkpoint, which is kept."""
    key = tmp_path / "witness.key"
    done(scoretrail(None, "--key", str(key), "key", "generate", "auditor.example/w1"))
    vkey = done(scoretrail(None, "checkpoint", "witness-key", str(key))).out.strip()
    done(scoretrail(house.ledger, "publish", str(tmp_path / "public")))
    cosign = ("checkpoint", "cosign", str(tmp_path / "public"), "--witness-key", str(key))
    seen = ("--seen", str(tmp_path / "seen"), "-o", str(tmp_path / "cosigned"))
    done(scoretrail(None, *cosign, "--vkey", house.vkey, *seen))
    keep = ("checkpoint", "keep", str(tmp_path / "cosigned"), "--witness", vkey)
    done(scoretrail(house.ledger, *keep))
    return vkey


def stamped(authority: Authority, checkpoint: Path, folder: Path) -> Path:
    """The reply to a request for a checkpoint; the request lies beside it."""
    done(scoretrail(None, "checkpoint", "request-stamp", str(checkpoint), "-o", f"{folder}/x.tsq"))
    return authority.stamp(folder / "x.tsq", folder / "x.tsr")


def keep(house: House, checkpoint: Path, reply: Path, authority: Authority) -> Said:
    return scoretrail(
        *(house.ledger, "checkpoint", "keep-stamp", str(checkpoint), str(reply)),
        *("--request", str(reply.with_suffix(".tsq")), "--tsa-ca", str(authority.ca)),
        lang="en",
    )


class TestAStampedCheckpoint:
    def test_that_is_cosigned_brings_the_log_to_level_four(
        self, house: House, witness: str, authority: Authority, tmp_path: Path
    ) -> None:
        checkpoint = tmp_path / "cosigned"
        done(keep(house, checkpoint, stamped(authority, checkpoint, tmp_path), authority))
        words = ("--vkey", house.vkey, "--witness", witness, "--tsa-ca", str(authority.ca))
        said = house.verify(*words)
        assert (kinds(said), said.json["level"]) == (set(), "L4")
        assert said.json["counted"]["stamps"] == 1
        (one,) = said.json["stamped"]
        assert one["size"] == said.json["counted"]["leaves"]

    def test_and_openssl_accepts_the_same_files(
        self, house: House, authority: Authority, tmp_path: Path
    ) -> None:
        reply = stamped(authority, house.new, tmp_path)
        done(keep(house, house.new, reply, authority))
        for what in (("-data", house.new), ("-queryfile", tmp_path / "x.tsq")):
            said = openssl("ts", "-verify", *what, "-in", reply, "-CAfile", authority.ca)
            assert "Verification: OK" in said.stdout + said.stderr
        other = openssl("ts", "-verify", "-data", house.old, "-in", reply, "-CAfile", authority.ca)
        assert other.returncode != 0

    def test_without_a_quorum_of_witnesses_stays_at_its_level_and_says_when(
        self, house: House, authority: Authority, tmp_path: Path
    ) -> None:
        done(keep(house, house.new, stamped(authority, house.new, tmp_path), authority))
        words = ("--vkey", house.vkey, "--tsa-ca", str(authority.ca))
        said = house.verify(*words)
        assert (kinds(said), said.json["level"]) == (set(), "L1")
        assert len(said.json["stamped"]) == 1
        shown = scoretrail(house.ledger, "verify", *words, lang="en")
        assert "entries" in shown.out

    def test_that_another_checkpoint_is_cosigned_does_not_help(
        self, house: House, witness: str, authority: Authority, tmp_path: Path
    ) -> None:
        done(keep(house, house.old, stamped(authority, house.old, tmp_path), authority))
        words = ("--vkey", house.vkey, "--witness", witness, "--tsa-ca", str(authority.ca))
        assert house.verify(*words).json["level"] == "L3"

    def test_is_said_not_to_be_checked_where_no_authority_is_trusted(
        self, house: House, authority: Authority, tmp_path: Path
    ) -> None:
        before = house.verify().json["does_not_prove"]
        done(keep(house, house.new, stamped(authority, house.new, tmp_path), authority))
        said = house.verify()
        assert kinds(said) == set()
        (unchecked,) = set(said.json["does_not_prove"]) - set(before)
        assert "time stamps were not verified" in unchecked


class TestAStampIsNotKept:
    def nothing_kept(self, house: House) -> bool:
        with raw(house.ledger.owner) as connection:
            return not connection.execute("SELECT * FROM stamps").fetchall()

    def test_for_another_checkpoint(
        self, house: House, authority: Authority, tmp_path: Path
    ) -> None:
        said = keep(house, house.old, stamped(authority, house.new, tmp_path), authority)
        assert (said.code, said.out) == (3, "")
        assert "something else" in said.err
        assert self.nothing_kept(house)

    def test_by_an_authority_that_is_not_trusted(
        self, house: House, authority: Authority, stranger: Authority, tmp_path: Path
    ) -> None:
        said = keep(house, house.new, stamped(stranger, house.new, tmp_path), authority)
        assert said.code == 3
        assert "not of a trusted authority" in said.err
        assert self.nothing_kept(house)

    def test_for_another_request(self, house: House, authority: Authority, tmp_path: Path) -> None:
        reply = stamped(authority, house.new, tmp_path)
        again = ("checkpoint", "request-stamp", str(house.new), "-o", f"{tmp_path}/x.tsq")
        done(scoretrail(None, *again))
        said = keep(house, house.new, reply, authority)
        assert said.code == 3
        assert "another request" in said.err
        assert self.nothing_kept(house)

    def test_with_changed_bytes(self, house: House, authority: Authority, tmp_path: Path) -> None:
        reply = stamped(authority, house.new, tmp_path)
        data = bytearray(reply.read_bytes())
        data[len(data) // 2] ^= 1
        reply.write_bytes(data)
        assert keep(house, house.new, reply, authority).code == 3
        assert self.nothing_kept(house)

    def test_for_a_checkpoint_of_another_log(
        self, house: House, fork: House, authority: Authority, tmp_path: Path
    ) -> None:
        said = keep(house, fork.new, stamped(authority, fork.new, tmp_path), authority)
        assert said.code == 3
        assert "did not sign that checkpoint" in said.err
        assert self.nothing_kept(house)

    def test_without_an_authority_to_trust_or_with_files_that_are_none(
        self, house: House, authority: Authority, tmp_path: Path
    ) -> None:
        reply = stamped(authority, house.new, tmp_path)
        words = ("checkpoint", "keep-stamp", str(house.new), str(reply), "--request")
        request = str(tmp_path / "x.tsq")
        assert scoretrail(house.ledger, *words, request).code == 2
        for wrong in (str(house.new), str(tmp_path / "none")):
            assert scoretrail(house.ledger, *words, request, "--tsa-ca", wrong).code == 2
        ca = ("--tsa-ca", str(authority.ca))
        assert scoretrail(house.ledger, *words, str(house.new), *ca).code == 3
        assert self.nothing_kept(house)


class TestVerifyTellsThatAStampDoesNotFit:
    @pytest.fixture
    def kept(self, house: House, authority: Authority, tmp_path: Path) -> House:
        done(keep(house, house.new, stamped(authority, house.new, tmp_path), authority))
        return house

    def verify(self, house: House, authority: Authority) -> Said:
        return house.verify("--vkey", house.vkey, "--tsa-ca", str(authority.ca))

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE stamps SET reply = {zero}",
            "UPDATE stamps SET note = {zero}",
            "UPDATE stamps SET note = (SELECT note FROM checkpoints ORDER BY size LIMIT 1)",
        ],
    )
    def test_when_it_was_tampered_with(
        self, kept: House, authority: Authority, change: str
    ) -> None:
        assert kinds(self.verify(kept, authority)) == set()
        with raw(kept.ledger.owner) as connection:
            zero = r"'\x00'" if is_postgres(kept.ledger.owner) else "x'00'"
            connection.execute(change.format(zero=zero))
        said = self.verify(kept, authority)
        assert kinds(said) == {"stamp"}
        assert said.json["stamped"] == []

    def test_but_not_that_it_was_deleted(
        self, kept: House, witness: str, authority: Authority
    ) -> None:
        """The limit that the documentation states: the level is lower, and nothing is broken."""
        with raw(kept.ledger.owner) as connection:
            connection.execute("DELETE FROM stamps")
            connection.execute("DELETE FROM cosignatures")
        words = ("--vkey", kept.vkey, "--witness", witness, "--tsa-ca", str(authority.ca))
        said = kept.verify(*words)
        assert (kinds(said), said.json["level"], said.json["stamped"]) == (set(), "L1", [])

    def test_when_the_authority_is_another_one(
        self, kept: House, stranger: Authority, authority: Authority
    ) -> None:
        assert kinds(self.verify(kept, stranger)) == {"stamp"}
        both = ("--tsa-ca", str(stranger.ca), "--tsa-ca", str(authority.ca))
        assert kinds(kept.verify("--vkey", kept.vkey, *both)) == set()

    def test_when_history_was_rewritten_after_it(
        self, kept: House, fork: House, authority: Authority
    ) -> None:
        """Whoever holds the key signs another past; its stamps go with it, or do not fit."""
        with raw(kept.ledger.owner) as theirs, raw(fork.ledger.owner) as ours:
            columns = "digest, note, reply"
            for row in theirs.execute(f"SELECT {columns} FROM stamps").fetchall():  # noqa: S608 - a constant
                ours.execute(f"INSERT INTO stamps ({columns}) VALUES (?, ?, ?)", row)  # noqa: S608 - the same
        said = self.verify(fork, authority)
        assert kinds(said) == {"stamp"}
        assert "not for a checkpoint of this log" in said.out


class TestADossier:
    def test_reaches_level_four_by_a_stamp_beside_it(
        self, house: House, authority: Authority, tmp_path: Path
    ) -> None:
        dossier = exported(house.ledger, tmp_path / "now.zip")
        checkpoint = signed(house.ledger, tmp_path / "checkpoint")
        reply = stamped(authority, checkpoint, tmp_path)
        words = ("dossier", "verify", str(dossier), "--json", "--vkey", house.vkey)
        time = ("--stamp", str(reply), "--tsa-ca", str(authority.ca))
        said = done(scoretrail(None, *words, *time)).json
        assert said["level"] == "L1"
        assert said["stamped"].endswith("Z")
        key = tmp_path / "witness.key"
        done(scoretrail(None, "--key", str(key), "key", "generate", "auditor.example/w1"))
        vkey = done(scoretrail(None, "checkpoint", "witness-key", str(key))).out.strip()
        done(scoretrail(house.ledger, "publish", str(tmp_path / "public")))
        cosign = ("checkpoint", "cosign", str(tmp_path / "public"), "--witness-key", str(key))
        seen = ("--seen", str(tmp_path / "seen"), "-o", str(tmp_path / "cosigned"))
        done(scoretrail(None, *cosign, "--vkey", house.vkey, *seen))
        held = ("--checkpoint", str(tmp_path / "cosigned"), "--witness", vkey)
        assert done(scoretrail(None, *words, *time, *held)).json["level"] == "L4"
        assert done(scoretrail(None, *words, *held)).json["level"] == "L3"

    def test_is_refused_with_a_stamp_of_something_else_or_of_somebody_else(
        self, house: House, authority: Authority, stranger: Authority, tmp_path: Path
    ) -> None:
        reply = stamped(authority, house.old, tmp_path)
        words = ("dossier", "verify", str(house.dossier), "--vkey", house.vkey)
        time = ("--stamp", str(reply))
        for one in (authority, stranger):
            assert scoretrail(None, *words, *time, "--tsa-ca", str(one.ca)).code == 3
        assert scoretrail(None, *words, *time).code == 2
        assert scoretrail(None, *words, "--tsa-ca", str(authority.ca)).code == 2
