"""Objects (对象存储): names with bytes, in a folder or in a bucket of an S3 service.

What lies there never changes: an object is written once, and written again only as it is.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Protocol

from ledger.extras import ExtraMissing
from ledger.language import Text
from ledger.log.atomic_files import PUBLIC, write
from ledger.store import DatabaseUnavailable
from ledger.system_error import reason
from ledger.values import Invalid

LOGGER: Final = logging.getLogger(__name__)

S3: Final = "s3://"

ARCHIVE: Final = "archive:"
"""Before the place of a ledger that is in objects."""


class Objects(Protocol):
    """Where objects lie.

    Attributes:
        place: what to call it in a message.
    """

    place: str

    def get(self, name: str) -> bytes | None:
        """The bytes of an object; `None` where there is none.

        Raises:
            DatabaseUnavailable: it cannot be asked.
        """

    def put(self, name: str, data: bytes) -> None:
        """Write an object, which is there as a whole or not at all.

        Raises:
            DatabaseUnavailable: it cannot be written.
        """


def objects_at(place: str) -> Objects:
    """The objects in a folder, or below an `s3://bucket/prefix`.

    Raises:
        ExtraMissing: what reads S3 is not installed.
    """
    return ObjectsOnS3(place) if place.startswith(S3) else ObjectsInFolder(Path(place))


def keep(objects: Objects, name: str, data: bytes) -> int:
    """Write an object unless it is there already; how many bytes it has.

    Raises:
        Invalid: another one has its name.
        DatabaseUnavailable: it cannot be read or written.
    """
    there = objects.get(name)
    if there is None:
        objects.put(name, data)
    elif there != data:
        raise Invalid(
            f"{objects.place} 中的 {name} 内容不同，未覆盖。请另选一处存放",
            f"{name} in {objects.place} is another one and was not replaced. Name another place",
            rule="archive-there",
        )
    return len(data)


class ObjectsInFolder:
    """Files below a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.place = str(folder)

    def get(self, name: str) -> bytes | None:
        """See `Objects`."""
        try:
            return (self._folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise DatabaseUnavailable(self.place, reason(error)) from None

    def put(self, name: str, data: bytes) -> None:
        """See `Objects`."""
        path = self._folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path, data, draft=path.with_name(f"{path.name}.part"), mode=PUBLIC)
        except OSError as error:
            raise DatabaseUnavailable(self.place, reason(error)) from None


class ObjectsOnS3:
    """Objects of a bucket below a prefix; the environment says who asks and where (`AWS_…`)."""

    def __init__(self, place: str) -> None:
        try:
            from obstore.exceptions import BaseError  # noqa: PLC0415 - for ledgers that are there
            from obstore.store import S3Store  # noqa: PLC0415 - the same
        except ImportError as error:
            raise ExtraMissing("scale", error.name or "obstore") from error
        self.place = place
        self._errors = (OSError, BaseError)
        with self._told():
            self._store = S3Store.from_url(place)

    def get(self, name: str) -> bytes | None:
        """See `Objects`."""
        with self._told(), suppress(FileNotFoundError):
            return bytes(self._store.get(name).bytes())
        return None

    def put(self, name: str, data: bytes) -> None:
        """See `Objects`."""
        with self._told():
            self._store.put(name, data)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """In our words what the library says at length, with addresses in it."""
        try:
            yield
        except self._errors as error:
            LOGGER.info("%s: %s", self.place, error)
            why = Text(
                "存储服务没有按要求应答，请检查 AWS_ 开头的环境变量、桶和权限",
                "the storage service did not do what was asked: check the variables AWS_…, the"
                " bucket and the rights",
            )
            raise DatabaseUnavailable(self.place, why) from None
