"""The reference case, two checkpoints that left the house, and a dossier; and a fork of it.

A plugin and no conftest: the checker of types knows one module of that name only.
"""

from collections.abc import Mapping
from pathlib import Path
from shutil import copy

import pytest
from houses import House, exported, signed
from terminal import RESULT, REVIEW, copied, done, scoretrail

pytest_plugins = ["reference_ledger"]

KEY_NAME = "proof.example/log1"


@pytest.fixture(scope="session")
def house_as_built(built: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> House:
    """Not to be written to."""
    folder = tmp_path_factory.mktemp("house")
    ledger = copied(built["submitted"], folder / "ledger.db")
    made = done(scoretrail(ledger, "key", "generate", KEY_NAME))
    old = signed(ledger, folder / "old")
    for file in (REVIEW, RESULT):
        done(scoretrail(ledger, "apply", str(file)))
    dossier = exported(ledger, folder / "answer.zip", "--checkpoint", str(old))
    new = signed(ledger, folder / "new")
    return House(ledger, made.out.split()[-1], old, new, dossier)


@pytest.fixture
def house(house_as_built: House, tmp_path: Path) -> House:
    """A house whose ledger may be damaged."""
    return house_as_built.copy(tmp_path)


@pytest.fixture
def fork(house_as_built: House, built: Mapping[str, Path], tmp_path: Path) -> House:
    """Another history after the old checkpoint, by the holder of the key; as long as the true one.

    The signer's state was set back by hand, which only somebody with the key can do.
    """
    ledger = copied(built["submitted"], tmp_path / "fork.db")
    copy(f"{house_as_built.ledger}.key", f"{ledger}.key")
    text, _, _ = house_as_built.old.read_text().partition("\n\n")
    Path(f"{ledger}.key.state").write_text(f"{text}\n")
    for file in (REVIEW, RESULT):
        done(scoretrail(ledger, "apply", str(file)))
    dossier = exported(ledger, tmp_path / "fork.zip")
    return house_as_built._replace(
        ledger=ledger, new=signed(ledger, tmp_path / "fork.new"), dossier=dossier
    )
