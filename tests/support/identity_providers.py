"""Providers of identity for tests: a certified one in a process of its own, and one that lies."""

import json
import os
import socket
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from re import findall, search
from shutil import which
from threading import Thread
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from tests.support.terminal import ROOT
from web.ways_in import Provider

SECRET: Final = "only-for-tests-and-no-other-use"  # noqa: S105 - of a provider that ends with the test
FOLDER: Final = ROOT / "build" / "identity-provider"
SERVER: Final = Path(__file__).with_name("identity_provider.mjs")


def provider(issuer: str, name: str = "house") -> Provider:
    """One that this service has been registered with."""
    return Provider(name, "单位统一身份认证", "single sign-on", issuer, "scoretrail", SECRET)


def back_to(origin: str, name: str = "house") -> str:
    """Where it leads back to."""
    return f"{origin}/login/through/{name}/back"


@contextmanager
def certified(origin: str) -> Iterator[str]:
    """Panva's oidc-provider, which the OpenID Foundation has certified; its issuer."""
    _install()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603 - a server of ours, on a port of its own
        ["node", FOLDER / "server.mjs", str(port), back_to(origin), SECRET],  # noqa: S607 - as PATH has it
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "listening\n"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _install() -> None:
    """As `make build/identity-provider/ready` does."""
    if which("node") is None or which("npm") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no npm; .ci/run installs it")
        pytest.skip("no npm here: apt-get install npm")
    if not (FOLDER / "ready").exists():
        subprocess.run(
            ["make", "build/identity-provider/ready"],  # noqa: S607 - as PATH has it
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
    (FOLDER / "server.mjs").write_text(SERVER.read_text("utf-8"), "utf-8")


class Elsewhere:
    """A browser at a provider: where it is sent, somebody logs in, and it is sent back."""

    def __init__(self) -> None:
        self._browser = httpx2.Client(follow_redirects=False, trust_env=False)

    def logs_in(self, page: str, name: str) -> str:
        """From our page that leads there; the address that the provider leads back to."""
        found = search(r'http-equiv="refresh" content="0; url=([^"]+)"', page)
        assert found, page
        answer = self._browser.get(found[1].replace("&amp;", "&"))
        for _ in range(12):
            where = answer.headers.get("location", "")
            if urlsplit(where).path.endswith("/back"):
                return where
            if where:
                answer = self._browser.get(answer.url.join(where))
                continue
            (prompt,) = findall(r'name="prompt" value="(\w+)"', answer.text)
            (to,) = findall(r'action="([^"]+)"', answer.text)[:1]
            told = {"prompt": prompt, "login": name, "password": "x"}
            answer = self._browser.post(answer.url.join(to), data=told)
        raise AssertionError(answer.text)


@dataclass
class Lies:
    """What a provider says that is not so; nothing where it is.

    Attributes:
        claims: of the token, in place of what is true; `None` leaves one out.
        alg: how the token is signed.
        key: with which, where it is not the published one.
        described: of itself.
        answer: instead of a token.
    """

    claims: dict[str, Any] = field(default_factory=dict)
    alg: str = "ES256"
    key: ECKey | None = None
    described: dict[str, Any] = field(default_factory=dict)
    answer: bytes | None = None


class LyingProvider:
    """A provider of ours: it believes any code, and says of whoever comes what a test wants.

    Attributes:
        lies: what it says.
        asked: what it was last asked for a token with.
    """

    def __init__(self) -> None:
        self.lies, self.nonce = Lies(), ""
        self.asked: dict[str, str] = {}
        self.known_by = ""
        self._key = ECKey.generate_key("P-256", {"kid": "one"})
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                said = outer.described() if path.startswith("/.well-known") else outer.keys()
                self._say(json.dumps(said).encode())

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["content-length"])).decode()
                outer.asked = dict(parse_qsl(sent))
                outer.known_by = self.headers["authorization"]
                self._say(outer.token())

            def _say(self, content: bytes) -> None:
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *said: object) -> None:
                """Nothing is printed in a test."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_response_iss_parameter_supported": True,
            **self.lies.described,
        }

    def keys(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False)]}

    def token(self) -> bytes:
        from time import time  # noqa: PLC0415 - what is true now

        now = int(time())
        claims = {
            "iss": self.issuer,
            "sub": "somebody",
            "aud": "scoretrail",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "auth_time": now,
            **self.lies.claims,
        }
        said = {name: value for name, value in claims.items() if value is not None}
        if self.lies.answer is not None:
            return self.lies.answer
        if self.lies.alg == "none":
            parts = ({"alg": "none"}, said)
            token = ".".join(map(_written, parts)) + "."
        elif self.lies.alg == "HS256":  # with the public key as the secret, which everybody knows
            from joserfc.jwk import OctKey  # noqa: PLC0415 - for this lie

            public = OctKey.import_key(self._key.as_pem(private=False))
            token = jwt.encode({"alg": "HS256", "kid": "one"}, said, public, algorithms=["HS256"])
        else:
            header = {"alg": self.lies.alg, "kid": "one"}
            token = jwt.encode(header, said, self.lies.key or self._key)
        return json.dumps({"access_token": "x", "token_type": "Bearer", "id_token": token}).encode()


def _written(part: object) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
