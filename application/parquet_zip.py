"""Data for others in one file (数据压缩包): an export of the whole ledger as a ZIP, to be sent.

Its members are the files that `export_parquet` writes, and the same export makes the same bytes.
"""

from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import IO, Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from application.parquet_export import ParquetExport, export_parquet
from application.sign import signed_last
from documents.parquet_file import SUFFIX
from ledger.store import Store
from ledger.values import Invalid
from projections.portfolio.exported_views import FILES

ENTRIES_MAX: Final = 100_000
"""So many take a quarter of a minute; who waits for more is cut off by what is in between."""


def zip_parquet(store: Store, out: IO[bytes]) -> ParquetExport:
    """Export a ledger at the checkpoint that was signed last.

    Args:
        store: the ledger.
        out: where the ZIP is written.

    Raises:
        ExtraMissing: the library is not installed.
        Invalid: nothing is signed, it is too much at a time, or it cannot be written.
        ProofError: the log is not what was signed.
    """
    size = signed_last(store).checkpoint.head.size
    if size > ENTRIES_MAX:
        raise Invalid(
            f"记录库有 {size} 条，超过 {ENTRIES_MAX} 条的不在网页下载。"
            "请管理服务器的人员在服务器上导出",
            f"the ledger has {size} entries, and more than {ENTRIES_MAX} are not downloaded here;"
            " ask for an export on the server",
            rule="too-much-data",
        )
    with TemporaryDirectory(prefix="scoretrail-") as made:
        done = export_parquet(store, Path(made))
        with ZipFile(out, "w", ZIP_STORED) as archive:  # their columns are compressed already
            for name in FILES:
                info = ZipInfo(f"{name}{SUFFIX}")  # of the first date that ZIP knows
                with (
                    (Path(made) / info.filename).open("rb") as file,
                    archive.open(info, "w", force_zip64=True) as member,
                ):
                    copyfileobj(file, member)
    return done
