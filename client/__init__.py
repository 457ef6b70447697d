"""A client of the API (接口客户端): reads cases and records commands in them, under a token.

It imports nothing of the program and is one file, which another program may take as it is; it needs
msgspec besides Python. What the API takes and gives is described by its `/openapi.json`, of which
the types here are as much as most programs need.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from email.message import Message
from http.client import HTTPException
from typing import Any, Final, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import msgspec

Kind = TypeVar("Kind")
Command = Mapping[str, object]
"""A command: `do` names it, the others are its fields; numbers are texts, as "16.00"."""

TRIES: Final = 6
SECONDS: Final = 60
"""How long an answer is waited for."""
LATER: Final = frozenset({429, 503})
"""Answers that ask for the same request once more, after a while."""


class Total(msgspec.Struct, frozen=True):
    """A total with its grade.

    Attributes:
        total: of what is there; it says nothing as long as rows are pending.
        pending: how many rows have no score.
    """

    total: Decimal
    grade: str | None = None
    pending: int = 0


class Row(msgspec.Struct, frozen=True):
    """A row of the score sheet; scores are in points, `None` where there is none.

    Attributes:
        path: its name below those of the levels above it.
        rule: what the standard gives by the figures.
    """

    id: str
    path: tuple[str, ...]
    weight: Decimal
    claim: Decimal | None = None
    rule: Decimal | None = None
    award: Decimal | None = None


class Sheet(msgspec.Struct, frozen=True):
    """The scores of a case."""

    case: str
    unit: str
    year: int
    stage: str
    claim: Total
    award: Total
    indicators: tuple[Row, ...]


class CaseInList(msgspec.Struct, frozen=True):
    """A case of the list; `unit` is the name of its unit."""

    case: str
    title: str
    unit: str
    year: int
    stage: str


class Event(msgspec.Struct, frozen=True):
    """An event as the account sees it.

    Attributes:
        position: in the log; `None` while it is not sealed.
        content: the entry as JSON: who, when, and `data`.
    """

    version: int
    content: dict[str, Any]
    position: int | None = None

    @property
    def type(self) -> str:
        """What has happened, such as `ScoreAdjusted`."""
        return str(self.content["type"])


class FedEvent(msgspec.Struct, frozen=True):
    """An event in the feed of the account.

    Attributes:
        id: the same whenever and by whomever it is read, so that nothing is handled twice.
        cursor: with which the feed goes on behind this event. It shows nothing else.
    """

    id: str
    case: str
    event: Event
    cursor: str


class FeedPage(msgspec.Struct, frozen=True):
    """A part of the feed.

    Attributes:
        cursor: where to go on from, also where there is no event.
        more: whether there is more now.
    """

    events: tuple[FedEvent, ...]
    cursor: str
    more: bool


class Detail(msgspec.Struct, frozen=True):
    """What is wrong at a place of what was sent, which a JSON pointer names (RFC 6901)."""

    pointer: str
    detail: str


class Problem(msgspec.Struct, frozen=True):
    """Why something was not done (RFC 9457), in Chinese and in English."""

    status: int
    rule: str
    title: str
    title_en: str
    errors: tuple[Detail, ...] = ()
    since: tuple[dict[str, Any], ...] = ()


class Refused(Exception):
    """The service has not done what was asked, and sending it again would change nothing."""

    def __init__(self, problem: Problem) -> None:
        """Take the reason."""
        super().__init__(f"{problem.title} / {problem.title_en}")
        self.problem = problem


class Unreachable(Exception):
    """There was no answer. What was sent may be recorded: send it again with the same key."""


class Client:
    """The API of one service under one token."""

    def __init__(
        self,
        address: str,
        token: str,
        *,
        language: str = "zh",
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Name the service; nothing is asked of it yet.

        Args:
            address: such as `https://pingjia.example`.
            token: that an account has made on its page.
            language: of what the service says in words.
            pause: waits so many seconds before another try.
        """
        self._address = address.rstrip("/")
        self._headers = {"authorization": f"Bearer {token}", "accept-language": language}
        self._pause = pause

    def cases(self, **asked: str) -> Iterator[CaseInList]:
        """The cases of the account, however many pages they take.

        Args:
            asked: `year`, `stage`, `q` (words), each left out or given.
        """
        while True:
            body, _ = self._send("GET", "/cases", asked)
            found = _made(body, dict[str, list[CaseInList]])["cases"]
            yield from found
            if not found:
                return
            asked = {**asked, "after": found[-1].case}

    def version(self, case: str) -> int:
        """The number of the last event of a case."""
        return int(_made(self._of(case, "/head"), dict[str, Any])["version"])

    def sheet(self, case: str, at: str = "") -> Sheet:
        """The scores of a case, now or at a point such as `v57`, `self` or `2024-08-01`."""
        return _made(self._of(case, "/sheet", {"at": at} if at else {}), Sheet)

    def events(self, case: str, after: int = 0) -> Iterator[Event]:
        """The events of a case after a version, one after the other: to follow it, ask again."""
        while True:
            body = self._of(case, "/events", {"after": str(after)})
            found = _made(body, dict[str, Any])["events"]
            for one in found:
                yield Event(one["version"], one["decoded"], one["position"])
            if not found:
                return
            after = found[-1]["version"]

    def feed(self, after: str = "", *cases: str) -> Iterator[FedEvent]:
        """All events that the account sees, as they came into its sight, until there are no more.

        To follow it, remember the cursor of the last event that was handled, and ask again later.

        Args:
            after: a cursor; from the beginning where it is empty.
            cases: of these cases only.
        """
        while True:
            page = self.feed_page(after, *cases)
            yield from page.events
            if not page.more:
                return
            after = page.cursor

    def feed_page(self, after: str = "", *cases: str, now: bool = False) -> FeedPage:
        """A part of the feed: of use to who sees little of a long log.

        Args:
            after: a cursor; from the beginning where it is empty.
            cases: of these cases only.
            now: whether to begin with what is recorded from now on, where there is no cursor.
        """
        asked = [("case", case) for case in cases] + ([("after", after)] if after else [])
        asked += [("from", "now")] if now and not after else []
        body, headers = self._send("GET", "/feed", asked)
        events = tuple(
            FedEvent(
                one["id"],
                one["subject"],
                Event(one["data"]["version"], one["data"]["entry"], one["data"]["position"]),
                one["cursor"],
            )
            for one in _made(body, list[dict[str, Any]])
        )
        return FeedPage(events, str(headers["feed-cursor"]), "link" in headers)

    def record(  # noqa: PLR0913 - what a request has
        self,
        case: str,
        commands: Sequence[Command],
        *,
        key: str,
        dated: date | None = None,
        seen: int | None = None,
        rehearse: bool = False,
    ) -> list[Event]:
        """Record commands in a case, all or none.

        Args:
            case: in which.
            commands: in their order.
            key: of this request alone. Sent again with the same key, nothing is recorded twice.
            dated: business date; today where it is not given.
            seen: the version that they were decided on: where something about their subjects was
                recorded since, they are refused.
            rehearse: whether nothing is to be written.

        Returns:
            The events that were recorded, or would be.

        Raises:
            Refused: by a rule, by its form, or because of what was recorded since.
            Unreachable: no answer; try again later with the same key.
        """
        body = {"commands": list(commands)} | ({"dated": dated.isoformat()} if dated else {})
        more = {"idempotency-key": key} | ({"if-match": f'"{seen}"'} if seen is not None else {})
        sent = json.dumps(body).encode()
        asked = {"rehearse": "1"} if rehearse else {}
        return _events(self._of(case, "/commands", asked, sent, more))

    def file_evidence(
        self, case: str, name: str, content: bytes, *, key: str, title: str = ""
    ) -> list[Event]:
        """File evidence: the bytes of a file, under its name; the rest is as for `record`."""
        asked = {"name": name} | ({"title": title} if title else {})
        more = {"idempotency-key": key, "content-type": "application/octet-stream"}
        return _events(self._of(case, "/evidence", asked, content, more))

    def _of(
        self,
        case: str,
        path: str,
        asked: Mapping[str, str] | None = None,
        sent: bytes | None = None,
        more: Mapping[str, str] | None = None,
    ) -> bytes:
        method = "GET" if sent is None else "POST"
        of_case = f"/cases/{quote(case, safe='')}{path}"
        return self._send(method, of_case, asked or {}, sent, more)[0]

    def _send(
        self,
        method: str,
        path: str,
        asked: Mapping[str, str] | Sequence[tuple[str, str]],
        sent: bytes | None = None,
        more: Mapping[str, str] | None = None,
    ) -> tuple[bytes, Message]:
        """Ask, and ask again while the service is busy or away: a key makes that harmless."""
        address = f"{self._address}/api/v1{path}{'?' + urlencode(asked) if asked else ''}"
        headers = {"content-type": "application/json", **self._headers, **(more or {})}
        request = Request(address, sent, headers, method=method)  # noqa: S310 - the caller's own address
        for tried in range(1, TRIES + 1):
            wait = float(2 ** (tried - 1)) / 2
            try:
                with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - the same
                    return bytes(answer.read()), answer.headers
            except HTTPError as error:
                body = error.read()
                if error.code not in LATER or tried == TRIES:
                    raise Refused(_problem(error.code, body)) from None
                wait = max(wait, float(error.headers.get("retry-after") or 0))
            except (URLError, HTTPException, OSError) as error:
                if tried == TRIES:
                    raise Unreachable(address) from error
            self._pause(wait)
        raise AssertionError("the last try returns or raises")


def _made(body: bytes, kind: type[Kind]) -> Kind:
    return msgspec.json.decode(body, type=kind)


def _events(body: bytes) -> list[Event]:
    found = _made(body, dict[str, Any])["events"]
    return [Event(one["version"], one["entry"], one["position"]) for one in found]


def _problem(status: int, body: bytes) -> Problem:
    """What an answer says is wrong; what stands in front of the service says it in plain words."""
    try:
        return _made(body, Problem)
    except msgspec.MsgspecError:
        words = body.decode(errors="replace").strip()[:500]
        return Problem(status, "", words, words)
