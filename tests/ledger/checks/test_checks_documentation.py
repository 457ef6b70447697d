"""The page on checks names every check and every identity, and its examples are read."""

import re
import tomllib
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from ledger.checks import CATALOGUE, CHECKS, SEVERITIES, name_of
from ledger.checks.one_fact import SAME_FACT
from ledger.cross_checks import CrossCheck, GeneralCheck, GrowthPart

PAGE = (Path(__file__).parents[3] / "docs" / "checks.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```toml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


CHINESE, ENGLISH = PAGE.split('<a id="english"></a>')
LINE = r"^\| `([a-z-]+)` \| ([a-z, ]+) \| [^|]+ \|"
LINES = {CHINESE: rf"{LINE} [^|]+ \|$", ENGLISH: LINE}


@pytest.mark.parametrize("half", LINES, ids=["an example", "in English"])
def test_every_check_has_a_line_with_its_severities(half: str) -> None:
    found = re.findall(LINES[half], half, re.MULTILINE)
    lines = [(name, tuple(severities.split(", "))) for name, severities in found]

    assert sorted(lines) == sorted((entry.name, entry.severities) for entry in CATALOGUE)


def test_every_check_promises_something_in_both_languages() -> None:
    for entry in CATALOGUE:
        assert re.search("[\u4e00-\u9fff]{2}", entry.promise.zh), entry.name
        assert re.search("[a-z]+ [a-z]+", entry.promise.en), entry.name


def test_what_follows_another_check_is_a_check() -> None:
    names = {entry.name for entry in CATALOGUE}

    assert {*SAME_FACT, *(one for some in SAME_FACT.values() for one in some)} <= names


def test_names_are_used_once() -> None:
    names = [name_of(check) for check in CHECKS]

    assert len(set(names)) == len(names)


def test_every_check_says_in_a_docstring_what_is_promised() -> None:
    assert [name_of(check) for check in CHECKS if not check.__doc__] == []


@pytest.mark.parametrize("severity", SEVERITIES)
def test_every_severity_is_explained(severity: str) -> None:
    assert re.search(rf"^\| `{severity}` ", PAGE, re.MULTILINE)


def test_every_identity_has_an_example_that_is_read() -> None:
    read = [tomllib.loads(block) for block in BLOCKS]
    written = [one for block in read for one in block.get("identity", [])]
    general = [one for block in read for one in block.get("cross-check", [])]

    kinds = {type(msgspec.convert(one, GeneralCheck)) for one in general}
    assert kinds == set(get_args(GeneralCheck))
    assert {type(msgspec.convert(one, CrossCheck)) for one in written} == set(get_args(CrossCheck))


@pytest.mark.parametrize("kind", [*get_args(CrossCheck), GrowthPart])
def test_every_field_of_an_identity_is_shown(kind: type[msgspec.Struct]) -> None:
    for name in kind.__struct_fields__:
        assert re.search(rf"\b{name}\b", "".join(BLOCKS)), name


@pytest.mark.parametrize(
    ("of", "fields"),
    [
        ("intervals", {}),
        ("intervals", {"indicator": "a"}),
        ("goals", {}),
        ("goals", {"prefix": "a"}),
        ("goals", {"indicator": "a", "prefix": "a"}),
        ("groups", {}),
        ("rows", {"indicator": "a"}),
    ],
)
def test_a_count_names_what_it_counts_and_nothing_else(of: str, fields: dict[str, str]) -> None:
    data = {"holds": "count", "name": "个数", "figure": "said", "of": of, **fields}

    with pytest.raises(msgspec.ValidationError, match="indicator"):
        msgspec.convert(data, CrossCheck)
