"""The search page and its API: what an account sees is found, and of the rest not even a trace."""

import csv
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

import pytest

from ledger.codec import decode
from projections.searched_texts import texts_of
from tests.support.desks import house
from tests.support.places import Place, Places
from tests.support.terminal import CASE, record

pytestmark = pytest.mark.slow


def test_a_unit_finds_nothing_of_the_review_before_it_is_told(
    built: Mapping[str, Place], places: Places, tmp_path: Path
) -> None:
    place = places.copy(built["reviewed"])
    entries = [decode(bytes(row[4])) for row in record(place) if row[1] == CASE]
    of_review = {"reviewer", "lead-reviewer"}
    told = " ".join(
        text for one in entries if one.by.role not in of_review for _, text in texts_of(one.event)
    )
    hidden = {
        text
        for one in entries
        if one.by.role in of_review
        for _, text in texts_of(one.event)
        if len(text) < 100 and text not in told
    }
    assert len(hidden) > 20
    with house(place, tmp_path) as made:
        unit, agency = made.desk("unit-filer"), made.desk("agency-reviewer")
        nothing = unit.get("/search?q=查无此词").text.replace("查无此词", "")
        for text in sorted(hidden)[:12]:
            assert agency.get("/api/v1/search", params={"q": text}).json()["results"]
            answer = unit.get("/api/v1/search", params={"q": text})
            assert answer.json() == {"results": []}
            assert "link" not in answer.headers
            page = unit.get("/search", params={"q": text}).text
            assert "没有找到" in page
            assert "<mark>" not in page
        assert "没有找到" in nothing
        found = unit.get("/api/v1/search", params={"q": "预算"}).json()["results"]
        assert found
        assert {one["by"] for one in found} == {"unit-filer"}
        # The numbers are those of the log that the unit reads.
        log = unit.get(f"/api/v1/cases/{CASE}/log").json()["entries"]
        types = {one["version"]: (one["type"], one["dated"]) for one in log}
        assert all(types[one["version"]] == (one["type"], one["dated"]) for one in found)


def test_what_is_found_is_shown_in_its_sentence_and_leads_to_its_event(
    built: Mapping[str, Place], places: Places, tmp_path: Path
) -> None:
    with house(places.copy(built["issued"]), tmp_path) as made:
        desk = made.desk("bureau-officer")
        page = desk.get("/search?q=预算&kind=statement").text
        assert "<mark>预算</mark>" in page
        results = desk.get("/api/v1/search?q=预算&kind=statement").json()["results"]
        for one in results:
            assert f"/cases/{CASE}/log?since={one['version'] - 1}" in page
        rows = list(csv.DictReader(StringIO(desk.get("/search?q=预算&form=csv").text[1:])))
        assert len(rows) == len(desk.get("/api/v1/search?q=预算").json()["results"])
        first = desk.get("/api/v1/search?q=预算&limit=2")
        assert len(first.json()["results"]) == 2
        following = first.headers["link"].partition("<")[2].partition(">")[0]
        every = desk.get("/api/v1/search?q=预算").json()["results"]
        assert desk.get(following).json()["results"] == every[2:4]
        assert desk.get("/search").status_code == 200
        assert desk.get("/search?q=%20").status_code == 200
        assert desk.get("/api/v1/search").status_code == 400
        assert desk.get("/search?q=x&after=nowhere").status_code == 400
        assert desk.get("/search?q=x&at=v7").status_code == 400
        # Who looked at it is kept, of whom something was shown.
        assert "检索结果" in desk.get(f"/cases/{CASE}/accesses").text
        assert made.desk("administrator").get("/api/v1/search?q=预算").json() == {"results": []}
