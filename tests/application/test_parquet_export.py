"""Given the log of a ledger, when its data is exported, then they are what the log says, or found.

A cell of any file that somebody changes is named by file, row and column.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.parquet_export import export_parquet, is_exported
from application.parquet_verification import VerifiedExport, verify_export
from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.log.note import SigningKey
from ledger.log.policy import TrustPolicy
from ledger.log.tree import ProofError
from ledger.store import Store
from ledger.values import Invalid
from projections.portfolio.catch_up import catch_up
from projections.portfolio.exported_views import FILES, VIEWS, fitting
from tests.support.many_cases import ledger_of
from tests.support.portfolio_tables import filled, kept

SHARED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
KEY: Final = SigningKey("city-a.example/2024", bytes(32))
ANYBODY: Final = TrustPolicy.of([], [])
pytestmark = pytest.mark.sqlite_only("of files; the log is read as elsewhere")


def signed(store: Store, key: SigningKey = KEY) -> Store:
    note = sign_checkpoint(Checkpoint(key.name, store.head()), [key])
    store.keep_checkpoint(SignedCheckpoint.parse(bytes(note)), "2024-12-31T00:00:00.000000Z")
    return store


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Path]]:
    """A ledger of several cases, with its data; nobody changes either."""
    folder = tmp_path_factory.mktemp("exported")
    with Store.create(folder / "a.db") as store:
        signed(filled(store, [1, 2, 3, 4]))
        export_parquet(store, folder / "data")
        yield store, folder / "data"


def copied(data: Path, to: Path) -> Path:
    to.mkdir(exist_ok=True)
    for file in data.iterdir():
        (to / file.name).write_bytes(file.read_bytes())
    return to


def found(store: Store, folder: Path) -> list[tuple[str, int | None, str]]:
    verified = verify_export(store, folder, ANYBODY)
    return [(each.file, each.row, each.column) for each in verified.differences]


def test_the_files_are_what_the_log_says(exported: tuple[Store, Path]) -> None:
    store, data = exported
    verified = verify_export(store, data, TrustPolicy.of([KEY.public], []))

    assert verified.differences == []
    assert verified.checkpoint.checkpoint.head == store.head()
    assert is_exported(store, data)
    stranger = SigningKey(KEY.name, bytes(range(32)))
    with pytest.raises(ProofError):
        verify_export(store, data, TrustPolicy.of([stranger.public], []))


def test_the_same_log_makes_the_same_bytes(exported: tuple[Store, Path], tmp_path: Path) -> None:
    store, data = exported
    export_parquet(store, tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {
        file.name: file.read_bytes() for file in data.iterdir()
    }


def test_the_rows_are_those_of_the_portfolio(exported: tuple[Store, Path]) -> None:
    """As many in each view, and the decimals with the digits that the tables have."""
    store, data = exported
    catch_up(store)
    tables = {name.rpartition("_")[2]: rows for name, rows in kept(store).items()}
    for view in VIEWS:
        read = pq.read_table(data / f"{view.name}.parquet")
        assert len(read) == len(tables[view.name]), view.name
        for column in view.columns:
            if column.kind != "decimal":
                continue
            texts = read[f"{column.name}_text"].to_pylist()
            numbers = read[column.name].to_pylist()
            assert numbers == [None if text is None else Decimal(text) for text in texts]


def test_every_column_says_what_it_is_in_both_languages(exported: tuple[Store, Path]) -> None:
    _, data = exported
    for name, view in FILES.items():
        schema = pq.read_schema(data / f"{name}.parquet")
        assert schema.names == [column.name for column in view.columns]
        for field in schema:
            assert all(field.metadata[language] for language in (b"zh", b"en")), field
        note = SignedCheckpoint.parse(schema.metadata[b"checkpoint"])
        assert note.checkpoint.origin == KEY.name


def other(value: object, field: pa.Field, draw: st.DataObject) -> object:
    """Another value that the column may have."""
    kinds: dict[Any, st.SearchStrategy[object]] = {
        pa.string(): st.text(max_size=3),
        pa.int64(): st.integers(-(2**63), 2**63 - 1),
        pa.bool_(): st.booleans(),
    }
    kind = kinds.get(field.type, st.decimals("-9999", "9999", places=6))
    if field.nullable:
        kind |= st.none()
    return draw.draw(kind.filter(lambda new: new != value))


@SHARED
@given(data=st.data())
def test_a_cell_that_is_changed_is_found(
    exported: tuple[Store, Path], tmp_path: Path, data: st.DataObject
) -> None:
    store, true = exported
    folder = copied(true, tmp_path / "data")
    name = data.draw(st.sampled_from(sorted(FILES)))
    file = folder / f"{name}.parquet"
    table = pq.read_table(file)
    if not len(table):
        return
    row = data.draw(st.integers(0, len(table) - 1))
    place = data.draw(st.integers(0, table.num_columns - 1))
    field = table.schema.field(place)
    values = table[field.name].to_pylist()
    values[row] = other(values[row], field, data)
    pq.write_table(table.set_column(place, field, pa.array(values, field.type)), file)

    assert found(store, folder) == [(file.name, row + 1, field.name)]


@SHARED
@given(data=st.data())
def test_bytes_that_are_changed_change_no_row_unseen(
    exported: tuple[Store, Path], tmp_path: Path, data: st.DataObject
) -> None:
    store, true = exported
    folder = copied(true, tmp_path / "data")
    file = folder / f"{data.draw(st.sampled_from(sorted(FILES)))}.parquet"
    content = bytearray(file.read_bytes())
    before = pq.read_table(file)
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    file.write_bytes(content)
    try:
        verified: VerifiedExport | None = verify_export(store, folder, ANYBODY)
    except (Invalid, ProofError):
        return
    if verified and not verified.differences:  # such as in a statistic that no reader is bound by
        assert pq.read_table(file).equals(before)


def rewritten(file: Path, table: pa.Table) -> None:
    pq.write_table(table, file)


@pytest.mark.parametrize("name", ["adjustments", "facts"])
def test_rows_that_are_missing_added_or_swapped_are_found(
    exported: tuple[Store, Path], tmp_path: Path, name: str
) -> None:
    store, true = exported
    folder = copied(true, tmp_path / "data")
    file = folder / f"{name}.parquet"
    table = pq.read_table(file)
    last = len(table)

    rewritten(file, table[: last - 1])
    assert found(store, folder) == [(file.name, last, "")]
    rewritten(file, pa.concat_tables([table, table[:1]]))
    assert found(store, folder) == [(file.name, last + 1, "")]
    rewritten(file, pa.concat_tables([table[1:2], table[:1], table[2:]]))
    assert {row for _, row, _ in found(store, folder)} == {1, 2}


def test_what_a_file_says_of_itself_is_compared(
    exported: tuple[Store, Path], tmp_path: Path
) -> None:
    store, true = exported
    folder = copied(true, tmp_path / "data")
    file = folder / "scores.parquet"
    table = pq.read_table(file)
    said = table.schema.metadata
    field = table.schema.field("award")

    rewritten(file, table.replace_schema_metadata({**said, b"view": b"work"}))
    assert found(store, folder) == [(file.name, None, "")]
    other_words = field.with_metadata({b"zh": "自评得分".encode(), b"en": b"Claimed"})
    place = table.schema.get_field_index("award")
    rewritten(file, table.set_column(place, other_words, table["award"]))
    assert found(store, folder) == [(file.name, None, "award")]
    rewritten(file, table.drop_columns(["award"]))
    assert found(store, folder) == [(file.name, None, "")]
    rewritten(file, table)
    (folder / "more.parquet").write_bytes(file.read_bytes())
    assert found(store, folder) == [("more.parquet", None, "")]
    (folder / "more.parquet").unlink()
    assert found(store, folder) == []
    file.unlink()
    with pytest.raises(Invalid, match=r"scores\.parquet"):
        verify_export(store, folder, ANYBODY)


def test_a_log_that_has_grown_still_proves_it_and_another_does_not(tmp_path: Path) -> None:
    with Store.create(tmp_path / "a.db") as store, Store.create(tmp_path / "b.db") as another:
        signed(filled(store, [1, 2]))
        export_parquet(store, tmp_path / "data")
        _, cases = ledger_of([1, 3])
        store.append(cases["walk-3"])
        assert found(store, tmp_path / "data") == []
        assert is_exported(store, tmp_path / "data")
        signed(store)
        assert not is_exported(store, tmp_path / "data")
        signed(filled(another, [1, 3]))
        with pytest.raises(ProofError):
            verify_export(another, tmp_path / "data", ANYBODY)


def test_nothing_is_exported_before_something_is_signed(tmp_path: Path) -> None:
    with Store.create(tmp_path / "a.db") as store:
        filled(store, [1])
        with pytest.raises(Invalid, match="no checkpoint is signed yet"):
            export_parquet(store, tmp_path / "data")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8) | st.integers().map(Decimal))
def test_a_decimal_is_in_its_column_exactly_or_in_words_alone(number: Decimal) -> None:
    held = fitting(str(number))
    assert held in {None, number}
    assert held is not None or abs(number) >= 10**12 or number != round(number, 6)
