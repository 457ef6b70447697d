"""The reference ledger after each of its files, built once and copied for every test.

A plugin and no conftest: the checker of types knows one module of that name only.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import copytree

import pytest

from tests.support.places import Place, Places
from tests.support.postgres import Databases
from tests.support.terminal import EXAMPLES, OPENING, RESULT, REVIEW, SELF, begun, done, scoretrail

SUBMISSION = 'do = "submit-self-evaluation"'


@pytest.fixture(autouse=True)
def nobodys_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables of ours may be set where the tests run; readline sets COLUMNS for its children."""
    for name in os.environ:
        if name.startswith("SCORETRAIL_") or name in {"COLUMNS", "LINES"}:
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def built(
    database: Databases | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Place]]:
    """The ledger at each stage of the reference case. Not to be written to.

    `founded` has the administrator only, `opened` the case, `claimed` all claims, `submitted` the
    self-evaluation, `reviewed` the review, `issued` the result.
    """
    folder = tmp_path_factory.mktemp("built")
    with Places(folder, database) as places:
        growing = begun(places.new(), "2024-07-30")
        stages = {"founded": places.copy(growing)}
        files = {"opened": OPENING, "claimed": _without_submission(folder), "submitted": SELF}
        for stage, file in {**files, "reviewed": REVIEW, "issued": RESULT}.items():
            done(scoretrail(growing, "apply", str(file)))
            stages[stage] = places.copy(growing)
        yield stages


def _without_submission(folder: Path) -> Path:
    """The self-evaluation up to the act that submits it."""
    copytree(EXAMPLES / "evidence", folder / "evidence")
    before, submission, _ = SELF.read_text().partition(SUBMISSION)
    assert submission
    file = folder / "claims.toml"
    file.write_text(before[: before.rindex("[[command]]")])
    return file


@pytest.fixture
def opened(built: Mapping[str, Place], places: Places) -> Place:
    """A ledger with the case opened and nothing claimed."""
    return places.copy(built["opened"])


@pytest.fixture
def submitted(built: Mapping[str, Place], places: Places) -> Place:
    """A ledger with the self-evaluation submitted and nothing reviewed."""
    return places.copy(built["submitted"])


@pytest.fixture
def reviewed(built: Mapping[str, Place], places: Places) -> Place:
    """A ledger with the review done and no result issued."""
    return places.copy(built["reviewed"])


@pytest.fixture
def issued(built: Mapping[str, Place], places: Places) -> Place:
    """A ledger with the whole reference case."""
    return places.copy(built["issued"])
