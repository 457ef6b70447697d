"""The reference ledger after each of its four files, built once and copied for every test."""

import os
from collections.abc import Mapping
from pathlib import Path
from shutil import copy

import pytest
from terminal import OPENING, RESULT, REVIEW, SELF, done, scoretrail

STAGES = {"opened": OPENING, "submitted": SELF, "reviewed": REVIEW, "issued": RESULT}


@pytest.fixture(autouse=True)
def nobodys_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may have set some of our variables."""
    for name in os.environ:
        if name.startswith("SCORETRAIL_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The ledger after each file of the reference case. Not to be written to."""
    folder = tmp_path_factory.mktemp("built")
    growing = folder / "growing.db"
    done(scoretrail(growing, "--dated", "2024-07-30", "init"))
    stages = {}
    for stage, file in STAGES.items():
        done(scoretrail(growing, "apply", str(file)))
        stages[stage] = Path(copy(growing, folder / f"{stage}.db"))
    return stages


def _copied(stage: str, built: Mapping[str, Path], folder: Path) -> Path:
    return Path(copy(built[stage], folder / "ledger.db"))


@pytest.fixture
def opened(built: Mapping[str, Path], tmp_path: Path) -> Path:
    """A ledger with the case opened and nothing claimed."""
    return _copied("opened", built, tmp_path)


@pytest.fixture
def submitted(built: Mapping[str, Path], tmp_path: Path) -> Path:
    """A ledger with the self-evaluation submitted and nothing reviewed."""
    return _copied("submitted", built, tmp_path)


@pytest.fixture
def reviewed(built: Mapping[str, Path], tmp_path: Path) -> Path:
    """A ledger with the review done and no result issued."""
    return _copied("reviewed", built, tmp_path)


@pytest.fixture
def issued(built: Mapping[str, Path], tmp_path: Path) -> Path:
    """A ledger with the whole reference case."""
    return _copied("issued", built, tmp_path)
