"""The reference case, two checkpoints that left the house, and a dossier; and a fork of it.

A plugin and no conftest: the checker of types knows one module of that name only.
"""

from collections.abc import Iterator, Mapping
from shutil import copy

import pytest

from tests.support.houses import House, exported, house_of, signed
from tests.support.places import Place, Places
from tests.support.postgres import Databases
from tests.support.terminal import RESULT, REVIEW, done, scoretrail

KEY_NAME = "proof.example/log1"


@pytest.fixture(scope="session")
def house_as_built(
    database: Databases | None,
    built: Mapping[str, Place],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[House]:
    """Not to be written to."""
    folder = tmp_path_factory.mktemp("house")
    with Places(folder, database) as places:
        yield house_of(places.copy(built["submitted"]), folder, KEY_NAME)


@pytest.fixture
def house(house_as_built: House, places: Places) -> House:
    """A house whose ledger may be damaged."""
    return house_as_built.copy(places)


@pytest.fixture(scope="session")
def fork_as_built(
    database: Databases | None,
    house_as_built: House,
    built: Mapping[str, Place],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[House]:
    """Not to be written to."""
    folder = tmp_path_factory.mktemp("fork")
    with Places(folder, database) as places:
        ledger = places.copy(built["submitted"])
        copy(house_as_built.ledger.key, ledger.key)
        text, _, _ = house_as_built.old.read_text().partition("\n\n")
        state = ledger.file(".key.state")
        state.write_text(f"{text}\n")
        state.chmod(0o600)
        for file in (REVIEW, RESULT):
            done(scoretrail(ledger, "apply", str(file)))
        dossier = exported(ledger, folder / "fork.zip")
        new = signed(ledger, folder / "new")
        yield house_as_built._replace(ledger=ledger, new=new, dossier=dossier)


@pytest.fixture
def fork(fork_as_built: House, places: Places) -> House:
    """Another history after the old checkpoint, by the holder of the key; as long as the true one.

    The signer's state was set back by hand, which only somebody with the key can do.
    """
    return fork_as_built.copy(places)
