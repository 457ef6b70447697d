import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.log.cose import sign_root
from ledger.log.note import Note, SigningKey
from ledger.log.signer import (
    Signer,
    add_key,
    create_key,
    parse_keys,
    read_keys,
    retire_key,
    write_public,
)
from ledger.log.tree import HashReader, ProofError, TreeHead, leaf_hash, tree_head
from ledger.values import Invalid
from tests.support import naive_log as naive
from tests.support.interruption import interruptions, lasting
from tests.support.signed_log import LOG, STRANGER, WITNESS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "signer").mkdir()
    return tmp_path / "signer"


@pytest.fixture
def state(folder: Path) -> Path:
    Signer.start(folder / "state", LOG.name)
    return folder / "state"


@pytest.fixture
def signer(state: Path) -> Signer:
    return Signer([LOG], state)


def head(size: int) -> TreeHead:
    return tree_head(naive.LEAVES[:size])


def sign(signer: Signer, size: int) -> Note:
    return signer.sign(head(size), naive.node)


def rewritten(size: int, at: int) -> tuple[TreeHead, HashReader]:
    """The same log with another entry in one place, whole and sound in itself."""
    leaves = [*naive.LEAVES[:at], leaf_hash(b"other"), *naive.LEAVES[at + 1 : size]]
    return tree_head(leaves), lambda level, index: naive.mth(
        leaves[index << level : (index + 1) << level]
    )


class TestTheSigner:
    def test_signs_what_grows(self, signer: Signer) -> None:
        for size in (0, 1, 2, 2, 300, 1000):
            note = sign(signer, size)
            signed = SignedCheckpoint.parse(bytes(note))
            assert signed.checkpoint == Checkpoint(LOG.name, head(size)) == signer.last()
            assert signed.verify([LOG.public])

    def test_signs_the_same_again_with_the_same_bytes(self, signer: Signer) -> None:
        assert bytes(sign(signer, 7)) == bytes(sign(signer, 7))

    @pytest.mark.parametrize("size", [0, 350, 399])
    def test_refuses_a_log_that_was_cut_short_or_restored(self, signer: Signer, size: int) -> None:
        sign(signer, 400)
        with pytest.raises(ProofError, match=f"not signed.*from 400 entries to {size}"):
            sign(signer, size)
        assert signer.last().head == head(400)

    @pytest.mark.parametrize("size", [400, 401, 600])
    @pytest.mark.parametrize("at", [0, 200, 399])
    def test_refuses_a_log_whose_past_was_rewritten(
        self, signer: Signer, size: int, at: int
    ) -> None:
        sign(signer, 400)
        with pytest.raises(ProofError, match="not signed"):
            signer.sign(*rewritten(size, at))
        assert signer.last().head == head(400)
        assert sign(signer, 600)

    def test_cannot_know_of_what_it_has_not_signed_yet(self, signer: Signer) -> None:
        """The limit that the documentation states: only checkpoints protect what is before them."""
        sign(signer, 400)
        assert signer.sign(*rewritten(600, 500))

    def test_does_not_believe_a_root_that_the_tiles_do_not_bear_out(self, signer: Signer) -> None:
        other, _ = rewritten(5, 1)
        for believed in (other, TreeHead(4, head(5).root), TreeHead(5, b"")):
            with pytest.raises(ProofError, match="not signed"):
                signer.sign(believed, naive.node)
        assert signer.last().head.size == 0

    def test_remembers_across_runs_and_not_in_the_database(
        self, signer: Signer, state: Path
    ) -> None:
        sign(signer, 400)
        with pytest.raises(ProofError):
            sign(Signer([LOG], state), 399)
        assert state.read_text() == str(Checkpoint(LOG.name, head(400)))
        assert state.stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize("content", [None, b"", b"\xff", b"reviews.example/log1\n3\n"])
    def test_signs_nothing_where_its_state_is_missing_or_broken(
        self, signer: Signer, state: Path, content: bytes | None
    ) -> None:
        state.unlink() if content is None else state.write_bytes(content)
        with pytest.raises(Invalid, match="nothing is signed") as refused:
            sign(signer, 3)
        assert (refused.value.rule, refused.value.subject) == ("signer-state", str(state))

    def test_remembers_for_good_before_anybody_sees_a_signature(
        self, signer: Signer, state: Path
    ) -> None:
        with lasting() as done:
            sign(signer, 3)
        assert done[1:] == [("replace", str(state)), ("fsync", str(state.parent))]
        assert done[0][0] == "fsync"

    def test_starts_once(self, signer: Signer, state: Path) -> None:
        sign(signer, 3)
        with pytest.raises(Invalid, match="exists"):
            Signer.start(state, LOG.name)
        assert signer.last().head == head(3)

    def test_signs_for_one_log_only(self, state: Path) -> None:
        for keys in ([WITNESS], [LOG, WITNESS], []):
            with pytest.raises(Invalid, match="does not belong to the log"):
                sign(Signer(keys, state), 3)

    def test_says_where_it_cannot_write(self, tmp_path: Path) -> None:
        with pytest.raises(Invalid, match="no-such-folder"):
            Signer.start(tmp_path / "no-such-folder" / "state", LOG.name)

    def test_many_at_once_never_sign_two_pasts(self, state: Path) -> None:
        def one(size: int) -> TreeHead | None:
            signer = Signer([LOG], state)
            try:
                fork = rewritten(size, 3) if size % 2 else (head(size), naive.node)
                return Checkpoint.parse(signer.sign(*fork).text).head
            except ProofError:
                return None

        with ThreadPoolExecutor(8) as threads:
            signed = [found for found in threads.map(one, range(5, 45)) if found]
        pasts = {found == head(found.size) for found in signed}
        assert len(pasts) == 1, "either the log or its fork, never both"

    def test_interrupted_anywhere_has_signed_the_old_or_the_new(
        self, signer: Signer, state: Path
    ) -> None:
        sign(signer, 3)
        for _ in interruptions(lambda: sign(signer, 5)):
            assert signer.last().head in {head(3), head(5)}
            note = sign_checkpoint(Checkpoint(LOG.name, head(5)), [LOG])
            note = note.joined([sign_root(LOG, head(5).root)])
            assert sign(Signer([LOG], state), 5) == note
            state.write_text(str(Checkpoint(LOG.name, head(3))))
        assert signer.last().head == head(5)

    def test_interrupted_at_its_start_is_there_or_can_be_started_again(self, folder: Path) -> None:
        state = folder / "state"
        for _ in interruptions(lambda: Signer.start(state, LOG.name)):
            state.unlink(missing_ok=True)
        assert Signer([LOG], state).last().head.size == 0


def checkpoint(of: TreeHead, key: SigningKey = LOG) -> SignedCheckpoint:
    return SignedCheckpoint.parse(bytes(sign_checkpoint(Checkpoint(key.name, of), [key])))


class TestAnOldState:
    """It came back from a backup, and what was published since is shown to the signer."""

    def test_learns_of_what_was_signed_since(self, signer: Signer, state: Path) -> None:
        sign(signer, 5)

        found = signer.remember(checkpoint(head(7)))

        assert found == signer.last() == Checkpoint(LOG.name, head(7))
        assert state.stat().st_mode & 0o777 == 0o600
        with pytest.raises(ProofError, match="not signed"):
            sign(signer, 6)

    @pytest.mark.parametrize("size", [0, 4, 5])
    def test_that_knows_as_much_or_more_is_not_written(self, signer: Signer, size: int) -> None:
        sign(signer, 5)

        with lasting() as done:
            found = signer.remember(checkpoint(head(size)))

        assert found == signer.last() == Checkpoint(LOG.name, head(5))
        assert not done

    def test_is_kept_where_two_histories_were_signed(self, signer: Signer) -> None:
        sign(signer, 5)
        other, _ = rewritten(5, 2)

        with pytest.raises(ProofError, match="two histories were signed: the checkpoint of 5"):
            signer.remember(checkpoint(other))

        assert signer.last().head == head(5)

    def test_believes_nothing_that_the_log_has_not_signed(self, signer: Signer) -> None:
        sign(signer, 5)

        for key in (STRANGER, SigningKey("other.example/log", LOG.seed)):
            with pytest.raises(ProofError):
                signer.remember(checkpoint(head(7), key))

        assert signer.last().head == head(5)

    def test_that_is_lost_is_not_made_up(self, signer: Signer, state: Path) -> None:
        state.unlink()

        with pytest.raises(Invalid, match="rebuild it"):
            signer.remember(checkpoint(head(7)))

        assert not state.exists()


class TestALostState:
    """What was signed last is known from what has left the house."""

    @pytest.mark.parametrize("content", [None, b"", b"\xff", b"junk"])
    def test_is_rebuilt_and_signs_on(
        self, signer: Signer, state: Path, content: bytes | None
    ) -> None:
        sign(signer, 5)
        state.unlink() if content is None else state.write_bytes(content)
        found = signer.resume(checkpoint(head(5)), [], head(7), naive.node)
        assert found == signer.last() == Checkpoint(LOG.name, head(5))
        assert state.stat().st_mode & 0o777 == 0o600
        with pytest.raises(ProofError, match="not signed"):
            sign(signer, 4)
        assert sign(signer, 7)

    def test_is_rebuilt_to_the_largest_that_is_known(self, signer: Signer, state: Path) -> None:
        state.unlink()
        kept = [Checkpoint(LOG.name, head(size)) for size in (0, 6, 2)]
        assert signer.resume(checkpoint(head(3)), kept, head(7), naive.node).head == head(6)
        state.unlink()
        assert signer.resume(checkpoint(head(7)), kept, head(7), naive.node).head == head(7)

    def test_is_not_rebuilt_for_a_log_that_is_not_what_was_published(
        self, signer: Signer, state: Path
    ) -> None:
        state.unlink()
        for shown, read in ((head(4), naive.node), rewritten(7, 2), rewritten(5, 2)):
            with pytest.raises(ProofError, match="not signed"):
                signer.resume(checkpoint(head(5)), [], shown, read)
        kept = [Checkpoint(LOG.name, head(6))]
        for shown, read in ((head(5), naive.node), rewritten(7, 5)):
            with pytest.raises(ProofError, match="not signed"):
                signer.resume(checkpoint(head(5)), kept, shown, read)
        assert not state.exists()

    def test_is_not_rebuilt_from_what_the_log_has_not_signed(
        self, signer: Signer, state: Path
    ) -> None:
        state.unlink()
        for key in (STRANGER, SigningKey("other.example/log", LOG.seed)):
            with pytest.raises(ProofError):
                signer.resume(checkpoint(head(5), key), [], head(7), naive.node)
        assert not state.exists()

    def test_that_is_not_lost_is_left_as_it_is(self, signer: Signer, state: Path) -> None:
        """Else whoever restores an old backup could make the signer forget, too."""
        sign(signer, 7)
        before = state.read_bytes()
        with pytest.raises(Invalid, match="was not changed"):
            signer.resume(checkpoint(head(5)), [], head(7), naive.node)
        assert state.read_bytes() == before

    def test_interrupted_anywhere_is_still_lost_or_rebuilt(
        self, signer: Signer, state: Path
    ) -> None:
        state.unlink()
        for _ in interruptions(lambda: signer.resume(checkpoint(head(5)), [], head(7), naive.node)):
            if state.exists():
                assert signer.last().head == head(5)
                state.unlink()
        assert signer.last().head == head(5)


class TestAKeyFile:
    @pytest.fixture
    def path(self, folder: Path) -> Path:
        create_key(folder / "log.key", LOG)
        return folder / "log.key"

    def test_holds_a_key_for_its_owner_only(self, path: Path) -> None:
        assert read_keys(path) == [LOG]
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.read_text() == LOG.text() + "\n"

    def test_is_private_even_where_a_draft_was_not(self, folder: Path) -> None:
        (folder / "new.key.part").touch(0o666)
        (folder / "new.key.part").chmod(0o666)
        create_key(folder / "new.key", LOG)
        assert (folder / "new.key").stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o666, 0o777])
    def test_is_refused_where_others_have_rights(self, path: Path, mode: int) -> None:
        path.chmod(mode)
        with pytest.raises(Invalid, match="chmod 600"):
            read_keys(path)

    def test_may_be_for_reading_only(self, path: Path) -> None:
        path.chmod(0o400)
        assert read_keys(path) == [LOG]

    def test_is_never_replaced_by_a_new_one(self, path: Path) -> None:
        with pytest.raises(Invalid, match="exists"):
            create_key(path, STRANGER)
        assert read_keys(path) == [LOG]

    def test_that_is_not_there(self, folder: Path) -> None:
        with pytest.raises(Invalid, match=r"no\.key"):
            read_keys(folder / "no.key")

    @pytest.mark.parametrize(
        "content",
        [
            "",
            "\n",
            "junk\n",
            f"{LOG.text()}\n\n",
            f"{LOG.text()}\njunk\n",
            f"{LOG.text()}\n{LOG.text()}\n",
            f"{LOG.text()}\n{SigningKey('other', bytes(32)).text()}\n",
            f"{LOG.text()}\n{STRANGER.text()}\n{SigningKey(LOG.name, bytes(32)).text()}\n",
            f"{WITNESS.text()}\n",
            "\udcff",
        ],
    )
    def test_with_anything_else_in_it_is_refused_and_not_shown(self, content: str) -> None:
        data = content.encode(errors="surrogateescape")
        with pytest.raises(Invalid) as refused:
            parse_keys(data)
        assert "PRIVATE" not in str(refused.value)

    def test_rotates_with_both_keys_signing_for_a_while(self, path: Path, state: Path) -> None:
        def signed(size: int) -> list[object]:
            note = sign(Signer(read_keys(path), state), size)
            both = [LOG.public, STRANGER.public]
            return [key for key, _ in SignedCheckpoint.parse(bytes(note)).verify(both)]

        assert signed(3) == [LOG.public]
        add_key(path, STRANGER)
        assert signed(4) == [LOG.public, STRANGER.public]
        retire_key(path)
        assert signed(5) == [STRANGER.public]
        assert LOG.text() not in path.read_text()

    def test_rotates_one_key_at_a_time_and_never_to_none(self, path: Path) -> None:
        with pytest.raises(Invalid):
            retire_key(path)
        for other in (LOG, WITNESS, SigningKey("other", bytes(32))):
            with pytest.raises(Invalid):
                add_key(path, other)
        add_key(path, STRANGER)
        with pytest.raises(Invalid):
            add_key(path, SigningKey(LOG.name, bytes(32)))
        assert read_keys(path) == [LOG, STRANGER]

    def test_interrupted_anywhere_has_the_old_keys_or_the_new_ones(
        self, path: Path, folder: Path
    ) -> None:
        mask = os.umask(0)
        try:
            for _ in interruptions(lambda: add_key(path, STRANGER)):
                assert read_keys(path) in ([LOG], [LOG, STRANGER])
                assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())
                path.unlink()
                create_key(path, LOG)
        finally:
            os.umask(mask)
        assert read_keys(path) == [LOG, STRANGER]

    def test_interrupted_while_it_is_made_is_there_or_can_be_made_again(self, folder: Path) -> None:
        path = folder / "log.key"
        for _ in interruptions(lambda: create_key(path, LOG)):
            if path.exists():
                assert read_keys(path) == [LOG]
                path.unlink()
        assert read_keys(path) == [LOG]


@pytest.mark.parametrize("rights", [0o604, 0o640, 0o660, 0o666, 0o644])
def test_a_state_that_others_may_change_or_read_signs_nothing(
    signer: Signer, state: Path, rights: int
) -> None:
    """Whoever turns it back makes the signer contradict itself: it is guarded as the key is."""
    state.chmod(rights)
    with pytest.raises(Invalid, match="chmod 600"):
        sign(signer, 3)

    state.chmod(0o600)
    assert sign(signer, 3)


def test_public_keys_are_for_others_to_read_and_not_to_change(folder: Path) -> None:
    before = os.umask(0)
    try:
        write_public(folder / "key.pub", [str(LOG.public), str(STRANGER.public)])
    finally:
        os.umask(before)

    assert (folder / "key.pub").stat().st_mode & 0o777 == 0o644
    assert (folder / "key.pub").read_text() == f"{LOG.public}\n{STRANGER.public}\n"
