"""The formats a document can be printed in, each imported only when it is asked for."""

from collections.abc import Callable
from importlib import import_module
from typing import Final

from documents.page import Document
from ledger.extras import ExtraMissing
from ledger.language import listing
from ledger.values import Invalid

FORMATS: Final = {
    ".xlsx": "documents.xlsx_writer:xlsx",
    ".docx": "documents.docx:docx",
    ".pdf": "documents.pdf:pdf",
    ".html": "documents.html:html",
}


Printer = Callable[[Document], bytes]


def printer(suffix: str) -> Printer:
    """What prints a document in the format of a file's name.

    Raises:
        Invalid: no such format.
        ExtraMissing: the packages that make it are not installed.
    """
    place = FORMATS.get(suffix.lower())
    if place is None:
        zh, en = listing(FORMATS)
        found = (f"，不能是“{suffix}”", f", not '{suffix}'") if suffix else ("", "")
        raise Invalid(
            f"文件名应以 {zh} 结尾{found[0]}", f"the file name must end in {en}{found[1]}"
        )
    name, function = place.split(":")
    try:
        module = import_module(name)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("documents"):
            raise
        raise ExtraMissing("paper", error.name or name) from None
    printer_of_format: Printer = getattr(module, function)
    return printer_of_format
