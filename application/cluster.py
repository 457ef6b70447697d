"""A cluster (集群): workers that somebody else runs, on other machines too, verify shares of a log.

What they do knows nothing of the engine: any executor as of `concurrent.futures` will do, whose
workers have this program and reach the ledgers by the same names. Dask's is the one that is named
here. A worker that ends is made up for: by the engine, by another worker, or by the one that asks.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from application.place import LedgerPlace
from application.processes import Done, Processes, at_place
from ledger.extras import ExtraMissing
from ledger.values import Invalid

TIMEOUT: Final = "10s"
"""For the scheduler to answer."""
TLS: Final = ("ca.pem", "cert.pem", "key.pem")
"""The files of a folder with which this end and the other know each other."""


class Cluster(NamedTuple):
    """Workers, and how many there are.

    Attributes:
        run: what no other run is called: workers keep what they opened for one only.
        private: whether nobody else can read what is sent to them.
    """

    executor: Executor
    size: int
    run: str
    private: bool

    def at(self, place: LedgerPlace) -> "Workers":
        """The same for one ledger.

        Raises:
            Invalid: its address, which may hold a password, would be sent where others can read it.
        """
        if "://" in place.target and not self.private:
            raise Invalid(
                "记录库的地址可能含有密码，不经加密不发给集群；请使用有证书（TLS）的集群",
                "the address of a ledger may hold a password and is not sent to a cluster without"
                " encryption; use one with certificates (TLS)",
            )
        return Workers(place, self)


class Workers(Processes):
    """The workers of a cluster, for one ledger."""

    def __init__(self, place: LedgerPlace, cluster: Cluster) -> None:
        super().__init__(place, cluster.size)
        self._cluster = cluster
        self._asked: list[Future[object]] = []

    def ask(self, do: Callable[..., Done], *given: object) -> "Future[Done]":
        """Have one of them do something, in its turn."""
        cluster = self._cluster
        try:
            asked = cluster.executor.submit(at_place, cluster.run, self._place, do, *given)
        except RuntimeError as error:  # it takes nothing more
            asked = Future()
            asked.set_exception(error)
        self._asked.append(asked)  # type: ignore[arg-type]  # only to be cancelled
        return asked

    def close(self) -> None:
        """Ask for nothing more; the workers stay, for others."""
        for asked in self._asked:
            asked.cancel()


@contextmanager
def dask(address: str, tls: Path | None, run: str) -> Iterator[Cluster]:
    """The workers of a Dask cluster.

    Args:
        address: of its scheduler, `tls://…` or `tcp://…`.
        tls: the folder of `TLS`, where the cluster has it.
        run: see `Cluster`.

    Raises:
        ExtraMissing: the library is not installed.
        Invalid: nobody answers there, there is no worker, or the files of `tls` cannot be read.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - of an extra
        from distributed.security import Security  # noqa: PLC0415 - the same
    except ModuleNotFoundError:
        raise ExtraMissing("scale", "distributed") from None
    keys: dict[str, object] = {}
    if tls:
        ca, cert, key = (str(tls / name) for name in TLS)
        keys = {"tls_ca_file": ca, "tls_client_cert": cert, "tls_client_key": key}
        keys["require_encryption"] = True
    try:
        client = Client(address, security=Security(**keys), timeout=TIMEOUT, set_as_default=False)
    except (
        OSError,
        ValueError,
        TypeError,
    ):  # so it reports that nobody is there, and that keys differ
        raise Invalid(
            f"无法连接集群 {address}。请核对地址、证书目录（{'、'.join(TLS)}）和调度程序",
            f"the cluster {address} cannot be reached; check its address, the folder of"
            f" certificates ({', '.join(TLS)}) and its scheduler",
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=TIMEOUT)
        except TimeoutError:
            raise Invalid(
                f"集群 {address} 没有工作进程", f"the cluster {address} has no worker"
            ) from None
        yield Cluster(
            client.get_executor(pure=False, retries=3), len(client.ncores()), run, bool(tls)
        )
