"""Forms (填报表、核查评分表): a workbook to be filled in, written to a file."""

from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from application.last_year import cases_before, last_year
from application.written_file import write_whole
from documents.source import source
from ledger.envelope import StreamId
from ledger.extras import ExtraMissing
from ledger.language import Language, counted
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
    before = last_year(cases_before(store, point.case), point, look)
    form = review_form(source(point, today), language, before)
    write_whole(output, [make(form)])


def write_unit_form(  # noqa: PLR0913 - what it is made from, and where to
    store: Store | None,
    made_from: CaseAsOf | str,
    output: Path,
    *,
    language: Language,
    today: date,
    look: Callable[[StreamId], CaseAsOf],
) -> None:
    """Write the unit's form: of a case as it is, or an empty one of a rubric.

    Last year is next to it once its result was issued: what the unit does not know yet is not.

    Args:
        store: of the ledger; `None` for a rubric.
        made_from: a case, or the text of a rubric.
        output: where to.
        language: of its words.
        today: the day to count open days to.
        look: reads a case.

    Raises:
        Invalid: it cannot be written there.
        ExtraMissing: the packages that make it are not installed.
    """
    from intake.forms.self_evaluation_form import (  # noqa: PLC0415 - slow to import
        form_of_case,
        form_of_rubric,
    )

    if isinstance(made_from, str):
        form = form_of_rubric(made_from, language)
    else:
        before_it = cases_before(store, made_from.case) if store else []
        last = last_year(before_it, made_from, look)
        before = last if last and last.is_issued else None
        form = form_of_case(source(made_from, today), language, before)
    write_whole(output, [form_writer(output)(form)])


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


def only_case(cases: Sequence[StreamId]) -> StreamId:
    """The one case that a batch was about.

    Raises:
        Invalid: it was about none, or several.
    """
    if len(cases) != 1:
        raise Invalid(
            f"文件涉及 {len(cases)} 个评价事项，核查评分表每次只能生成一个",
            f"the file is about {counted(len(cases), 'case')}; a form is of one",
        )
    return cases[0]
