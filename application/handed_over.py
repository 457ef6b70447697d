"""What others hand over (外来文件): checkpoints, receipts, keys and policies, from files.

Nothing of it is believed by being read. What the transfer did to a file, a byte order mark, other
line ends, another encoding, a missing end, is distinguished from a change of its content: the one
is mended by getting the file again.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from intake.files import read_bytes
from ledger.language import Text
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.note import VerifierKey
from ledger.log.policy import LOG_KEYS, WITNESS_KEYS, Kinds, TrustPolicy, public_key
from ledger.log.receipt import Receipt
from ledger.log.tree import ProofError
from ledger.values import Invalid

if TYPE_CHECKING:
    from ledger.log.stamp import Authority

__all__ = [
    "RECEIPT",
    "TrustPolicy",
    "damage",
    "read_authorities",
    "read_checkpoint",
    "read_log_keys",
    "read_policy",
    "read_witness_keys",
    "receipt_of",
    "unreadable",
]

T = TypeVar("T")

CHECKPOINT: Final = Text("检查点", "a checkpoint")
RECEIPT: Final = Text("存证证明", "a receipt")
KEY: Final = Text("公钥", "a public key")
POLICY: Final = Text("信任文件", "a policy")
EXPORT: Final = Text("导出文件", "an export")

UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
UTF8_MARK: Final = b"\xef\xbb\xbf"


def damage(data: bytes, blanks: int = 0) -> Text | None:
    """What the way here has done to a text file of ours, where that can be seen.

    Args:
        data: of the file.
        blanks: how many empty lines it has, each with something after it.
    """
    if not data:
        return Text("文件是空的", "the file is empty")
    if data.startswith(UTF16) or b"\0" in data[:2]:
        return Text("已被另存为 UTF-16 编码", "it was saved in UTF-16")
    if data.startswith(UTF8_MARK):
        return Text(
            "开头有字节顺序标记（BOM），系编辑软件另存时添加",
            "it begins with a byte order mark, added by an editor",
        )
    if b"\r\n" in data:
        return Text("换行已被改为 CRLF", "its line ends were changed to CRLF")
    if not data.endswith(b"\n") or data.endswith(b"\n\n") or data.count(b"\n\n") < blanks:
        return Text("末尾缺失，可能已被截断", "its end is missing; it may have been truncated")
    return None


def unreadable(place: str, what: Text, why: Text) -> Invalid:
    """That a file cannot be read as what it should be, and what to do."""
    return Invalid(
        f"{place}：不能作为{what.zh}读取：{why.zh}；请重新取得原文件",
        f"{place}: cannot be read as {what.en}: {why.en}; get it again",
    )


def read_checkpoint(path: Path) -> SignedCheckpoint:
    """A checkpoint from a file.

    Raises:
        Invalid: it cannot be read, or is none.
    """
    return _read(path, CHECKPOINT, SignedCheckpoint.parse, blanks=1)


def receipt_of(name: str, data: bytes) -> Receipt:
    """A receipt from the bytes of a file of that name.

    Raises:
        Invalid: the way here has damaged it.
        ProofError: it is none, by its content.
    """
    if why := damage(data, blanks=2):
        raise unreadable(name, RECEIPT, why)
    return Receipt.parse(data)


def read_policy(path: Path) -> TrustPolicy:
    """Whom to trust, from a file.

    Raises:
        Invalid: it cannot be read, or is none.
    """
    return _read(path, POLICY, TrustPolicy.parse)


def read_log_keys(given: Iterable[str]) -> list[VerifierKey]:
    """Public keys of logs, each as its text or as a file that holds one a line.

    Raises:
        Invalid: one of them is none.
    """
    return [key for text in given for key in _keys(text, LOG_KEYS)]


def read_witness_keys(given: Iterable[str]) -> list[VerifierKey]:
    """Public keys of witnesses, each as its text or as a file that holds one a line.

    Raises:
        Invalid: one of them is none.
    """
    return [key for text in given for key in _keys(text, WITNESS_KEYS)]


def read_authorities(paths: Iterable[Path]) -> "list[Authority]":
    """The certificates in PEM files of authorities that tell the time.

    Raises:
        Invalid: one of them cannot be read, or is none.
    """
    from ledger.log.stamp import parse_authorities  # noqa: PLC0415 - for time stamps only

    authorities = []
    for path in paths:
        try:
            authorities += parse_authorities(read_bytes(path))
        except Invalid as error:
            raise Invalid(f"{path}：{error.text.zh}", f"{path}: {error.text.en}") from None
    return authorities


def _keys(given: str, kinds: Kinds) -> list[VerifierKey]:
    path = Path(given)
    if not path.is_file():
        try:
            return [public_key(given, kinds)]
        except ProofError as error:
            raise Invalid(error.text.zh, error.text.en) from None

    def lines(data: bytes) -> list[VerifierKey]:
        return [public_key(line, kinds) for line in data.decode().splitlines()]

    return _read(path, KEY, lines)


def _read(path: Path, what: Text, parse: Callable[[bytes], T], blanks: int = 0) -> T:
    data = read_bytes(path)
    why = damage(data, blanks)
    if why is None:
        try:
            return parse(data)
        except ProofError as error:
            why = error.text
        except UnicodeDecodeError:
            why = Text("它不是 UTF-8 编码", "it is not UTF-8")
    raise unreadable(str(path), what, why)
