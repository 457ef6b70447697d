"""Every item of the two documents of the reference case is held as it is printed, or says why not.

Neither document is here, so what a person has read is what the list says; that the case holds it,
and holds nothing else, is what these tests see to.
"""

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec
import pytest

from cli.demo import EXAMPLES
from docs.reference_items import BEARS_ON, DOCUMENTS, RUBRIC, Item, items, recorded, title
from ledger.events import DocumentRegistered, Event

pytestmark = pytest.mark.sqlite_only("documentation of an example, made in a file of its own")

NUMBER = re.compile(r"(?<![\d.])\d+(?:,\d{3})*(?:\.\d+)?(?![\d.])")
POINTERS = ("id", "indicator", "item", "cites", "source", "evidence", "clause")


@cache
def rows() -> dict[str, Any]:
    """The rows of the rubric, its bonus, its penalty and its bands."""
    rubric = tomllib.loads((EXAMPLES / "rubric.toml").read_text(encoding="utf-8"))
    extras = {rubric[kind]["id"]: rubric[kind] for kind in ("bonus", "penalty")}
    return {**{row["id"]: row for row in rubric["indicator"]}, **extras, "bands": rubric["band"]}


@cache
def held() -> dict[str, list[Any]]:
    """What each name in the list stands for, as plain data."""
    found = {f"{RUBRIC}{row}": [data] for row, data in rows().items()}
    for one in recorded():
        stated = {**msgspec.to_builtins(one.event, str_keys=True), "dated": one.dated}
        found.setdefault(title(one.event), []).append(stated)
    return found


def texts(data: object) -> Iterator[str]:
    """Everything that is stated in plain data, apart from what points elsewhere."""
    match data:
        case dict():
            for name, each in data.items():
                if name not in POINTERS:
                    yield from texts(each)
        case list() | tuple():
            for each in data:
                yield from texts(each)
        case _:
            yield str(data)


def states(data: object, figure: str) -> bool:
    """Whether it is there: a number as a number of its own, anything else as it is written."""
    if not NUMBER.fullmatch(figure):
        return any(figure in text for text in texts(data))
    numbers = (number for text in texts(data) for number in NUMBER.findall(text))
    return any(Decimal(number.replace(",", "")) == Decimal(figure) for number in numbers)


def test_every_item_is_held_or_says_why_it_is_left_out() -> None:
    assert [item for item in items() if bool(item.held_by) == bool(item.left_out)] == []
    assert {word for item in items() for word in item.bears_on} == BEARS_ON.keys()


def test_whatever_holds_an_item_is_there_once() -> None:
    named = {name for item in items() for name in item.held_by}

    assert {name: len(held().get(name, [])) for name in named} == dict.fromkeys(named, 1)


def test_what_an_item_states_is_in_what_holds_it() -> None:
    missing = [
        (item.place, item.says, figure)
        for item in items()
        for figure in item.figures
        if not states([held()[name] for name in item.held_by], figure)
    ]

    assert missing == []


def test_what_holds_an_item_cites_its_place() -> None:
    elsewhere = [item for item in items() if (places := cited(item)) and not is_at(item, places)]

    assert elsewhere == []


def cited(item: Item) -> list[dict[str, str]]:
    """The places that the events which hold an item cite."""
    events = [one for name in item.held_by if not name.startswith(RUBRIC) for one in held()[name]]
    return [citation for event in events for citation in event.get("cites", ())]


def is_at(item: Item, places: list[dict[str, str]]) -> bool:
    """Whether one of them is where the item is, or within, or around it."""
    return any(
        one["document"] == item.document
        and (one["place"].startswith(item.place) or item.place.startswith(one["place"]))
        for one in places
    )


def test_nearly_all_that_matters_is_held() -> None:
    matter = [item for item in items() if item.bears_on]
    left_out = [item for item in matter if not item.held_by]

    assert len(left_out) * 20 <= len(matter)


def test_nothing_is_in_the_case_that_no_item_names() -> None:
    named = {name for item in items() for name in item.held_by}

    assert [
        title(one.event)
        for one in recorded()
        if title(one.event) not in named and not one.event.undocumented
    ] == []


def cites(event: Event) -> bool:
    """Whether it says where it is printed."""
    return bool(msgspec.to_builtins(event).get("cites"))


def test_every_event_says_where_it_is_printed_or_that_no_document_records_it() -> None:
    unstated = [
        title(one.event)
        for one in recorded()
        if not one.event.undocumented and not cites(one.event)
    ]

    assert unstated == []


def test_places_stand_in_the_documents_that_are_registered() -> None:
    parts = {
        one.event.document: one.event.parts
        for one in recorded()
        if isinstance(one.event, DocumentRegistered)
    }

    assert parts.keys() == DOCUMENTS.keys()
    for item in items():
        assert any(item.place.startswith(part) for part in parts[item.document]), item
