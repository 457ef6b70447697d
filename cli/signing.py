"""Signing at the edge: which key, where the signer remembers, and receipts for what matters."""

import shlex
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from cli.language import t
from cli.session import Session, now
from ledger.events import AppealDecided, ResultIssued, SelfEvaluationSubmitted
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.note import SigningKey, VerifierKey
from ledger.log.proof import Receipt
from ledger.log.signer import Signer, parse_keys, read_keys
from ledger.log.tree import Unproven, inclusion_proof
from ledger.recorded import Recorded
from ledger.store import Store
from ledger.values import Invalid

RECEIPT_EVENTS: Final = (SelfEvaluationSubmitted, ResultIssued, AppealDecided)
"""Submission, issue and decision: whoever is party to them leaves with a receipt."""

K = TypeVar("K", bound=VerifierKey)


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
    done = subprocess.run(  # noqa: S603 - the administrator's own command, without a shell
        shlex.split(session.key_command), capture_output=True, check=False
    )
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

    Raises:
        Unproven: the log was cut off, restored from a backup or rewritten.
        Invalid: no key, or no state of the signer.
    """
    head = store.head()
    note = Signer(keys(session), state_file(session)).sign(head, store.hashes(head.size))
    signed = SignedCheckpoint.parse(bytes(note))
    store.keep_checkpoint(signed, now())
    return signed


def receipt(store: Store, position: int, signed: SignedCheckpoint) -> Receipt:
    """That an entry is in the log, for whoever wants to check it without us.

    Raises:
        Unproven: the checkpoint is older than the entry.
    """
    size = signed.checkpoint.head.size
    path = inclusion_proof(store.hashes(size), position, size)
    return Receipt(position, tuple(path), signed)


def receipts(session: Session, recorded: Sequence[Recorded]) -> list[Path]:
    """Sign and write a receipt for each submission, issue and decision among these events.

    The bytes of the entry lie beside it: who has both needs nothing else of ours.

    Returns:
        Where they lie; none where no key was set up.
    """
    due = [one for one in recorded if isinstance(one.event, RECEIPT_EVENTS)]
    if not due or not may_sign(session):
        return []
    folder = key_file(session).with_name(f"{key_file(session).stem}.receipts")
    paths = []
    with Store.open(session.target) as store:
        signed = sign(session, store)
        folder.mkdir(exist_ok=True)
        for one in due:
            assert one.position is not None  # noqa: S101 - recorded, so it has its place
            path = folder / f"{one.case}-v{one.version}.tlog-proof"
            path.write_bytes(bytes(receipt(store, one.position, signed)))
            path.with_name(f"{one.case}-v{one.version}.json").write_bytes(one.entry)
            paths.append(path)
    return paths


def receipt_lines(session: Session, recorded: Sequence[Recorded]) -> list[str]:
    """What to tell people about the receipts of these events."""
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
    except Unproven as error:
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


def read_vkeys(texts: Iterable[str], kind: type[K]) -> list[K]:
    """Public keys, each given as its text or as a file that holds one a line.

    Raises:
        Invalid: one of them is none of that kind.
    """
    found = []
    for given in texts:
        path = Path(given)
        lines = path.read_text().splitlines() if path.is_file() else [given]
        for line in lines:
            try:
                found.append(kind.parse(line))
            except Unproven as error:
                raise Invalid(error.text.zh, error.text.en) from None
    return found
