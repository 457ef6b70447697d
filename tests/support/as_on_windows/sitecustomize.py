"""Python as on Windows, as far as another system can show it; put this folder on PYTHONPATH.

What only POSIX has is gone, folders cannot be opened, a file that is open is neither replaced nor
removed, rights do not show in modes, and there is no table of time zones. Libraries still see the
system that they run on.
"""

import asyncio
import builtins
import ctypes
import fcntl
import multiprocessing
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import types
import zipfile
from contextlib import suppress

with suppress(ImportError):
    import platformdirs  # noqa: F401 - of a plugin of pytest

__all__ = ["asyncio", "ctypes", "multiprocessing", "pathlib", "shutil", "socket", "subprocess"]
__all__ += ["tempfile", "zipfile"]  # they look at the system while they are imported

MODULES = ("fcntl", "grp", "pwd", "resource", "syslog", "termios")
OS = (
    *("O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "O_SYNC", "O_DSYNC"),
    *("chown", "fchmod", "fchown", "fork", "getegid", "geteuid", "getgid", "getuid", "killpg"),
    *("mkfifo", "mknod", "nice", "setsid", "sync", "sysconf", "uname"),
)
SIGNALS = ("SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGUSR1", "SIGUSR2")
SHARING = 13, "Permission denied"

tempfile._os = types.SimpleNamespace(**vars(os))  # it was made for this system
shutil._use_fd_functions = False  # so does what removes its folders
sys.modules["tzdata"] = None  # a table of time zones, which only extras bring along

system_open, system_replace, system_rename = os.open, os.replace, os.rename
system_unlink, system_stat = os.unlink, os.stat


def is_open(path):
    """Whether this process has a file open: Windows lets nobody replace or remove it then."""
    try:
        wanted = system_stat(path)
    except OSError:
        return False
    for number in os.listdir("/proc/self/fd"):
        try:
            there = os.fstat(int(number))
        except OSError:
            continue
        if (there.st_dev, there.st_ino) == (wanted.st_dev, wanted.st_ino):
            return True
    return False


def open_(path, flags, mode=0o777, *, dir_fd=None):
    """Open a file, which everybody may read as far as its mode shows."""
    if dir_fd is None and os.path.isdir(path):
        raise PermissionError(*SHARING, os.fspath(path))
    file = system_open(path, flags, mode, dir_fd=dir_fd)
    if flags & os.O_CREAT:
        os.chmod(file, 0o666)  # noqa: S103 - that is what a mode shows there
    return file


def replace(old, new, **more):
    """Put a file in the place of another that nobody has open."""
    if is_open(new) or is_open(old):
        raise PermissionError(*SHARING, os.fspath(old), None, os.fspath(new))
    system_replace(old, new, **more)


def rename(old, new, **more):
    """Rename a file where there is none of the new name."""
    if os.path.lexists(new):
        raise FileExistsError(17, "File exists", os.fspath(old), None, os.fspath(new))
    replace(old, new, **more)


def unlink(path, *, dir_fd=None):
    """Remove a file that nobody has open."""
    if dir_fd is None and is_open(path):
        raise PermissionError(*SHARING, os.fspath(path))
    system_unlink(path, dir_fd=dir_fd)


def symlink(*_, **__):
    """Refuse a link: an ordinary account may make none."""
    raise OSError(1314, "A required privilege is not held by the client")


def locking(file, mode, _):
    """Lock or let go, as `msvcrt.locking`."""
    how = {0: fcntl.LOCK_UN, 1: fcntl.LOCK_EX | fcntl.LOCK_NB, 2: fcntl.LOCK_EX | fcntl.LOCK_NB}
    try:
        fcntl.flock(file, how[mode])
    except BlockingIOError:
        raise PermissionError(*SHARING) from None


msvcrt = types.ModuleType("msvcrt")
msvcrt.locking, msvcrt.LK_UNLCK, msvcrt.LK_LOCK, msvcrt.LK_NBLCK = locking, 0, 1, 2
os.O_BINARY = 0

os.open, os.replace, os.rename, os.symlink = open_, replace, rename, symlink
os.unlink = os.remove = unlink
system_import = builtins.__import__


def import_(name, importing=None, *more, **named):
    """Import a module that Windows has; the tests themselves stay on the system they run on."""
    if name in MODULES and not (importing or {}).get("__name__", "").startswith("tests."):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    return system_import(name, importing, *more, **named)


builtins.__import__ = import_
for name in OS:
    if hasattr(os, name):
        delattr(os, name)
for name in SIGNALS:
    delattr(signal, name)

# The one module that knows the system sees the other one, and what that has.
system, sys.platform = sys.platform, "win32"
sys.modules["msvcrt"] = msvcrt
import ledger.log.operating_system  # noqa: E402, F401

sys.platform = system
del sys.modules["msvcrt"]
