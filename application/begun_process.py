"""A process that is begun and waited for (启动的进程): it ends with the one that began it."""

import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from application.place import KEY_VARIABLES


def serve(target: str, given: Mapping[str, object], environment: Mapping[str, str]) -> int:
    """Run the web service over a ledger, without any signing key; its exit code.

    Args:
        target: the ledger.
        given: its options by their names, those left out that have no value.
        environment: that it runs in.
    """
    options = ((name.replace("_", "-"), value) for name, value in given.items() if value)
    words = [f"--{name}" if value is True else f"--{name}={value}" for name, value in options]
    without_key = {name: value for name, value in environment.items() if name not in KEY_VARIABLES}
    return run_until_ended([sys.executable, "-m", "web", target, *words], without_key)


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
