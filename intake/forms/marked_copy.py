"""A copy of a filled-in form with its mistakes marked: cell in red, reason in a comment."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

from intake.mistakes import CellRef, Misfilled
from ledger.extras import ExtraMissing
from ledger.language import Language, in_language
from ledger.values import Invalid

AUTHOR: Final = "scoretrail"
RED: Final = "FFFFC7CE"
COMMENT_WIDTH: Final = 320
COMMENT_LINE: Final = 20
"""Pixels of a comment: its width, and the height of a line."""
CHARACTERS_PER_LINE: Final = 22


def marked_copy(
    path: Path, content: bytes, mistakes: Sequence[Invalid], language: Language
) -> bytes:
    """The workbook with what is wrong in a comment of each cell; comments of ours before are gone.

    It can be mended where it is marked, and handed in again.

    Args:
        path: what it is called.
        content: its bytes.
        mistakes: what is wrong; those that are of no cell are left out.
        language: of the comments.

    Raises:
        Invalid: it cannot be copied.
        ExtraMissing: the package that writes into workbooks is not installed.
    """
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - part of an extra
        from openpyxl.comments import Comment  # noqa: PLC0415 - the same
        from openpyxl.styles import PatternFill  # noqa: PLC0415 - the same
    except ModuleNotFoundError as error:
        raise ExtraMissing("paper", error.name or "") from None
    try:
        book = load_workbook(BytesIO(content))
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.comment is not None and cell.comment.author == AUTHOR:
                        cell.comment = None
        for (name, ref), text in _by_cell(mistakes, language).items():
            cell = book[name][ref]
            lines = sum(1 + len(line) // CHARACTERS_PER_LINE for line in text.split("\n"))
            height = COMMENT_LINE * (1 + lines)
            cell.comment = Comment(text, AUTHOR, width=COMMENT_WIDTH, height=height)
            cell.fill = PatternFill("solid", fgColor=RED)
        out = BytesIO()
        book.save(out)
    except (KeyError, ValueError, TypeError, AttributeError, OSError) as error:
        if isinstance(error, Invalid):
            raise
        raise Invalid(
            f"{path}：无法在副本上标出错误。请用表格程序打开后另存，再试一次",
            f"{path}: mistakes cannot be marked in a copy of it. Open it in a spreadsheet program,"
            " save it and try again",
        ) from None
    return out.getvalue()


def _by_cell(mistakes: Sequence[Invalid], language: Language) -> Mapping[CellRef, str]:
    """What is wrong with each cell, a line for each mistake."""
    found: dict[CellRef, str] = {}
    for mistake in mistakes:
        if isinstance(mistake, Misfilled):
            said = in_language(mistake.what, language)
            before = found.get(mistake.cell)
            found[mistake.cell] = f"{before}\n{said}" if before else said
    return found
