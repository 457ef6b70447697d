"""The log's keys, and the signer that never signs two pasts.

The keys are in a file of their own, which nobody else may read. The signer remembers in a second
file what it signed last, outside the database and its backups: so a database that was restored from
an old backup, truncated or rewritten is refused, by accident or by an attacker without the key.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from ledger import system_error
from ledger.language import Text
from ledger.log.atomic_files import (
    PUBLIC,
    locked,
    open_ordinary,
    sync,
    translated_errors,
    write,
)
from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.log.cose import sign_root
from ledger.log.ml_dsa import MlDsaKey, MlDsaSigningKey
from ledger.log.note import NOTE_MAX, Note, SigningKey, VerifierKey
from ledger.log.operating_system import is_open_to_others
from ledger.log.tree import EMPTY_ROOT, HashReader, ProofError, TreeHead, verify_extension
from ledger.values import Invalid

KEYS_MAX: Final = 2
"""Keys of a kind that sign at once: the one in use, and the next while others learn of it."""

_NOT_TEXT: Final = Text("它不是文本", "it is not text")

PRIVATE: Final = 0o600
"""Rights of the files: for their owner only."""

# --- The keys ------------------------------------------------------------------------------------


def create_key(path: Path, key: SigningKey) -> None:
    """Put a new key into a file that does not exist.

    Raises:
        Invalid: the file exists, or cannot be written.
    """
    with locked(path.parent):
        if path.exists():
            raise Invalid(f"{path} 已存在，未作改动", f"{path} already exists and was not changed")
        _write_keys(path, [key])


def write_public(path: Path, vkeys: Iterable[str]) -> None:
    """Write public keys, one line each, to a file that everybody may read and nobody else change.

    Raises:
        Invalid: it cannot be written.
    """
    data = "".join(f"{vkey}\n" for vkey in vkeys).encode()
    with translated_errors(path):
        write(path, data, draft=path.with_name(f"{path.name}.part"), mode=PUBLIC)


def add_key(path: Path, *added: SigningKey) -> None:
    """Start a rotation, or sign in another way too: from now on these sign every checkpoint also.

    Raises:
        Invalid: there are two of a kind already, the names differ, or the file cannot be written.
    """
    _change_keys(path, lambda keys: [*keys, *added])


def retire_key(path: Path) -> None:
    """End a rotation: the newest key of each kind signs alone. The old one is gone from the file.

    Raises:
        Invalid: there is no other key, or the file cannot be written.
    """

    def newest(keys: list[SigningKey]) -> list[SigningKey]:
        left = list({key.kind: key for key in keys}.values())
        return left if len(left) < len(keys) else []

    _change_keys(path, newest)


def read_keys(path: Path) -> list[SigningKey]:
    """The keys in a file, the oldest first.

    Raises:
        Invalid: others have rights to the file, it cannot be read, or it holds no keys.
    """
    with translated_errors(path):
        return parse_keys(read_private(path))


def read_private(path: Path) -> bytes:
    """The bytes of a file that is nobody else's.

    Raises:
        Invalid: others have rights to it.
        OSError: it cannot be read.
    """
    with open_ordinary(path) as file:
        shared = is_open_to_others(file.fileno())
        data = file.read(NOTE_MAX)
    if shared:
        raise Invalid(
            f"文件 {path} 他人也能读写；请确认未泄露或改动，再执行 chmod 600",
            f"others have access to the file {path}; make sure that it was not read or changed,"
            " then run chmod 600",
        )
    return data


def parse_keys(data: bytes) -> list[SigningKey]:
    """The keys in the bytes of a key file, or of what a command printed instead.

    Returns:
        Those of Ed25519 before those of ML-DSA-44, the oldest first.

    Raises:
        Invalid: they are not one or two Ed25519 keys, and two of ML-DSA-44 at most, of one name, a
            line each. Nothing of them is shown.
    """
    try:
        keys = [_signing_key(line) for line in data.decode("utf-8").splitlines()]
    except (UnicodeDecodeError, ProofError):
        keys = []
    plain = [key for key in keys if key.kind is VerifierKey]
    others = [key for key in keys if key.kind is MlDsaKey]
    if (
        not 1 <= len(set(plain)) == len(plain) <= KEYS_MAX
        or not len(set(others)) == len(others) <= KEYS_MAX
        or len({key.name for key in keys}) > 1
    ):
        raise Invalid(
            f"签名密钥应为 1 至 {KEYS_MAX} 行、同名、各不相同；另至多 {KEYS_MAX} 行 ML-DSA-44",
            f"A signing key is 1 to {KEYS_MAX} lines, with different keys of the same name, and"
            f" {KEYS_MAX} more of ML-DSA-44 at most.",
        )
    return plain + others


def _signing_key(line: str) -> SigningKey:
    try:
        return SigningKey.parse(line)
    except ProofError:
        return MlDsaSigningKey.parse(line)


def _change_keys(path: Path, change: Callable[[list[SigningKey]], list[SigningKey]]) -> None:
    with locked(path.parent):
        _write_keys(path, change(read_keys(path)))


def _write_keys(path: Path, keys: Sequence[SigningKey]) -> None:
    data = "".join(f"{key.text()}\n" for key in keys).encode()
    parse_keys(data)
    write_private(path, data)


def write_private(path: Path, data: bytes) -> None:
    """Write a file that is its owner's alone, in the place of the one that is there.

    Raises:
        OSError: it cannot be written; what was there is still there.
    """
    write(path, data, draft=path.with_name(f"{path.name}.part"), mode=PRIVATE)
    sync(path.parent)


# --- The signer ----------------------------------------------------------------------------------


class Signer:
    """Signs the checkpoints of one log, each consistent with all before.

    The state file holds the text of the last checkpoint. It must not be restored from a backup.
    """

    def __init__(self, keys: Sequence[SigningKey], state: Path) -> None:
        """Take up signing.

        Args:
            keys: one or two, named as the log.
            state: the file that `start` has made.
        """
        self._keys = keys
        self._state = state

    @staticmethod
    def start(state: Path, origin: str) -> None:
        """Remember that nothing has been signed for a log yet. Done once in its life.

        Raises:
            Invalid: the file exists, or cannot be written.
        """
        with locked(state.parent):
            if state.exists():
                raise Invalid(
                    f"{state} 已存在，未作改动", f"{state} already exists and was not changed"
                )
            write_private(state, str(Checkpoint(origin, TreeHead(0, EMPTY_ROOT))).encode())

    def resume(
        self,
        published: SignedCheckpoint,
        kept: Iterable[Checkpoint],
        head: TreeHead,
        read: HashReader,
    ) -> Checkpoint:
        """Resume signing after the state was lost, from what has been published.

        Args:
            published: the last checkpoint that was published.
            kept: others that the log says it has signed.
            head: the size and the root of the log, as it states them.
            read: hashes from its tiles.

        Returns:
            The largest of them, which is remembered as the one signed last.

        Raises:
            Invalid: nothing was lost, or the file cannot be written.
            ProofError: the log has not signed what was published, or is not all of them, grown.
        """
        with locked(self._state.parent):
            # 1. A state that can be read is never set back.
            if not self.is_lost:
                raise Invalid(
                    f"签名记录 {self._state} 完好，未作改动",
                    f"the signer's state {self._state} is intact and was not changed",
                )
            # 2. The log has signed what was published.
            published.verify([key.public for key in self._keys])
            # 3. It is that one, grown, and so are the others.
            every = [published.checkpoint, *kept]
            for earlier in every:
                _check(earlier.head, head, read)
            # 4. The largest is what was signed last.
            last = max(every, key=lambda one: one.head.size)
            write_private(self._state, str(last).encode())
            return last

    def remember(self, published: SignedCheckpoint) -> Checkpoint:
        """Never forget what the log has signed, even where an old state came back from a backup.

        Nothing is compared with the log: what is not in it is not signed until it is there again.

        Returns:
            What is remembered as signed last: the larger of the two.

        Raises:
            ProofError: the log has not signed that, or has signed another past of the same size.
            Invalid: the state is lost (`resume`), or cannot be written.
        """
        with locked(self._state.parent):
            published.verify([key.public for key in self._keys])
            last, newer = self.last(), published.checkpoint
            if newer.head.size == last.head.size and newer != last:
                raise ProofError(
                    f"已签过两种历史：{newer.head.size} 条的检查点与签名记录的根不同。停止签名。",
                    f"two histories were signed: the checkpoint of {newer.head.size} and the"
                    " signer's state have different roots. Stop signing.",
                )
            if newer.head.size > last.head.size:
                write_private(self._state, str(newer).encode())
                return newer
            return last

    @property
    def is_lost(self) -> bool:
        """Whether nothing is known of what was signed last."""
        try:
            self.last()
        except Invalid:
            return True
        return False

    def last(self) -> Checkpoint:
        """What was signed last; the empty log before the first.

        Raises:
            Invalid: the state file is missing or broken, so that nothing may be signed.
        """
        try:
            return Checkpoint.parse(read_private(self._state).decode("utf-8"))
        except (OSError, UnicodeDecodeError, ProofError) as error:
            why = _NOT_TEXT
            if isinstance(error, OSError):
                why = system_error.reason(error)
            elif isinstance(error, ProofError):
                why = error.text
            raise Invalid(
                f"签名记录 {self._state} 缺失或损坏（{why.zh}），不签名；不要用备份恢复它，"
                "请用最后公布的检查点重建",
                f"the signer's state {self._state} is missing or damaged ({why.en}), so nothing is"
                " signed; do not restore it from a backup: rebuild it from the last published"
                " checkpoint",
                rule="signer-state",
                subject=str(self._state),
            ) from None

    def sign(self, head: TreeHead, read: HashReader) -> Note:
        """The signed checkpoint of the log as it is now. Asking again gives the same bytes.

        Args:
            head: its size and root, as the log says.
            read: hashes from its tiles.

        Raises:
            ProofError: the tiles say otherwise, or it is not what was signed before, grown.
            Invalid: the state file is missing, broken or of another log, or cannot be written.
        """
        with locked(self._state.parent):
            # 1. What was signed last.
            last = self.last()
            if {key.name for key in self._keys} != {last.origin}:
                raise Invalid(
                    f"密钥与签名记录 {self._state} 不属于同一日志（{last.origin}）",
                    f"the key does not belong to the log of the signer's state {self._state}"
                    f" ({last.origin})",
                )
            # 2. The tiles have the root, and the log has only grown.
            _check(last.head, head, read)
            # 3. Remember before anybody sees it: what was signed can never be forgotten.
            checkpoint = Checkpoint(last.origin, head)
            write_private(self._state, str(checkpoint).encode())
            # 4. Sign, and the root as COSE too, for receipts in that form.
            note = sign_checkpoint(checkpoint, self._keys)
            plain = (key for key in self._keys if key.kind is VerifierKey)
            return note.joined(sign_root(key, head.root) for key in plain)


def _check(last: TreeHead, head: TreeHead, read: HashReader) -> None:
    try:
        verify_extension(last, head, read)
    except ProofError as error:
        raise ProofError(f"拒绝签名：{error.text.zh}", f"not signed: {error.text.en}") from None
