"""Given a ledger, when its data is exported by command, then a changed cell is found."""

import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.support.places import Place
from tests.support.terminal import done, scoretrail

pytestmark = pytest.mark.slow


def test_the_command_line_exports_and_verifies(issued: Place, tmp_path: Path) -> None:
    done(scoretrail(issued, "key", "generate", "city-a.example/2024"))
    done(scoretrail(issued, "checkpoint", "sign"))
    data = tmp_path / "data"
    done(scoretrail(issued, "export", "--parquet", str(data)))
    assert "相符" in done(scoretrail(issued, "verify-export", str(data))).out

    file = data / "scores.parquet"
    table = pq.read_table(file)
    place, values = table.schema.get_field_index("award_text"), table["award_text"].to_pylist()
    values[-1] = "100.00"
    changed = pa.array(values, pa.string())
    pq.write_table(table.set_column(place, table.schema.field(place), changed), file)
    said = scoretrail(issued, "verify-export", str(data), "--json")
    (difference,) = json.loads(said.out)["differences"]
    assert said.code == 3
    assert (difference["file"], difference["row"]) == ("scores.parquet", len(table))
    assert scoretrail(issued, "export", "--parquet").code == 2


def test_without_the_library_it_says_what_to_install(
    issued: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    said = scoretrail(issued, "export", "--parquet", str(tmp_path / "data"), lang="en")
    assert said.code == 2
    assert "pip install" in said.err
    assert "[scale]" in said.err
