"""All data as Parquet (全部数据): the whole ledger as files, for those who may see all of it.

The files hold every case and every entry as it was recorded, and a part of them could not be
verified. So they are for auditors, who alone have a part in every case, and for nobody else.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryFile
from typing import IO, Final

from starlette.responses import Response, StreamingResponse

from application.parquet_zip import zip_parquet
from ledger.envelope import is_case
from ledger.values import Invalid
from web.desk import Desk
from web.download import attachment
from web.not_found import NO_PAGE

CHUNK: Final = 2**16
AT_WORK: Final = Invalid(
    "另一份全部数据正在生成，请一分钟后再试",
    "the data is being made for another request; try again in a minute",
    rule="data-at-work",
)


def download(desk: Desk) -> Response:
    """The data at the checkpoint that was signed last, in a ZIP; that it was taken is kept.

    Raises:
        ExtraMissing, Invalid, ProofError: see `zip_parquet`.
        Invalid: the account may not see everything, or a process already makes one.
    """
    if not desk.audits:
        raise NO_PAGE
    with _one_at_a_time(desk), ExitStack() as unsent:
        # Without a name: it is gone once it is sent, or the process ends.
        file = unsent.enter_context(TemporaryFile())
        size = zip_parquet(desk.store, file).checkpoint.checkpoint.head.size
        for stream, _ in desk.store.streams():
            if is_case(stream):
                desk.note_access(stream)
        desk.office.identities.note(desk.account.id, f"data-taken {size}")
        unsent.pop_all()
    length = file.tell()
    file.seek(0)
    headers = {**attachment(f"data-{size}.zip"), "content-length": str(length)}
    return StreamingResponse(_sent(file), media_type="application/zip", headers=headers)


@contextmanager
def _one_at_a_time(desk: Desk) -> Iterator[None]:
    # It takes a thread and space on the disk, which many at once would take from everybody.
    if not desk.office.data.acquire(blocking=False):
        raise AT_WORK
    try:
        yield
    finally:
        desk.office.data.release()


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while some := file.read(CHUNK):
            yield some
