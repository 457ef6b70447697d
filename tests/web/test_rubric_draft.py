"""A rubric from a table, by the page: shown with its sentences, corrected, checked, published."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.desks import House, house
from tests.support.drafts import answered
from tests.support.places import Place
from tests.support.terminal import record

pytestmark = pytest.mark.sqlite_only("it is about a page; tests/cli/test_rubric has both")

HERE = "/rubric-draft"
HEADINGS = "一级指标,三级指标,{},评分标准\n"
ROWS = (
    "过程,预算执行率,10,执行率达到95%得满分，每低1个百分点扣0.5分，扣完为止。\n"
    "过程,资金合规性,40,每发现一处不合规扣2分，扣完为止。\n"
    "产出,验收合格,50,验收全部合格得满分，否则酌情扣分。\n"
)


@pytest.fixture
def pages(opened: Place, tmp_path: Path) -> Iterator[House]:
    with house(opened, tmp_path) as made:
        yield made


def draft(desk: TestClient, text: str) -> Any:  # noqa: ANN401 - an answer
    return desk.post(HERE, files={"file": ("指标表.csv", text.encode(), "text/csv")})


def source(text: str) -> str:
    """The file that the page holds, to be corrected."""
    return unescape(text.partition('<textarea id="source"')[2].partition(">\n")[2]).partition(
        "</textarea>"
    )[0]


def test_a_table_becomes_a_published_rubric(pages: House, opened: Place) -> None:
    before, desk = len(record(opened)), pages.desk("bureau-officer")
    shown = draft(desk, HEADINGS.format("分值") + ROWS)
    assert shown.status_code == 200, shown.text
    marked = re.findall(r"<mark>(.*?)</mark>", shown.text)
    assert marked == ["执行率达到95%得满分,每低1个百分点扣0.5分", "每发现1处不合规扣2分"]
    assert "由人掌握" in shown.text  # nothing is made of the third, and why
    assert "没有写明" in shown.text

    # As drafted, it cannot be published, whatever is pressed; each line that hinders is told.
    early = desk.post(f"{HERE}/check", data={"source": source(shown.text), "record": "1"})
    assert (early.status_code, "drafted" in early.text) == (422, True)
    assert len(record(opened)) == before

    mended = answered(source(shown.text), id='"from-a-table"')
    checked = desk.post(f"{HERE}/check", data={"source": mended})
    assert 'name="record"' in checked.text
    assert "每发现" in checked.text
    assert source(desk.get(HERE).text) == mended  # it is there again, another day
    assert desk.get(f"{HERE}?form=toml").text == mended
    done = desk.post(f"{HERE}/check", data={"source": mended, "record": "1", "key": "k"})
    assert done.status_code == 303, done.text
    assert done.headers["location"] == "/rubrics/from-a-table?edition=2031-1"
    assert [row[3] for row in record(opened)[before:]] == ["RubricPublished"]
    assert "资金合规性" in desk.get(done.headers["location"]).text
    assert source(desk.get(HERE).text) == ""


def test_who_may_not_publish_drafts_and_takes_the_file_along(pages: House, opened: Place) -> None:
    before, desk = len(record(opened)), pages.desk("agency-reviewer", "en")
    mended = answered(source(draft(desk, HEADINGS.format("分值") + ROWS).text))
    checked = desk.post(f"{HERE}/check", data={"source": mended})
    assert "it can be published" in checked.text
    assert 'name="record"' not in checked.text
    told = desk.post(f"{HERE}/check", data={"source": mended, "record": "1"})
    assert told.status_code == 422
    assert source(told.text) == mended
    assert len(record(opened)) == before


def test_a_column_that_is_not_understood_is_said_in_place(pages: House) -> None:
    desk = pages.desk("bureau-officer", "en")
    rows = [line.split(",") for line in ROWS.splitlines()]
    text = "".join(f"{a},{b},{weight},9,{said}\n" for a, b, weight, said in rows)
    shown = draft(desk, HEADINGS.format("核定数,得分") + text)
    assert shown.status_code == 422
    assert "None of the columns" in shown.text
    assert source(shown.text) == ""
    (upload,) = re.findall(r'name="upload" value="([0-9a-f]+)"', shown.text)
    columns = dict(re.findall(r'name="was:([A-Z]+)" value="([^"]*)"', shown.text))
    given = {f"{kind}:{at}": role for kind in ("was", "column") for at, role in columns.items()}
    again = desk.post(HERE, data={"upload": upload, **given, "column:C": "weight"})
    assert again.status_code == 200, again.text
    assert 'weight = "40"' in source(again.text)


@pytest.mark.parametrize("content", ["", "只有一句话", "\0\1"])
def test_what_is_no_table_is_told(pages: House, content: str) -> None:
    told = draft(pages.desk("unit-filer"), content)
    assert told.status_code == 422
    assert 'id="problem"' in told.text
