"""A house with a key: its ledger, and what has left it."""

from collections.abc import Mapping
from pathlib import Path
from shutil import copy
from typing import Any, NamedTuple, Self

from tests.support.places import Place, Places
from tests.support.terminal import CASE, RESULT, REVIEW, Said, done, scoretrail


class House(NamedTuple):
    """A ledger with its key, and what others hold of it.

    Attributes:
        ledger: signed after the submission, the issue and the dossier.
        vkey: the public key as it was published.
        old: a checkpoint that somebody took after the submission.
        new: the checkpoint of all of it.
        dossier: of the whole case.
    """

    ledger: Place
    vkey: str
    old: Path
    new: Path
    dossier: Path

    def copy(self, places: Places) -> Self:
        """The same house with a ledger of its own, to be damaged."""
        ledger = places.copy(self.ledger)
        for what in (".key", ".key.state"):
            copy(self.ledger.file(what), ledger.file(what))
        return self._replace(ledger=ledger)

    def verify(self, *words: str) -> Said:
        """What `verify` says in JSON."""
        return scoretrail(self.ledger, "verify", "--json", *words, lang="en")

    def verify_against(self, *held: Path) -> Said:
        """What it says to somebody who holds the public key and these checkpoints."""
        words = [word for one in held for word in ("--checkpoint", str(one))]
        return self.verify("--vkey", self.vkey, *words)


def house_of(ledger: Place, folder: Path, key: str) -> House:
    """A house made of a ledger that has the self-evaluation; what left it is in the folder."""
    made = done(scoretrail(ledger, "key", "generate", key))
    old = signed(ledger, folder / "old")
    for file in (REVIEW, RESULT):
        done(scoretrail(ledger, "apply", str(file)))
    dossier = exported(ledger, folder / "answer.zip", "--checkpoint", str(old))
    new = signed(ledger, folder / "new")
    return House(ledger, made.out.split()[-1], old, new, dossier)


def kinds(said: Said) -> set[str]:
    """The kinds of breaks that `verify` has found; it must have failed if there are any."""
    breaks: list[Mapping[str, Any]] = said.json["breaks"]
    assert said.code == (3 if breaks else 0)
    return {one["kind"] for one in breaks}


def signed(ledger: Place, to: Path) -> Path:
    """A checkpoint of the ledger as it is, in a file."""
    done(scoretrail(ledger, "checkpoint", "sign", "-o", str(to)))
    return to


def exported(ledger: Place, to: Path, *words: str, case: str = CASE) -> Path:
    """A dossier of the case, issued on a fixed day."""
    said = scoretrail(
        *(ledger, "--as", "bureau-officer", "--dated", "2025-01-06"),
        *("dossier", "export", case, "-o", str(to), *words),
    )
    done(said)
    return to
