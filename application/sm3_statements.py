"""SM3 statements (SM3 陈述): the signer's second root, kept by itself and signed with SM2.

The signer takes in the bytes of those entries that it has not seen, and keeps the edges of both
trees next to its state: neither root comes from the database. What it states must be the root that
it has signed as a checkpoint.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from application.place import LedgerPlace
from application.sign import state_file
from application.sm2 import Sm2Key, verifies
from application.written_file import write_whole
from intake.files import read_bytes
from ledger.language import Text
from ledger.log.atomic_files import locked
from ledger.log.checkpoint import Checkpoint
from ledger.log.signer import read_private, write_private
from ledger.log.sm3 import BothTrees, HeldSm3, Sm3Statement
from ledger.log.tree import ProofError
from ledger.store import Store
from ledger.values import Invalid

AT_ONCE: Final = 4096
"""Entries that are read at a time."""


class Sm3Output(NamedTuple):
    """What signs statements, and where they are written.

    Attributes:
        key: that signs.
        file: of the statement; its signature is next to it, see `signature_file`.
    """

    key: Sm2Key
    file: Path


def output_of(file: Path | None, key: Path | None, command: str | None) -> Sm3Output | None:
    """Where statements go and what signs them; `None` where none are wanted.

    Raises:
        Invalid: one is named without the other.
    """
    if file is None and key is None and command is None:
        return None
    if file is None or (key is None) == (command is None):
        raise Invalid(
            "SM3 陈述须写明文件，以及 SM2 私钥或签名命令二者之一",
            "an SM3 statement needs a file, and either an SM2 key or a command that signs",
        )
    return Sm3Output(Sm2Key(key, command), file)


def signature_file(statement: Path) -> Path:
    """Where the signature of a statement is."""
    return statement.with_name(f"{statement.name}.sig")


def state(store: Store, place: LedgerPlace, signed: Checkpoint, output: Sm3Output) -> None:
    """State the SM3 root of a log that was signed as it is, and write the statement.

    Args:
        store: the log.
        place: whose signer remembers both trees.
        signed: the checkpoint that the signer has just signed.
        output: what signs the statement, and where it is written.

    Raises:
        ProofError: the entries give another root than the one signed.
        Invalid: the state cannot be read or written, or there is no key that signs.
    """
    kept = state_file(place).with_name(f"{place.key_file.name}.sm3")
    with locked(kept.parent):
        trees = _kept(kept, signed.origin)
        while trees.size < signed.head.size:
            end = min(trees.size + AT_ONCE, signed.head.size)
            entries = store.entries(trees.size, end)
            if len(entries) < end - trees.size:
                break
            trees.take_in(entries)
        statement = trees.statement(signed.origin)
        if (statement.size, statement.sha256) != signed.head:
            raise ProofError(
                f"不作 SM3 陈述：按条目算出 {statement.size} 条，根与所签的检查点"
                f"（{signed.head.size} 条）不同；{kept} 若有损坏，删除后重新执行即可从头计算",
                f"no SM3 statement: the entries give {statement.size} and another root than the"
                f" checkpoint of {signed.head.size} that was signed; if {kept} is damaged, delete"
                " it and run this again, and everything is computed from the beginning",
            )
        write_private(kept, trees.state(signed.origin).encode())
    text = str(statement).encode()
    signature = output.key.sign(text)
    # The signature first: a statement that is there has one.
    write_whole(signature_file(output.file), [signature])
    write_whole(output.file, [text])


def _kept(path: Path, origin: str) -> BothTrees:
    """The trees that the signer has kept; empty ones where there are none yet."""
    if not path.exists():
        return BothTrees()
    try:
        return BothTrees.parse(read_private(path).decode(), origin)
    except (UnicodeDecodeError, OSError, ProofError):
        raise Invalid(
            f"{path} 已损坏或无法读取。请删除它并重新执行：两棵树将从头计算。",
            f"{path} is damaged or cannot be read. Delete it and run this again: both trees are"
            " computed from the beginning.",
        ) from None


def read(files: Iterable[Path], public: Path | None) -> tuple[HeldSm3, ...]:
    """Statements that a verifier brings along, each with what became of its signature.

    Args:
        files: of the statements.
        public: the SM2 public key of the signer; where there is none, no signature is verified.

    Raises:
        Invalid: a file cannot be read or is none of these.
    """
    return tuple(_read(file, public) for file in files)


def _read(file: Path, public: Path | None) -> HeldSm3:
    data = read_bytes(file)
    try:
        statement = Sm3Statement.parse(data.decode())
    except (UnicodeDecodeError, ProofError):
        raise Invalid(
            f"{file}：不是 SM3 陈述；请重新取得原文件",
            f"{file}: not an SM3 statement; get it again",
        ) from None
    if public is None:
        why = Text("未提供 SM2 公钥", "no SM2 public key was given")
        return HeldSm3(statement, None, why)
    signed = verifies(read_bytes(public), data, read_bytes(signature_file(file)))
    why = Text("此处没有支持 SM2 的 openssl", "there is no openssl here that knows SM2")
    return HeldSm3(statement, signed, why if signed is None else None)
