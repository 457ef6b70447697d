"""Stdout and stderr of the process, so that an exit code says what was done and not what was shown.

A reader may go away, a disk may be full, a terminal may lack the characters: none of that undoes
what was recorded. So writing never fails here; what could not be shown is remembered, and only a
command that has left nothing behind but its output has failed with it.
"""

import codecs
import errno
import os
import sys
from collections.abc import Callable
from functools import partial
from io import BufferedWriter, RawIOBase, TextIOWrapper
from typing import Final, TextIO

from cli.language import t

ESCAPED: Final = "scoretrail-escaped"
"""Name of the error handler that shows what an encoding lacks as an escape."""


class Shown:
    """What became of the output.

    Attributes:
        lost: why some of it was not written; `None` while all is. A reader that closes a pipe has
            seen enough, so that is no loss.
        closed: whether the reader of a pipe has gone away.
        odd: characters that the encoding lacks, as they were escaped.
        durable: whether something was recorded or written that lasts.
    """

    def __init__(self) -> None:
        self.lost: OSError | None = None
        self.closed = False
        self.odd = ""
        self.durable = False


SHOWN: Final = Shown()
"""Of this process."""


class _Forgiving(RawIOBase):
    """A file descriptor to which writing never fails."""

    def __init__(self, number: int, write: Callable[[memoryview], int | None]) -> None:
        super().__init__()
        self._number = number
        self._write = write

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number

    def isatty(self) -> bool:
        return os.isatty(self._number)

    def write(self, data: object) -> int:
        view = memoryview(data)  # type: ignore[arg-type]  # the buffer hands on bytes
        if SHOWN.closed or SHOWN.lost:
            return view.nbytes
        try:
            written = self._write(view)
        except OSError as error:
            if error.errno in {errno.EPIPE, errno.EINVAL}:  # the latter on Windows
                SHOWN.closed = True
            else:
                SHOWN.lost = error
            return view.nbytes
        if written is None:  # it would have to wait
            SHOWN.lost = BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        return written or view.nbytes


def _escape(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeEncodeError) and error.object[error.start] == "\N{MINUS SIGN}":
        return "-", error.start + 1
    if isinstance(error, UnicodeEncodeError) and not SHOWN.odd:
        SHOWN.odd = ascii(error.object[error.start : error.end])
    return codecs.backslashreplace_errors(error)


def take_over() -> None:
    """Write to this process's stdout and stderr in this way from here on."""
    codecs.register_error(ESCAPED, _escape)
    # What is opened while one of the three is missing takes its number; a ledger must not.
    while (spare := os.open(os.devnull, os.O_RDWR)) <= 2:  # noqa: PLR2004 - stderr is the last
        os.set_inheritable(spare, True)  # noqa: FBT003 - its only argument
    os.close(spare)
    for name, number in (("stdout", 1), ("stderr", 2)):
        was = getattr(sys, name)
        stream = TextIOWrapper(
            BufferedWriter(_Forgiving(number, _writer(was, number))),
            encoding=was.encoding if was else "utf-8",
            errors=ESCAPED,
            line_buffering=number == 2 or os.isatty(number),  # noqa: PLR2004 - stderr
        )
        setattr(sys, name, stream)


def _writer(stream: TextIO | None, number: int) -> Callable[[memoryview], int | None]:
    """What writes to the descriptor; a console of Windows takes no bytes but through its own."""
    if stream is None:
        return partial(os.write, number)
    write: Callable[[memoryview], int | None] = getattr(stream.buffer, "raw", stream.buffer).write
    return write


def lasts() -> None:
    """Something durable was recorded or written, shown or not."""
    SHOWN.durable = True


def final(code: int) -> int:
    """The exit code of a command that would be this one, with what became of its output.

    Args:
        code: of what was done.
    """
    sys.stdout.flush()
    if code or SHOWN.durable or not (SHOWN.lost or SHOWN.odd):
        return code
    if SHOWN.lost:
        why, SHOWN.lost = SHOWN.lost, None  # stderr may be elsewhere
        from ledger.system_error import reason  # noqa: PLC0415 - only where it goes wrong

        words = reason(why)
        _say(f"输出无法写入（{words.zh}）", f"the output cannot be written ({words.en})")
    else:
        _say(
            f"{SHOWN.odd} 不能用 {sys.stdout.encoding} 编码，已转义。输出不是 UTF-8 的，请设"
            " PYTHONIOENCODING=utf-8",
            f"{SHOWN.odd} cannot be encoded in {sys.stdout.encoding} and was escaped. If the"
            " output has another encoding, set PYTHONIOENCODING=utf-8",
        )
    return 2


def _say(zh: str, en: str) -> None:
    sys.stderr.write(t(f"错误：{zh}\n", f"Error: {en}\n"))
    sys.stderr.flush()
