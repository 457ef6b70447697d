"""A process that is begun and waited for (启动的进程): it ends with the one that began it."""

import signal
import subprocess
from collections.abc import Mapping, Sequence


def run_until_ended(words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a process; its exit code, or 0 where it was ended from here by a signal."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with subprocess.Popen(words, env=environment) as running:  # noqa: S603 - our own modules
            try:
                return running.wait()
            finally:
                running.terminate()
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGTERM, before)
