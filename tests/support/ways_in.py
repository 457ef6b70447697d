"""Somebody with a passkey at a browser of their own, as the pages' script would act for them."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from httpx2 import Response
from starlette.testclient import TestClient

from tests.support.passkeys import Authenticator
from web.login_passkeys import user_of

ORIGIN: Final = "https://reviews.example"
SITE: Final = "reviews.example"
USES: Final = count(100)


def at_home(client: TestClient) -> TestClient:
    """The same browser, at the address that the pages are called by."""
    cookies = {name: client.cookies[name] for name in client.cookies}
    client.base_url = ORIGIN
    client.cookies.clear()
    for name, value in cookies.items():
        client.cookies.set(name, value, domain="reviews.example")
    return client


def key(name: bytes = b"a login") -> Authenticator:
    """A passkey of these pages; of each name another."""
    secret = ec.derive_private_key(int.from_bytes(name[:31], "big"), ec.SECP256R1())
    return Authenticator(secret, origin=ORIGIN, site=SITE, made_for=SITE)


@dataclass
class Holder:
    """A browser, and the passkey that is used in it."""

    browser: TestClient
    key: Authenticator

    def asked(self, purpose: str) -> Mapping[str, Any]:
        """What the server asks for."""
        answer = self.browser.post("/login/challenge", data={"purpose": purpose})
        assert answer.status_code == 200, answer.text
        told: Mapping[str, Any] = answer.json()
        return told

    def adds(self, name: str = "办公室", **otherwise: str) -> Response:
        """Add it to the account that is logged in."""
        asked = self.asked("new")
        authenticator, client = self.key.made(asked["text"])
        given = {
            "attempt": asked["id"],
            "credential": self.key.credential,
            "public": _text(self.key.der),
            "authenticator": _text(authenticator),
            "client": _text(client),
            "name": name,
        }
        return self.browser.post("/account/ways/passkey", data={**given, **otherwise})

    def answers(
        self, asked: Mapping[str, Any], account: str = "unit-filer", **otherwise: str
    ) -> dict[str, str]:
        """The fields of the form that is sent."""
        given = {
            "attempt": str(asked["id"]),
            "credential": self.key.credential,
            "value": _text(self._counting().value(str(asked["text"]))),
            "user": user_of(account),
        }
        return {**given, **otherwise}

    def _counting(self) -> Authenticator:
        """The passkey, used once more than ever before, unless it is one that counts otherwise."""
        counts = self.key.count == Authenticator.count
        return replace(self.key, count=next(USES)) if counts else self.key

    def logs_in(self, account: str = "unit-filer", **otherwise: str) -> Response:
        given = self.answers(self.asked("login"), account, **otherwise)
        return self.browser.post("/login/passkey", data=given)

    def proves(self, account: str = "unit-filer") -> Response:
        given = self.answers(self.asked("again"), account)
        return self.browser.post("/again/passkey", data=given)


def _text(content: bytes) -> str:
    return b64encode(content).decode()
