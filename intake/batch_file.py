"""Batch files: many commands in one TOML or JSON Lines file (docs/batch-files.md).

Every mistake is named with its line.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from intake.files import read_text, text_of, toml_of
from intake.written_command import WrittenCommand
from ledger import not_read
from ledger.field_errors import Path as Keys
from ledger.field_errors import UnquotedNumber
from ledger.language import Text
from ledger.toml_lines import line_of, lines_of
from ledger.values import Invalid

DEFAULTS: Final = ("case", "as", "dated", "seen", "confirm_dates")
COMMAND: Final = "command"
ACT: Final = "act"
"""What a command was called; files that say so keep being read."""


def toml_commands(path: Path, content: bytes | None = None) -> Iterator[WrittenCommand]:
    """The commands of a TOML file.

    Args:
        path: what it is called.
        content: its bytes, where they were read.

    Raises:
        Invalid: not UTF-8, not TOML, or with something else in it; says on which line.
    """
    source = read_text(path) if content is None else text_of(path, content)
    data = toml_of(path, source)
    lines = lines_of(source)
    for name in data:
        if name not in {*DEFAULTS, COMMAND, ACT}:
            raise _of_the_file(
                path,
                lines[name,],
                f"无法识别 {name}；文件中可用 case、as、dated、seen、confirm_dates 和若干"
                " [[command]]",
                f"{name} is unknown; a file holds case, as, dated, seen, confirm_dates and a number"
                " of [[command]]",
            )
    names = [name for name in (COMMAND, ACT) if name in data]
    if len(names) > 1:
        raise _of_the_file(
            path,
            lines[ACT,],
            "[[act]] 和 [[command]] 不能混用。请统一写 [[command]]",
            "[[act]] and [[command]] cannot be mixed; write [[command]] throughout",
        )
    for name in names:
        commands = data.pop(name)
        if not isinstance(commands, list) or not all(
            isinstance(command, dict) for command in commands
        ):
            raise _of_the_file(
                path, lines[name,], f"应写成 [[{name}]]", f"must be written as [[{name}]]"
            )
        for index, fields in enumerate(commands):
            yield WrittenCommand({**data, **fields}, _Located(path, index + 1, lines, name))


class _Located:
    """Where the parts of a command are in a TOML file."""

    def __init__(self, path: Path, number: int, lines: Mapping[Keys, int], name: str) -> None:
        self._path = path
        self._number = number
        self._lines = lines
        self._command: Keys = (name, number - 1)

    def __call__(self, keys: Keys) -> Text:
        # A field that was folded into another one, such as a title, or a default of the file, is
        # not where it is used.
        start = self._lines[self._command]
        for tried in ((*self._command, *keys), (*self._command, *keys[1:]), keys):
            if tried in self._lines and tried != self._command:
                return _place(self._path, self._number, start, keys, self._lines[tried])
        line = line_of((*self._command, *keys), self._lines)
        return _place(self._path, self._number, start, keys, line or start)


def json_lines_commands(path: Path, content: bytes | None = None) -> Iterator[WrittenCommand]:
    """The commands of a JSON Lines file, one on each line.

    Args:
        path: what it is called.
        content: its bytes, where they were read.

    Raises:
        Invalid: not UTF-8, or a line that is no JSON object; says which.
    """
    # Not by `splitlines`: JSON may hold other line ends, such as U+2028, inside a string.
    text = read_text(path) if content is None else text_of(path, content)
    for line, row in enumerate(text.split("\n"), 1):
        if not row.strip():
            continue

        def place(keys: Keys, line: int = line) -> Text:
            return _place(path, line, line, keys, line)

        where = place(())
        try:
            fields = json.loads(
                row,
                parse_float=UnquotedNumber,
                parse_constant=UnquotedNumber,
                object_pairs_hook=_distinct,
            )
            # A half of a surrogate pair is not a text.
            json.dumps(fields, ensure_ascii=False, default=str).encode()
        except Invalid as error:
            raise Invalid(f"{where.zh}：{error.text.zh}", f"{where.en}: {error.text.en}") from None
        except (ValueError, RecursionError) as error:
            why = not_read.reason(error)
            raise Invalid(
                f"{where.zh}：不是 JSON（{why.zh}）", f"{where.en}: not JSON ({why.en})"
            ) from None
        if not isinstance(fields, dict):
            raise Invalid(f"{where.zh}：不是 JSON 对象", f"{where.en}: not a JSON object")
        yield WrittenCommand(fields, place)


def _distinct(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    twice = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
    if twice:
        raise Invalid(f"{twice[0]} 重复", f"{twice[0]} is given twice")
    return dict(pairs)


def _of_the_file(path: Path, line: int, zh: str, en: str) -> Invalid:
    return Invalid(f"{path} 第 {line} 行：{zh}", f"{path}, line {line}: {en}")


def _place(path: Path, number: int, start: int, keys: Keys, line: int) -> Text:
    """Where a part of a command is: the command with its first line, the part with its own."""
    part = ".".join(str(key + 1) if isinstance(key, int) else key for key in keys)
    zh, en = (f" {part}", f", {part}") if part else ("", "")
    if line != start:
        zh, en = f"{zh}（第 {line} 行）", f"{en} (line {line})"
    return Text(
        f"{path} 第 {number} 个操作（第 {start} 行）{zh}",
        f"{path}, command {number} (line {start}){en}",
    )
