"""The file with other ways to log in: read as it is written, or told what is wrong."""

from pathlib import Path

import pytest

from ledger.values import Invalid
from web.ways_in import read_ways_in, ways_in

pytestmark = pytest.mark.sqlite_only("a file, and no ledger")

WRITTEN = """origin = "https://pingjia.example"

[[provider]]
name = "house"
zh = "单位统一身份认证"
en = "single sign-on"
issuer = "https://id.example"
client = "scoretrail"
secret_file = "oidc.secret"
"""


def test_it_is_read_with_the_secret_from_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "ways-in.toml").write_text(WRITTEN, "utf-8")
    (tmp_path / "oidc.secret").write_text("of-the-provider\n", "utf-8")
    read = read_ways_in(tmp_path / "ways-in.toml")
    assert (read.origin, read.host) == ("https://pingjia.example", "pingjia.example")
    assert read.providers["house"].secret == "of-the-provider"  # noqa: S105 - of a test
    assert "of-the-provider" not in repr(read)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("origin =", "origins ="),
        ("https://pingjia.example", "https://pingjia.example/"),
        ("https://pingjia.example", "http://pingjia.example"),
        ("https://id.example", "http://id.example"),
        ("https://id.example", "https://id.example/?x"),
        ('name = "house"', 'name = "House"'),
        ("oidc.secret", "none"),
        ("secret_file", "secret"),
        ("[[provider]]", "[[provider"),
    ],
)
def test_what_is_wrong_in_it_is_told(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "ways-in.toml").write_text(WRITTEN.replace(old, new), "utf-8")
    (tmp_path / "oidc.secret").write_text("of-the-provider", "utf-8")
    with pytest.raises(Invalid) as found:
        read_ways_in(tmp_path / "ways-in.toml")
    for said in found.value.text:
        assert not any(word in said for word in ("Expected", "`", "$.", "regex")), said


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        read_ways_in(tmp_path / "none.toml")


def test_two_providers_are_told_apart(tmp_path: Path) -> None:
    twice = WRITTEN + WRITTEN.partition("\n\n")[2]
    (tmp_path / "ways-in.toml").write_text(twice, "utf-8")
    (tmp_path / "oidc.secret").write_text("of-the-provider", "utf-8")
    with pytest.raises(Invalid):
        read_ways_in(tmp_path / "ways-in.toml")


@pytest.mark.parametrize(
    "origin", ["", "pingjia.example", "https://", "http://127.0.0.1:8000", "https://a/b"]
)
def test_an_origin_is_one_that_passkeys_are_made_for(origin: str) -> None:
    with pytest.raises(Invalid):
        ways_in(origin)
