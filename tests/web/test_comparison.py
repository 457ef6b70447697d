"""The comparison of years as a page: what the command line shows, for those who see whole cases."""

from collections.abc import Iterator
from pathlib import Path
from re import findall

import pytest

from documents.comparison_lists import DIMENSIONS, TABLES
from ledger.store import Store
from tests.projections.portfolio.test_comparison import in_two_years
from tests.support.desks import House, house
from tests.support.places import Place, Places
from tests.support.terminal import done, scoretrail

pytestmark = pytest.mark.slow


@pytest.fixture
def place(places: Places) -> Place:
    made = places.new()
    with Store.create(made.owner) as store:
        in_two_years(store)
    return made


@pytest.fixture
def pages(place: Place, tmp_path: Path) -> Iterator[House]:
    with house(place, tmp_path) as made:
        yield made


def test_page_and_command_line_show_the_same(place: Place, pages: House) -> None:
    desk = pages.desk("clerk")
    for by in DIMENSIONS:
        for table in TABLES:
            said = done(
                scoretrail(place, "portfolio", "compare", "--by", by, "--table", table, "--csv")
            )
            answer = desk.get(f"/portfolio/compare?by={by}&table={table}&form=csv")
            assert answer.text.splitlines() == said.out.splitlines()
        page = desk.get(f"/portfolio/compare?by={by}")
        assert page.status_code == 200
        assert page.text.count("data:image/svg+xml") == 3
    for case in findall(r'href="(/cases/walk-\d/log[^"]*)"', page.text):
        assert desk.get(case).status_code == 200


def test_the_api_gives_the_same_numbers_as_the_command_line(place: Place, pages: House) -> None:
    desk = pages.desk("clerk")
    for by in DIMENSIONS:
        found = desk.get(f"/api/v1/portfolio/compare?years=2023,2024&by={by}").json()
        assert (found["years"], found["by"]) == ([2023, 2024], by)
        for table, key in zip(
            TABLES, ("groups", "totals", "moves", "frequent", "bins"), strict=True
        ):
            words = ("portfolio", "compare", "--by", by, "--table", table, "--json")
            said = done(scoretrail(place, *words)).json["compare"]
            assert [without_events(row) for row in found[key]] == list(map(without_events, said))
            for row, told in zip(found[key], said, strict=True):
                events = [f"{case}@v{version}" for case, version in row.get("events", [])]
                assert " ".join(events) == told.get("events", "")
    assert desk.get("/api/v1/portfolio/compare?years=2023").json()["rule"] == "two-years"
    assert pages.desk("filer").get("/api/v1/portfolio/compare").status_code == 404


def without_events(row: dict[str, object]) -> dict[str, object]:
    """A row without what JSON has as lists and a table as words."""
    return {name: value for name, value in row.items() if not isinstance(value, list | str)}


@pytest.mark.parametrize("form", ["html", "docx", "xlsx", "pdf"])
def test_it_is_handed_out_as_a_document(pages: House, form: str) -> None:
    answer = pages.desk("clerk").get(f"/portfolio/compare?years=2023,2024&form={form}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith(f"comparison.{form}")
    assert len(answer.content) > 10_000


def test_one_year_is_no_comparison_and_the_page_says_so(pages: House) -> None:
    desk = pages.desk("clerk")
    page = desk.get("/portfolio/compare?years=2023")
    assert page.status_code == 200
    assert "至少需要两个年度" in page.text
    assert desk.get("/portfolio/compare?years=2023&form=csv").status_code == 400
    for wrong in ("years=x", "by=x", "form=exe", "table=x&form=csv", "at=v7"):
        assert desk.get(f"/portfolio/compare?{wrong}").status_code == 400, wrong


def test_who_sees_no_case_as_a_whole_finds_no_page(pages: House) -> None:
    assert pages.desk("filer").get("/portfolio/compare").status_code == 404
    assert pages.desk("other-clerk").get("/portfolio/compare?form=csv").status_code == 400
