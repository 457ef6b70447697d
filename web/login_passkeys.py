"""Passkeys that log in (登录用通行密钥): WebAuthn, which asks for neither name nor password.

They are not the passkeys that sign commands (`web.signing`): those are in the register and prove
for decades who did something; these are kept next to the ledger, and open its pages. A passkey
signs the digest of a text, and the texts of both begin differently, so what was signed for one is
worth nothing for the other. Both are verified by `ledger.passkey`.
"""

from base64 import b64decode, b64encode
from contextlib import suppress
from hashlib import sha256
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from ledger.codec import canonical
from ledger.language import Text
from ledger.passkey import Assertion, Passkey, count_of, passkey_of, verifies, was_made
from ledger.problem import Mendable
from ledger.values import AccountId, instant
from web.attempts import Attempts, Purpose
from web.identity import NAME_MAX, Clock, Identities, LoginRefused
from web.store import KeptPasskey, WebStore

BEGINS: Final = "scoretrail-login/1"
"""How a text begins that is signed to log in; what is signed for the record begins otherwise."""

REFUSED: Final = Text(
    "通行密钥未被接受。请重试，或用其他方式登录",
    "the passkey was not accepted. Try again, or log in another way",
)
COPIED: Final = Text(
    "这把通行密钥报告的使用次数没有增加，可能已被复制，未予接受。请用其他方式登录，删除它并告知管理员",
    "this passkey says to have been used no more often than before, so it may have been copied, and"
    " was not accepted. Log in another way, remove it, and tell an administrator",
)
NOT_MADE: Final = Text(
    "通行密钥没有添加。请重试；须在支持通行密钥的浏览器中，经指纹、面容或 PIN 确认",
    "no passkey was added. Try again, in a browser that knows passkeys, and let it recognise you by"
    " finger, face or PIN",
)
NO_NAME: Final = Text(
    f"请给通行密钥起名（至多 {NAME_MAX} 个字符），以便日后辨认",
    f"give the passkey a name of at most {NAME_MAX} characters, to know it by later",
)


class Question(NamedTuple):
    """What a browser is asked.

    Attributes:
        id: by which the answer names it.
        text: whose SHA-256 is the challenge.
    """

    id: str
    text: str


class MadePasskey(NamedTuple):
    """What a browser says of a passkey that it has just made; each part but the first in base64."""

    attempt: str
    credential: str
    public: str
    authenticator: str
    client: str


class GivenPasskey(NamedTuple):
    """What it answers with one, likewise.

    Attributes:
        value: as `ledger.passkey.Assertion` writes it.
        user: what the authenticator knows the account by.
    """

    attempt: str
    credential: str
    value: str
    user: str


class LoginPasskeys:
    """The passkeys of one ledger's web face, on the pages of one origin."""

    def __init__(
        self, kept: WebStore, clock: Clock, identities: Identities, attempts: Attempts, origin: str
    ) -> None:
        """Keep them next to the ledger.

        Args:
            kept: where.
            clock: aware of its zone.
            identities: that keep what happened to an account.
            attempts: what was asked.
            origin: of the pages, as this place is configured; never what a request says.
        """
        self._kept, self._clock, self._identities = kept, clock, identities
        self._attempts, self._origin = attempts, origin

    @property
    def site(self) -> str:
        """For which they are made."""
        return urlsplit(self._origin).hostname or ""

    def ask(self, holder: str, purpose: Purpose) -> Question:
        """Ask for a passkey; see `web.attempts`."""
        id_ = self._attempts.begin(holder, f"passkey-{purpose}")
        return Question(id_, self._text(id_, purpose))

    def add(self, account: AccountId, holder: str, name: str, made: MadePasskey) -> None:
        """Let an account log in with a passkey that it has just made.

        Raises:
            Mendable: it has no name, was not asked for, or is none.
        """
        name = name.strip()
        if not 0 < len(name) <= NAME_MAX:
            raise Mendable(*NO_NAME, rule="passkey", field="passkey-name")
        asked = self._attempts.take(made.attempt, holder, "passkey-new")
        passkey = Passkey(made.credential, made.public, self._origin, self.site)
        public, text = canonical(passkey), self._text(made.attempt, "new")
        with suppress(ValueError):  # what is no base64
            authenticator = b64decode(made.authenticator, validate=True)
            client = b64decode(made.client, validate=True)
            if asked is not None and was_made(public, text, authenticator, client):
                kept = KeptPasskey(
                    made.credential,
                    account,
                    name,
                    b64encode(public).decode(),
                    count_of(authenticator),
                    instant(self._clock()),
                    None,
                )
                if self._kept.keep_passkey(kept):
                    self._identities.note(account, f"passkey-added {name}")
                    return
        raise Mendable(*NOT_MADE, rule="passkey", field="passkey-name")

    def whose(self, holder: str, purpose: Purpose, given: GivenPasskey) -> KeptPasskey:
        """The passkey that an answer was given with; it was used once more.

        Raises:
            LoginRefused: it is none of ours, or the answer is to no question of this holder's.
        """
        asked = self._attempts.take(given.attempt, holder, f"passkey-{purpose}")
        known = self._kept.passkey(given.credential)
        if asked is None or known is None or not self._holds(known, purpose, given):
            raise LoginRefused(*REFUSED, rule="login")
        answer = Assertion.parse(b64decode(given.value))
        count = count_of(answer.authenticator) if answer else 0
        if not self._kept.use_passkey(known.credential, count, instant(self._clock())):
            self._identities.note(known.account, f"passkey-copied {known.name}")
            raise LoginRefused(*COPIED, rule="login")
        return known

    def end(self, account: AccountId, credential: str) -> None:
        """Let an account no longer log in with one of its passkeys."""
        name = self._kept.end_passkey_of(account, credential)
        if name is not None:
            self._identities.note(account, f"passkey-removed {name}")

    def _text(self, id_: str, purpose: Purpose) -> str:
        return f"{BEGINS}\n{self._origin}\n{purpose}\n{id_}\n"

    def _holds(self, known: KeptPasskey, purpose: Purpose, given: GivenPasskey) -> bool:
        try:
            public, value = b64decode(known.public), b64decode(given.value, validate=True)
            # A place that is called otherwise by now has to be given new ones.
            ours = passkey_of(public).origin == self._origin
            return (
                ours
                and given.user in {"", user_of(known.account)}
                and verifies(public, self._text(given.attempt, purpose), value)
            )
        except ValueError:
            return False


def user_of(account: AccountId) -> str:
    """The user handle of an account in authenticators, base64; it does not reveal the account."""
    return b64encode(sha256(f"{BEGINS}\n{account}".encode()).digest()).decode()
