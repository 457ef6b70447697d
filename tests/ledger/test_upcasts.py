import json
from typing import Any

import pytest
import rfc8785

from ledger import codec, upcasts
from ledger.codec import UnreadableEntry, decode, encode
from ledger.events import ResultPublished
from ledger.upcasts import UPCASTS, Upcast, current_version, upcast
from tests.support.golden_files import sample

NEWEST = encode(sample("ResultPublished"))  # data: {"place": …}


def v1_calls_the_place_where(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 did not know the word `place`."""
    return {"where": data["url"], **{key: data[key] for key in data if key != "url"}}


def v2_becomes_v3(data: dict[str, Any]) -> dict[str, Any]:
    """Version 2 called it `where`."""
    return {"place": data["where"], **{key: data[key] for key in data if key != "where"}}


@pytest.fixture
def third_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if ResultPublished had been changed twice."""
    table: dict[tuple[str, int], Upcast] = {
        ("ResultPublished", 1): v1_calls_the_place_where,
        ("ResultPublished", 2): v2_becomes_v3,
    }
    monkeypatch.setattr(upcasts, "UPCASTS", table)
    monkeypatch.setattr(codec, "VERSIONS", {**codec.VERSIONS, "ResultPublished": 3})
    fresh = type(codec._DECODERS)()  # noqa: SLF001 - what it remembers is of versions as they are
    monkeypatch.setattr(codec, "_DECODERS", fresh)


def old(version: int, **data: object) -> bytes:
    return rfc8785.dumps(json.loads(NEWEST) | {"v": version, "data": data})


def test_a_version_is_one_more_than_the_upcasts_of_its_name() -> None:
    for name in codec.EVENTS:
        steps = sorted(version for known, version in UPCASTS if known == name)
        assert steps == list(range(1, current_version(name)))


def test_every_upcast_belongs_to_an_event_and_says_what_was_not_known() -> None:
    for (name, _), function in UPCASTS.items():
        assert name in codec.EVENTS
        assert function.__doc__


def test_data_of_the_newest_version_stays_as_it_is() -> None:
    assert upcast("ResultPublished", 1, {"place": "门户"}) == {"place": "门户"}


@pytest.mark.usefixtures("third_version")
def test_old_entries_are_read_in_their_newest_shape() -> None:
    first, second = old(1, url="门户"), old(2, where="门户")

    assert current_version("ResultPublished") == 3
    assert decode(first).event == decode(second).event == ResultPublished(place="门户")


@pytest.mark.usefixtures("third_version")
def test_an_old_entry_keeps_its_bytes() -> None:
    """What is hashed is what was stored, whatever the program makes of it."""
    assert decode(old(1, url="门户")).entry == old(1, url="门户")


@pytest.mark.usefixtures("third_version")
def test_a_new_entry_is_written_in_the_newest_version() -> None:
    assert json.loads(encode(sample("ResultPublished")))["v"] == 3


@pytest.mark.usefixtures("third_version")
@pytest.mark.parametrize(
    "entry",
    [
        old(1, where="门户"),
        old(2, url="门户"),
        old(1, url="门户", colour="red"),
        old(1, url=""),
        old(1, url=1),
        old(1),
        old(4, place="门户"),
        old(1, url="门户") + b" ",
        old(1, url="门户").replace(b'{"at"', b'{ "at"'),
        old(1, url="门户").replace(b'"url"', b'"url":"x","url"'),
        old(1, url="门户").replace('"门户"'.encode(), b"1.5"),
        old(1, url="门户").replace('{"url":"门户"}'.encode(), b"[]"),
        old(1, url="门户").replace('"门户"'.encode(), b"[" * 30_000),
        old(1, url="门户").replace("门户".encode(), b"\xff"),
    ],
)
def test_old_entries_are_read_as_strictly_as_new_ones(entry: bytes) -> None:
    with pytest.raises(UnreadableEntry):
        decode(entry)
