"""Every value of a TOML file is found on the line where a person would look for it."""

import tomllib
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

import pytest

from ledger.field_errors import Path
from ledger.toml_lines import line_of, lines_of

ROOT = File(__file__).parents[2]
FILES = sorted((ROOT / "examples").rglob("*.toml"))

ODD = '''\
# a comment with [a.table] and key = 1 in it
title = "one # not a comment, [not.a.table]"  # but this
"quoted \\u006bey" = 'it is "so"'
a.b.c = 1.5
a.b.d = [ 1, "two, ] three", [3, 4],  # and
  { five = 5, six.seven = "7" },
]
text = """
[not.a.header]
key = "inside" \\""" still
"""
after = 1979-05-27 07:32:00

[[row]]
id = 1
[row.rule]
shape = "x"
[[row.rule.parts]]
name = "first"
[[row.rule.parts]]
name = "second"
[[row]]
id = 2
  [[ row . "rule" . parts ]]
name = "third"
[row.rule.parts.deep]
inline = { empty = [], nothing = {}, last = true }
'''
PLACES: dict[Path, int] = {
    ("title",): 2,
    ("quoted key",): 3,
    ("a", "b", "c"): 4,
    ("a", "b", "d", 2, 1): 5,
    ("a", "b", "d", 3): 6,
    ("a", "b", "d", 3, "six", "seven"): 6,
    ("text",): 8,
    ("after",): 12,
    ("row", 0): 14,
    ("row", 0, "rule", "shape"): 17,
    ("row", 0, "rule", "parts", 1, "name"): 21,
    ("row", 1, "id"): 23,
    ("row", 1, "rule", "parts", 0, "name"): 25,
    ("row", 1, "rule", "parts", 0, "deep", "inline", "last"): 27,
}


def leaves(value: object, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    items: Any = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, inner in items:
        yield from leaves(inner, (*path, key))


@pytest.mark.parametrize(("path", "line"), PLACES.items())
def test_a_place_in_an_odd_file(path: Path, line: int) -> None:
    assert lines_of(ODD)[path] == line


@pytest.mark.parametrize("source", [ODD, ODD.replace("\n", "\r\n")], ids=["unix", "dos"])
def test_nothing_of_an_odd_file_is_missed_or_made_up(source: str) -> None:
    assert set(lines_of(source)) == set(leaves(tomllib.loads(source)))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_key_of_the_examples_stands_on_its_line(file: File) -> None:
    source = file.read_text(encoding="utf-8")
    rows, lines = source.split("\n"), lines_of(source)
    for path in leaves(tomllib.loads(source)):
        if isinstance(path[-1], str):
            assert path[-1] in rows[lines[path] - 1], path


def test_what_is_not_there_is_found_at_the_nearest_thing_around_it() -> None:
    lines = lines_of(ODD)

    assert line_of(("row", 1, "rule", "points"), lines) == 24
    assert line_of(("row", 1, "weight"), lines) == 22
    assert line_of(("band",), lines) is None
    assert line_of((), lines) is None
