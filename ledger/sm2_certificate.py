"""SM2 certificates (SM2 证书): what a UKey or an HSM signs, verified by the program `openssl`.

What is enrolled is the certificate (X.509, in DER), the value a signature with SM3 (GB/T 32918.2)
in DER. No library of ours knows SM2, so the stock `openssl` verifies, from version 3.0 on. Whether
the one that is here can is found out by a signature that is known to hold and one that does not;
where it cannot, nothing is verified, and is reported as that.
"""

from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from ledger.language import Text
from ledger.log.tree import ProofError
from ledger.values import Instant, instant

PROGRAM: Final = "openssl"
ID: Final = "1234567812345678"
"""Of the signer, as it goes into the digest where nothing else is agreed (GB/T 35276)."""

SM2_DER: Final = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
"""How a public key on the curve of SM2 begins (SubjectPublicKeyInfo), its point not compressed."""

KEY_SIZE: Final = len(SM2_DER) + 64


class Certificate(NamedTuple):
    """What is looked at of a certificate. Who issued it, and whether it was revoked, is not.

    Attributes:
        key: its public key, in DER.
        begins: the first moment at which it is valid.
        ends: the last.
        subject: whose it is, as its issuer says (RFC 4514).
        issuer: who says that.
        serial: its number, in hex.
    """

    key: bytes
    begins: Instant
    ends: Instant
    subject: str
    issuer: str
    serial: str

    def stated(self) -> dict[str, str]:
        """What people compare, by name."""
        return {name: value for name, value in self._asdict().items() if name != "key"}

    @property
    def words(self) -> Text:
        """The same in a sentence."""
        subject, issuer, end = self.subject, self.issuer, self.ends[:10]
        return Text(
            f"证书 {subject}，{issuer} 签发，编号 {self.serial}，有效期至 {end}",
            f"certificate of {subject}, issued by {issuer}, number {self.serial}, until {end}",
        )


@lru_cache(maxsize=256)
def certificate_of(public: bytes) -> Certificate:
    """The certificate in the bytes that are enrolled.

    Raises:
        ProofError: they are none, or not of one key on the curve of SM2.
    """
    from cryptography.x509 import (  # noqa: PLC0415 - as in `author_key`
        InvalidVersion,
        load_der_x509_certificate,
    )

    with suppress(ValueError, TypeError, InvalidVersion):
        read = load_der_x509_certificate(public)
        body = read.tbs_certificate_bytes
        if body.count(SM2_DER) == 1:
            begin = body.index(SM2_DER)
            return Certificate(
                body[begin : begin + KEY_SIZE],
                instant(read.not_valid_before_utc),
                instant(read.not_valid_after_utc),
                read.subject.rfc4514_string(),
                read.issuer.rfc4514_string(),
                f"{read.serial_number:X}",
            )
    raise ProofError("不是 SM2 证书（DER）", "this is no certificate of SM2 (DER)")


def verifies(public: bytes, text: str, value: bytes) -> bool:
    """Whether the key of a certificate has signed a text. Ask `can_verify` first.

    Raises:
        ProofError: there is no such certificate.
    """
    # What follows a signature would be passed over by `openssl`.
    is_whole = len(value) == 2 + int.from_bytes(value[1:2])
    return is_whole and _openssl_verifies(certificate_of(public).key, text, value)


@cache
def can_verify() -> bool:
    """Whether there is an `openssl` that verifies SM2: it knows what holds and what does not."""
    holds, does_not = (_openssl_verifies(_KEY, text, _VALUE) for text in ("scoretrail\n", "\n"))
    return holds and not does_not


_KEY: Final = SM2_DER + bytes.fromhex(
    "5088df87630be83ddc68b6e83772fba4274bad3b4fe7ba4ec0f31ef21d1b7902"
    "9ad603cd37101737319c996d913fbc3d03d2344474fd97f2e6e668466e58a7d2"
)
_VALUE: Final = bytes.fromhex(
    "304602210086f0d1de8c7991c0fea73929bd25dec7623f401a304b197c32509664d6a21249"
    "02210090e762a256b2ce2f932c4265a9241437b18ec456eaf3c0352e93f52931496f2e"
)
"""A key made for this, and its signature of the name of this program and a line feed."""


def _openssl_verifies(key: bytes, text: str, value: bytes) -> bool:
    # Every reading comes by here, and nearly none has such a key.
    import subprocess  # noqa: PLC0415
    from tempfile import TemporaryDirectory  # noqa: PLC0415

    with TemporaryDirectory() as folder:
        files = {name: Path(folder) / name for name in ("key", "text", "value")}
        for name, content in (("key", key), ("text", text.encode()), ("value", value)):
            files[name].write_bytes(content)
        asked = ["dgst", "-sm3", "-sigopt", f"distid:{ID}", "-keyform", "DER"]
        asked += ["-verify", str(files["key"]), "-signature", str(files["value"])]
        with suppress(OSError):
            done = subprocess.run(  # noqa: S603 - a fixed program, and files of our own
                [PROGRAM, *asked, str(files["text"])], capture_output=True, check=False
            )
            return done.returncode == 0
    return False
