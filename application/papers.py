"""The papers of a year (全年文书): one document of each case that is ready, in a folder.

A file is there whole, with its name, or not at all; one that is there already is left as it is.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, get_args

from msgspec.structs import replace

from application.case_outcome import CaseOutcome
from application.last_year import case_before, cases_before_each
from application.look import look
from application.paper import covering
from documents.formats import printer
from documents.kinds import LETTERS, OF_LAST_YEAR, document_of
from documents.source import source
from ledger.language import Language, Text
from ledger.log.atomic_files import sync, translated_errors, write
from ledger.store import Store
from ledger.terms import STAGES
from ledger.values import Invalid, Stage
from projections.portfolio.case_rows import ViewColumns, rows_of_all

OTHERWISE: Final = Text(
    "同名文件已存在且内容不同，未作改动。请换一个目录，或移走该文件。",
    "a file of this name with other content is already there and stays as it is. Name another"
    " folder, or move the file away.",
)


class Papers(NamedTuple):
    """What is to be written.

    Attributes:
        kind: one of `documents.kinds.KINDS`.
        suffix: of the files, which says their format.
        language: of their words.
        today: the day to count open days to.
    """

    kind: str
    suffix: str
    language: Language
    today: date


def cases_of(store: Store, year: int) -> list[str]:
    """The cases of a year, in the order of their ids.

    Raises:
        Invalid: there are none.
    """
    (rows,) = rows_of_all(store, ViewColumns("cases", ("year",)))
    cases = sorted(case for case, found in rows if found == year)
    if not cases:
        raise Invalid(f"没有 {year} 年度的评价事项", f"there are no cases of {year}")
    return cases


def write_papers(  # noqa: PLR0913 - what is made of what, and where to
    store: Store,
    papers: Papers,
    cases: list[str],
    folder: Path,
    *,
    verify: bool = True,
    dry_run: bool = False,
) -> Iterator[CaseOutcome]:
    """Write a document of each case that is ready; what the others lack is reported.

    Args:
        store: of the ledger.
        papers: what is to be written.
        cases: of which.
        folder: where to; made where it is not there.
        verify: whether to verify the bytes that they are made from.
        dry_run: work out everything, write nothing.

    Raises:
        Invalid: no such format, or it cannot be written there.
        ExtraMissing: the packages that make it are not installed.
    """
    make, before = printer(papers.suffix), cases_before_each(store)
    read = partial(look, store, verify=verify)
    if not dry_run:
        with translated_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
    for case in cases:
        path = folder / f"{case}-{papers.kind}{papers.suffix}"
        try:
            point = read(case)
            _must_be_ready(point.case.stage, papers.kind)
            made_from = source(point, papers.today, covering(store, point.history))
            if papers.kind in OF_LAST_YEAR:
                made_from = replace(made_from, before=case_before(before(point.case), point, read))
            data = make(document_of(papers.kind, made_from, papers.language))
        except Invalid as error:
            yield CaseOutcome(case, path.name, "not-ready", error.text)
            continue
        yield _written(case, path, data, dry_run=dry_run)


def _must_be_ready(stage: Stage, kind: str) -> None:
    first: Stage = "issued" if kind in LETTERS.values() else "submitted"
    order = get_args(Stage)
    if order.index(stage) < order.index(first):
        is_at, ready = STAGES[stage], STAGES[first]
        raise Invalid(
            f"当前为“{is_at.zh}”阶段，“{ready.zh}”后方可生成。",
            f"It is at stage '{is_at.en}'; this can be written from stage '{ready.en}' on.",
        )


def _written(case: str, path: Path, data: bytes, *, dry_run: bool) -> CaseOutcome:
    with translated_errors(path):
        if path.exists():
            same = path.is_file() and path.read_bytes() == data
            return CaseOutcome(
                case, path.name, "before" if same else "refused", None if same else OTHERWISE
            )
        if dry_run:
            return CaseOutcome(case, path.name, "possible")
        write(path, data, draft=path.with_name(".draft"), mode=0o644)
        sync(path.parent)
        return CaseOutcome(case, path.name, "done")
