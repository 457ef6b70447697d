"""Asking a witness from far away: a request that has the proof in it, and what it answers.

The request is the body that C2SP tlog-witness sends to `add-checkpoint`: `old <size>`, the hashes
of the consistency proof, an empty line and the signed checkpoint. With the checkpoint of the
size before, nothing else is needed to see that the log only grew. It travels as a file or as mail.
"""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple, Self

from ledger.log.checkpoint import SignedCheckpoint, decimal
from ledger.log.note import NOTE_MAX, VerifierKey, decode_base64, encode_base64
from ledger.log.tree import EMPTY_ROOT, HASH_SIZE, ProofError, TreeHead, verify_consistency

PATH_LINES: Final = 63
"""Lines of a proof, at most (C2SP tlog-witness)."""

REQUEST_MAX: Final = NOTE_MAX + 100 + PATH_LINES * 45
"""Bytes in a request: base64 of 32 bytes and a newline are 45."""

_OLD: Final = "old "

Ground = Literal["fork", "growth", "older", "since", "signature", "unknown-log"]
"""Why a witness does not cosign. `fork`: the same size has two roots, both signed by the log.
`growth`: the proof does not show that the log grew. `older`: smaller than what was seen. `since`:
the proof is from another size than that. `signature`: the log's is false or missing. `unknown-log`:
nobody has named a key of that log."""


class WitnessRequest(NamedTuple):
    """A checkpoint to be cosigned, which is not believed yet.

    Attributes:
        old: the size that the witness is thought to have seen last; 0 before it has seen any.
        path: the consistency proof from there, hashes of 32 bytes.
        signed: the checkpoint.
    """

    old: int
    path: tuple[bytes, ...]
    signed: SignedCheckpoint

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The request in these bytes: `bytes(request)` is the same again.

        Raises:
            ProofError: it is not a request, or above our limits.
        """
        above, blank, below = data.partition(b"\n\n")
        try:
            first, *lines = above.decode("ascii").split("\n")
        except UnicodeDecodeError:
            first, lines = "", []
        if not blank or len(data) > REQUEST_MAX or not first.startswith(_OLD):
            raise _malformed(
                "应为 old 行、证明、空行和检查点", "it must be an old line, hashes, a blank, a note"
            )
        path = tuple(map(decode_base64, lines))
        if len(path) > PATH_LINES or any(len(digest) != HASH_SIZE for digest in path):
            raise _malformed("证明不是 32 字节的哈希", "a hash of the proof is not 32 bytes")
        return cls(decimal(first.removeprefix(_OLD)), path, SignedCheckpoint.parse(below))

    def __bytes__(self) -> bytes:
        above = "\n".join([f"{_OLD}{self.old}", *map(encode_base64, self.path)])
        return f"{above}\n\n".encode() + bytes(self.signed.note)


class RequestRefused(ProofError):
    """A witness does not cosign.

    Attributes:
        ground: why.
        seen: the size that it has seen last; 0 before any.
    """

    def __init__(self, ground: Ground, seen: int, zh: str, en: str) -> None:
        super().__init__(zh, en, rule=ground)
        self.ground: Ground = ground
        self.seen = seen


def judge(
    request: WitnessRequest, seen: SignedCheckpoint | None, log: Sequence[VerifierKey]
) -> None:
    """See that a witness may cosign: the log has signed, and only grew from what was seen last.

    Args:
        request: what came.
        seen: what the witness has seen last of this log, as it has kept it; `None` at first.
        log: keys of logs that it cosigns.

    Raises:
        RequestRefused: it may not.
    """
    origin, head, _ = request.signed.checkpoint
    last = seen.checkpoint.head if seen else TreeHead(0, EMPTY_ROOT)
    # 1. It is of a log that the witness knows, which has signed it.
    if not any(key.name == origin for key in log):
        raise RequestRefused(
            "unknown-log",
            0,
            f"无法识别日志 {origin}：请见证人先取得其公钥",
            f"the log {origin} is not known: the witness needs its public key first",
        )
    try:
        request.signed.verify(key for key in log if key.name == origin)
    except ProofError as error:
        raise RequestRefused("signature", last.size, *error.text) from None
    # 2. The same again is cosigned again: the answer may have been lost.
    if head == last:
        return
    # 3. Nothing goes back, and one size has one root.
    if head.size < last.size:
        raise RequestRefused(
            "older",
            last.size,
            f"检查点为 {head.size} 条，此前已见过 {last.size} 条；不往回联署",
            f"the checkpoint has {head.size} entries, {last.size} were seen before; a witness"
            " does not go back",
        )
    if head.size == last.size:
        raise RequestRefused(
            "fork",
            last.size,
            f"日志分叉：{head.size} 条有两个根，均由日志签名。两个检查点都已留存",
            f"the log is forked: {head.size} entries have two roots, both signed by the log. Both"
            " checkpoints are kept",
        )
    # 4. The proof is from there, and holds.
    if request.old != last.size:
        raise RequestRefused(
            "since",
            last.size,
            f"证明从 {request.old} 条起，此前见过 {last.size} 条。请从 {last.size} 条起重新请求",
            f"the proof is from {request.old} entries, but {last.size} were seen. Ask again from"
            f" {last.size}",
        )
    try:
        verify_consistency(last, head, request.path)
    except ProofError as error:
        raise RequestRefused(
            "growth",
            last.size,
            f"不能证明日志从 {last.size} 条增长到 {head.size} 条：{error.text.zh}",
            f"it is not shown that the log grew from {last.size} to {head.size}: {error.text.en}",
        ) from None


def _malformed(zh: str, en: str) -> ProofError:
    return ProofError(f"联署请求：{zh}", f"request to a witness: {en}")
