import sys
from collections.abc import Callable
from hashlib import sha256
from importlib.abc import MetaPathFinder
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.extras import ExtraMissing
from ledger.log.stamp import (
    NONCE_MAX,
    NONCE_MIN,
    REPLY_MAX,
    TimeStamp,
    TimeStampRequest,
    parse_authorities,
)
from ledger.log.stamp import Authority as Root
from ledger.log.tree import ProofError
from ledger.values import Invalid
from tests.support.authority import Authority, openssl
from tests.support.signed_log import NOTE, flips

NONCE = NONCE_MIN + 1
Ask = Callable[..., TimeStamp]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.found(tmp_path_factory.mktemp("tsa") / "authority")


@pytest.fixture
def ask(authority: Authority, tmp_path: Path) -> Ask:
    """Have a note stamped: `ask(note, nonce, *options of openssl)`."""

    def asked(note: bytes = NOTE, nonce: int = NONCE, *more: str | Path) -> TimeStamp:
        request = tmp_path / "request.tsq"
        request.write_bytes(bytes(requested(note, nonce)))
        reply = authority.stamp(request, tmp_path / "reply.tsr", *more)
        return TimeStamp(note, reply.read_bytes())

    return asked


def requested(note: bytes, nonce: int = NONCE) -> TimeStampRequest:
    return TimeStampRequest(sha256(note).digest(), nonce)


def trusted(authority: Authority) -> list[Root]:
    return parse_authorities(authority.ca.read_bytes())


class TestARequest:
    @given(digest=st.binary(min_size=32, max_size=32), nonce=st.integers(NONCE_MIN, NONCE_MAX))
    def test_can_be_read_back(self, digest: bytes, nonce: int) -> None:
        assert TimeStampRequest.parse(bytes(TimeStampRequest(digest, nonce))) == (digest, nonce)

    @pytest.mark.parametrize("nonce", [NONCE_MIN, NONCE_MAX])
    def test_is_what_openssl_reads_and_would_write(self, tmp_path: Path, nonce: int) -> None:
        (tmp_path / "note").write_bytes(NOTE)
        (tmp_path / "ours").write_bytes(bytes(requested(NOTE, nonce)))
        read = openssl("ts", "-query", "-in", tmp_path / "ours", "-text").stdout
        assert f"Nonce: 0x{nonce:X}" in read.replace("0x0", "0x")
        assert "Hash Algorithm: sha256" in read
        assert "Certificate required: yes" in read
        theirs = ("-data", tmp_path / "note", "-sha256", "-cert", "-no_nonce")
        openssl("ts", "-query", *theirs, "-out", tmp_path / "theirs")
        bare = bytearray((tmp_path / "theirs").read_bytes())
        bare[1] += 10  # the nonce, which theirs is without
        ours = bytes(requested(NOTE, nonce))
        assert ours[:-13] + ours[-3:] == bytes(bare)

    def test_that_is_another_one_is_refused(self) -> None:
        data = bytes(requested(NOTE))
        for wrong in (
            b"",
            b"junk",
            data[:-1],
            data + b"\0",
            data.replace(b"\x02\x08", b"\x02\x07"),
        ):
            with pytest.raises(ProofError, match="not a request"):
                TimeStampRequest.parse(wrong)

    @pytest.mark.parametrize("nonce", [NONCE_MIN, NONCE_MAX])
    def test_has_the_smallest_nonce_and_the_largest(self, nonce: int) -> None:
        assert TimeStampRequest.parse(bytes(requested(NOTE, nonce))).nonce == nonce

    def test_has_a_nonce_of_eight_bytes_that_is_no_negative_number(self) -> None:
        assert (NONCE_MIN, NONCE_MAX) == (0x01 << 56, 0x7FFFFFFFFFFFFFFF)
        for wrong in (0, NONCE_MIN - 1, NONCE_MAX + 1):
            with pytest.raises(ProofError, match="not a request"):
                TimeStampRequest.parse(bytes(TimeStampRequest(bytes(32), wrong)))


class TestAStamp:
    def test_holds_for_whoever_does_not_know_the_nonce(
        self, ask: Ask, authority: Authority
    ) -> None:
        stamp, known = ask(), trusted(authority)
        assert stamp.verify(known) == stamp.verify(known, NONCE)

    def test_above_the_limit_is_not_read(self, authority: Authority) -> None:
        known = trusted(authority)
        with pytest.raises(ProofError, match="larger than 131072 bytes"):
            TimeStamp(NOTE, bytes(131_073)).verify(known)
        with pytest.raises(ProofError) as read:
            TimeStamp(NOTE, bytes(131_072)).verify(known)
        assert "larger" not in str(read.value)

    def test_says_when_and_openssl_agrees(
        self, ask: Ask, authority: Authority, tmp_path: Path
    ) -> None:
        at = ask().verify(trusted(authority), NONCE)
        assert at.endswith("Z")
        (tmp_path / "note").write_bytes(NOTE)
        reply = ("-in", tmp_path / "reply.tsr", "-CAfile", authority.ca)
        for what in (("-data", tmp_path / "note"), ("-queryfile", tmp_path / "request.tsq")):
            said = openssl("ts", "-verify", *what, *reply)
            assert "Verification: OK" in said.stdout + said.stderr

    def test_of_other_bytes_is_refused(self, ask: Ask, authority: Authority) -> None:
        reply = ask().reply
        for other in (b"", NOTE + b"\n", NOTE[:-1], NOTE.replace(b"3", b"4", 1)):
            with pytest.raises(ProofError, match="something else"):
                TimeStamp(other, reply).verify(trusted(authority))

    def test_by_another_hash_is_refused(self, authority: Authority, tmp_path: Path) -> None:
        """Its imprint of SHA-512 can never be that of the 32 bytes that were asked for."""
        (tmp_path / "note").write_bytes(NOTE)
        request = tmp_path / "request.tsq"
        openssl("ts", "-query", "-data", tmp_path / "note", "-sha512", "-cert", "-out", request)
        reply = authority.stamp(request, tmp_path / "reply.tsr").read_bytes()
        with pytest.raises(ProofError, match="something else"):
            TimeStamp(NOTE, reply).verify(trusted(authority))

    def test_for_another_request_is_refused(self, ask: Ask, authority: Authority) -> None:
        with pytest.raises(ProofError, match="another request"):
            ask().verify(trusted(authority), NONCE + 1)

    def test_of_an_authority_that_is_not_trusted_is_refused(
        self, ask: Ask, authority: Authority, tmp_path: Path
    ) -> None:
        other = Authority.found(tmp_path / "other")
        stamp = ask()
        with pytest.raises(ProofError, match="not of a trusted authority"):
            stamp.verify(trusted(other), NONCE)
        assert stamp.verify([*trusted(other), *trusted(authority)], NONCE)

    def test_by_a_certificate_for_another_purpose_is_refused(self, tmp_path: Path) -> None:
        other = Authority.found(tmp_path / "mail", "emailProtection")
        (tmp_path / "request").write_bytes(bytes(requested(NOTE)))
        words = ("ts", "-reply", "-config", other.folder / "settings", "-queryfile")
        key = ("-signer", other.folder / "leaf.pem", "-inkey", other.folder / "leaf")
        said = openssl(*words, tmp_path / "request", *key, "-out", tmp_path / "reply")
        assert said.returncode != 0, "openssl itself would not stamp with it"

    def test_that_was_not_granted_is_refused(self, authority: Authority, tmp_path: Path) -> None:
        """The authority does not accept the hash that is asked for."""
        (tmp_path / "note").write_bytes(NOTE)
        request = tmp_path / "request.tsq"
        openssl("ts", "-query", "-data", tmp_path / "note", "-sha384", "-cert", "-out", request)
        reply = authority.stamp(request, tmp_path / "reply.tsr").read_bytes()
        with pytest.raises(ProofError, match="did not grant it"):
            TimeStamp(NOTE, reply).verify(trusted(authority))

    def test_with_the_chain_in_disorder_is_explained(
        self, ask: Ask, authority: Authority, tmp_path: Path
    ) -> None:
        """`openssl ts` writes it in the order it was given; DER sorts it, and either may be it."""
        openssl("x509", "-in", authority.ca, "-outform", "DER", "-out", tmp_path / "ca")
        leaf = ("-in", authority.folder / "leaf.pem", "-out", tmp_path / "leaf")
        openssl("x509", *leaf, "-outform", "DER")
        one, other = sorted((tmp_path / name).read_bytes() for name in ("ca", "leaf"))
        stamp = ask(NOTE, NONCE, "-chain", authority.ca)
        ordered = stamp.reply.replace(other + one, one + other)
        assert stamp._replace(reply=ordered).verify(trusted(authority), NONCE)
        with pytest.raises(ProofError, match="openssl ts -verify can check this one"):
            stamp._replace(reply=ordered.replace(one + other, other + one)).verify(
                trusted(authority), NONCE
            )

    def test_that_is_no_reply_is_refused(self, ask: Ask, authority: Authority) -> None:
        reply = ask().reply
        for junk in (b"", b"junk", reply[:-1], reply + b"\0", b"\x30" * REPLY_MAX * 2):
            with pytest.raises(ProofError):
                TimeStamp(NOTE, junk).verify(trusted(authority))

    @pytest.mark.slow
    def test_with_any_bit_flipped_is_refused_or_says_the_same(
        self, ask: Ask, authority: Authority
    ) -> None:
        """Some bits of the frame around it mean nothing and are signed by nobody."""
        stamp, ca = ask(), trusted(authority)
        at = stamp.verify(ca, NONCE)
        accepted = 0
        for flipped in flips(stamp.reply):
            try:
                assert stamp._replace(reply=flipped).verify(ca, NONCE) == at
                accepted += 1
            except ProofError:
                continue
        assert accepted < 200

    def test_without_the_library_says_what_to_install(
        self, ask: Ask, authority: Authority, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "rfc3161_client", None)
        with pytest.raises(ExtraMissing, match="the extra 'stamps'"):
            ask().verify(trusted(authority))


@pytest.mark.parametrize(
    ("name", "shown"), [(None, "rfc3161-client"), ("cryptography.x509", "cryptography.x509")]
)
def test_what_is_missing_is_named_by_its_import_or_else_by_its_package(
    monkeypatch: pytest.MonkeyPatch, name: str | None, shown: str
) -> None:
    class Broken(MetaPathFinder):
        def find_spec(self, fullname: str, *_: object) -> None:
            if fullname == "rfc3161_client":
                raise ImportError("broken", name=name)

    monkeypatch.delitem(sys.modules, "rfc3161_client", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    with pytest.raises(ExtraMissing, match=rf"\(package {shown}\)"):
        TimeStamp(NOTE, b"").verify([])


@pytest.mark.parametrize("data", [b"", b"junk", b"-----BEGIN CERTIFICATE-----\n"])
def test_what_is_no_certificate_is_no_authority(data: bytes) -> None:
    with pytest.raises(Invalid, match="not certificates"):
        parse_authorities(data)
