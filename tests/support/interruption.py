"""Stopping a program at any call that changes files, as a power cut would."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHANGING = tuple(
    name for name in ("open", "write", "fsync", "fchmod", "replace", "mkdir") if hasattr(os, name)
)


class Stopped(BaseException):
    """The power is gone."""


@contextmanager
def stopping(at: int) -> Iterator[None]:
    """Stop before the call of that number, from 1; a write has written half by then."""
    calls = 0

    def changed(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*args: Any, **more: Any) -> Any:  # noqa: ANN401 - whatever the system takes
            nonlocal calls
            calls += 1
            if calls == at:
                if name == "write":
                    file, data = args
                    call(file, data[: len(data) // 2])
                raise Stopped
            return call(*args, **more)

        return instead

    with pytest.MonkeyPatch.context() as patch:
        for name in CHANGING:
            patch.setattr(os, name, changed(name, getattr(os, name)))
        yield


@contextmanager
def lasting() -> Iterator[list[tuple[str, str]]]:
    """What is done meanwhile to make files last, in order: `fsync` or `replace`, and of what."""
    done: list[tuple[str, str]] = []
    fsync, replace = os.fsync, os.replace

    def synced(file: int) -> None:
        done.append(("fsync", str(Path(f"/proc/self/fd/{file}").readlink())))
        fsync(file)

    def replaced(old: Path, new: Path) -> None:
        done.append(("replace", str(new)))
        replace(old, new)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", synced)
        patch.setattr(os, "replace", replaced)
        yield done


def interruptions(act: Callable[[], object]) -> Iterator[int]:
    """Stop the act at each of its calls in turn; the last time, it gets through."""
    at = 0
    while True:
        at += 1
        try:
            with stopping(at):
                act()
        except Stopped:
            yield at
        else:
            return
