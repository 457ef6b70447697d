"""The kit that an auditor tries a verifier on: ours finds in each file what it must, and no more.

Strangers' programs, which share no code with ours, refuse the same dossiers and published folders.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.damaged_kit import Item, write_kit
from tests.support.stranger import strangers
from tests.support.strangers_in_go import Verifier
from tests.support.terminal import Said, scoretrail

pytestmark = pytest.mark.sqlite_only("a kit is files")


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[Item]]]:
    folder = tmp_path_factory.mktemp("damaged") / "kit"
    items = write_kit(folder)
    before = Path.cwd()
    os.chdir(folder)
    yield folder, items
    os.chdir(before)


def ours(item: Item) -> Said:
    program, *words = item.command
    assert program == "scoretrail"
    return scoretrail(None, *words, lang="en")


def test_our_verifier_finds_in_each_ledger_what_was_done(kit: tuple[Path, list[Item]]) -> None:
    for item in (one for one in kit[1] if one.what == "ledger"):
        said = ours(item)
        found = {one["kind"] for one in said.json["breaks"]}
        assert said.code == item.exit, item.name
        assert item.finding in found if item.finding else not found, (item.name, found)


def test_our_verifier_and_a_strangers_find_it_in_each_dossier(
    kit: tuple[Path, list[Item]],
) -> None:
    for item in (one for one in kit[1] if one.what == "dossier"):
        said = ours(item)
        assert said.code == item.exit, (item.name, said.err)
        assert (item.finding or "") in said.err, (item.name, said.err)
        stranger = strangers(Path(item.file), item.vkey, item.held)
        assert (stranger.code, stranger.err) == (item.exit, ""), (item.name, stranger.out)


def test_a_strangers_verifier_finds_it_in_what_is_published(
    kit: tuple[Path, list[Item]], goverify: Verifier
) -> None:
    for item in (one for one in kit[1] if one.what == "published"):
        said = goverify(*item.command[1:])
        assert said.returncode == item.exit, (item.name, said.stdout)
        assert (item.finding or "VERIFIED") in said.stdout, item.name


def test_the_manifest_lists_every_file_once_and_says_what_was_done(
    kit: tuple[Path, list[Item]],
) -> None:
    folder, items = kit
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    there = {
        str(path.relative_to(folder))
        for what in ("ledger", "dossier", "published")
        for path in (folder / what).iterdir()
    }
    assert sorted(one["file"] for one in manifest) == sorted(there)
    assert all(one.about for one in items)
    assert {one.what for one in items if one.finding is None} == {"ledger", "dossier", "published"}
