"""What programs read from a ledger of an older program: every key, with the value that it had then.

Sentences for people are left out; they may be worded otherwise, and keys may be added.
"""

import gzip
import json
from pathlib import Path
from shutil import copy, copytree
from typing import Any, Final

import pytest

from tests.support.golden_ledgers import FOLDER
from tests.support.terminal import done, scoretrail

VERSIONS: Final = sorted(kept.parents[1] for kept in FOLDER.glob("v*/sqlite/views.json.gz"))


def version(folder: Path) -> str:
    return folder.name


@pytest.mark.sqlite_only("views are made above the store; test_upgrades reads on a server")
@pytest.mark.parametrize("folder", VERSIONS, ids=version)
def test_every_view_has_the_keys_and_values_that_it_had(folder: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "l.db"
    copy(folder / "sqlite" / "ledger.sqlite", ledger)
    copytree(folder / "evidence", tmp_path / "l.db.evidence")
    done(scoretrail(ledger, "migrate"))
    then = json.loads(gzip.decompress((folder / "sqlite" / "views.json.gz").read_bytes()))

    assert then
    for words, said in then.items():
        now = done(scoretrail(ledger, "--dated", "2025-03-01", *words.split())).json
        # A later program looks for other things, and tells them in the same keys.
        read = keys_of_findings if words.startswith("check ") else unchanged
        assert of_then(read(now), read(said)) == read(said), words


def unchanged(view: Any) -> Any:  # noqa: ANN401 - JSON data is what it is
    return view


def keys_of_findings(view: Any) -> Any:  # noqa: ANN401 - JSON data is what it is
    """A case, and the keys that each of its findings has."""
    assert view["findings"]
    common = set.intersection(*(set(finding) for finding in view["findings"]))
    return {"case": view["case"], "findings": dict.fromkeys(sorted(common), "")}


def of_then(now: Any, then: Any) -> Any:  # noqa: ANN401 - JSON data is what it is
    """What is said now, but for keys that were not there then."""
    if isinstance(now, dict) and isinstance(then, dict):
        return {key: of_then(value, then[key]) for key, value in now.items() if key in then}
    if isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        return [of_then(*pair) for pair in zip(now, then, strict=True)]
    return now
