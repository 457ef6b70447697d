"""A text as a QR code (二维码, ISO/IEC 18004), in a size that a telephone reads from paper."""

from typing import Final
from xml.sax.saxutils import quoteattr

from documents.page import Picture

MODULE: Final = 2
"""Pixels of a module: half a millimetre on paper."""

QUIET: Final = 4
"""Modules that stay white around it, as the standard asks for."""


def qr_code(text: str, description: str) -> Picture:
    """The picture; a sixth of it may be soiled and it is still read (level M).

    Args:
        text: what it holds.
        description: what it is, in words.
    """
    import segno  # noqa: PLC0415 - only papers of a log that is signed have a code

    code = segno.make_qr(text, error="m", boost_error=False, encoding="utf-8")
    rows = [list(row) for row in code.matrix_iter(border=QUIET)]
    modules = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    side, label = len(rows), quoteattr(description)
    # White also where the page is dark: scanners want dark modules on light ones.
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"'
        f' width="{side * MODULE}" height="{side * MODULE}" role="img" aria-label={label}>'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/>'
        f'<path fill="#000" d="{modules}"/></svg>'
    )
    return Picture(svg, svg, (side * MODULE, side * MODULE), description, own_size=True)
