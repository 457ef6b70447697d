"""Two PostgreSQL servers under Patroni, as Debian installs them: one leads, and one follows it.

They and etcd, which knows who leads, run on the loopback in a scratch folder, by a user without
rights; nothing of the machine's own servers is touched. A server that is missing here fails its
tests: they are run by `make scale` only.
"""

import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, Self
from urllib.request import urlopen

from tests.support.postgres import NoServer, end_with, free_port, user_without_rights

PROGRAMS: Final = ("etcd", "patroni")
PATIENCE: Final = 120
"""Seconds in which a server is made, takes over or comes back."""
TTL: Final = 20
"""Seconds after which a leader that is silent leads no more; Patroni takes no fewer."""


class Node(NamedTuple):
    """A server, and the Patroni that watches over it.

    Attributes:
        port: of the server; `api` of Patroni.
    """

    name: str
    port: int
    api: int


class Pair:
    """Two servers, of which one leads, and what keeps them so.

    Attributes:
        password: of the superuser.
        nodes: both.
    """

    def __init__(self) -> None:
        missing = [program for program in PROGRAMS if shutil.which(program) is None]
        servers = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        if missing or not servers:
            raise NoServer(
                f"missing: {', '.join(missing) or 'PostgreSQL'};"
                " install Debian's patroni, python3-etcd, etcd-server and postgresql"
            )
        self._programs = servers[-1].parent
        self._user = user_without_rights()
        self._folder = Path(tempfile.mkdtemp(prefix="scoretrail-patroni-"))
        if self._user:
            shutil.chown(self._folder, self._user)
        self._etcd = free_port()
        self.password = secrets.token_hex(8)
        self.nodes = [Node(name, free_port(), free_port()) for name in ("one", "two")]
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def url(self) -> str:
        """Of a superuser, on the one of the two that leads."""
        where = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        return f"postgresql://postgres:{self.password}@{where}/postgres"

    def roles(self) -> dict[str, str]:
        """What each is at the moment, as a Patroni that answers sees it."""
        for node in self.nodes:
            with (
                suppress(OSError, ValueError),
                urlopen(f"http://127.0.0.1:{node.api}/cluster", timeout=2) as answer,
            ):
                members = json.load(answer)["members"]
                running = [one for one in members if one["state"] in {"running", "streaming"}]
                return {one["name"]: one["role"] for one in running}
        return {}

    def leader(self) -> Node | None:
        """Which of them leads, if any does."""
        roles = self.roles()
        return next((node for node in self.nodes if roles.get(node.name) == "leader"), None)

    def wait_until(self, holds: Callable[[], object], what: str) -> float:
        """Wait for something; the seconds that it took."""
        begun = time.monotonic()
        while not holds():
            if time.monotonic() > begun + PATIENCE:
                logs = (self._folder / f"{node.name}.log" for node in self.nodes)
                ends = "\n\n".join(log.read_text()[-3000:] for log in logs if log.exists())
                raise NoServer(f"waited in vain until {what}; {self.roles()}\n{ends}")
            time.sleep(0.1)
        return time.monotonic() - begun

    def wait_for_both(self) -> None:
        """Wait until one leads, and nothing is acknowledged that the other does not have."""
        self.wait_until(
            lambda: sorted(self.roles().values()) == ["leader", "sync_standby"],
            "one leads and the other is its synchronous standby",
        )

    def start(self, node: Node) -> None:
        """Start one of them, for the first time or again."""
        settings = self._folder / f"{node.name}.yml"
        settings.write_text(json.dumps(self._settings(node)))  # which is YAML as well
        self._run(node.name, ["patroni", settings])

    def kill(self, node: Node) -> None:
        """End a whole node as a power cut would: the server, all that serve for it, and Patroni."""
        patroni = self._processes.pop(node.name)
        first = (self._folder / node.name / "postmaster.pid").read_text().split()[0]
        whole = [patroni.pid, int(first)]
        for pid in whole:
            os.kill(pid, signal.SIGSTOP)  # neither starts anything meanwhile
        for pid in [*_below(whole), *whole]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        patroni.wait()

    def _settings(self, node: Node) -> dict[str, object]:
        where, who = "127.0.0.1", {"password": self.password}
        lasting = {
            "ttl": TTL,
            "loop_wait": 1,
            "retry_timeout": 3,
            "synchronous_mode": True,
            "postgresql": {"use_pg_rewind": True},
        }
        return {
            "scope": "scoretrail",
            "name": node.name,
            "restapi": {"listen": f"{where}:{node.api}", "connect_address": f"{where}:{node.api}"},
            "etcd3": {"hosts": f"{where}:{self._etcd}"},
            "bootstrap": {
                "dcs": lasting,
                "initdb": ["data-checksums", {"encoding": "UTF8"}, {"locale": "C"}],
            },
            "watchdog": {"mode": "off"},  # a machine of its own should have one
            "postgresql": {
                "listen": f"{where}:{node.port}",
                "connect_address": f"{where}:{node.port}",
                "data_dir": str(self._folder / node.name),
                "bin_dir": str(self._programs),
                "pgpass": str(self._folder / f"{node.name}.pgpass"),
                "authentication": {
                    "superuser": {"username": "postgres"} | who,
                    "replication": {"username": "replicator"} | who,
                },
                "parameters": {
                    "unix_socket_directories": str(self._folder),
                    "shared_buffers": "64MB",
                },
                "pg_hba": [
                    f"host all all {where}/32 scram-sha-256",
                    f"host replication replicator {where}/32 scram-sha-256",
                ],
            },
        }

    def _run(self, name: str, command: Sequence[str | Path]) -> None:
        with (self._folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(  # noqa: S603 - Debian's own programs
                command,
                cwd=self._folder,
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(self._folder)},
                user=self._user,
                stdout=log,
                stderr=log,
                start_new_session=True,  # an interrupt at the keyboard is for the tests only
                preexec_fn=partial(end_with, os.getpid(), signal.SIGTERM),  # noqa: PLW1509 - it takes no lock that a thread of ours may hold
            )

    def __enter__(self) -> Self:
        try:
            here = f"http://127.0.0.1:{self._etcd}"
            peers = f"http://127.0.0.1:{free_port()}"
            etcd = ["etcd", "--name", "one", "--data-dir", str(self._folder / "etcd")]
            clients = ["--listen-client-urls", here, "--advertise-client-urls", here]
            alone = ["--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers]
            self._run("etcd", [*etcd, *clients, *alone, "--initial-cluster", f"one={peers}"])
            first, second = self.nodes
            self.start(first)
            self.wait_until(self.leader, "the first leads")
            self.start(second)
            self.wait_for_both()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for node in self.nodes:
            if node.name in self._processes:
                with suppress(OSError, IndexError):
                    self.kill(node)
        for process in self._processes.values():
            process.kill()
            process.wait()
        shutil.rmtree(self._folder)


def _below(pids: Sequence[int]) -> Iterator[int]:
    """The processes that these have started, and those that those have."""
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").glob("*"):
            with suppress(OSError):
                children = [*map(int, (task / "children").read_text().split())]
                yield from children
                yield from _below(children)
