"""A picture as PNG, for the programs that do not show SVG: typeset with the font we bring along."""

from typing import Any, Final

import pylopdf_fonts_zh_cn as fonts
import typst

from documents.page import Picture

DOTS_PER_PIXEL: Final = 2
POINTS_PER_PIXEL: Final = 0.75
TEMPLATE: Final[Any] = b"""\
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#set text(font: "Noto Sans SC", fallback: false)
#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.width) * 1pt)
"""


def png(picture: Picture) -> bytes:
    """The picture with two dots to a pixel, the same bytes every time."""
    width, _ = picture.size
    content: bytes = typst.compile(
        TEMPLATE,
        format="png",
        ppi=72 / POINTS_PER_PIXEL * DOTS_PER_PIXEL,
        sys_inputs={"svg": picture.svg, "width": str(width * POINTS_PER_PIXEL)},
        font_paths=[str(fonts.sans_path().parent)],
        ignore_system_fonts=True,
    )
    return content
