"""A whole life of a case, each act by the person whose it is, in a browser and by command line."""

import tomllib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import Desk, served
from tests.support.desks import house
from tests.support.examples import EXAMPLES
from tests.support.places import Place
from tests.support.terminal import done, entries, scoretrail

pytestmark = [
    pytest.mark.sqlite_only("pages of one ledger; tests/web has both"),
    pytest.mark.slow,
]

EXAMPLE: Final = EXAMPLES / "whole-life"
CASE: Final = "parks-2022"
OF_THE_HOUSE: Final = {"open-account", "publish-rubric", "open-case"}
ADMINISTRATOR: Final = "administrator"
Fields = dict[str, Any]


@pytest.fixture
def ledgers(tmp_path: Path) -> tuple[Place, Place]:
    """Two ledgers with nobody but their administrator in them."""
    made = []
    for name in ("browser", "terminal"):
        beside = tmp_path / f"{name}.db"
        place = Place(str(beside), str(beside), beside)
        done(scoretrail(place, "--dated", "2023-03-01", "init"))
        made.append(place)
    return made[0], made[1]


def commands() -> Iterator[tuple[str, str, str, Fields]]:
    """Account, business date, act and fields of everything that happens, in order."""
    for path in sorted(EXAMPLE.glob("[1-9]-*.toml")):
        file = tomllib.loads(path.read_text(encoding="utf-8"))
        for command in file["command"]:
            account = command.pop("as", file.get("as"))
            dated = command.pop("dated", file.get("dated"))
            yield account, str(dated), command.pop("do"), command


def test_a_life_in_the_browser_is_the_life_by_command_line(
    ledgers: tuple[Place, Place], tmp_path: Path, chromium: Browser
) -> None:
    seen, written = ledgers
    for path in sorted(EXAMPLE.glob("[1-9]-*.toml")):
        done(scoretrail(written, "apply", str(path)))

    with house(seen, tmp_path) as made, served(made, chromium) as office:
        desks: dict[str, Desk] = {}
        for account, dated, do, fields in commands():
            desk = desks.get(account) or desks.setdefault(account, office.desk(account))
            acts(desk, dated, do, fields)
        for desk in desks.values():
            assert desk.errors == []

    for stream in ("register:accounts", "rubric:parks", CASE):
        assert [told(entry) for entry in entries(seen, stream)] == [
            told(entry) for entry in entries(written, stream)
        ]
    assert len(entries(seen, CASE)) > 60
    assert done(scoretrail(seen, "verify")).code == 0
    assert (
        scoretrail(seen, "score", CASE, "--json").json["award"]
        == scoretrail(written, "score", CASE, "--json").json["award"]
    )


def told(entry: Fields) -> tuple[object, ...]:
    """What an entry records, without when it was typed and through which door."""
    return entry["type"], entry["data"], entry["by"]["account"], entry["dated"]


def acts(desk: Desk, dated: str, do: str, fields: Fields) -> None:
    """Somebody opens the page of an act, fills it in and presses the button."""
    of_the_house = do in OF_THE_HOUSE
    page = desk.goes_to(f"/acts/{do}" if of_the_house else f"/cases/{CASE}/acts/{do}")
    if do == "open-case":
        fields = {"case": CASE, **fields}
    for name, value in flat(fields):
        fill(page, name, value)
    page.fill("[name=dated]", dated)
    asked = page.url
    page.click("button.main")
    page.wait_for_url(lambda url: url != asked)


def flat(fields: Fields) -> Iterator[tuple[str, Any]]:
    """The fields as a page has them: those of a figure side by side, an award for each row."""
    for name, value in fields.items():
        if name == "figure" and isinstance(value, dict):
            yield "figure_id", value.pop("id")
            yield from value.items()
        elif name == "awards":
            yield from ((f"awards:{award['indicator']}", award["award"]) for award in value)
        elif name == "evidence":
            yield name, [sha256((EXAMPLE / file).read_bytes()).hexdigest() for file in value]
        else:
            yield name, value


def fill(page: Page, name: str, value: Any) -> None:  # noqa: ANN401 - as the file has it
    """Fill in one field, whatever it is."""
    field = page.locator(f':not(button)[name="{name}"]')
    expect(field).not_to_have_count(0)
    kind = field.first.evaluate("field => field.type")
    if kind == "file":
        field.set_input_files(EXAMPLE / value)
    elif kind == "select-one":
        field.select_option(str(value))
    elif kind == "checkbox":
        for each in value if isinstance(value, list) else [value]:
            page.check(f'[name="{name}"][value="{each}"]')
    else:
        field.fill("\n".join(value) if isinstance(value, list) else str(value))
