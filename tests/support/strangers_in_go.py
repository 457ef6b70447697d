"""The program for strangers in Go, `tools/goverify`, built once for all tests that ask it.

Where continuous integration runs, a missing Go is a failure and not a skip: otherwise nobody would
notice that this was no longer checked.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.log.note import SigningKey
from ledger.log.publish import publish
from ledger.log.tree import leaf_hash, tree_head
from tests.support import naive_log
from tests.support.signed_log import LOG
from tests.support.terminal import ROOT

SOURCE = ROOT / "tools" / "goverify"
LIBRARY = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb")
WANTED = "apt-get install golang-go golang-golang-x-mod-dev"

Verifier = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def goverify(tmp_path_factory: pytest.TempPathFactory) -> Verifier:
    go = shutil.which("go")
    if go is None or not LIBRARY.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the foreign verifier cannot be built; install it: {WANTED}")
        pytest.skip(f"no Go with golang.org/x/mod here: {WANTED}")
    program = tmp_path_factory.mktemp("go") / "goverify"
    settings = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": ""}
    built = subprocess.run(  # noqa: S603 - our own source and the distribution's compiler
        [go, "build", "-o", str(program), "."],
        cwd=SOURCE,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr

    def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - the program that was just built
            [program, *words], capture_output=True, text=True, check=False
        )

    return run


def published(folder: Path, log: Sequence[bytes], key: SigningKey = LOG) -> str:
    """Publish a log of these entries as its operator would, and give its public key."""
    leaves = [leaf_hash(entry) for entry in log]
    head = Checkpoint(key.name, tree_head(leaves))
    signed = SignedCheckpoint.parse(bytes(sign_checkpoint(head, [key])))
    publish(
        folder,
        signed,
        lambda tile: naive_log.tile(*tile, leaves),
        lambda start, end: list(log[start:end]),
    )
    return str(key.public)
