"""A TOML file whose content is of a type; what is wrong in it is reported with line and field."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import msgspec

from intake.files import read_text, toml_of
from ledger.field_errors import FieldError, field_errors
from ledger.language import Text
from ledger.toml_lines import line_of, lines_of
from ledger.values import Invalid

T = TypeVar("T")


def _nothing(_: object) -> Iterable[FieldError]:
    return ()


def read_toml(
    path: Path,
    kind: type[T],
    written: Text,
    look: Callable[[T], Iterable[FieldError]] = _nothing,
) -> T:
    """What a file says.

    Args:
        path: where it is.
        kind: of its content.
        written: how it is to be written; comes after what is wrong.
        look: finds what is wrong beyond the types.

    Raises:
        Invalid: it cannot be read, or is none; says on which line, and in which field.
    """
    source = read_text(path)
    data = toml_of(path, source)
    if found := field_errors(data, kind):
        raise _wrong(path, source, found, written)
    content: T = msgspec.convert(data, kind)
    if found := [*look(content)]:
        raise _wrong(path, source, found, written)
    return content


def _wrong(path: Path, source: str, found: list[FieldError], written: Text) -> Invalid:
    first = found[0]
    keys = ".".join(str(key + 1) if isinstance(key, int) else key for key in first.path)
    line = line_of(first.path, lines_of(source))
    zh, en = (f" 第 {line} 行", f", line {line}") if line else ("", "")
    zh, en = (f"{zh} {keys}", f"{en}, {keys}") if keys else (zh, en)
    more = len(found) - 1
    others = Text(f"（另有 {more} 处）", f" ({more} more)") if more else Text("", "")
    return Invalid(
        f"{path}{zh}：{first.text.zh.rstrip('。')}{others.zh}。{written.zh}",
        f"{path}{en}: {first.text.en.rstrip('.')}{others.en}. {written.en}",
    )
