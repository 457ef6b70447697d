import tomllib
from pathlib import Path

from ledger.program import VERSION

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_the_program_knows_its_version() -> None:
    assert tomllib.loads(PROJECT.read_text())["project"]["version"] == VERSION
