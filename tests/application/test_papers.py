"""The papers of a year: each is there whole or not at all, and what is there is left as it is."""

from datetime import date
from pathlib import Path

import pytest

from application.case_outcome import CaseOutcome
from application.papers import Papers, cases_of, write_papers
from ledger.store import Store
from ledger.values import Invalid
from tests.support.interruption import interruptions
from tests.support.places import Place
from tests.support.terminal import CASE

LETTERS = Papers("result-letter", ".html", "zh", date(2025, 1, 6))
NAME = f"{CASE}-result-letter.html"


def written(ledger: Place, folder: Path) -> list[CaseOutcome]:
    with Store.open(ledger.target) as store:
        return list(write_papers(store, LETTERS, cases_of(store, 2023), folder))


def test_a_paper_is_there_whole_or_not_at_all_whenever_it_is_interrupted(
    issued: Place, tmp_path: Path
) -> None:
    written(issued, tmp_path / "whole")
    whole, folder = (tmp_path / "whole" / NAME).read_bytes(), tmp_path / "letters"
    last: list[CaseOutcome] = []

    stops = 0
    for _ in interruptions(lambda: last.extend(written(issued, folder))):
        stops += 1
        assert not (folder / NAME).exists() or (folder / NAME).read_bytes() == whole

    assert stops > 3
    assert (folder / NAME).read_bytes() == whole
    assert [outcome.result for outcome in last] in (["done"], ["before"])


def test_a_year_without_cases_has_no_papers(issued: Place) -> None:
    with Store.open(issued.target) as store, pytest.raises(Invalid, match="1999"):
        cases_of(store, 1999)
