"""Where a title may be broken: between words, into lines of about the same length (GB/T 9704)."""

import re
from collections.abc import Iterator
from typing import Final

from documents.line_breaking import cell_len
from documents.page import Document, one_line

_WORDS: Final = (
    "部门整体支出|整体支出|项目支出|专项资金|转移支付|政府采购|绩效评价|绩效自评|绩效目标|绩效管理|绩效监控"
    "|关于|部门|单位|整体|支出|项目|政策|专项|资金|财政|预算|绩效|目标|自评|评价|核查|复核|重点|运行"
    "|监控|综合|台账|结果|情况|申诉|整改|通知|答复|报告|意见|指标|得分|评分|评定|方式|[一二三]级"
)
"""Words that titles and headings are made of; what is between two of them is a name."""
_HAN: Final = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PIECE: Final = re.compile(
    rf"[（《“〔【]*(?:\d[\d—–～-]*\s?[年月日号版届期]度?|(?:{_WORDS})"
    rf"|(?:(?!{_WORDS})[{_HAN}])+|[^\s{_HAN}（《“〔【]+|\S)"
    r"[的表书函]?[）》”〕】，、：]*\s*"
)
LETTER_ROOM: Final = 40
"""Half the size of a character is 1: 20 characters of 22 points on the 156 mm of a letter."""
PORTRAIT_ROOM, LANDSCAPE_ROOM = 54, 82
"""The same of a table, whose title has 18 points."""

HEADING_EDGES: Final = 5
"""What the edges of a column take from its heading."""


def words_of(title: str) -> list[str]:
    """The parts of a title or heading that a line should not break, blanks and marks with them."""
    return _PIECE.findall(one_line(title))


def title_lines(document: Document) -> list[str]:
    """The lines of a document's title."""
    across = LANDSCAPE_ROOM if document.landscape else PORTRAIT_ROOM
    room = LETTER_ROOM if document.letter else across
    return evenly(document.title, room)


def evenly(text: str, room: int) -> list[str]:
    """A text in the fewest lines that fit, broken between words, of about the same length."""
    pieces = [part for word in words_of(text) for part in _fitting(word, room)]
    fewest = len(_filled(pieces, room))
    return next(
        lines
        for width in range(1, room + 1)
        if len(lines := _filled(pieces, width)) == fewest
        and all(cell_len(line) <= width for line in lines)
    )


def heading_lines(heading: str, width: int) -> list[str]:
    """The heading of a column that is broken by us: bold, it takes more room than the cells.

    Args:
        heading: of the column.
        width: of the column, in halves of a Chinese character.
    """
    return _filled(words_of(heading), width - HEADING_EDGES)


def _fitting(word: str, room: int) -> Iterator[str]:
    """The word, or its characters where no line has room for it."""
    if cell_len(word.strip()) <= room:
        yield word
    else:
        yield from word


def _filled(pieces: list[str], width: int) -> list[str]:
    """Lines with as many pieces as fit; a piece that is wider has one of its own."""
    lines = [""]
    for piece in pieces:
        if lines[-1] and cell_len((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]
