"""What a query has found, however much: in a file without a name, and not in memory.

The transaction may end before the rows are gone through: a long list is shown slowly, and those who
write must not wait for it.
"""

from collections.abc import Callable, Iterator
from tempfile import SpooledTemporaryFile
from typing import Any, Final, Generic, TypeVar

from msgspec import msgpack
from sqlalchemy import Connection, Select

T = TypeVar("T")

AT_ONCE: Final = 500
"""Rows that are in memory at a time."""
SMALL: Final = 2**18
"""Bytes for which no file is made."""


class FoundRows(Generic[T]):
    """The rows in their order; they can be gone through again."""

    def __init__(
        self, connection: Connection, wanted: Select[Any], made: Callable[[dict[str, Any]], T]
    ) -> None:
        """Read all that there is.

        Args:
            connection: over the tables, in a transaction.
            wanted: texts and whole numbers.
            made: what becomes of a row, by the names of its columns.
        """
        self._made = made
        self._file = SpooledTemporaryFile(SMALL)  # noqa: SIM115 - it is closed when nobody has it
        self._batches: list[int] = []
        self._count = 0
        found = connection.execute(wanted, execution_options={"yield_per": AT_ONCE})
        self._names = tuple(map(str, found.keys()))
        for some in found.partitions():
            self._batches.append(self._file.write(msgpack.encode([tuple(row) for row in some])))
            self._count += len(some)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        start = 0
        for size in self._batches:
            self._file.seek(start)
            for row in msgpack.decode(self._file.read(size)):
                yield self._made(dict(zip(self._names, row, strict=True)))
            start += size
