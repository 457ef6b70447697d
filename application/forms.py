"""Forms (填报表、核查评分表): a workbook to be filled in, written to a file."""

from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from application.last_year import last_year
from application.written_file import write_whole
from documents.source import source
from ledger.envelope import StreamId
from ledger.extras import ExtraMissing
from ledger.language import Language
from ledger.store import Store
from ledger.values import Invalid
from projections.as_of import CaseAsOf

if TYPE_CHECKING:
    from intake.forms.sheet import Form


def write_review_form(  # noqa: PLR0913 - what it is made from, and where to
    store: Store,
    case: StreamId,
    output: Path,
    *,
    language: Language,
    today: date,
    look: Callable[[StreamId], CaseAsOf],
) -> None:
    """Write the reviewer's form of a case as it is, with last year's awards where there are any.

    Args:
        store: of the ledger.
        case: its name.
        output: where to.
        language: of its words.
        today: the day to count open days to.
        look: reads a case.

    Raises:
        Invalid: no such case, or it cannot be written there.
        ExtraMissing: the packages that make it are not installed.
    """
    from intake.forms.review_form import review_form  # noqa: PLC0415 - slow to import

    make, point = form_writer(output), look(case)
    form = review_form(source(point, today), language, last_year(store, point, look))
    write_whole(output, [make(form)])


def form_writer(output: Path) -> "Callable[[Form], bytes]":
    """What makes the bytes of a form that is to be written there.

    Raises:
        Invalid: it is not called as a workbook is.
        ExtraMissing: the packages that make one are not installed.
    """
    if output.suffix.lower() != ".xlsx":
        raise Invalid(f"{output}：表的文件名应以 .xlsx 结尾", f"{output}: a form must end in .xlsx")
    try:
        module = import_module("intake.forms.form_workbook")
    except ModuleNotFoundError as error:
        raise ExtraMissing("paper", error.name or "") from None
    writer: Callable[[Form], bytes] = module.form_xlsx
    return writer
