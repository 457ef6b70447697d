"""A witness at work (见证): answers the requests in a folder or mailbox, and never goes back.

What it has seen last of each log is in a folder of its own, which must not be restored from a
backup. Steps for each request, numbered again where they are done:

1. what came is a request, and may be cosigned by what was seen last;
2. remember, before anybody sees the answer: what was cosigned can never be forgotten;
3. cosign, and leave the answer;
4. mark the request as answered; one that is interrupted before that answers once more, the same.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from application.clock import Clock
from application.following import Stop
from intake.witness_mail import Answer, Incoming, deliver, requests_in
from ledger.language import Text, counted
from ledger.log.atomic_files import locked, sync, translated_errors, write
from ledger.log.checkpoint import SignedCheckpoint, WitnessSigningKey
from ledger.log.note import Note, VerifierKey
from ledger.log.tree import ProofError
from ledger.log.witness_request import RequestRefused, WitnessRequest, judge
from ledger.values import Invalid

PUBLIC: Final = 0o644
PAUSE: Final = 5.0
"""Seconds between two looks into the mailbox."""

ALARMS: Final = frozenset({"fork", "growth", "signature"})
"""Grounds that somebody has to look into: others are mended by asking otherwise."""


class Answered(NamedTuple):
    """What became of a request.

    Attributes:
        id: of the request, as its answer is named.
        origin: of the log; empty where what came is not a request.
        size: of the checkpoint.
        refused: why it was not cosigned; `None` where it was.
        alarm: whether somebody has to look into that.
    """

    id: str
    origin: str
    size: int
    refused: ProofError | None = None
    alarm: bool = False

    @property
    def words(self) -> Text:
        """The same in a sentence."""
        name = self.id[:16]
        if self.refused:
            zh, en = self.refused.text
            return Text(f"{name}：未联署。{zh}", f"{name}: not cosigned. {en}")
        size = counted(self.size, "entry", "entries")
        return Text(
            f"{name}：已联署 {self.origin} {self.size} 条",
            f"{name}: cosigned {self.origin}, {size}",
        )


class Witness(NamedTuple):
    """Who cosigns, and where it remembers.

    Attributes:
        key: cosigns.
        log: keys of the logs that it cosigns.
        memory: the folder of what it has seen last, made where it is missing.
    """

    key: WitnessSigningKey
    log: Sequence[VerifierKey]
    memory: Path

    def turns(
        self, inbox: Path, outbox: Path, clock: Clock, stop: Stop | None = None
    ) -> Iterator[Answered]:
        """Answer what is there; with `stop` again and again, until it is set.

        Raises:
            ProofError: at the end, where somebody has to look into something.
            Invalid: a place cannot be read or written, or what the witness remembers was changed.
        """
        alarms = 0
        while True:
            for answered in self.answer_all(inbox, outbox, clock):
                alarms += answered.alarm
                yield answered
            if stop is None or stop.wait(PAUSE):
                break
        if alarms:
            raise ProofError(
                f"{alarms} 个请求与所见矛盾或签名不符，未联署。请查明原因",
                f"{counted(alarms, 'request')} not cosigned: in conflict with what was seen, or"
                " wrongly signed. Find out the cause",
            )

    def answer_all(self, inbox: Path, outbox: Path, clock: Clock) -> list[Answered]:
        """Answer every request that has no answer yet, smaller checkpoints first.

        Raises:
            Invalid: a place cannot be read or written, or what the witness remembers was changed.
        """
        with translated_errors(self.memory):
            (self.memory / "answered").mkdir(parents=True, exist_ok=True)
        with locked(self.memory):
            waiting = [one for one in requests_in(inbox) if not self._mark(one).exists()]
            # Mail overtakes mail: in order of size, the later one makes none of the others old.
            return [
                self._answer(incoming, outbox, clock) for incoming in sorted(waiting, key=_size)
            ]

    def _answer(self, incoming: Incoming, outbox: Path, clock: Clock) -> Answered:
        origin, size = "", 0
        try:
            # 1. A request that may be cosigned.
            request = WitnessRequest.parse(incoming.data)
            origin, size = request.signed.checkpoint.origin, request.signed.checkpoint.head.size
            seen = self._seen(origin)
            self._judge(request, seen)
        except ProofError as refused:
            ground = refused.rule or "no-request"
            last = refused.seen if isinstance(refused, RequestRefused) else 0
            first = f"refused {ground} {last}\n"
            data = f"{first}{refused.text.zh}\n{refused.text.en}\n".encode()
            answer = Answer("refused.txt", data, data.decode())
            self._leave(outbox, incoming, answer)
            return Answered(incoming.id, origin, size, refused, ground in ALARMS)
        # 2. Remember.
        note = request.signed.note
        self._keep(self._memory_of(origin), bytes(note))
        # 3. Cosign.
        cosignature = self.key.cosign(note.text, int(clock().timestamp()))
        cosigned = bytes(Note(note.text, (*note.signatures, cosignature)))
        words = f"已联署 {origin} {size} 条，见附件。\nCosigned {origin}, size {size}: attached.\n"
        self._leave(outbox, incoming, Answer("cosigned", cosigned, words))
        return Answered(incoming.id, origin, size)

    def _judge(self, request: WitnessRequest, seen: SignedCheckpoint | None) -> None:
        try:
            judge(request, seen, self.log)
        except RequestRefused as refused:
            if refused.ground == "fork" and seen:
                self._keep_fork(request.signed, seen)
            raise

    def _keep_fork(self, other: SignedCheckpoint, seen: SignedCheckpoint) -> None:
        """Two checkpoints that the log has signed for one size: with both, anybody can show it."""
        root = other.checkpoint.head.root.hex()[:16]
        name = f"fork-{other.checkpoint.head.size}-{root}"
        self._keep(self.memory / f"{name}-seen", bytes(seen.note))
        self._keep(self.memory / f"{name}-other", bytes(other.note))

    def _seen(self, origin: str) -> SignedCheckpoint | None:
        path = self._memory_of(origin)
        if not path.exists():
            return None
        try:
            with translated_errors(path):
                seen = SignedCheckpoint.parse(path.read_bytes())
        except ProofError:
            seen = None
        if seen is None or seen.checkpoint.origin != origin:
            raise Invalid(
                f"{path} 不是 {origin} 的检查点：见证人的记录被改动。请查明原因后再联署",
                f"{path} is not a checkpoint of {origin}: what the witness remembers was changed."
                " Find out the cause before it cosigns again",
            )
        return seen

    def _leave(self, outbox: Path, incoming: Incoming, answer: Answer) -> None:
        deliver(outbox, incoming, answer)
        # 4. Mark it.
        self._keep(self._mark(incoming), b"")

    def _keep(self, path: Path, data: bytes) -> None:
        with translated_errors(path):
            write(path, data, draft=self.memory / ".draft", mode=PUBLIC)
            sync(path.parent)

    def _memory_of(self, origin: str) -> Path:
        """Where the last checkpoint of a log lies; the name is that of C2SP tlog-witness."""
        return self.memory / f"{sha256(origin.encode()).hexdigest()}.checkpoint"

    def _mark(self, incoming: Incoming) -> Path:
        return self.memory / "answered" / incoming.id


def _size(incoming: Incoming) -> int:
    try:
        return WitnessRequest.parse(incoming.data).signed.checkpoint.head.size
    except ProofError:
        return 0
