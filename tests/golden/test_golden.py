from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from ledger.codec import EVENTS, VERSIONS, decode, encode, read
from tests.support.golden_files import (
    ENVELOPES,
    FOLDER,
    ITEMS,
    WHOLE,
    about_items,
    envelopes,
    file_of,
    fullest,
    sample,
    whole,
)

KEPT = [(name, v) for name, newest in VERSIONS.items() for v in range(1, newest + 1)]


@pytest.mark.parametrize(("name", "version"), KEPT)
def test_every_version_of_every_event_is_kept_and_read(name: str, version: int) -> None:
    path = file_of(name, version)

    assert path.exists(), "run: python tests/support/golden_files.py"
    assert read(path.read_bytes()).type == name


@pytest.mark.parametrize("name", EVENTS)
def test_the_newest_version_is_written_as_it_was(name: str, golden: Callable[[str], bytes]) -> None:
    entry = golden(name)

    assert encode(read(entry)) == entry


@pytest.mark.parametrize("name", EVENTS)
def test_what_an_event_may_leave_out_is_kept_and_written_as_it_was(name: str) -> None:
    entry = (WHOLE / f"{name}.v{VERSIONS[name]}.json").read_bytes()

    assert read(entry).event == whole(name).event
    assert encode(read(entry)) == entry


@pytest.mark.parametrize("name", about_items())
def test_events_about_items_are_kept_and_written_as_they_were(name: str) -> None:
    entry = (ITEMS / f"{name}.v{VERSIONS[name]}.json").read_bytes()

    assert read(entry).event == fullest(name).event
    assert encode(read(entry)) == entry


@pytest.mark.parametrize("name", EVENTS)
def test_every_field_has_something_in_it(name: str, golden: Callable[[str], bytes]) -> None:
    """An empty field would not show that a later program still reads it."""
    assert read(golden(name)).event == sample(name).event


def test_no_event_was_ever_dropped() -> None:
    """A name in the archive is for ever; a program that no longer knows it reads no old case."""
    kept = Counter(path.name.split(".")[0] for path in Path(FOLDER).glob("*.json"))

    assert kept == VERSIONS


@pytest.mark.parametrize("name", envelopes())
def test_what_an_envelope_may_leave_out_is_kept_and_written_as_it_was(name: str) -> None:
    entry = (ENVELOPES / f"{name}.json").read_bytes()

    assert encode(envelopes()[name]) == entry
    assert encode(decode(entry)) == entry
    assert msgspec.structs.replace(decode(entry), entry=b"") == envelopes()[name]


def test_no_envelope_was_ever_dropped() -> None:
    assert {path.stem for path in ENVELOPES.glob("*.json")} == set(envelopes())
