"""Data of a fleet (多个记录库的数据): exports of each ledger, and questions over all of them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from msgspec import Struct

from documents.fleet_lists import COLUMNS, COMPARED, FLEET_COLUMNS, HABITS, grouped_by
from documents.lists import ListColumn, Row
from documents.parquet_file import FORMAT, SUFFIX
from documents.portfolio_lists import GROUPED_BY
from ledger.log.checkpoint import SignedCheckpoint
from ledger.values import Invalid
from projections.as_of import moment_over_cases
from projections.portfolio.adjustments import AwardFilter
from projections.portfolio.cases import CHOSEN, CaseFilter
from projections.portfolio.exported_views import FILES
from projections.portfolio.exports import DIMENSIONS, GROUPS, ExportsPortfolio, not_whole

__all__ = [
    "BY",
    "DIMENSIONS",
    "FLEET_COLUMNS",
    "QUESTIONS",
    "TABLES",
    "ask_fleet",
    "folders_in",
]

BY, TABLES = tuple(GROUPS), tuple(COMPARED)
OF: Final = "origin="
"""How the folder of a ledger's export begins; the name of its log follows, as in a URL."""


def folder_of(folder: Path, origin: str) -> Path:
    """The export of a ledger among others."""
    return folder / f"{OF}{quote(origin, safe='')}"


def folders_in(folder: Path) -> list[Path]:
    """The exports in a folder."""
    return sorted(folder.glob(f"{OF}*"))


class Head(Struct, frozen=True):
    """The checkpoint of an export."""

    origin: str
    size: int
    root: str


class FleetList(NamedTuple):
    """The answer to a question over exports; its rows can be gone through once.

    Attributes:
        heads: the checkpoints that it rests on.
    """

    columns: Sequence[ListColumn]
    rows: Iterable[Row]
    heads: list[Head]


def ask_fleet(question: str, folders: Sequence[Path], options: dict[str, Any]) -> FleetList:
    """Ask the exports of a fleet.

    Args:
        question: of `QUESTIONS`.
        folders: one of each ledger.
        options: which cases and awards, at which point, how they are grouped, the day of asking
            and the language.

    Raises:
        ExtraMissing: a library is not installed.
        Invalid: no such point, no export, or one that is not whole.
    """
    chosen = CaseFilter(**{name: options[name] for name in CHOSEN})
    found = ExportsPortfolio(folders, moment_over_cases(options["label"]), chosen)
    footers = found.footers([own / f"{name}{SUFFIX}" for own in folders for name in FILES])
    heads = [_head(own, [footers[own / f"{name}{SUFFIX}"] for name in FILES]) for own in folders]
    columns, rows = QUESTIONS[question](found, options)
    every = _closing(found, rows)
    first = [*islice(every, 1)]  # which shows what is wrong before anything is written
    if any(column.name not in row for row in first for column in columns):
        raise not_whole()
    return FleetList(columns, chain(first, every), heads)


def _head(folder: Path, said: Collection[Mapping[str, str]]) -> Head:
    """The checkpoint of an export, if all its files have the same in their footers."""
    notes = {each.get("checkpoint") if each.get("format") == FORMAT else None for each in said}
    note = notes.pop() if len(said) == len(FILES) else None
    if notes or note is None:
        raise Invalid(
            f"{folder}：各文件不是同一次导出的。请重新导出",
            f"{folder}: its files are not of one export; export it again",
        )
    checkpoint = SignedCheckpoint.parse(note.encode()).checkpoint
    return Head(checkpoint.origin, checkpoint.head.size, checkpoint.head.root.hex())


def _closing(found: ExportsPortfolio, rows: Iterable[Row]) -> Iterator[Row]:
    with closing(found):
        yield from rows


_Answer = tuple[Sequence[ListColumn], Iterable[Row]]


def _awards(options: Mapping[str, Any]) -> AwardFilter:
    discretion = options["discretion"]
    return AwardFilter(
        reviewers=options["reviewers"],
        clauses=options["clauses"],
        discretion=None if discretion is None else discretion == "yes",
        decided_by=options["deciders"],
    )


def _adjustments(found: ExportsPortfolio, options: Mapping[str, Any]) -> _Answer:
    by = options["by"] or GROUPED_BY
    rows = found.adjustments(by, _awards(options), options["indicators"])
    return (*grouped_by(by), *HABITS), rows


def _deductions(found: ExportsPortfolio, options: Mapping[str, Any]) -> _Answer:
    by = options["by"] or GROUPED_BY[:1]
    rows = found.deductions(by, _awards(options), options["indicators"])
    return (*grouped_by(by), *COLUMNS["deductions"]), rows


def _compare(found: ExportsPortfolio, options: Mapping[str, Any]) -> _Answer:
    tables: Mapping[str, Callable[[], Iterator[Row]]] = {
        "groups": lambda: found.groups(options["dimension"]),
        "totals": found.totals,
        "frequent": found.frequent,
        "distribution": found.distribution,
    }
    return COMPARED[options["table"]], tables[options["table"]]()


QUESTIONS: Final[Mapping[str, Callable[[ExportsPortfolio, Mapping[str, Any]], _Answer]]] = {
    "scores": lambda found, _: (COLUMNS["scores"], found.scores()),
    "ranking": lambda found, _: (COLUMNS["ranking"], found.ranking()),
    "adjustments": _adjustments,
    "deductions": _deductions,
    "compare": _compare,
    "rectification": lambda found, asked: (
        COLUMNS["rectification"],
        found.rectification(asked["today"]),
    ),
    "work": lambda found, asked: (
        COLUMNS["work"],
        found.work(asked["today"], asked["language"]),
    ),
}
"""What exports can be asked, each as the portfolio of one ledger is."""
