"""Ways in besides a password (其他登录方式), as the place where it is served configures them."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final, NamedTuple
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from intake.files import read_text
from intake.toml_file import read_toml
from ledger.language import Text
from ledger.passkey import SITE
from ledger.values import FORM, Invalid

Words = Annotated[str, Meta(min_length=1, max_length=40)]


def _name(written: str) -> Text:
    return Text(
        f"“{written}”须是 1 至 20 个小写字母、数字或连字符。",
        f"'{written}' must be 1 to 20 lower-case letters, digits or hyphens.",
    )


def _issuer(written: str) -> Text:
    return Text(f"“{written}”不是网页地址。", f"'{written}' is not the address of a site.")


class Provider(NamedTuple):
    """Somebody who says who people are.

    Attributes:
        name: in addresses.
        zh: what people call it; `en` likewise.
        issuer: as it names itself, to the letter.
        client: what it calls this service.
        secret: by which it knows this service.
    """

    name: str
    zh: str
    en: str
    issuer: str
    client: str
    secret: str

    def __repr__(self) -> str:
        """Without the secret, wherever it is written."""
        return f"Provider({self.name!r}, {self.issuer!r})"


class WaysIn(NamedTuple):
    """How people may log in besides.

    Attributes:
        origin: of the pages as browsers call them: `https://reviews.example`. Passkeys are made for
            it, and other places lead back to it. A request never says it.
        providers: by their names.
    """

    origin: str
    providers: Mapping[str, Provider]

    @property
    def host(self) -> str:
        """The name in it."""
        return urlsplit(self.origin).hostname or ""


class _WrittenProvider(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,20}$", extra={FORM: _name})]
    zh: Words
    en: Words
    issuer: Annotated[str, Meta(pattern=r"^https?://[^?#\s]+$", extra={FORM: _issuer})]
    client: Annotated[str, Meta(min_length=1)]
    secret_file: str


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    """What the file has."""

    origin: str
    provider: tuple[_WrittenProvider, ...] = ()


LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""To whom nothing need be sent in private, since it does not leave the machine."""


def is_private(address: str) -> bool:
    """Whether nobody between can read what is sent to an address."""
    with suppress(ValueError):  # what is no address
        parts = urlsplit(address)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
        )
    return False


def ways_in(origin: str, *providers: Provider) -> WaysIn:
    """The same, looked over.

    Raises:
        Invalid: it is no origin that a browser makes passkeys for, a provider is reached where
            others can read, or two have one name or issuer.
    """
    if not SITE.fullmatch(origin):
        raise Invalid(
            f"{origin}：不是网页的来源。写作 https://主机名，不带路径；本机写作 http://localhost:端口",
            f"{origin}: not an origin of pages. Write https://HOST without a path, or"
            " http://localhost:PORT on this machine",
            rule="origin",
        )
    for one in providers:
        if not is_private(one.issuer):
            raise Invalid(
                f"{one.issuer}：须是 https:// 地址",
                f"{one.issuer}: must be an https:// address",
                rule="ways-in",
            )
    if len({one.name for one in providers} | {one.issuer for one in providers}) != 2 * len(
        providers
    ):
        raise Invalid(
            "两个提供方的名称或签发者相同，请改正",
            "two providers have one name or one issuer; correct them",
            rule="ways-in",
        )
    return WaysIn(origin, {one.name: one for one in providers})


def read_ways_in(path: Path) -> WaysIn:
    """What a file configures (`docs/deployment.md`).

    Raises:
        Invalid: it, or the file of a secret, cannot be read, or does not say what it should.
    """
    written = read_toml(path, _Written, _EXPECTED)
    return ways_in(
        written.origin,
        *(
            Provider(
                one.name,
                one.zh,
                one.en,
                one.issuer,
                one.client,
                read_text(path.parent / one.secret_file).strip(),
            )
            for one in written.provider
        ),
    )


_EXPECTED: Final = Text(
    "各项见部署说明“其他登录方式”。",
    "See “Other ways to log in” in the notes on deployment.",
)
