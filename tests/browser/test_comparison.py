"""The comparison of years in a browser: nothing hinders, and each picture says what it shows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ledger.store import Store
from tests.projections.portfolio.test_comparison import in_two_years
from tests.support.browser import Office, served
from tests.support.desks import house
from tests.support.places import Places

pytestmark = [pytest.mark.sqlite_only("pages of one ledger; tests/web has both")]


@pytest.fixture
def office(places: Places, tmp_path: Path, chromium: Browser) -> Iterator[Office]:
    """Two years of two units."""
    place = places.new()
    with Store.create(place.owner) as store:
        in_two_years(store)
    with house(place, tmp_path) as made, served(made, chromium) as open_:
        yield open_


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_charts_and_tables_are_for_everybody(office: Office, scheme: str, width: int) -> None:
    looks = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    desk = office.desk("clerk", **looks)
    for by in ("unit", "indicator"):
        page = desk.goes_to(f"/portfolio/compare?by={by}")
        assert desk.hindrances() == [], by
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        charts = page.locator("figure.chart img")
        told = [chart.get_attribute("alt") or "" for chart in charts.all()]
        assert len(told) == 3
        assert all(len(words) > 10 for words in told)
        assert page.evaluate(
            "[...document.querySelectorAll('figure.chart img')]"
            ".every((i) => i.naturalWidth > 0 && i.clientWidth >= i.naturalWidth)"
        )  # in its own size, so that its words can be read: a telephone scrolls it
    assert desk.errors == []
