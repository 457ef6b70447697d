"""QR codes as a telephone reads them: by zxing-cpp, from pictures of papers, without our code."""

from io import BytesIO
from zipfile import ZipFile

import zxingcpp
from PIL import Image
from pypdfium2 import PdfDocument

DOTS: int = 150
"""Dots to an inch of a page: less than any scanner or telephone has."""


def read(picture: bytes) -> list[str]:
    """The texts of the codes in a picture."""
    return _texts(Image.open(BytesIO(picture)))


def on_paper(suffix: str, paper: bytes) -> list[str]:
    """The texts of the codes on the pages of a PDF, or in the pictures of an Office file."""
    if suffix == ".pdf":
        pages = PdfDocument(paper)
        return [text for page in pages for text in _texts(page.render(scale=DOTS / 72).to_pil())]
    with ZipFile(BytesIO(paper)) as parts:
        names = [name for name in parts.namelist() if name.endswith(".png")]
        return [text for name in names for text in read(parts.read(name))]


def _texts(image: Image.Image) -> list[str]:
    # Nothing behind a transparent picture is taken for black.
    shown = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    return [found.text for found in zxingcpp.read_barcodes(shown.convert("L"))]
