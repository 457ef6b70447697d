"""The ways in that README and the page on offline installation show, in a fresh clone."""

import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import copy
from typing import Final

import pytest

from tests.support.terminal import ROOT

pytestmark = pytest.mark.slow

README: Final = ROOT / "README.md"
OFFLINE: Final = ROOT / "docs" / "offline.md"
NOWHERE: Final = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9"),
    **dict.fromkeys(("http_proxy", "https_proxy", "PIP_INDEX_URL"), "http://127.0.0.1:9"),
    "PIP_CONFIG_FILE": os.devnull,
}
"""A network in which nobody answers, and no index in a file either."""


def blocks(page: Path, language: str) -> list[str]:
    """The blocks of a page in a language that are to be run."""
    block = re.compile(rf"^```{language}\n(.*?)^```$", re.DOTALL | re.MULTILINE)
    return block.findall(page.read_text("utf-8"))


def environment(**more: str) -> dict[str, str]:
    """What a newcomer has."""
    ours = ("SCORETRAIL_", "PYTEST_", "PYTHONPATH", "VIRTUAL_ENV", "MAKE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "LC_ALL": "C.UTF-8", **more}


def run(script: str, folder: Path, **more: str) -> str:
    """Run lines in a shell that ends at the first which fails."""
    done = subprocess.run(  # noqa: S603 - our own pages
        ["/bin/sh", "-e", "-c", script],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of the working tree, with what is not committed yet."""
    folder = tmp_path / "clone"
    run(f"git clone --quiet '{ROOT}' '{folder}'", tmp_path)
    changed = run("git diff --name-only HEAD; git ls-files --others --exclude-standard", ROOT)
    for name in changed.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            copy(ROOT / name, folder / name)
        else:
            (folder / name).unlink(missing_ok=True)
    return folder


def test_every_command_of_the_readme_runs_in_a_fresh_clone(clone: Path) -> None:
    with_make, *others = blocks(README, "sh")
    assert "make demo" in with_make
    assert run(with_make, clone).count("93.89") > 2
    run(".venv/bin/python -c 'import web.app'", clone)  # what `make web` needs, and nothing else
    run("mv .venv build/by-make", clone)  # what is next sets up its own
    for block in others:
        run(block, clone)
    assert (clone / "score-table.pdf").stat().st_size > 10_000


def test_the_lines_for_windows_are_those_for_linux() -> None:
    def unified(text: str) -> list[str]:
        text = text.replace("\\", "/").replace("/Scripts/", "/bin/").replace("python3", "py")
        return [line.replace("C:/scoretrail", "~/scoretrail") for line in text.splitlines()]

    for lines in blocks(README, "powershell"):
        assert unified(lines) in [unified(block) for block in blocks(README, "sh")]
    text = "\n".join(unified(OFFLINE.read_text("utf-8")))
    assert text.count("-m pip install --no-index --find-links wheels --require-hashes") == 4


def test_a_bundle_installs_without_a_network(tmp_path: Path) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    bundle = tmp_path / "bundle"
    run(f"'{sys.executable}' tools/make_bundle.py '{bundle}' --python {version}", ROOT)

    run("sha256sum --quiet -c SHA256SUMS", bundle)
    run(
        f"'{sys.executable}' -m venv '{tmp_path}/env'\n"
        f"'{tmp_path}/env/bin/python' -m pip install --no-index --find-links wheels"
        " --require-hashes -r requirements.txt",
        bundle,
        **NOWHERE,
    )
    shown = run("env/bin/scoretrail --ledger demo.db demo", tmp_path, **NOWHERE)
    command = shown.splitlines()[-2].strip()
    assert "score-table" in command
    run(command, tmp_path, **NOWHERE)

    wheels = [path.name for path in (bundle / "wheels").iterdir()]
    for linux in (name for name in wheels if "manylinux" in name):
        assert any(
            name.startswith(linux.split("-")[0]) and name.endswith("win_amd64.whl")
            for name in wheels
        ), linux
    assert any(name.startswith("tzdata-") for name in wheels)  # for Windows alone
    assert any(name.startswith("uvicorn-") for name in wheels)  # the pages
    page = (bundle / "INSTALL.md").read_text("utf-8")
    assert "--no-index" in page


def test_a_wheel_with_another_hash_is_not_installed(tmp_path: Path) -> None:
    wheel = tmp_path / "wheels" / "nothing-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    wheel.write_bytes(b"other bytes")
    (tmp_path / "requirements.txt").write_text(f"nothing==1.0 --hash=sha256:{'0' * 64}\n")
    done = subprocess.run(  # noqa: S603 - pip
        [
            *(sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", "--find-links"),
            *("wheels", "--require-hashes", "-r", "requirements.txt"),
        ],
        cwd=tmp_path,
        env=environment(**NOWHERE),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode
    assert "HASH" in done.stderr.upper()


COMPLETE: Final = (
    ("bash", "scoretrail sco", "1", "plain,score"),
    ("zsh", "scoretrail review ad", "2", "adjust"),
    ("fish", "scoretrail score --js", "--js", "plain,--json"),
)


@pytest.mark.parametrize(("shell", "line", "at", "offered"), COMPLETE)
def test_the_shells_complete(shell: str, line: str, at: str, offered: str, tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("scoretrail")
    variable = "_SCORETRAIL_COMPLETE"
    assert f"{variable}={shell}_source" in README.read_text("utf-8")

    script = run(f"'{program}'", tmp_path, **{variable: f"{shell}_source"})
    assert f"{variable}={shell}_complete" in script
    words = run(
        f"'{program}'", tmp_path, COMP_WORDS=line, COMP_CWORD=at, **{variable: f"{shell}_complete"}
    )
    assert offered in words


def test_bash_completes_what_the_readme_sets_up() -> None:
    shown = re.compile(r'^eval "\$\(.*bash_source.*?\)"', re.MULTILINE)
    (line,) = shown.findall(README.read_text("utf-8"))
    program = Path(sys.executable).parent
    script = f"""
        export PATH='{program}':$PATH
        {line}
        COMP_WORDS=(scoretrail sco) COMP_CWORD=1
        _scoretrail_completion scoretrail
        echo "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(  # noqa: S603 - our own pages
        ["/bin/bash", "-c", script], env=environment(), capture_output=True, text=True, check=False
    )
    assert "score" in done.stdout.split(), done.stderr
