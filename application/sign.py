"""Sign (签名): which keys sign the log, where the signer remembers, and how it signs."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from application.clock import Clock
from application.place import LedgerPlace
from ledger import system_error
from ledger.envelope import RecordedEvent
from ledger.language import Text
from ledger.ledger import Ledger
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.note import Note, Signature, SigningKey
from ledger.log.operating_system import program_call
from ledger.log.signer import (
    Signer,
    parse_keys,
    read_keys,
)
from ledger.log.tree import ProofError
from ledger.practice import differs
from ledger.problem import Fault
from ledger.store import Store, StoredCheckpoint, StoreError
from ledger.values import Invalid, instant


def keys(place: LedgerPlace) -> list[SigningKey]:
    """The log's keys, from the key file or from what the key command prints.

    Raises:
        Invalid: there are none, or others may read them.
    """
    if not place.key_command:
        if not place.key_file.exists():
            raise Invalid(
                f"{place.key_file}：尚无签名密钥。请先生成，或指明密钥文件。",
                f"{place.key_file}: there is no signing key yet. Generate one, or name its file.",
                rule="no-key",
            )
        return read_keys(place.key_file)
    try:
        done = subprocess.run(  # noqa: S603 - the administrator's own command, without a shell
            program_call(place.key_command), capture_output=True, check=False
        )
    except (OSError, ValueError):  # no such program; quotes that do not close
        raise Invalid(
            "无法运行取密钥的命令。请检查程序名和引号。",
            "The key command cannot be run. Check the name of its program and its quotes.",
        ) from None
    if done.returncode:
        raise Invalid(
            f"取密钥的命令失败（退出码 {done.returncode}）",
            f"the key command failed (exit code {done.returncode})",
        )
    return parse_keys(done.stdout)


def state_file(place: LedgerPlace) -> Path:
    """Where the signer remembers what it signed last: next to the key, never in the database."""
    return place.key_file.with_name(f"{place.key_file.name}.state")


def may_sign(place: LedgerPlace) -> bool:
    """Whether a key was set up; without one nothing is signed and nothing is promised."""
    if place.key_command:
        return True
    return (place.is_file or place.key_path is not None) and place.key_file.exists()


def sign(store: Store, clock: Clock, place: LedgerPlace) -> SignedCheckpoint:
    """Sign the log as it is now; the checkpoint as it is handed out.

    Raises:
        ProofError: as the next one does.
        Invalid: likewise.
    """
    return sign_in_full(store, clock, place).handed_out()


def sign_in_full(store: Store, clock: Clock, place: LedgerPlace) -> SignedCheckpoint:
    """Sign the log as it is now, unless it is not what was signed before, grown.

    Returns:
        The checkpoint with all that the signer signs, and the cosignatures that came back for it.

    Raises:
        ProofError: the log was cut off, restored from a backup or rewritten.
        Invalid: no key, no state of the signer, or the key names a log for practice and the ledger
            is real, or the reverse.
    """
    held = keys(place)
    if why := differs(held[0].name, practice=Ledger(store).practice):
        raise Invalid(f"未签名：{why.zh}。", f"Not signed: {why.en}.", rule="practice-key")
    if retired := _retired(store, held):
        names = ", ".join(key.public.key_id.hex() for key in retired)
        raise Invalid(
            f"未签名：密钥 {names} 已停用，密钥文件可能来自旧备份。请使用现用的密钥文件。",
            f"Not signed: the keys {names} are retired; the key file may be from an old backup. Use"
            " the present one.",
            rule="retired-key",
        )
    head = store.head()
    store.wait_for_disk()  # a signed head does not go back
    note = Signer(held, state_file(place)).sign(head, store.hashes(head.size))
    signed = SignedCheckpoint.parse(bytes(note))
    store.keep_checkpoint(signed, instant(clock()))
    return signed._replace(note=note.joined(_cosignatures(store, signed)))


def _retired(store: Store, held: Sequence[SigningKey]) -> list[SigningKey]:
    """The keys that have signed once, and no longer when the log was signed last."""
    newest = store.last_checkpoint()
    last = _signers(newest) if newest else set()
    absent = [key for key in held if (key.name, key.public.key_id) not in last]
    if not absent:
        return []
    before = set[tuple[str, bytes]]().union(*map(_signers, store.checkpoints()))
    return [key for key in absent if (key.name, key.public.key_id) in before]


def _signers(stored: StoredCheckpoint) -> set[tuple[str, bytes]]:
    return {(line.name, line.key_id) for line in Note.parse(stored.note).signatures}


def _cosignatures(store: Store, signed: SignedCheckpoint) -> list[Signature]:
    """What others have put below this checkpoint, as far as it came back."""
    notes = [
        Note.parse(stored.note)
        for stored in store.checkpoints()
        if stored.root == signed.checkpoint.head.root
    ]
    below = (line for note in notes if note.text == signed.note.text for line in note.signatures)
    return [line for line in below if line.name != signed.checkpoint.origin]


class SigningFailed(Fault):
    """What was to be recorded is recorded; signing it afterwards was refused or failed.

    `text` says so, and why.
    """

    def __init__(self, recorded: Sequence[RecordedEvent], why: Text) -> None:
        last = {event.case: event.version for event in recorded}
        zh = "、".join(f"{case} 到第 {version} 条" for case, version in last.items())
        en = ", ".join(f"{case} up to v{version}" for case, version in last.items())
        super().__init__(
            f"操作已记录（{zh}），请勿重复办理；但随后的签名未完成，未出具存证证明或卷宗。签名时："
            f"{why.zh.rstrip('。')}。改正后请补出存证证明，或重新导出卷宗",
            f"the command is recorded ({en}), do not repeat it; but signing failed afterwards, so"
            f" there is no receipt or dossier. When signing: {why.en.rstrip('.')}. Once this is"
            " corrected, issue the receipt, or export the dossier again",
            rule="signing-failed",
        )


@contextmanager
def signing(recorded: Sequence[RecordedEvent]) -> Iterator[None]:
    """Report to the author that the command is recorded, regardless of the outcome of signing.

    Raises:
        SigningFailed: signing was refused or failed.
    """
    try:
        yield
    except (Invalid, ProofError, StoreError) as error:
        raise SigningFailed(recorded, error.text) from error
    except OSError as error:
        raise SigningFailed(recorded, system_error.reason(error)) from error


def signed_last(store: Store) -> SignedCheckpoint:
    """The checkpoint that a ledger has signed last; no signature is believed yet.

    Raises:
        Invalid: it has signed nothing.
    """
    kept = store.last_checkpoint()
    if kept is None:
        raise Invalid("尚未签署检查点", "no checkpoint is signed yet", rule="nothing-signed")
    return SignedCheckpoint.parse(kept.note)
