"""Ways in besides a password (其他登录方式), as the place where it is served configures them."""

import tomllib
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from ledger.passkey import SITE
from ledger.system_error import cannot_read
from ledger.values import Invalid


class WaysIn(NamedTuple):
    """How people may log in besides.

    Attributes:
        origin: of the pages as browsers call them: `https://reviews.example`. Passkeys are made for
            it, and other places lead back to it. A request never says it.
    """

    origin: str

    @property
    def host(self) -> str:
        """The name in it."""
        return urlsplit(self.origin).hostname or ""


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    """What the file has."""

    origin: str


def ways_in(origin: str) -> WaysIn:
    """The same, looked over.

    Raises:
        Invalid: it is no origin that a browser makes passkeys for.
    """
    if not SITE.fullmatch(origin):
        raise Invalid(
            f"{origin}：不是网页的来源。写作 https://主机名，不带路径；本机写作 http://localhost:端口",
            f"{origin}: not an origin of pages. Write https://HOST without a path, or"
            " http://localhost:PORT on this machine",
            rule="origin",
        )
    return WaysIn(origin)


def read_ways_in(path: Path) -> WaysIn:
    """What a file configures (`docs/deployment.md`).

    Raises:
        Invalid: it cannot be read, or does not say what it should.
    """
    try:
        written = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _Written)
    except OSError as error:
        raise cannot_read(path, error) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise Invalid(
            f"{path}：不是 TOML 文件，请改正",
            f"{path}: not a TOML file; correct it",
            rule="ways-in",
        ) from None
    except msgspec.ValidationError as error:
        raise Invalid(
            f"{path}：内容不符合要求（{error}）。各项见部署说明“其他登录方式”",
            f"{path}: not what is expected ({error}). See “Other ways to log in” in the notes on"
            " deployment",
            rule="ways-in",
        ) from None
    return ways_in(written.origin)
