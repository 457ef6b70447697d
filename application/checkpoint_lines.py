"""A checkpoint on paper (纸面检查点): its line and QR code, and what becomes of a line later."""

from pathlib import Path
from typing import Final, Literal, NamedTuple

from documents.pictures.qr_code import qr_code
from intake.files import read_text
from ledger.language import Language, Text, counted, listing, speaker
from ledger.log.checkpoint import Checkpoint, SignedCheckpoint
from ledger.log.checkpoint_line import CheckpointLine
from ledger.log.note import VerifierKey
from ledger.log.publish import published, published_tiles
from ledger.log.tiles import hash_reader
from ledger.log.tree import HashReader, ProofError, TreeHead, verify_extension
from ledger.store import Store
from ledger.values import Invalid

SUFFIXES: Final = (".svg", ".png", ".txt")


class Log(NamedTuple):
    """A log that a line is compared with.

    Attributes:
        origin: its name.
        head: as it is now.
        read: its hashes.
    """

    origin: str
    head: TreeHead
    read: HashReader


SIGNATURES: Final = {
    "valid": Text("日志的签名有效", "signed by the log"),
    "none": Text(
        "这一行没有签名，由印有它的公文为凭",
        "the line has no signature; the paper that it is printed on answers for it",
    ),
    "unchecked": Text("签名未核对，未给出日志公钥", "signature not checked, no key was given"),
}


class ComparedLine(NamedTuple):
    """What a line states, and what became of it.

    Attributes:
        checkpoint: what it states.
        signature: `valid`; `none` where the line has none, so that the paper answers for it;
            `unchecked` where no key was given.
        size: of the log now, which has grown from it.
    """

    checkpoint: Checkpoint
    signature: Literal["valid", "none", "unchecked"]
    size: int

    @property
    def facts(self) -> dict[str, object]:
        """The same for programs."""
        origin, (size, root), _ = self.checkpoint
        stated = {"origin": origin, "size": size, "root": root.hex()}
        return {**stated, "signature": self.signature, "grown_to": self.size}

    @property
    def words(self) -> Text:
        """The same in a sentence."""
        origin, (size, _), _ = self.checkpoint
        signed = SIGNATURES[self.signature]
        return Text(
            f"{origin}，{size} 条；{signed.zh}。日志此后只增未改，现有 {self.size} 条",
            f"{origin}, {counted(size, 'entry', 'entries')}; {signed.en}. The log has only grown"
            f" since, to {counted(self.size, 'entry', 'entries')}",
        )


def last_line(store: Store) -> CheckpointLine:
    """The line of the last checkpoint that was signed.

    Raises:
        Invalid: nothing was signed yet.
    """
    kept = store.last_checkpoint()
    if kept is None:
        raise Invalid(
            "日志尚未签过检查点。请先签名。", "no checkpoint was signed yet. Sign one first."
        )
    return CheckpointLine.of(SignedCheckpoint.parse(kept.note))


def written(line: CheckpointLine, output: Path | None, language: Language) -> bytes:
    """What a file of that name has of a line: its text (.txt, or no file), or its code.

    Raises:
        Invalid: no such format.
    """
    picture = qr_code(str(line), speaker(language)("检查点二维码", "QR code of the checkpoint"))
    match output.suffix.lower() if output else ".txt":
        case ".svg":
            return picture.svg.encode()
        case ".txt":
            return f"{line}\n".encode()
        case ".png":
            from documents.png import png  # noqa: PLC0415 - of an extra that SVG does not need

            return png(picture)
        case _:
            zh, en = listing(SUFFIXES)
            raise Invalid(f"文件名应以 {zh} 结尾", f"the file name must end in {en}")


def log_of(store: Store) -> Log:
    """The log of a ledger.

    Raises:
        Invalid: nothing was signed yet, so the log has no name.
    """
    head = store.head()
    return Log(last_line(store).checkpoint.origin, head, store.hashes(head.size))


def published_log(folder: Path, keys: list[VerifierKey]) -> Log:
    """A log as it is published, for those who have no ledger.

    Raises:
        Invalid: nothing is published there, or no key was given.
        ProofError: the log has not signed it.
    """
    signed = published(folder)
    if signed is None or not keys:
        raise Invalid(
            f"{folder} 没有公布检查点，或未给出日志公钥",
            f"no checkpoint is published in {folder}, or no key of the log was given",
        )
    signed.verify(keys)
    origin, head, _ = signed.checkpoint
    return Log(origin, head, hash_reader(published_tiles(folder), head.size))


def compare(given: str, log: Log, keys: list[VerifierKey]) -> ComparedLine:
    """What a line says, whether it is of a log, and whether the log has grown from it.

    Args:
        given: the line, or the name of a file that holds it.
        log: that it is compared with.
        keys: of the log, for the signature in the line.

    Raises:
        Invalid: the file cannot be read.
        ProofError: it is no such line, its signature is false, it is of another log, or the log
            has been cut off or rewritten since.
    """
    line = CheckpointLine.parse(read_text(Path(given)) if Path(given).is_file() else given)
    origin, head, _ = line.checkpoint
    if origin != log.origin:
        raise ProofError(
            f"这一行属于日志 {origin}，不属于 {log.origin}",
            f"the line is of the log {origin}, not of {log.origin}",
        )
    signature: Literal["valid", "none", "unchecked"] = "unchecked" if line.signatures else "none"
    if line.signatures and keys:
        line.signed.verify(keys)
        signature = "valid"
    verify_extension(head, log.head, log.read)
    return ComparedLine(line.checkpoint, signature, log.head.size)
