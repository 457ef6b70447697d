"""A table as text with separators (.csv), never with lost characters.

Strictly UTF-8 or GB 18030, or UTF-16 where the file says so, as the "Unicode text" of spreadsheets
does. A text says nothing of merges, formats and hidden parts; its content counts.
"""

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Final

from intake.files import refuse_longer
from intake.grid import Cell, Room, Sheet, ref_of
from ledger.values import Invalid

SEPARATORS: Final = ",;\t"
LOOKED_AT: Final = 1000
"""Among how many lines the separator is looked for."""


def read_separated_text(path: Path, content: bytes) -> list[Sheet]:
    """The one sheet of a text.

    Raises:
        Invalid: no text of a table, or one in which letters were lost.
    """
    refuse_longer(path, content)
    text = _decoded(path, content)
    separator = max(SEPARATORS, key=lambda separator: _fit(text, separator))
    lines: list[list[str]] = []
    width, room = 0, Room(path)
    try:
        for line in csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True):
            lines.append(line)
            width = max(width, len(line))
            room.refuse(path.stem, len(lines), width)
    except csv.Error:
        raise _no_table(path) from None
    if width < 2:  # noqa: PLR2004 - a table has columns
        raise _no_table(path)
    rows = [
        [
            Cell(line[column] if column < len(line) else "", ref_of(number, column))
            for column in range(width)
        ]
        for number, line in enumerate(lines)
    ]
    return [Sheet(path.stem, rows, [], frozenset(), frozenset())]


def _fit(text: str, separator: str) -> tuple[int, int]:
    """How many lines have the same number of cells, and how many cells; titles have one."""
    lines = csv.reader(islice(StringIO(text, newline=""), LOOKED_AT), delimiter=separator)
    try:
        widths = Counter(len(line) for line in lines if len(line) > 1)
    except csv.Error:
        return 0, 0
    return max(((count, width) for width, count in widths.items()), default=(0, 0))


def _decoded(path: Path, content: bytes) -> str:
    wide = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\ufffd" in text or "???" in text:
            raise Invalid(
                f"{path}：有丢失的文字（? 或 �）；请从原表重新导出，编码用 UTF-8",
                f"{path}: letters were lost (? or �); export it again from the table, as UTF-8",
            )
        if "\0" not in text:
            return text
    raise _no_table(path)


def _no_table(path: Path) -> Invalid:
    return Invalid(
        f"{path}：不是表格文件。请用 .xlsx、.xls、.ods、.docx 或 .csv。",
        f"{path}: not a file with tables. Use .xlsx, .xls, .ods, .docx or .csv.",
    )
