"""Parquet files of exported views (数据文件): a column has its meaning in both languages with it.

The footer names the view and holds the checkpoint at which the rows were true. The same rows make
the same bytes with the same version of the library.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ledger.extras import ExtraMissing
from ledger.language import Text
from ledger.system_error import cannot_read, cannot_write
from ledger.values import PLACES_MAX, Invalid
from projections.portfolio.exported_views import DIGITS, ExportedView
from projections.portfolio.steps import ViewRow

if TYPE_CHECKING:
    import pyarrow as pa

ROWS: Final = 2**15
"""Of a group, and in memory at a time."""
FORMAT: Final = "scoretrail/parquet@v1"
SUFFIX: Final = ".parquet"


def arrow() -> Any:  # noqa: ANN401 - a module
    """The library that reads and writes them.

    Raises:
        ExtraMissing: it is not installed.
    """
    try:
        import pyarrow.parquet  # noqa: PLC0415 - of an extra
    except ModuleNotFoundError as error:
        raise ExtraMissing("scale", error.name or "pyarrow") from None
    return pyarrow


def schema_of(view: ExportedView, footer: Mapping[str, str]) -> "pa.Schema":
    """The columns of a file with their meanings, and what its footer says."""
    pa = arrow()
    kinds = {
        "text": pa.string(),
        "number": pa.int64(),
        "yes-no": pa.bool_(),
        "decimal": pa.decimal128(DIGITS, PLACES_MAX),
    }
    fields = [
        pa.field(
            column.name,
            kinds[column.kind],
            nullable=column.optional or column.kind == "decimal",
            metadata={"zh": column.said.zh, "en": column.said.en},
        )
        for column in view.columns
    ]
    return pa.schema(fields, metadata={"format": FORMAT, "view": view.name, **footer})


def table_of(schema: "pa.Schema", rows: Sequence[ViewRow]) -> "pa.Table":
    """Rows as the library holds them."""
    pa = arrow()
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


class Rows:
    """Takes rows as they come, and hands them on in groups of `ROWS`; the last may be smaller."""

    def __init__(self, schema: "pa.Schema") -> None:
        self.schema = schema
        self._waiting: list[ViewRow] = []

    def take(self, rows: Sequence[ViewRow]) -> None:
        """Take some more."""
        self._waiting += rows
        while len(self._waiting) >= ROWS:
            group, self._waiting = self._waiting[:ROWS], self._waiting[ROWS:]
            self.group(table_of(self.schema, group))

    def end(self) -> None:
        """There are no more."""
        if self._waiting:
            self.group(table_of(self.schema, self._waiting))
            self._waiting = []

    def group(self, table: "pa.Table") -> None:
        """Do with a group what is to be done."""
        raise NotImplementedError


class WrittenFile(Rows):
    """Rows that become a file."""

    def __init__(self, path: Path, schema: "pa.Schema") -> None:
        super().__init__(schema)
        self._path = path
        with telling_unwritable(path):
            self._writer = arrow().parquet.ParquetWriter(
                path,
                schema,
                compression="zstd",
                store_decimal_as_integer=True,
                write_page_checksum=True,
            )

    def group(self, table: "pa.Table") -> None:
        """Write it."""
        with telling_unwritable(self._path):
            self._writer.write_table(table, row_group_size=ROWS)

    def end(self) -> None:
        """Write the rest and the footer."""
        super().end()
        self.close()

    def close(self) -> None:
        """Leave the file as it is, whole or not."""
        with telling_unwritable(self._path):
            self._writer.close()


@contextmanager
def telling_unwritable(path: Path) -> Iterator[None]:
    """What keeps a file from being written, in our words."""
    try:
        yield
    except OSError as error:
        raise cannot_write(path, error) from None


_BROKEN: Final = Text("不是完好的 Parquet 文件", "it is not a sound Parquet file")


class ReadFile:
    """A file that is read group by group."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            Invalid: it is not there, or is no such file.
        """
        self.path = path
        with telling_broken(path):
            self._file = arrow().parquet.ParquetFile(path, page_checksum_verification=True)
            self.schema: pa.Schema = self._file.schema_arrow
            self._batches = self._file.iter_batches(batch_size=ROWS)

    @property
    def said(self) -> dict[str, str]:
        """What its footer says."""
        found: Mapping[bytes, bytes] = self.schema.metadata or {}
        return {
            name.decode(errors="replace"): text.decode(errors="replace")
            for name, text in found.items()
        }

    def groups(self) -> "Iterator[pa.RecordBatch]":
        """Its rows.

        Raises:
            Invalid: they cannot be read.
        """
        with telling_broken(self.path):
            yield from self._batches

    def close(self) -> None:
        """It is not needed any more."""
        self._file.close()


@contextmanager
def telling_broken(path: Path) -> Iterator[None]:
    """What keeps a file from being read, in our words."""
    try:
        yield
    except (arrow().ArrowException, ValueError) as error:
        if isinstance(error, Invalid):
            raise
        raise Invalid(f"{path}：{_BROKEN.zh}", f"{path}: {_BROKEN.en}") from None
    except OSError as error:
        if error.errno is None:
            raise Invalid(f"{path}：{_BROKEN.zh}", f"{path}: {_BROKEN.en}") from None
        raise cannot_read(path, error) from None
