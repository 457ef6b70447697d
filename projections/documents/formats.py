"""The formats a document can be printed in, each imported only when it is asked for."""

from collections.abc import Callable
from importlib import import_module
from typing import Final

from ledger.values import Invalid
from projections.documents.page import Document

FORMATS: Final = {".xlsx": "xlsx", ".docx": "docx", ".pdf": "pdf", ".html": "html"}


Printer = Callable[[Document], bytes]


def printer(suffix: str) -> Printer:
    """What prints a document in the format of a file's name.

    Raises:
        Invalid: no such format, or the packages that make it are not installed.
    """
    name = FORMATS.get(suffix.lower())
    if name is None:
        zh, en = "、".join(FORMATS), ", ".join(FORMATS)
        raise Invalid(
            f"文件名应以 {zh} 结尾，写成了“{suffix}”", f"the file must end in {en}, not “{suffix}”"
        )
    try:
        module = import_module(f"projections.documents.{name}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("projections"):
            raise
        raise lacking(error) from None
    made: Printer = getattr(module, name)
    return made


def lacking(error: ModuleNotFoundError) -> Invalid:
    """What to install where the extra `paper` is missing."""
    return Invalid(
        f"缺少软件包 {error.name}；请安装附加功能 paper：pip install 'scoretrail[paper]'",
        f"the package {error.name} is missing; install the extra `paper`:"
        " pip install 'scoretrail[paper]'",
    )
