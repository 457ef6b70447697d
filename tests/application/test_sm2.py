"""SM2 signatures go through the `openssl` command, and say so where there is none."""

from pathlib import Path

import pytest

from application import sm2
from application.sm2 import Sm2Key, verifies
from ledger.values import Invalid
from tests.support.sm2_keys import DISTID, Sm2Pair, openssl, openssl_verifies, sm2_pair


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Sm2Pair:
    return sm2_pair(tmp_path_factory.mktemp("sm2"))


def test_what_a_key_file_signs_openssl_accepts(pair: Sm2Pair, tmp_path: Path) -> None:
    signed, signature = tmp_path / "text", tmp_path / "text.sig"
    signed.write_bytes(b"a\n")
    signature.write_bytes(Sm2Key(pair.private).sign(b"a\n"))

    assert openssl_verifies(pair.public, signature, signed)
    assert verifies(pair.public.read_bytes(), b"a\n", signature.read_bytes())


def test_what_a_key_command_signs_is_accepted_as_well(pair: Sm2Pair) -> None:
    command = f"openssl dgst -sm3 -sign '{pair.private}' -sigopt {DISTID}"

    assert verifies(pair.public.read_bytes(), b"a\n", Sm2Key(command=command).sign(b"a\n"))


def test_another_text_key_or_signature_is_false(pair: Sm2Pair, tmp_path: Path) -> None:
    public, other = pair.public.read_bytes(), sm2_pair(tmp_path, "other")
    signature = Sm2Key(pair.private).sign(b"a\n")

    assert verifies(public, b"b\n", signature) is False
    assert verifies(other.public.read_bytes(), b"a\n", signature) is False
    assert verifies(public, b"a\n", signature[:-1]) is False
    assert verifies(public, b"a\n", b"") is False


def test_without_an_openssl_nothing_is_called_false_or_true(
    pair: Sm2Pair, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    signature = Sm2Key(pair.private).sign(b"a\n")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert verifies(pair.public.read_bytes(), b"a\n", signature) is None
    with pytest.raises(Invalid, match="SM2"):
        Sm2Key(pair.private).sign(b"a\n")


def test_the_sample_by_which_openssl_is_tried_is_a_true_signature(tmp_path: Path) -> None:
    names = ("key", "signature", "text")
    key, signature, text = (tmp_path / name for name in names)
    key.write_bytes(sm2.SAMPLE_KEY)
    signature.write_bytes(sm2.SAMPLE_SIGNATURE)
    text.write_bytes(sm2.SAMPLE)

    assert openssl_verifies(key, signature, text)


@pytest.mark.parametrize("name", ["rsa", "private", "nothing", "text"])
def test_what_is_no_sm2_public_key_is_refused(pair: Sm2Pair, name: str) -> None:
    rsa = openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
    keys = {
        "rsa": rsa,
        "private": pair.private.read_bytes(),
        "nothing": b"",
        "text": "-----BEGIN PUBLIC KEY-----\n密\n-----END PUBLIC KEY-----\n".encode(),
    }

    with pytest.raises(Invalid, match="SM2"):
        verifies(keys[name], b"a\n", b"")


def test_a_key_that_others_can_read_does_not_sign(pair: Sm2Pair, tmp_path: Path) -> None:
    shared = tmp_path / "shared.pem"
    shared.write_bytes(pair.private.read_bytes())
    shared.chmod(0o644)

    with pytest.raises(Invalid, match="chmod 600"):
        Sm2Key(shared).sign(b"a\n")


@pytest.mark.parametrize("command", ["false", "echo", "no-such-program", "'", "cat /etc/hostname"])
def test_a_command_that_signs_nothing_is_named(command: str) -> None:
    with pytest.raises(Invalid, match="SM2"):
        Sm2Key(command=command).sign(b"a\n")


def test_a_key_that_is_not_there_or_of_another_kind_is_named(tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(b"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n")
    other.chmod(0o600)

    for key in (tmp_path / "none.pem", other):
        with pytest.raises(Invalid, match="SM2"):
            Sm2Key(key).sign(b"a\n")
