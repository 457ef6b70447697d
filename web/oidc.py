"""Logging in through a provider (统一身份认证登录): OpenID Connect, by code, with PKCE.

A provider says who somebody is by two texts, of the issuer and of the subject, which it gives to
nobody else ever. An account is known by them only where it was linked to them; an address of mail
or a name is never looked at, and no account is made. The protocol is OpenID Connect Core 1.0 with
RFC 7636 (PKCE), RFC 9207 (the issuer in the answer) and the advice of RFC 9700; tokens are verified
by joserfc, and nothing is asked of anybody but the providers that this place has configured.
"""

import logging
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from ledger.language import Text
from web.attempts import Attempts
from web.identity import Clock, LoginRefused
from web.ways_in import Provider, is_private

SIGNED_BY: Final = ("ES256", "ES384", "EdDSA", "PS256", "RS256")
"""Algorithms with a public key: a secret that both know would let either make a token."""

LEEWAY: Final = 60
"""Seconds by which the clock of a provider may differ."""

WAITS: Final = 5.0
ANSWER_MAX: Final = 2**20
"""Seconds and bytes that an answer of a provider may take."""

SUBJECT_MAX: Final = 255
"""Characters of a subject (OpenID Connect Core 1.0, section 2)."""

log = logging.getLogger(__name__)


class Person(NamedTuple):
    """Who somebody is, as a provider says it.

    Attributes:
        issuer: the provider.
        subject: what it calls the person.
        wanted: what the login was begun for, as it was kept.
    """

    issuer: str
    subject: str
    wanted: Mapping[str, str]


class NotAnswered(LoginRefused):
    """A provider does not answer, or not as it should."""


class Oidc:
    """The providers of one ledger's web face."""

    def __init__(
        self, clock: Clock, attempts: Attempts, origin: str, providers: Mapping[str, Provider]
    ) -> None:
        """Log people in through them.

        Args:
            clock: aware of its zone.
            attempts: what was asked.
            origin: of the pages, as this place is configured.
            providers: by their names in addresses.
        """
        self._clock, self._attempts = clock, attempts
        self._origin, self.providers = origin, providers

    def begin(self, provider: Provider, holder: str, *, prove_again: bool, **wanted: str) -> str:
        """Where a browser goes to log in.

        Args:
            provider: where to.
            holder: a token that no other browser has.
            prove_again: whether the person has to prove there and now who they are.
            wanted: what for; comes back with the person.

        Raises:
            NotAnswered: the provider.
        """
        said = self._described(provider)
        nonce, verifier = token_urlsafe(32), token_urlsafe(48)
        asked = str(int(self._clock().timestamp()))
        state = self._attempts.begin(
            holder,
            "oidc",
            provider=provider.name,
            nonce=nonce,
            verifier=verifier,
            asked=asked if prove_again else "",
            **wanted,
        )
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": provider.client,
            "redirect_uri": self._back(provider),
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **({"max_age": "0", "prompt": "login"} if prove_again else {}),
        }
        address = _private(provider, said.get("authorization_endpoint"))
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    def finish(self, provider: Provider, holder: str, answer: Mapping[str, str]) -> Person:
        """Who came back, and what for.

        Args:
            provider: from where.
            holder: as it was begun.
            answer: the query of the address that the browser came back by.

        Raises:
            NotAnswered: the provider.
            LoginRefused: nobody began it in this browser, or what came back does not prove it.
        """
        kept = self._attempts.take(answer.get("state", ""), holder, "oidc")
        if kept is None or kept["provider"] != provider.name:
            raise _refused(provider, "no such attempt in this browser")
        if "error" in answer or not answer.get("code"):
            raise _refused(provider, f"error: {answer.get('error', '')[:100]!r}")
        said = self._described(provider)
        names_itself = said.get("authorization_response_iss_parameter_supported") is True
        if answer.get("iss", None if names_itself else provider.issuer) != provider.issuer:
            raise _refused(provider, "the answer names another issuer")
        token = self._token(provider, said, answer["code"], kept["verifier"])
        claims = self._claims(provider, said, token, kept["nonce"])
        if kept["asked"]:
            at = claims.get("auth_time")
            if not isinstance(at, int) or at < int(kept["asked"]) - LEEWAY:
                raise _refused(provider, "logged in there before it was asked to")
        subject = claims.get("sub")
        if (
            not isinstance(subject, str)
            or not 0 < len(subject) <= SUBJECT_MAX
            or not subject.isprintable()
        ):
            raise _refused(provider, "no subject")
        return Person(provider.issuer, subject, kept)

    def _back(self, provider: Provider) -> str:
        # Each provider has an address of its own to come back to, so that none answers for another.
        return f"{self._origin}/login/through/{provider.name}/back"

    def _described(self, provider: Provider) -> Mapping[str, Any]:
        """The metadata of a provider, which must name the issuer itself.

        It is asked each time: keys and addresses that are changed there hold here at once.
        """
        address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        said = _asked(provider, "GET", address)
        if said.get("issuer") != provider.issuer:
            raise NotAnswered(*_not_answered(provider), rule="provider")
        return said

    def _token(self, provider: Provider, said: Mapping[str, Any], code: str, verifier: str) -> str:
        # RFC 6749, section 2.3.1: both are written as in a form before they are in the header.
        known = quote(provider.client, safe=""), quote(provider.secret, safe="")
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back(provider),
            "code_verifier": verifier,
        }
        answer = _asked(provider, "POST", said.get("token_endpoint"), auth=known, data=form)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise _refused(provider, f"no id token: {str(answer.get('error', ''))[:100]!r}")
        return token

    def _claims(
        self, provider: Provider, said: Mapping[str, Any], token: str, nonce: str
    ) -> Mapping[str, Any]:
        keys = _asked(provider, "GET", said.get("jwks_uri")).get("keys")
        registry = JWTClaimsRegistry(
            now=int(self._clock().timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            usable = [one for one in keys or [] if one.get("kty") in {"RSA", "EC", "OKP"}]
            decoded = jwt.decode(token, KeySet.import_key_set({"keys": usable}), SIGNED_BY)
            claims: Mapping[str, Any] = decoded.claims
            registry.validate(decoded.claims)
        except (JoseError, ValueError, TypeError, AttributeError, KeyError) as error:
            raise _refused(provider, type(error).__name__) from None
        if claims["aud"] not in (provider.client, [provider.client]):
            raise _refused(provider, "a token for somebody else")
        if claims.get("azp", provider.client) != provider.client:
            raise _refused(provider, "a token that somebody else asked for")
        return claims


def _private(provider: Provider, address: object) -> str:
    """An address that a provider has named.

    Raises:
        NotAnswered: it is none, or others can read what is sent there.
    """
    if not isinstance(address, str) or not is_private(address):
        log.warning("%s: an address without TLS", provider.name)
        raise NotAnswered(*_not_answered(provider), rule="provider")
    return address


def _asked(provider: Provider, method: str, named: object, **more: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as httpx2 has it
    """What a provider answers, as JSON.

    Raises:
        NotAnswered: it does not, or in another way.
    """
    address = _private(provider, named)
    try:
        with (
            httpx2.Client(timeout=WAITS, follow_redirects=False, trust_env=False) as client,
            client.stream(method, address, **more) as answer,
        ):
            content = b""
            for part in answer.iter_bytes():
                content += part
                if len(content) > ANSWER_MAX:
                    break
            told = httpx2.Response(answer.status_code, content=content).json()
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        log.warning("%s: %s", provider.name, type(error).__name__)
        raise NotAnswered(*_not_answered(provider), rule="provider") from None
    if not isinstance(told, dict):
        raise NotAnswered(*_not_answered(provider), rule="provider")
    return told


def _not_answered(provider: Provider) -> Text:
    return Text(
        f"“{provider.zh}”没有应答，或应答不合规范。请稍后再试，或用其他方式登录",
        f"“{provider.en}” does not answer, or not as it should. Try again later, or log in another"
        " way",
    )


def _refused(provider: Provider, why: str) -> LoginRefused:
    log.warning("%s: %s", provider.name, why)
    return LoginRefused(
        f"未能通过“{provider.zh}”验证：返回的内容不属于本次登录，或已过期。请重新开始",
        f"not proven through “{provider.en}”: what came back is not of this login, or is too old."
        " Begin again",
        rule="login",
    )
