"""Given a list of ledgers that somebody broke, when it is read, then our words say where."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.fleet_file import _File, read_fleet
from ledger.values import Invalid

GOOD: Final = """[[ledger]]
origin = "city-a.example/2024"
target = "a.db"
vkey = "a.pub"
state = "live"

[[ledger]]
origin = "city-b.example/2024"
target = "postgresql://reader@localhost/b"
vkey = "b.pub"
"""
SHARED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None
)
PATCHES = st.text(st.characters(codec="utf-8"), max_size=4) | st.sampled_from(
    [
        '"',
        "[",
        "]]",
        "= 5\n",
        "= 1.5\n",
        "= []\n",
        "= {}\n",
        "= 2024-01-01\n",
        "\n",
        "nan",
        "[" * 3000,
    ]
)


def library_text(source: str) -> str | None:
    """What the libraries would say of it; `None` where it is a list of ledgers for them."""
    try:
        msgspec.convert(tomllib.loads(source), _File)
    except (ValueError, RecursionError) as error:
        return str(error)
    return None


def refusal(folder: Path, source: str) -> Invalid | None:
    file = folder / "fleet.toml"
    file.write_text(source, encoding="utf-8", newline="")
    try:
        read_fleet(file)
    except Invalid as error:
        return error
    return None


@SHARED
@given(
    place=st.integers(0, len(GOOD)),
    length=st.integers(0, 20),
    patch=PATCHES,
)
def test_whatever_is_broken_in_a_good_list_is_said_in_our_words(
    tmp_path: Path, place: int, length: int, patch: str
) -> None:
    source = GOOD[:place] + patch + GOOD[place + length :]
    theirs, ours = library_text(source), refusal(tmp_path, source)

    assert ours or theirs is None
    for said in ours.text if ours else ():
        assert said.startswith(str(tmp_path / "fleet.toml"))
        assert not theirs or theirs not in said
        assert not any(word in said for word in ("Expected", "`", "$.", "column "))


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lambda good: good.replace('"a.db"', "5"), "line 3, ledger.1.target: 5 is not in quotes"),
        (lambda good: good.replace("target", "path", 1), "there is no field path"),
        (lambda good: good.replace("live", "life"), "line 5, ledger.1.state: 'life' is not"),
        (lambda good: good.replace("]]", "]", 1), "line 1: not TOML"),
        (lambda good: good.replace("city-b", "city-a"), "line 8, ledger.2.origin: city-a.example"),
        (lambda good: good.replace("a.pub", " "), "line 4, ledger.1.vkey"),
        (lambda good: good.replace("a.pub", "a\\nb"), "must be one line of text"),
        (lambda _: "", "the field ledger is missing"),
        (lambda _: "ledger = 5", "line 1, ledger: '5' must be a list"),
    ],
)
def test_each_mistake_has_its_line_its_field_and_what_is_right(
    tmp_path: Path, broken: Callable[[str], str], said: str
) -> None:
    error = refusal(tmp_path, broken(GOOD))

    assert error
    assert said in error.text.en
    assert "每个记录库一段" in error.text.zh or "不是 TOML" in error.text.zh


def test_a_list_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fleet.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(Invalid, match="not UTF-8"):
        read_fleet(tmp_path / "fleet.toml")
