"""The command line as an outsider meets it: words in; exit code, stdout and stderr out."""

import json
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from cli.main import run
from tests.support.places import Place
from tests.support.postgres import is_postgres, raw

ROOT: Final = Path(__file__).parents[2]
EXAMPLES: Final = ROOT / "examples" / "zhanjiang-2023"
OPENING, SELF, REVIEW, RESULT = (
    EXAMPLES / name
    for name in ("1-opening.toml", "2-self-evaluation.toml", "3-review.toml", "4-result.toml")
)
CASE: Final = "zhanjiang-amr-2023"
DEFECT: Final = 70

Row = tuple[Any, ...]


class Said(NamedTuple):
    """What a command line answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON data is what it is
        """Stdout as the one JSON document it must be."""
        return json.loads(self.out)


def scoretrail(ledger: Place | Path | str | None, *words: str, lang: str = "zh") -> Said:
    """Run one command line in this process. It must never answer with a traceback or a defect."""
    out, err = (TextIOWrapper(BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        code = run(["--lang", lang, *given(ledger), *words])
    said = Said(code, *(_text(stream) for stream in (out, err)))
    assert "Traceback" not in said.err
    assert said.code != DEFECT, said.err
    return said


def _text(stream: TextIOWrapper) -> str:
    written = stream.buffer
    assert isinstance(written, BytesIO)
    return written.getvalue().decode()


def done(said: Said) -> Said:
    """The answer of a command line that was to succeed."""
    if said.code:
        pytest.fail(f"exit code {said.code}: {said.err}")
    return said


def given(ledger: Place | Path | str | None) -> tuple[str, ...]:
    """What a command line begins with that is about a ledger."""
    if isinstance(ledger, Place):
        return ledger.words
    return () if ledger is None else ("--ledger", str(ledger))


def begun(place: Place, day: str, *words: str) -> Place:
    """A new ledger, as the program finds it from then on: on a server, by the address it prints."""
    said = done(scoretrail(place, "--dated", day, "init", *words))
    return place.under(said.out.split()[-1]) if is_postgres(place.target) else place


def record(ledger: Place | Path | str) -> list[Row]:
    """All that a ledger holds, as the tables have it."""
    with raw(ledger.owner if isinstance(ledger, Place) else ledger) as connection:
        rows: list[Row] = connection.execute(
            "SELECT id, case_id, version, type, entry, position, hash FROM events"
            " LEFT JOIN leaves ON event_id = events.id ORDER BY id"
        ).fetchall()
    return rows


def entries(ledger: Place | Path | str, stream: str = CASE) -> list[Any]:
    """The entries of a stream as plain data, read without any of our code."""
    return [json.loads(row[4]) for row in record(ledger) if row[1] == stream]
