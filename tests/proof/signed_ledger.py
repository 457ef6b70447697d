"""A house with a key: the reference case, two checkpoints that left the house, and a dossier.

A plugin and no conftest: the checker of types knows one module of that name only.
"""

from collections.abc import Mapping
from pathlib import Path
from shutil import copy
from typing import Any, NamedTuple, Self

import pytest
from terminal import CASE, RESULT, REVIEW, Said, copied, done, scoretrail

pytest_plugins = ["reference_ledger"]

KEY_NAME = "proof.example/log1"


class House(NamedTuple):
    """A ledger with its key, and what others hold of it.

    Attributes:
        ledger: signed after the submission, the issue and the dossier.
        vkey: the public key as it was published.
        old: a checkpoint that somebody took after the submission.
        new: the checkpoint of all of it.
        dossier: of the whole case.
    """

    ledger: Path
    vkey: str
    old: Path
    new: Path
    dossier: Path

    def copy(self, to: Path) -> Self:
        """The same house with a ledger of its own, to be damaged."""
        ledger = copied(self.ledger, to / "ledger.db")
        for what in (".key", ".key.state"):
            copy(f"{self.ledger}{what}", f"{ledger}{what}")
        return self._replace(ledger=ledger)

    def verify(self, *words: str) -> Said:
        """What `verify` says in JSON."""
        return scoretrail(self.ledger, "verify", "--json", *words, lang="en")

    def verify_against(self, *held: Path) -> Said:
        """What it says to somebody who holds the public key and these checkpoints."""
        words = [word for one in held for word in ("--checkpoint", str(one))]
        return self.verify("--vkey", self.vkey, *words)


def kinds(said: Said) -> set[str]:
    """The kinds of breaks that `verify` has found; it must have failed if there are any."""
    breaks: list[Mapping[str, Any]] = said.json["breaks"]
    assert said.code == (3 if breaks else 0)
    return {one["kind"] for one in breaks}


def signed(ledger: Path, to: Path) -> Path:
    """A checkpoint of the ledger as it is, in a file."""
    done(scoretrail(ledger, "checkpoint", "sign", "-o", str(to)))
    return to


def exported(ledger: Path, to: Path, *words: str, case: str = CASE) -> Path:
    """A dossier of the case, issued on a fixed day."""
    said = scoretrail(
        *(ledger, "--as", "bureau-officer", "--dated", "2025-01-06"),
        *("dossier", "export", case, "-o", str(to), *words),
    )
    done(said)
    return to


@pytest.fixture(scope="session")
def house_as_built(
    built: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> House:
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
