"""Every table the program prints, at every width: no column is dropped and no value is cut."""

import ast
import inspect
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pytest

from documents.line_breaking import cell_len, widest_piece
from documents.text_table import TableColumn, TextTable, text_table
from tests.support.places import Place, Places
from tests.support.terminal import CASE, EXAMPLES, ROOT, begun, done, scoretrail

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sqlite_only("widths and words, in which the database has no part"),
]

LIFE = ROOT / "examples" / "whole-life"
RUBRIC = str(EXAMPLES / "rubric.toml")
WIDTHS = (20, 40, 60, 80, 100, 120, 200)
READS = {
    "reference": (
        ("score", CASE),
        ("score", CASE, "--at", "self"),
        ("explain", CASE, "output-goals"),
        ("explain", CASE, "asset-utilisation"),
        ("bridge", CASE, "--chart"),
        ("bridge", CASE, "--baseline", "review-table"),
        ("log", CASE),
        ("log", CASE, "--indicator", "e-contracts"),
        ("replay", CASE),
        ("check", CASE),
        ("check", CASE, "--all"),
        ("evidence", "list", CASE),
        ("source", "list", CASE),
        ("rubric", "list"),
        ("rubric", "show", RUBRIC),
        ("rubric", "show", RUBRIC, "--verbose"),
        ("rubric", "check", RUBRIC),
        ("rubric", "diff", RUBRIC, str(EXAMPLES.parent / "nested-blocks" / "rubric.toml")),
        ("portfolio", "scores", "--indicator", "output-goals"),
        ("portfolio", "adjustments"),
        ("portfolio", "adjustments", "--list"),
        ("portfolio", "compare", "--years", "2022,2023"),
        ("search", "预算"),
    ),
    "whole-life": (
        ("score", "parks-2022"),
        ("log", "parks-2022"),
        ("check", "parks-2022"),
        ("case", "list"),
        ("case", "show", "parks-2022"),
        ("account", "list"),
        ("account", "key", "list"),
        ("appeal", "list"),
        ("rectify", "status"),
        ("rectify", "status", "parks-2022"),
        ("portfolio", "scores"),
        ("portfolio", "adjustments", "--by", "clause", "--by", "reviewer"),
        ("portfolio", "rectification"),
        ("portfolio", "work"),
        ("archive", "list"),
    ),
}
ELSEWHERE = {
    ("apply.py", "apply"),
    ("by_list.py", "report"),
    ("case.py", "next_"),
    ("case.py", "repin"),
    ("countersigning.py", "_sign"),
    ("demo.py", "print_story"),
    ("fleet.py", "_way"),
    ("fleet.py", "run"),
    ("import_table.py", "import_table"),
    ("log.py", "replay"),
    ("rubric.py", "draft"),
}
"""Tables about what is being recorded, or about several ledgers, or in CSV alone."""
APART = r"\s()\[\]{}\u2014\u2018-\u201d\u2026\u2e80-\uffef"
WORD = re.compile(rf"[^{APART}]*[0-9A-Za-z][^{APART}]*")
"""What has no Chinese in it: a number with its sign, a date, a name, a digest."""


@pytest.fixture(scope="module")
def ledgers(
    built: Mapping[str, Place], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Place]]:
    """Not to be written to."""
    with Places(tmp_path_factory.mktemp("lives"), None) as places:
        life = begun(places.new(), "2023-03-01")
        for file in sorted(LIFE.glob("[1-9]-*.toml")):
            done(scoretrail(life, "apply", str(file)))
        yield {"reference": places.copy(built["issued"]), "whole-life": life}


class Printed(NamedTuple):
    """A table that a command has printed, and where in the program that was."""

    file: str
    function: str
    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[str]]
    colon: str


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[Printed]:
    """What commands print from here on."""
    tables: list[Printed] = []

    def laid_out(
        columns: Sequence[TableColumn], rows: Sequence[Sequence[str]], room: int, colon: str
    ) -> TextTable:
        caller = inspect.stack(context=0)[2]
        file = caller.filename.rpartition("/")[2]
        tables.append(Printed(file, caller.function, columns, rows, colon))
        return text_table(columns, rows, room, colon)

    monkeypatch.setattr("cli.table.text_table", laid_out)
    return tables


def lines(table: Printed, width: int) -> str:
    made = text_table(table.columns, table.rows, width, table.colon)
    return "\n".join([*made.headings, *made.body])


def words_of(text: str) -> Counter[str]:
    return Counter(word.rstrip(":") for word in WORD.findall(text))


def signs_of(text: str) -> Counter[str]:
    return Counter("".join(text.replace("─", "").split()))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("ledger", READS)
def test_every_value_of_the_wide_output_is_whole_in_the_narrow_one(
    ledger: str, lang: str, ledgers: Mapping[str, Place], printed: list[Printed]
) -> None:
    for words in READS[ledger]:
        done(scoretrail(ledgers[ledger], *words, lang=lang))

    for table in printed:
        wide = lines(table, 1_000_000)
        for width in WIDTHS:
            narrow = lines(table, width)
            assert words_of(wide) <= words_of(narrow), (table.function, width)
            assert signs_of(wide) <= signs_of(narrow), (table.function, width)


def test_these_are_all_the_tables_there_are(
    ledgers: Mapping[str, Place], printed: list[Printed]
) -> None:
    """A table that is new to the program comes into the list above, or this fails."""
    for ledger, reads in READS.items():
        for words in reads:
            done(scoretrail(ledgers[ledger], *words))

    assert {(table.file, table.function) for table in printed} == set(printers()) - ELSEWHERE


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [40, 80])
def test_the_width_is_what_columns_says(
    width: int, lang: str, ledgers: Mapping[str, Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shown = done(scoretrail(ledgers["reference"], "explain", CASE, "output-goals", lang=lang)).out

    for line in shown.splitlines():
        assert cell_len(line) <= max(width, widest_piece(line) + 2), line


def printers() -> Iterator[tuple[str, str]]:
    """The functions that print a table, each with its file."""
    for path in (ROOT / "cli").glob("*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
                if "print_rows" in {getattr(call.func, "id", "") for call in calls}:
                    yield path.name, function.name
