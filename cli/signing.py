"""Signing at the edge: which key, where the signer remembers, and receipts for what matters."""

import shlex
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cli.language import t
from cli.session import Session, now
from ledger.envelope import RecordedEvent
from ledger.events import AppealDecided, ResultIssued, SelfEvaluationSubmitted
from ledger.log.atomic_files import sync, translated_errors, write
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.note import Note, Signature, SigningKey
from ledger.log.receipt import Receipt
from ledger.log.signer import Signer, parse_keys, read_keys
from ledger.log.tree import ProofError, inclusion_proof
from ledger.store import Store, StoreError
from ledger.values import Invalid, Text

RECEIPT_EVENTS: Final = (SelfEvaluationSubmitted, ResultIssued, AppealDecided)
"""Submission, issue and decision: whoever is party to them leaves with a receipt."""


def key_file(session: Session) -> Path:
    """The key file: as named, else beside the ledger.

    Raises:
        Invalid: the ledger is no file, and no key file is named.
    """
    if session.key_file:
        return Path(session.key_file)
    if "://" in session.target:
        raise Invalid(
            "账本不是文件，请用 --key 写明密钥文件",
            "the ledger is no file; name the key file with --key",
        )
    return Path(f"{session.target}.key")


def state_file(session: Session) -> Path:
    """Where the signer remembers what it signed last: beside the key, never in the database."""
    path = key_file(session)
    return path.with_name(f"{path.name}.state")


def keys(session: Session) -> list[SigningKey]:
    """The log's keys, from the key file or from what the key command prints.

    Raises:
        Invalid: there are none, or others may read them.
    """
    if not session.key_command:
        return read_keys(key_file(session))
    try:
        done = subprocess.run(  # noqa: S603 - the administrator's own command, without a shell
            shlex.split(session.key_command), capture_output=True, check=False
        )
    except (OSError, ValueError) as error:  # no such program; quotes that do not close
        raise Invalid(
            f"取密钥的命令运行不了（{error}）", f"the key command cannot be run ({error})"
        ) from None
    if done.returncode:
        raise Invalid(
            f"取密钥的命令失败（退出码 {done.returncode}）",
            f"the key command failed (exit code {done.returncode})",
        )
    return parse_keys(done.stdout)


def may_sign(session: Session) -> bool:
    """Whether a key was set up; without one nothing is signed and nothing is promised."""
    if session.key_command:
        return True
    return ("://" not in session.target or bool(session.key_file)) and key_file(session).exists()


def sign(session: Session, store: Store) -> SignedCheckpoint:
    """Sign the log as it is now, unless it is not what was signed before, grown.

    Returns:
        The checkpoint, with the cosignatures that came back for it.

    Raises:
        ProofError: the log was cut off, restored from a backup or rewritten.
        Invalid: no key, or no state of the signer.
    """
    head = store.head()
    note = Signer(keys(session), state_file(session)).sign(head, store.hashes(head.size))
    signed = SignedCheckpoint.parse(bytes(note))
    store.keep_checkpoint(signed, now())
    return signed._replace(note=note.joined(_cosignatures(store, signed)))


def _cosignatures(store: Store, signed: SignedCheckpoint) -> list[Signature]:
    """What others have put below this checkpoint, as far as it came back."""
    notes = [
        Note.parse(one.note)
        for one in store.checkpoints()
        if one.root == signed.checkpoint.head.root
    ]
    below = (line for note in notes if note.text == signed.note.text for line in note.signatures)
    return [line for line in below if line.name != signed.checkpoint.origin]


def receipt(store: Store, position: int, signed: SignedCheckpoint) -> Receipt:
    """That an entry is in the log, for whoever wants to check it without us.

    Raises:
        ProofError: the checkpoint is older than the entry.
    """
    size = signed.checkpoint.head.size
    path = inclusion_proof(store.hashes(size), position, size)
    return Receipt(position, tuple(path), signed)


class SigningFailed(Exception):
    """What was to be recorded is recorded; signing it afterwards was refused or failed.

    `text` says so, and why.
    """

    def __init__(self, recorded: Sequence[RecordedEvent], why: Text) -> None:
        last = {one.case: one.version for one in recorded}
        zh = "、".join(f"{case} 到第 {version} 条" for case, version in last.items())
        en = ", ".join(f"{case} up to v{version}" for case, version in last.items())
        self.text = Text(
            f"操作已经记录（{zh}），不要重做；但随后的签名没有成，没有出具回执或卷宗。"
            f"签名时：{why.zh}。改正之后用 scoretrail receipt issue 补回执，或重新导出卷宗",
            f"the act is recorded ({en}), do not repeat it; but signing it afterwards failed, and"
            f" there is no receipt or dossier. When signing: {why.en}. Once that is mended, get the"
            " receipt with scoretrail receipt issue, or export the dossier again",
        )
        super().__init__(str(self.text))


@contextmanager
def signing(recorded: Sequence[RecordedEvent]) -> Iterator[None]:
    """Tell whoever acted that the act stands, whatever signing it comes to.

    Raises:
        Unsigned: signing was refused or failed.
    """
    try:
        yield
    except (Invalid, ProofError, StoreError) as error:
        raise SigningFailed(recorded, error.text) from error
    except OSError as error:
        raise SigningFailed(recorded, Text(str(error), str(error))) from error


def receipts(session: Session, recorded: Sequence[RecordedEvent]) -> list[Path]:
    """Sign and write a receipt for each submission, issue and decision among these events.

    The bytes of the entry lie beside it: who has both needs nothing else of ours.

    Returns:
        Where they lie; none where no key was set up.

    Raises:
        ProofError: the log is not what was signed before, grown.
        Invalid: they cannot be written; `scoretrail receipt issue` gives them later.
    """
    due = [one for one in recorded if isinstance(one.event, RECEIPT_EVENTS)]
    if not due or not may_sign(session):
        return []
    folder = key_file(session).with_name(f"{key_file(session).stem}.receipts")
    paths = []
    with Store.open(session.target) as store:
        signed = sign(session, store)
        for one in due:
            assert one.position is not None  # noqa: S101 - recorded, so it has its place
            path = folder / f"{one.case}-v{one.version}.tlog-proof"
            _hand_out(path.with_suffix(".json"), one.entry)
            _hand_out(path, bytes(receipt(store, one.position, signed)))
            paths.append(path)
    return paths


def _hand_out(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all: nobody holds half a receipt.

    Raises:
        Invalid: it cannot be written.
    """
    with translated_errors(path):
        path.parent.mkdir(exist_ok=True)
        write(path, data, draft=path.with_name(".draft"), mode=0o644)
        sync(path.parent)


def receipt_lines(session: Session, recorded: Sequence[RecordedEvent]) -> list[str]:
    """What to tell people about the receipts of these events.

    Raises:
        Unsigned: there should be some, and signing was refused or failed.
    """
    with signing(recorded):
        return [t(f"回执：{path}", f"receipt: {path}") for path in receipts(session, recorded)]


def read_checkpoint(path: Path) -> SignedCheckpoint:
    """A checkpoint from a file; nobody has verified it.

    Raises:
        Invalid: it cannot be read, or is none.
    """
    try:
        return SignedCheckpoint.parse(path.read_bytes())
    except OSError as error:
        raise Invalid(
            f"{path}：读不了（{error.strerror}）", f"{path}: cannot be read ({error.strerror})"
        ) from None
    except ProofError as error:
        raise Invalid(f"{path}：{error.text.zh}", f"{path}: {error.text.en}") from None


def public_file(session: Session) -> Path:
    """Where the public keys lie for people to copy: beside the key."""
    path = key_file(session)
    return path.with_name(f"{path.name}.pub")


def show_public(session: Session) -> list[str]:
    """Write the public keys beside the key, and give them back."""
    public = [str(one.public) for one in keys(session)]
    public_file(session).write_text("".join(f"{one}\n" for one in public))
    return public
