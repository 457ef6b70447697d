"""Where the console script begins: what the program needs is imported with an eye on Ctrl-C."""

import atexit
import gc
import os
import signal
from types import FrameType

INTERRUPTED = 130
MADE_BETWEEN = 200_000
"""Objects made until cycles among them are looked for: what is imported and read stays, so Python's
700 is a search for nothing that takes a third of a long list's time."""


def main() -> None:
    signal.signal(signal.SIGINT, _leave)
    gc.set_threshold(MADE_BETWEEN)
    from cli.main import main as run  # noqa: PLC0415 - it may be interrupted from its first import on

    signal.signal(signal.SIGINT, signal.default_int_handler)
    atexit.register(gc.freeze)  # else Python, on its way out, looks at all of it more than once
    run()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    os.write(2, "已中断，没有写入未完成的操作。/ Interrupted; nothing was half-written.\n".encode())
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
