"""Exported files compared with the rows that they should have: by file, row and column."""

from typing import TYPE_CHECKING, Final, NamedTuple

from documents.parquet_file import ReadFile, Rows, arrow
from ledger.language import Text
from ledger.visible import marked

if TYPE_CHECKING:
    import pyarrow as pa

LONG: Final = 80
"""Signs of a value that are shown."""


class ExportDifference(NamedTuple):
    """Where an export is not what the log says.

    Attributes:
        file: its name.
        row: from 1; `None` where it is about the file.
        column: its name; empty where it is about the row or the file.
    """

    file: str
    row: int | None
    column: str
    said: Text

    @property
    def sentence(self) -> Text:
        """Where and what."""
        zh = f"{self.file}" + (f" 第 {self.row} 行" if self.row else "")
        en = f"{self.file}" + (f", row {self.row}" if self.row else "")
        if self.column:
            zh, en = f"{zh} {self.column}", f"{en}, column {self.column}"
        return Text(f"{zh}：{self.said.zh}", f"{en}: {self.said.en}")


class Compared(Rows):
    """Rows that are compared with those of a file, as they come."""

    def __init__(self, file: ReadFile, schema: "pa.Schema") -> None:
        super().__init__(schema)
        self.rows, self.found = 0, list[ExportDifference]()
        self._name = file.path.name
        self._said(file, schema)
        self._is_comparable = not self.found
        self._groups = file.groups()
        self._read: pa.Table = schema.empty_table()

    def _said(self, file: ReadFile, schema: "pa.Schema") -> None:
        """Compare what the file says of itself, which its rows are read by."""
        wanted = {name.decode(): text.decode() for name, text in schema.metadata.items()}
        for name, text in wanted.items():
            if file.said.get(name) != text:
                self._differs(
                    None, "", Text(f"文件尾的 {name} 不符", f"{name} differs in its footer")
                )
        if file.schema.names != schema.names:
            self._differs(None, "", Text("列的名称或次序不符", "its columns differ"))
            return
        for field, own in zip(schema, file.schema, strict=True):
            if not own.equals(field, check_metadata=True):
                self._differs(
                    None, field.name, Text("列的类型或说明不符", "its type or meaning differs")
                )

    def group(self, table: "pa.Table") -> None:
        """Compare it with as many rows of the file."""
        if not self._is_comparable:
            return
        own = self._next(len(table))
        for column in table.column_names:
            written, said = own[column], table[column][: len(own)]
            if not written.equals(said):
                pairs = zip(written.to_pylist(), said.to_pylist(), strict=True)
                for row, (value, right) in enumerate(pairs, self.rows + 1):
                    if value != right:
                        self._differs(row, column, _values(value, right))
        self.rows += len(own)
        if len(own) < len(table):
            self._is_comparable = False
            missing = Text("缺少这一行及以后各行", "this row and all after it are missing")
            self._differs(self.rows + 1, "", missing)

    def end(self) -> None:
        """Nothing may follow."""
        super().end()
        if self._is_comparable and len(self._next(1)):
            self._differs(
                self.rows + 1, "", Text("日志没有这一行", "the log does not have this row")
            )

    def _next(self, count: int) -> "pa.Table":
        pa = arrow()
        while len(self._read) < count and (batch := next(self._groups, None)) is not None:
            more = pa.Table.from_batches([batch]).cast(self.schema)
            self._read = pa.concat_tables([self._read, more])
        found, self._read = self._read[:count], self._read[count:]
        return found

    def _differs(self, row: int | None, column: str, said: Text) -> None:
        self.found.append(ExportDifference(self._name, row, column, said))


def _values(value: object, right: object) -> Text:
    own, log = (_shown(each) for each in (value, right))
    return Text(f"文件为{own.zh}，日志为{log.zh}", f"the file has {own.en}, the log {log.en}")


def _shown(value: object) -> Text:
    if value is None:
        return Text("空", "nothing")
    text = marked(str(value))
    short = text if len(text) <= LONG else f"{text[:LONG]}…"
    return Text(f"“{short}”", f"'{short}'")
