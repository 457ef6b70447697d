"""Signing by page as a browser does it: a form is answered by a text, signed, and sent again."""

from base64 import b64encode
from html.parser import HTMLParser
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from tests.support.passkeys import Authenticator


class Asked(HTMLParser):
    """A page that asks for a signature.

    Attributes:
        fields: what its form sends again.
        text: that is to be signed.
        action: where the form goes.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.text, self.action, self.site = "", "", ""
        self._is_text = self._is_form = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._is_form = "data-sign" in given
            if self._is_form:
                self.action, self.site = given["action"] or "", given["data-site"] or ""
        elif tag == "input" and self._is_form and given.get("name"):
            self.fields.setdefault(str(given["name"]), []).append(given.get("value") or "")
        self._is_text = given.get("id") == "signed-text"

    def handle_endtag(self, tag: str) -> None:
        self._is_text = self._is_text and tag != "pre"

    def handle_data(self, data: str) -> None:
        self.text += data if self._is_text else ""


def asked(answer: Response) -> Asked:
    """The page that asks, in the answer to a form."""
    page = Asked(answer.text)
    assert answer.status_code == 200, answer.text
    assert page.action, "it does not ask for a signature"
    return page


def answered(
    desk: TestClient,
    page: Asked,
    passkey: Authenticator,
    **instead: Any,  # noqa: ANN401 - fields that are sent instead
) -> Response:
    """What comes of it when that is signed."""
    value = b64encode(passkey.value(page.text)).decode()
    fields = {**page.fields, "signature": f"{passkey.id} {value}", **instead}
    return sent(desk, page.action, fields, passkey)


def sent(
    desk: TestClient,
    path: str,
    fields: dict[str, Any],
    passkey: Authenticator,
    **more: Any,  # noqa: ANN401 - as a client has it
) -> Response:
    """Send a form as a page of ours would."""
    answer: Response = desk.post(path, data=fields, headers={"origin": passkey.origin}, **more)
    return answer


def signed(
    desk: TestClient,
    path: str,
    fields: dict[str, Any],
    passkey: Authenticator,
    **more: Any,  # noqa: ANN401 - as a client has it
) -> Response:
    """Send a form, sign what the answer shows, and send it again."""
    return answered(desk, asked(sent(desk, path, fields, passkey, **more)), passkey)


def enrolled(
    desk: TestClient, administrator: TestClient, account: str, passkey: Authenticator
) -> None:
    """An account enrols a passkey on its page, and an administrator countersigns it on another."""
    made = {
        "credential": passkey.credential,
        "public": b64encode(passkey.der).decode(),
        "key": f"enrolment-of-{account}",
    }
    answer = signed(desk, "/account/passkeys", made, passkey)
    assert (answer.status_code, answer.headers.get("location")) == (303, "/account"), answer.text
    named = {"account": account, "fingerprint": passkey.id, "key": f"countersigned-{account}"}
    answer = administrator.post("/acts/countersign-key", data=named)
    assert answer.status_code == 303, answer.text
