"""The guard (请求防护): what every request passes and every answer carries, on any page.

Headers by the OWASP secure headers project; cross-site requests are recognised by `Sec-Fetch-Site`,
or by `Origin` where a browser does not send that (as Go 1.25's `http.CrossOriginProtection` does),
so no form needs a token.
"""

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types app"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
SANDBOX: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
)
"""For what a party has uploaded: it runs nothing, loads nothing, and is shown in our pages only."""

OF_ACCOUNTS: Final = ("/account", "/again", "/hooks", "/login", "/register")
"""Pages about accounts, which a browser that somebody else sits at later has not kept."""

NOWHERE: Final = "no-store"

OF_SECRETS: Final = ("/deadlines/", "/shared/")
"""Addresses that are a proof themselves: nobody keeps what they open, or hands them on."""

BODY_MAX: Final = 20 * 2**20
"""Bytes of a request."""

FAILED: Final = "服务出错，未办理，请告知管理员 / the service failed; tell an administrator"

LOGINS: Final = 20
ACTS: Final = 600
"""Requests of a kind that a client may make in a minute."""

SAFE: Final = {"GET", "HEAD", "OPTIONS"}


def headers_of(path: str) -> Mapping[str, str]:
    """The headers of every answer at an address, unless its page has others."""
    if path.startswith(OF_SECRETS):
        secret = {"referrer-policy": "no-referrer", "x-robots-tag": "noindex"}
        return {**HEADERS, **secret, "cache-control": NOWHERE}
    kept = NOWHERE if path.startswith(OF_ACCOUNTS) else "private, no-cache"
    return {**HEADERS, "cache-control": kept}


class Guard:
    """Refuses what comes from another site or is too much, and adds the headers."""

    def __init__(
        self,
        app: ASGIApp,
        hosts: frozenset[str],
        *,
        read_only: bool = False,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Stand before an application.

        Args:
            app: what is behind.
            hosts: names that it is called by, so that no other name is made to lead here.
            read_only: whether nothing may be done but looking and logging in.
            clock: seconds, for the limits.
        """
        self._app, self._hosts, self._read_only = app, hosts, read_only
        self._limits = Limits(clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        begun = False

        async def with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in headers_of(scope["path"]).items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope)
        if refusal:
            status, words = refusal
            answer = PlainTextResponse(words, status)
            if status == 429:  # noqa: PLR2004 - RFC 6585
                answer.headers["retry-after"] = "60"
            await answer(scope, receive, with_headers)
            return
        try:
            await self._app(scope, _limited(receive), with_headers)
        except Exception:
            # What went wrong is for the standard error of the process, and for nobody who asks.
            if not begun:
                await PlainTextResponse(FAILED, 500)(scope, receive, with_headers)
            raise

    def _is_our_name(self, host: str) -> bool:
        """Whether we are called so; what is after a name is a port, and nothing to be read."""
        name, colon, port = host.partition(":")
        return name in self._hosts and (not colon or (port.isascii() and port.isdigit()))

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Why a request is not passed on: a status and words; `None` where it is."""
        headers, method, path = Headers(scope=scope), scope["method"], scope["path"]
        client = scope["client"][0] if scope.get("client") else ""
        writes = method not in SAFE
        proves = path.startswith(("/login", "/again"))
        in_and_out = path.startswith("/login") or path == "/logout"
        tests = (
            (
                not self._is_our_name(headers.get("host", "")),
                (421, "此服务不以这个名称提供 / not served under this name"),
            ),
            (
                "\0" in path or b"%00" in scope["query_string"],
                (400, "网址里有不能使用的字符 / the address has a character that cannot be used"),
            ),
            (
                _length(headers) > BODY_MAX,
                (413, f"超过 {BODY_MAX} 字节 / more than {BODY_MAX} bytes"),
            ),
            (
                writes and is_from_elsewhere(headers),
                (403, "请求来自其他网站，未办理 / the request came from another site"),
            ),
            (
                writes and self._read_only and not in_and_out,
                (403, "只供查看，未办理 / for looking only; nothing was done"),
            ),
            (
                writes and not self._limits.allow(client, LOGINS if proves else ACTS),
                (429, "请求过多，请一分钟后再试 / too many requests; try again in a minute"),
            ),
        )
        return next((answer for holds, answer in tests if holds), None)


def _length(headers: Headers) -> int:
    """The declared length of a body; what is not a number is cut off where it ends."""
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


def is_from_elsewhere(headers: Headers) -> bool:
    """Whether a request that changes something comes from another site, or does not say.

    A program that sends a token and no cookie is nobody's browser.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site != "same-origin"
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc != headers.get("host")
    return "cookie" in headers


class Limits:
    """How many requests of a kind a client may make in a minute."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._spent: dict[tuple[str, int], tuple[float, float]] = {}

    def allow(self, client: str, most: int) -> bool:
        """Whether a client may make one more; `most` flow in during a minute."""
        now = self._clock()
        if len(self._spent) > 10_000:  # noqa: PLR2004 - clients that a minute has forgotten
            self._spent = {k: v for k, v in self._spent.items() if now - v[1] < 60}  # noqa: PLR2004
        spent, last = self._spent.get((client, most), (0.0, now))
        left = max(spent - (now - last) * most / 60, 0)
        if left + 1 > most:
            return False
        self._spent[client, most] = left + 1, now
        return True


def _limited(receive: Receive) -> Receive:
    """The body of a request, cut off if it does not end."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= BODY_MAX else {"type": "http.disconnect"}

    return counted
