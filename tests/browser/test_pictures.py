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
    "act": Picture("bureau-officer", f"/cases/{CASE}/acts/correct-result", "更正"),
}


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
    kept = FOLDER / f"{name}.png"
    if os.environ.get("PICTURES"):
        kept.write_bytes(shown)
    assert size(kept.read_bytes()) == size(shown)
    assert f"](pictures/{name}.png)" in PAGE.read_text(encoding="utf-8")


def size(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG (ISO/IEC 15948, 11.2.2)."""
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def test_no_picture_is_kept_that_nobody_makes() -> None:
    assert {path.stem for path in FOLDER.glob("*.png")} == PICTURES.keys()


def test_pictures_are_small_enough_for_a_repository() -> None:
    assert sum(path.stat().st_size for path in Path(FOLDER).glob("*.png")) < 1_500_000
