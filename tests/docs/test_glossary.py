"""The glossary gives one word for one, names what the code has, and agrees with `terms.py`."""

import re
from typing import Final

from docs import generate
from ledger import terms
from ledger.language import Text

HOUSE: Final = ("ledger", "projections", "documents", "intake", "application", "cli", "web")
PAGE: Final = (generate.DOCS / "glossary.md").read_text(encoding="utf-8")
ROWS: Final = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| 中文")
]


def test_each_term_is_there_once_in_both_languages() -> None:
    assert len(ROWS) > 30
    for column in (0, 1):
        words = [row[column] for row in ROWS]
        assert len(words) == len({*words})


def test_no_term_has_another_word_for_people() -> None:
    english = {text.zh: text.en.lower() for text in vars(terms).values() if isinstance(text, Text)}
    assert [row[:2] for row in ROWS if english.get(row[0], row[1]) != row[1]] == []


def test_the_names_are_those_of_the_code() -> None:
    source = "\n".join(
        f"{path.stem}\n{path.read_text(encoding='utf-8')}"
        for folder in HOUSE
        for path in (generate.DOCS.parent / folder).rglob("*.py")
    )
    names = {name for row in ROWS for name in re.findall(r"\w+", " ".join(row[2].split("`")[1::2]))}
    assert {name for name in names if not re.search(rf"\b{name}\b", source)} == set()
