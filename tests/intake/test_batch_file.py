"""Batch files: whatever is wrong with a command is named with the line on which it stands."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.batch import read_batch
from intake.batch_file import toml_commands
from ledger.values import Invalid

DAY: Final = date(2024, 7, 30)
HEAD: Final = ('case = "parks-2022"', 'as = "agency-reviewer"', "dated = 2023-06-12")
GOOD: Final = (
    'do = "adjust-score"',
    'indicator = "plan"',
    'award = "6"',
    'justification = "y"',
    "evidence = []",
)
FIGURE: Final = (
    'do = "submit-figure"',
    "[command.figure]",
    'id = "lifts"',
    'indicator = "plan"',
    'name = "n"',
    'target = { sense = "at-most", value = "540" }',
)
NOISE: Final = (
    "",
    "# award = 16.00",
    "   # [[command]]",
    "clause = '''\naward = 16.00\n[[command]]\n'''",
    'ground = """\nindicator = 7\n\\"""\n"""',
)


class Mistake(NamedTuple):
    """A line put into a command, or taken out of it, and which line is to be named.

    Attributes:
        spoil: the lines of the command with the mistake in them, and the number of the wrong line
            among them from 0; -1 for the `[[command]]` above them.
        names: what the message has to name.
    """

    spoil: Callable[[list[str]], tuple[list[str], int]]
    names: str


def instead(key: str, line: str) -> Callable[[list[str]], tuple[list[str], int]]:
    """Another line in the place of the one with a key."""

    def spoil(lines: list[str]) -> tuple[list[str], int]:
        at = next(n for n, one in enumerate(lines) if one.startswith(f"{key} ="))
        return [*lines[:at], line, *lines[at + 1 :]], at

    return spoil


def more(line: str) -> Callable[[list[str]], tuple[list[str], int]]:
    """A line more at the end."""
    return lambda lines: ([*lines, line], len(lines))


def without(key: str) -> Callable[[list[str]], tuple[list[str], int]]:
    """No line with a key; what lacks it begins above."""

    def spoil(lines: list[str]) -> tuple[list[str], int]:
        table = max((n for n, one in enumerate(lines) if one == "[command.figure]"), default=-1)
        left = [one for one in lines if not one.startswith(f"{key} =")]
        return left, table if key in {"id", "name"} else -1

    return spoil


OF_A_SCORE: Final = {
    "a number without quotes": Mistake(instead("award", "award = 16.00"), "16.00"),
    "a number in digits of another script": Mistake(instead("award", 'award = "٧"'), "٧"),
    "a whole number without quotes": Mistake(instead("justification", "justification = 7"), "7"),
    "a list for a word": Mistake(instead("indicator", 'indicator = ["plan"]'), "indicator"),
    "no id": Mistake(instead("indicator", 'indicator = "计划"'), "计划"),
    "an unknown key": Mistake(more('points = "1"'), "points"),
    "a missing key": Mistake(without("award"), "award"),
    "nothing to do": Mistake(without("do"), "do"),
    "an unknown command": Mistake(instead("do", 'do = "forgive"'), "forgive"),
    "a key twice": Mistake(more('award = "7"'), "given twice"),
    "a key twice, the second over many lines": Mistake(
        more('justification = """\none\ntwo\n"""'), "given twice"
    ),
    "a file that is not there": Mistake(instead("evidence", 'evidence = ["no.pdf"]'), "no.pdf"),
    "not TOML": Mistake(more("award 7"), "not TOML"),
    "a date that is none": Mistake(more('dated = "yesterday"'), "dated"),
}
OF_A_FIGURE: Final = {
    "a number without quotes, deep": Mistake(
        instead("target", 'target = { sense = "at-most", value = 5.5 }'), "5.5"
    ),
    "an unknown word, deep": Mistake(
        instead("target", 'target = { sense = "below", value = "5" }'), "below"
    ),
    "a value that is no number": Mistake(more('value = "1,234"'), "1,234"),
    "an unknown key in a table": Mistake(more('reason = "x"'), "reason"),
    "a missing key of a table": Mistake(without("name"), "name"),
}


def toml_line(message: str) -> int:
    """The line that a message names last, before it says what is wrong."""
    where = message.partition(": ")[0]
    return int(re.findall(r"line (\d+)", where)[-1])


@st.composite
def planted(draw: st.DrawFn) -> tuple[str, int, str]:
    """A file with one mistake in it, the line of it, and what must be named."""
    lines = [*HEAD]
    wrong, names = 0, ""
    count = draw(st.integers(1, 4))
    spoiled = draw(st.integers(0, count - 1))
    for number in range(count):
        kind, mistakes = draw(st.sampled_from([(GOOD, OF_A_SCORE), (FIGURE, OF_A_FIGURE)]))
        command, at = list(kind), None
        if number == spoiled:
            mistake = mistakes[draw(st.sampled_from(sorted(mistakes)))]
            command, at = mistake.spoil(command)
            names = mistake.names
        lines += draw(st.sampled_from(NOISE[:3])).split("\n")
        lines.append(draw(st.sampled_from(["[[command]]", "[[ command ]] # note"])))
        if at == -1:
            wrong = len(lines)
        noise = draw(st.lists(st.sampled_from(NOISE), unique=True)) if kind is GOOD else []
        for index, line in enumerate(command):
            if index and noise:
                lines += noise.pop().split("\n")
            if at == index:
                wrong = len(lines) + 1
            lines += line.split("\n")
    return "\n".join(lines) + "\n", wrong, names


@given(planted())
def test_a_mistake_is_named_with_its_line(
    tmp_path_factory: pytest.TempPathFactory, file: tuple[str, int, str]
) -> None:
    source, line, names = file
    path = tmp_path_factory.getbasetemp() / "planted.toml"
    path.write_text(source)
    with pytest.raises(Invalid) as caught:
        read_batch(path, account=None, dated=DAY)
    assert toml_line(caught.value.text.en) == line, source
    assert names in caught.value.text.en
    assert f"第 {line} 行" in caught.value.text.zh


def json_mistakes() -> Iterator[tuple[str, str]]:
    good: dict[str, Any] = {"do": "adjust-score", "case": "a", "as": "b", "indicator": "c"}
    yield json.dumps({**good, "award": 16.5}), "16.5"
    yield json.dumps({**good, "award": "1", "more": 1}), "more"
    yield json.dumps({**good, "award": "1", "case": 7}), "case"
    yield json.dumps(good), "award"
    yield '{"do": "adjust-score", "do": "adjust-score"}', "do"
    yield '{"do": ', "JSON"


@given(before=st.lists(st.sampled_from(["", "good"]), max_size=5), data=st.data())
def test_a_mistake_in_json_lines_is_named_with_its_line(
    tmp_path_factory: pytest.TempPathFactory, before: list[str], data: st.DataObject
) -> None:
    good = '{"do": "close-case", "case": "a", "as": "b", "reason": "line 1\\u2028line 2"}'
    mistake, names = data.draw(st.sampled_from(list(json_mistakes())))
    path = tmp_path_factory.getbasetemp() / "planted.jsonl"
    path.write_text("\n".join([*(line and good for line in before), mistake, good]) + "\n")
    with pytest.raises(Invalid) as caught:
        read_batch(path, account=None, dated=DAY)
    assert f"(line {len(before) + 1})" in caught.value.text.en
    assert names in caught.value.text.en


def test_a_command_that_a_rule_may_refuse_knows_the_line_on_which_it_begins(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.toml"
    decoy = 'justification = """\n[[command]]\n"""'
    path.write_text(
        "\n".join([*HEAD, "[[command]] # note", *GOOD[:3], decoy, "[[ command ]]", *GOOD])
    )
    first, second = read_batch(path, account=None, dated=DAY).commands
    assert first.place.en == f"{path}, command 1 (line 4)"
    assert second.place.en == f"{path}, command 2 (line 11)"


def test_what_was_called_an_act_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("\n".join([*HEAD, "[[act]]", *GOOD]))
    (old,) = read_batch(path, account=None, dated=DAY).commands
    path.write_text("\n".join([*HEAD, "[[command]]", *GOOD]))
    (new,) = read_batch(path, account=None, dated=DAY).commands
    assert old == new


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("[[act]]\ndo = 'x'\n[[command]]\ndo = 'x'\n", 1),
        ("\ncommand = 7\n", 2),
        ("case = 'a'\n[[commands]]\n", 2),
        ("[command]\ndo = 'x'\n", 1),
    ],
)
def test_what_is_no_list_of_commands_is_refused_with_its_line(
    source: str, line: int, tmp_path: Path
) -> None:
    path = tmp_path / "a.toml"
    path.write_text(source)
    assert tomllib.loads(source)
    with pytest.raises(Invalid) as caught:
        list(toml_commands(path))
    assert f"line {line}:" in caught.value.text.en


def test_a_file_that_is_filed_and_cited_is_read_once_whatever_becomes_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a file that changes while a batch is read, all commands stand on one reading."""
    evidence, path = tmp_path / "e.csv", tmp_path / "a.toml"
    evidence.write_bytes(b"first")
    cited = [*GOOD[:-1], 'evidence = ["e.csv"]']
    filed = ["[[command]]", 'do = "file-evidence"', 'file = "e.csv"']
    path.write_text("\n".join([*HEAD, *filed, "[[command]]", *cited]))
    from intake import files  # noqa: PLC0415 - to change the file behind its back

    whole = files.read_bytes

    def changing(name: Path, **limit: int) -> bytes:
        content = whole(name, **limit)
        if name == evidence:
            evidence.write_bytes(content + b", then more")
        return content

    monkeypatch.setattr(files, "read_bytes", changing)
    first, second = read_batch(path, account=None, dated=DAY).commands
    assert first.file
    assert first.file.content == b"first"
    assert first.envelope.command.evidence.sha256 == first.file.sha256  # type: ignore[union-attr]  # it files one
    assert second.envelope.command.evidence == (first.file.sha256,)  # type: ignore[union-attr]  # it cites one
