"""Requests to a witness as they come, and answers as they go: a folder, a Maildir or an mbox.

A request is a file `*.request` in a folder, or the part of a mail that begins with `old `, in its
text or attached. What else is in a mailbox is for others and is left alone; nothing is taken away.
"""

import mailbox
import re
from collections.abc import Iterator
from contextlib import closing
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from intake.files import read_bytes
from ledger.log.atomic_files import sync, translated_errors, write
from ledger.log.witness_request import REQUEST_MAX
from ledger.values import Invalid

SUFFIX: Final = ".request"
MBOX: Final = ".mbox"
STARTS: Final = b"old "
MAIL_MAX: Final = 4 * REQUEST_MAX
"""Bytes of a mail that is looked at: base64 and what else a mail has around it."""

PUBLIC: Final = 0o644


class Incoming(NamedTuple):
    """A request as it came.

    Attributes:
        id: SHA-256 of what came, in hex: a file that comes again is the same, a new mail is not.
        data: what may be a request.
        mail: the mail that it was in; `None` for a file.
    """

    id: str
    data: bytes
    mail: EmailMessage | None = None


class Answer(NamedTuple):
    """What goes back.

    Attributes:
        name: of the file, or of the attachment.
        data: its bytes.
        words: what it is, for people who read their mail.
    """

    name: str
    data: bytes
    words: str


def requests_in(place: Path) -> Iterator[Incoming]:
    """Everything in a folder or mailbox that may be a request, in the order of its names.

    Numbers in names count as numbers: names in a Maildir have microseconds without leading zeros.

    Raises:
        Invalid: it is not there, or cannot be read.
    """
    if _is_maildir(place) or place.is_file():
        yield from _in_mailbox(place)
    elif place.is_dir():
        with translated_errors(place):
            files = [path for path in place.iterdir() if path.suffix == SUFFIX]
        for path in sorted(files, key=lambda path: _in_order(path.name)):
            data = read_bytes(path, at_most=MAIL_MAX)
            yield Incoming(sha256(data).hexdigest(), data)
    else:
        raise Invalid(
            f"{place} 不是文件夹、Maildir 或 mbox 文件",
            f"{place} is not a folder, a Maildir or an mbox file",
        )


def deliver(place: Path, incoming: Incoming, answer: Answer) -> None:
    """Leave an answer where it is fetched, or where a mail program sends from.

    Raises:
        Invalid: it cannot be written there.
    """
    with translated_errors(place):
        if _is_maildir(place):
            with closing(mailbox.Maildir(place)) as box:
                box.add(_reply(incoming, answer))
        elif place.suffix == MBOX:
            with closing(mailbox.mbox(place)) as box:
                box.lock()
                box.add(_reply(incoming, answer))
                box.flush()
        else:
            place.mkdir(exist_ok=True)
            path = place / f"{incoming.id[:16]}-{answer.name}"
            write(path, answer.data, draft=place / ".draft", mode=PUBLIC)
            sync(place)


def _in_order(name: str | int) -> list[str | int]:
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", str(name))]


def _is_maildir(place: Path) -> bool:
    return all((place / part).is_dir() for part in ("cur", "new", "tmp"))


def _in_mailbox(place: Path) -> Iterator[Incoming]:
    with translated_errors(place):
        kind = mailbox.Maildir if place.is_dir() else mailbox.mbox
        with closing(kind(place, create=False)) as box:
            for key in sorted(box.keys(), key=_in_order):
                raw = box.get_bytes(key)
                if len(raw) <= MAIL_MAX:
                    yield from _in_mail(raw)


def _in_mail(raw: bytes) -> Iterator[Incoming]:
    """The first part of a mail that may be a request; others write mails that are none."""
    try:
        mail = BytesParser(policy=policy.default).parsebytes(raw)
        for part in mail.walk():
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                data = content.replace(b"\r\n", b"\n")
                if data.startswith(STARTS):
                    identity = f"{mail.get('message-id', '')}\n".encode() + data
                    assert isinstance(mail, EmailMessage)  # noqa: S101 - by its policy
                    yield Incoming(sha256(identity).hexdigest(), data, mail)
                    return
    except (MessageError, ValueError, LookupError):
        return  # mail that cannot be read is not a request


def _reply(incoming: Incoming, answer: Answer) -> bytes:
    """A mail with the answer; to a request by file, one without an address."""
    reply, asked = EmailMessage(policy=policy.SMTP), incoming.mail
    if asked is not None:
        headers = {
            "To": asked.get("reply-to") or asked.get("from"),
            "From": asked.get("to"),
            "In-Reply-To": asked.get("message-id"),
            "Subject": f"Re: {asked.get('subject', '')}",
        }
        for name, value in headers.items():
            if value:
                reply[name] = " ".join(str(value).split())
    reply["Auto-Submitted"] = "auto-replied"  # RFC 3834: nobody's machine answers it
    reply.set_content(answer.words)
    reply.add_attachment(
        answer.data, maintype="application", subtype="octet-stream", filename=answer.name
    )
    return reply.as_bytes(policy=policy.default)
