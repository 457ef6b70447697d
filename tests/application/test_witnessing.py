"""A witness at work: in a folder and in mailboxes, interrupted, and asked to go back."""

import mailbox
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from application.witnessing import Answered, Witness
from intake.witness_mail import requests_in
from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.log.note import SigningKey
from ledger.log.tree import ProofError, TreeHead, leaf_hash
from ledger.log.witness_request import WitnessRequest
from ledger.values import Invalid
from tests.support import naive_log as naive
from tests.support.interruption import Stopped, stopping
from tests.support.signed_log import LOG, STRANGER, TIME, WITNESS

pytestmark = pytest.mark.sqlite_only("files that are handed to and fro")

FORK = [*naive.LEAVES[:3], leaf_hash(b"other"), *naive.LEAVES[4:]]


def request(
    old: int, size: int, leaves: list[bytes] = naive.LEAVES, key: SigningKey = LOG
) -> bytes:
    head = TreeHead(size, naive.mth(leaves[:size]))
    signed = SignedCheckpoint.parse(bytes(sign_checkpoint(Checkpoint(key.name, head), [key])))
    path = naive.proof(old, leaves[:size]) if 0 < old < size else []
    return bytes(WitnessRequest(old, tuple(path), signed))


class Office:
    """The place of a witness, with an inbox and an outbox."""

    def __init__(self, folder: Path) -> None:
        self.inbox, self.outbox, self.memory = (folder / name for name in ("in", "out", "memory"))
        self.inbox.mkdir()
        self.witness = Witness(WITNESS, [LOG.public], self.memory)

    def hand_in(self, name: str, data: bytes) -> None:
        (self.inbox / f"{name}.request").write_bytes(data)

    def work(self) -> list[Answered]:
        clock = lambda: datetime.fromtimestamp(TIME, UTC)  # noqa: E731 - a clock that does not move
        return self.witness.answer_all(self.inbox, self.outbox, clock)

    @property
    def cosigned(self) -> list[SignedCheckpoint]:
        notes = [path.read_bytes() for path in self.outbox.glob("*-cosigned")]
        found = [SignedCheckpoint.parse(note) for note in notes]
        for signed in found:
            assert len(signed.verify([LOG.public], [WITNESS.public])) == 2
        return sorted(found, key=lambda signed: signed.checkpoint.head.size)

    @property
    def seen(self) -> int:
        (path,) = self.memory.glob("*.checkpoint")
        return SignedCheckpoint.parse(path.read_bytes()).checkpoint.head.size


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def sizes(office: Office) -> list[int]:
    return [signed.checkpoint.head.size for signed in office.cosigned]


def grounds(answered: list[Answered]) -> list[str]:
    return [answer.refused.rule if answer.refused else "" for answer in answered]


def test_cosigns_what_grows_however_the_files_are_named(office: Office) -> None:
    """Mail overtakes mail: the smaller checkpoint is looked at first."""
    office.hand_in("a", request(3, 9))
    office.hand_in("b", request(0, 3))

    assert grounds(office.work()) == ["", ""]
    assert (sizes(office), office.seen) == ([3, 9], 9)


def test_answers_once_and_leaves_other_files_alone(office: Office) -> None:
    office.hand_in("a", request(0, 3))
    (office.inbox / "readme.txt").write_text("old news")
    office.work()

    assert office.work() == []
    assert (office.inbox / "readme.txt").exists()


def test_a_fork_is_refused_said_aloud_and_kept_for_everybody_to_see(office: Office) -> None:
    office.hand_in("a", request(0, 9))
    office.work()
    office.hand_in("b", request(3, 9, FORK))
    office.hand_in("c", request(9, 20, FORK))
    office.hand_in("d", request(3, 5))

    assert sorted(grounds(office.work())) == ["fork", "growth", "older"]

    assert (sizes(office), office.seen) == ([9], 9)
    said = "".join(path.read_text() for path in office.outbox.glob("*refused.txt"))
    assert "refused fork 9\n日志分叉：9 条有两个根" in said
    assert "the log is forked" in said
    kept = [SignedCheckpoint.parse(path.read_bytes()) for path in office.memory.glob("fork-9-*")]
    assert len({signed.checkpoint.head.root for signed in kept}) == 2
    assert all(signed.verify([LOG.public]) for signed in kept)


def test_turns_end_with_an_alarm_and_only_where_there_is_one(office: Office) -> None:
    office.hand_in("a", request(0, 9))
    office.hand_in("b", request(0, 3))
    clock = lambda: datetime.fromtimestamp(TIME, UTC)  # noqa: E731 - a clock that does not move
    assert len(list(office.witness.turns(office.inbox, office.outbox, clock))) == 2
    office.hand_in("c", request(0, 9, key=STRANGER))
    turns = office.witness.turns(office.inbox, office.outbox, clock)
    assert next(turns).alarm
    with pytest.raises(ProofError, match="Find out the cause"):
        next(turns)


def test_what_is_no_request_gets_an_answer_as_well(office: Office) -> None:
    office.hand_in("a", b"hello")
    office.hand_in("b", b"")

    answered = office.work()
    assert [answer.refused is None for answer in answered] == [False, False]
    assert len(list(office.outbox.glob("*refused.txt"))) == 2


def test_interrupted_at_any_write_it_never_says_two_things(tmp_path: Path) -> None:
    """The power goes at each of its calls; the request is lost then, and a fork comes instead."""
    for at in range(1, 100):
        (tmp_path / f"{at}").mkdir()
        office = Office(tmp_path / f"{at}")
        office.hand_in("a", request(0, 3))
        office.work()
        office.hand_in("b", request(3, 9))
        try:
            with stopping(at):
                office.work()
        except Stopped:
            (office.inbox / "b.request").unlink()
            office.hand_in("c", request(3, 9, FORK))
            office.work()
            assert sizes(office) in ([3], [3, 9])  # none of 9 where one was remembered, or one
        else:
            assert at > 5
            return
    pytest.fail("it never came to an end")


def test_an_answer_that_was_lost_is_given_again(office: Office) -> None:
    office.hand_in("a", request(0, 9))
    office.work()
    for path in (*office.outbox.iterdir(), *(office.memory / "answered").iterdir()):
        path.unlink()

    assert grounds(office.work()) == [""]
    assert sizes(office) == [9]


def test_a_memory_that_was_changed_stops_the_witness(office: Office) -> None:
    office.hand_in("a", request(0, 9))
    office.work()
    (memory,) = office.memory.glob("*.checkpoint")
    memory.write_bytes(b"nothing")
    office.hand_in("b", request(9, 20))

    with pytest.raises(Invalid, match="was changed"):
        office.work()
    assert sizes(office) == [9]


def test_logs_do_not_get_in_each_other_s_way(tmp_path: Path) -> None:
    other = SigningKey("reviews.example/log2", bytes(32))
    office = Office(tmp_path)
    office.witness = office.witness._replace(log=[LOG.public, other.public])
    office.hand_in("a", request(0, 9))
    office.hand_in("b", request(0, 9, FORK, other))

    assert grounds(office.work()) == ["", ""]
    assert len(list(office.memory.glob("*.checkpoint"))) == 2


# --- Mail ----------------------------------------------------------------------------------------


def mail(data: bytes, number: int, *, attached: bool) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = "Log <log@reviews.example>"
    letter["To"] = "witness@auditor.example"
    letter["Subject"] = "checkpoint\tto cosign"
    letter["Message-ID"] = f"<{number}@reviews.example>"
    letter.set_content("Please cosign." if attached else data.decode())
    if attached:
        letter.add_attachment(data, maintype="application", subtype="octet-stream", filename="r")
    return letter


@pytest.mark.parametrize("attached", [True, False], ids=["attached", "in its text"])
@pytest.mark.parametrize("kind", ["maildir", "mbox"])
def test_the_same_by_mail(tmp_path: Path, kind: str, *, attached: bool) -> None:
    office = Office(tmp_path)
    box: mailbox.Maildir | mailbox.mbox
    if kind == "maildir":
        office.inbox, office.outbox = tmp_path / "mail", tmp_path / "send"
        box = mailbox.Maildir(office.inbox)
        mailbox.Maildir(office.outbox)
    else:
        office.inbox, office.outbox = tmp_path / "mail.mbox", tmp_path / "send.mbox"
        box = mailbox.mbox(office.inbox)
    box.add(mail(b"buy now", 1, attached=False))
    box.add(mail(request(0, 9), 2, attached=attached))
    box.add(mail(request(3, 9, FORK), 3, attached=attached))
    box.close()

    assert grounds(office.work()) == ["", "fork"]
    assert office.work() == []

    sent = type(box)(office.outbox)
    first, second = sorted(sent, key=lambda message: str(message["In-Reply-To"]))
    assert first["To"] == "Log <log@reviews.example>"
    assert first["Auto-Submitted"] == "auto-replied"
    words, cosigned = parts(first)
    assert len(SignedCheckpoint.parse(cosigned).verify([LOG.public], [WITNESS.public])) == 2
    assert "已联署" in words.decode()
    assert "refused fork 9" in parts(second)[0].decode()


def test_mails_in_a_maildir_come_in_the_order_of_their_arrival(tmp_path: Path) -> None:
    mailbox.Maildir(tmp_path / "mail")
    for number, name in enumerate(
        ["9.M5P7Q9.a", "9.M99999P7Q10.a", "9.M100000P7Q11.a", "10.M1P7.a"]
    ):
        sent = mail(request(number, 9), number, attached=True)
        (tmp_path / "mail" / "new" / name).write_bytes(sent.as_bytes())

    came = [incoming.data for incoming in requests_in(tmp_path / "mail")]

    assert came == [request(number, 9) for number in range(4)]


def test_requests_in_a_folder_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("10", "9", "b2", "b10"):
        (tmp_path / f"{name}.request").write_text(f"old {name}")

    assert [incoming.data for incoming in requests_in(tmp_path)] == [
        b"old 9", b"old 10", b"old b2", b"old b10",
    ]  # fmt: skip


def parts(sent: mailbox.Message) -> list[bytes]:
    """What the parts of a mail hold."""
    contents = [part.get_payload(decode=True) for part in sent.walk() if not part.is_multipart()]
    return [content for content in contents if isinstance(content, bytes)]


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: path.write_bytes(b"")])
def test_an_empty_place_has_no_requests(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "place")
    assert list(requests_in(tmp_path / "place")) == []


def test_mail_that_no_program_can_read_is_left_alone(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "mail.mbox")
    box.add(b"Content-Type: text/plain; charset=none\nContent-Transfer-Encoding: base64\n\n\xff*")
    box.add(b"\xff\xfe: \x00\n\nold 3\n")
    box.close()
    found = list(requests_in(tmp_path / "mail.mbox"))
    for incoming in found:
        with pytest.raises(ProofError):
            WitnessRequest.parse(incoming.data)


def test_a_place_that_is_not_there_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="not a folder"):
        list(requests_in(tmp_path / "nowhere"))
