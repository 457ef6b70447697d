"""The pictures of the chapter on pages: made here, so that they show what people will see.

    PICTURES=1 .venv/bin/pytest tests/browser/test_pictures.py     # makes them anew

Each test looks at a page as its picture shows it. A picture is not compared dot by dot, which
would only tell one browser's letters from another's; what it shows is what the page says.
"""

import os
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import Office, served
from tests.support.desks import house
from tests.support.places import Place
from tests.support.terminal import CASE, ROOT

pytestmark = [pytest.mark.sqlite_only("pages of one ledger; tests/web has both")]

PAGE: Final = ROOT / "docs" / "pages.md"
FOLDER: Final = ROOT / "docs" / "pictures"
WIDTH: Final = 1100


class Picture(NamedTuple):
    """What a picture shows: who looks at which address, and words that stand there."""

    account: str
    address: str
    says: str


PICTURES: Final[Mapping[str, Picture]] = {
    "work": Picture("bureau-officer", "/", "待办"),
    "sheet": Picture("bureau-officer", f"/cases/{CASE}", "93.89"),
    "bridge": Picture("bureau-officer", f"/cases/{CASE}/bridge", "100.00"),
    "row": Picture("bureau-officer", f"/cases/{CASE}/indicators/output-goals", "产出指标完成情况"),
    "log": Picture("bureau-officer", f"/cases/{CASE}/log?indicator=output-goals", "output-goals"),
    "accesses": Picture("bureau-officer", f"/cases/{CASE}/accesses", "查看记录"),
    "register-log": Picture("administrator", "/register/log", "开设账号"),
    "act": Picture("bureau-officer", f"/cases/{CASE}/acts/correct-result", "更正"),
}
INDICATORS: Final = """一级指标,三级指标,分值,评分标准
过程,预算执行率,10,执行率达到95%得满分，每低1个百分点扣0.5分，扣完为止。
过程,资金合规性,40,每发现一处不合规扣2分，扣完为止。
产出,验收合格,50,验收全部合格得满分，否则酌情扣分。
"""
REVIEWED: Final = """三级指标,分值,核查得分,得扣分原因
部门预算资金支出率,10,9.00,支出率未达标
预算编制约束性,4,4.00,
无此项,3,3.00,
"""
OF_TABLES: Final[Mapping[str, tuple[Picture, str]]] = {
    "rubric-draft": (
        Picture("bureau-officer", "/rubric-draft", "每发现1处不合规扣2分"),
        INDICATORS,
    ),
    "table": (Picture("agency-reviewer", f"/cases/{CASE}/table", "支出率未达标"), REVIEWED),
}
"""The same of pages that somebody hands a table to."""


@pytest.fixture(scope="module")
def archive(
    built: Mapping[str, Place], tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> Iterator[Office]:
    """The whole reference case."""
    with (
        house(built["issued"], tmp_path_factory.mktemp("logins")) as made,
        served(made, chromium) as office,
    ):
        yield office


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_shows_what_the_page_says(archive: Office, name: str) -> None:
    account, address, says = PICTURES[name]
    desk = archive.desk(account, viewport={"width": WIDTH, "height": 760})
    page = desk.goes_to(address)
    expect(page.locator("main")).to_contain_text(says)
    shown = page.screenshot()
    hold(name, shown)


def hold(name: str, shown: bytes) -> None:
    """See that a picture is kept and shown, or keep it where that is asked for."""
    kept = FOLDER / f"{name}.png"
    if os.environ.get("PICTURES"):
        kept.write_bytes(shown)
    assert size(kept.read_bytes()) == size(shown)
    assert f"](pictures/{name}.png)" in PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def reviewing(
    built: Mapping[str, Place], tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> Iterator[Office]:
    """The case as the agency gets it. Tables are looked over in it, and nothing is recorded."""
    with (
        house(built["submitted"], tmp_path_factory.mktemp("logins")) as made,
        served(made, chromium) as office,
    ):
        yield office


@pytest.mark.parametrize("name", OF_TABLES)
def test_a_picture_shows_what_is_made_of_a_table(
    reviewing: Office, tmp_path: Path, name: str
) -> None:
    (account, address, says), table = OF_TABLES[name]
    desk = reviewing.desk(account, viewport={"width": WIDTH, "height": 760})
    page, file = desk.goes_to(address), tmp_path / "评分表.csv"
    file.write_text(table, encoding="utf-8")
    page.set_input_files("#file", file)
    page.click("form.upload button.main")
    expect(page.locator("main")).to_contain_text(says)
    page.evaluate("scrollTo(0, 0)")
    hold(name, page.screenshot())


def size(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG (ISO/IEC 15948, 11.2.2)."""
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def test_no_picture_is_kept_that_nobody_makes() -> None:
    made = {path.stem for path in FOLDER.glob("*.png")}
    assert made == PICTURES.keys() | OF_TABLES.keys()


def test_pictures_are_small_enough_for_a_repository() -> None:
    assert sum(path.stat().st_size for path in Path(FOLDER).glob("*.png")) < 1_500_000
