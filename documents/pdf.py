"""A document as PDF/A-2b: typeset by typst, with the Chinese font that we bring along."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn as fonts
import typst

from documents.font import covered
from documents.page import (
    Block,
    Document,
    Facts,
    Letter,
    PageForm,
    PageHeading,
    PageTable,
    Paragraph,
    Picture,
    Signatures,
    format_cell,
    one_line,
    printable,
)
from documents.titles import title_lines, words_of
from documents.whole_parts import SPREADING, WHOLE
from documents.wording import addressed, annex_heading, enclosures_listed, numbered, signed_by
from ledger.language import Text, in_language

STANDARD: Final = "a-2b"
STAND_IN: Final = "〓"
"""What Chinese printers set where they have no type for a character."""


def pdf(document: Document) -> bytes:
    """The file. A character that the font lacks is shown as 〓 and named in the footer."""
    data = showable(document)
    template: Any = (files(__package__) / "page.typ").read_bytes()
    content: bytes = typst.compile(
        template,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        font_paths=[str(_font().parent)],
        # A font that happens to be on this machine would give other bytes on the next.
        ignore_system_fonts=True,
        pdf_standards=[STANDARD],
        timestamp=int(datetime.fromisoformat(document.made).timestamp()),
    )
    return content


def showable(document: Document) -> dict[str, Any]:
    """The document as the template reads it, with no character that the font lacks."""
    data = _data(document)
    lacking = sorted(_characters(data) - coverage())
    if lacking:
        data = _replaced(data, str.maketrans(dict.fromkeys(lacking, STAND_IN)))
        data["footer"].append(in_language(_names(lacking), document.language))
    return data


def _font() -> Path:
    return Path(fonts.sans_path())


@cache
def coverage() -> frozenset[str]:
    """The characters that can be shown."""
    return covered(_font().read_bytes()) | frozenset("\n\t")


def _names(lacking: Iterable[str]) -> Text:
    codes = "、".join(f"U+{ord(sign):04X}" for sign in lacking)
    return Text(
        f"字体没有下列字符，以 {STAND_IN} 代替：{codes}",
        f"characters that the font lacks, shown as {STAND_IN}: {codes}",
    )


def _characters(value: object) -> set[str]:
    match value:
        case str():
            return set(value)
        case dict():
            return set().union(*map(_characters, value.values()))
        case list():
            return set().union(*map(_characters, value))
        case _:
            return set()


def _replaced(value: Any, table: dict[int, str]) -> Any:  # noqa: ANN401 - JSON data is what it is
    match value:
        case str():
            return value.translate(table)
        case dict():
            return {key: _replaced(inside, table) for key, inside in value.items()}
        case list():
            return [_replaced(inside, table) for inside in value]
        case _:
            return value


def _data(document: Document) -> dict[str, Any]:
    """The document as the template reads it."""
    return {
        "title": one_line(document.title),
        "title_lines": title_lines(document),
        "subtitle": one_line(document.subtitle),
        "footer": [one_line(line) for line in document.footer],
        "lang": document.language,
        "whole": WHOLE.pattern,
        "spreading": SPREADING.pattern,
        "region": "cn" if document.language == "zh" else "gb",
        "landscape": document.landscape,
        "blocks": _blocks(document.blocks, document.title),
        "letter": _letter(document, document.letter) if document.letter else None,
        "annexes": [
            {
                "heading": one_line(annex_heading(document, index)),
                "blocks": _blocks(annex.blocks, annex.title),
            }
            for index, annex in enumerate(document.annexes)
        ],
    }


def _letter(document: Document, letter: Letter) -> dict[str, Any]:
    language = document.language
    return {
        "sender": one_line(letter.sender),
        "number": one_line(numbered(language, letter)),
        "addressee": one_line(addressed(language, letter)),
        "enclosed": [one_line(line) for line in enclosures_listed(document)],
        "signed": [one_line(line) for line in signed_by(language, letter)],
    }


def _blocks(blocks: Sequence[Block], title: str) -> list[dict[str, Any]]:
    """What is below a title or the heading of an annex."""
    return [_block(block, "" if number else title) for number, block in enumerate(blocks)]


def _block(block: Block, above: str) -> dict[str, Any]:  # noqa: PLR0911 - one for each kind
    match block:
        case PageHeading(text=text, level=level):
            return {"kind": "heading", "text": one_line(text), "level": level + 1}
        case Paragraph(text=text, code=code):
            return {
                "kind": "code" if code else "paragraph",
                "text": printable(text) if code else one_line(text),
            }
        case Facts(pairs=pairs):
            return {"kind": "facts", "pairs": [[one_line(a), one_line(b)] for a, b in pairs]}
        case Picture(svg=svg, description=description, size=size, own_size=own_size):
            width, height = size
            wide = {"width": width, "height": height, "own_size": own_size}
            return {"kind": "picture", "svg": svg, "alt": description} | wide
        case Signatures(places=places):
            to_sign = [[one_line(a), one_line(b)] for a, b in places]
            return {"kind": "signatures", "places": to_sign}
        case PageTable():
            return _table(block) | {"caption": block.caption(above)}
        case PageForm():
            return _form(block)


def _form(form: PageForm) -> dict[str, Any]:
    return {
        "kind": "form",
        "widths": list(form.widths),
        "cells": [
            {
                "x": column,
                "y": line,
                "columns": cell.columns,
                "rows": cell.rows,
                "label": cell.label,
                "number": isinstance(cell.text, Decimal),
                "text": format_cell(cell.text),
            }
            for line, column, cell in form.placed()
        ],
    }


def _table(table: PageTable) -> dict[str, Any]:
    repeats, long = table.repeats(), table.long_rows()
    return {
        "kind": "table",
        "columns": [
            {"heading": words_of(column.heading), "width": share, "number": column.number}
            for column, share in zip(table.columns, table.shares(), strict=True)
        ],
        "rows": [
            {
                "strong": row.strong,
                "whole": number not in long,
                "cells": [
                    {
                        "text": format_cell(cell),
                        "span": row.span if index == 0 else 1,
                        "again": (number, index) in repeats,
                        "continued": (number + 1, index) in repeats,
                    }
                    for index, cell in enumerate(row.cells)
                    if not 0 < index < row.span
                ],
            }
            for number, row in enumerate(table.rows)
        ],
    }
