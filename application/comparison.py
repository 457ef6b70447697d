"""The comparison of years (年度比较) with the names of its rows, and as a document."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from application.clock import Clock
from application.look import rubrics
from application.paper import ask_for_paper
from application.portfolio import CaseFilter, portfolio
from application.written_file import write_whole
from documents.comparison import comparison_document
from documents.formats import printer
from documents.page import Document
from ledger.editions import Editions
from ledger.language import Language, Text, in_language
from ledger.store import Store
from ledger.values import Instant, instant, year_of
from projections.portfolio.cases import CHOSEN
from projections.portfolio.comparison import Comparison
from projections.rubric_view import row_names

__all__ = ["Comparison", "names_of_rows", "paper_of", "write_comparison", "years_typed"]


def years_typed(text: str) -> list[int]:
    """The years that somebody names: `2023,2024`; none where nothing is typed.

    Raises:
        Invalid: something else.
    """
    return [year_of(part.strip()) for part in text.replace("，", ",").split(",") if part.strip()]


def names_of_rows(read: Collection[Editions]) -> dict[str, str]:
    """What the indicators of rubrics are called, in the newest edition that has them."""
    every = [editions.rubric(edition) for editions in read for edition in editions.published]
    return {row: name for rubric in every for row, name in row_names(rubric).items()}


def paper_of(
    found: Comparison,
    names: Mapping[str, str],
    language: Language,
    note: tuple[int, int],
    made: Instant,
) -> Document:
    """The document of a comparison.

    Args:
        found: the comparison.
        names: of the indicators.
        language: of its words.
        note: how many events of the log it counts, and how many there are.
        made: the instant that the file states.
    """
    taken, size = note
    until = Text(
        f"由记录生成，截至日志第{taken}条（现有{size}条）。",
        f"From the record: {taken} of {size} events of the log.",
    )
    return comparison_document(found, names, language, in_language(until, language), made)


def write_comparison(
    store: Store, output: Path, clock: Clock, language: Language, asked: Mapping[str, Any]
) -> None:
    """Write a comparison as a document, in the format of the file's name.

    Args:
        store: of the ledger.
        output: where to.
        clock: what the file says when it was made.
        language: of its words.
        asked: which cases, as `CaseFilter` has them, at which `label`, by which `dimension`.

    Raises:
        Invalid: no such format, there are no two years, or it cannot be written there.
        ExtraMissing: the packages that make it are not installed.
    """
    ask_for_paper(output)
    chosen = CaseFilter(**{name: asked[name] for name in CHOSEN})
    with portfolio(store, asked["label"], chosen) as tables:
        found = tables.comparison(asked["dimension"])
        note = tables.place.taken, tables.place.size
    names = names_of_rows(rubrics(store).values())
    paper = paper_of(found, names, language, note, instant(clock()))
    write_whole(output, [printer(output.suffix)(paper)])
