"""Where the console script begins: what the program needs is imported with an eye on Ctrl-C."""

import os
import signal
from types import FrameType

INTERRUPTED = 130


def main() -> None:
    """Run the program; interrupted while it is still being loaded, end without a traceback."""
    signal.signal(signal.SIGINT, _leave)
    from cli.main import main as run  # noqa: PLC0415 - it may be interrupted from its first import on

    signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """End at once: nothing has been opened yet."""
    os.write(2, "已中断，没有写入未完成的操作。/ Interrupted; nothing was half-written.\n".encode())
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
