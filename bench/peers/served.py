"""Pages of others next to ours: fava over a ledger of as many entries, Datasette over our tables.

`python -m bench.peers.served`, with our own interpreter: the peers are started with that of
build/peers, and asked in the same way as a worker of ours.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench import ROOT
from bench.lists import fill
from bench.served import served
from bench.web import READS, worker
from bench.workload import Workload
from ledger.store import Store
from projections.portfolio import table_name
from projections.portfolio.catch_up import catch_up

BIN: Final = ROOT / "build" / "peers" / "bin"
ENTRIES: Final = 352
"""As many as the reference case has events."""

OURS: Final = ("score sheet", "bridge", "change log", "work list", "cases")
CASES: Final = 100


def journal() -> str:
    """A ledger of so many entries: accounts, and money that moves between two of them."""
    accounts = [f"2024-01-01 open {name} CNY" for name in ("Assets:Bank", "Expenses:Travel")]
    moves = [
        f'2024-{1 + n % 12:02}-{1 + n % 28:02} * "unit" "payment {n}"\n'
        f"  Expenses:Travel  {n}.00 CNY\n  Assets:Bank"
        for n in range(1, ENTRIES + 1 - len(accounts))
    ]
    head = 'option "title" "bench"\noption "operating_currency" "CNY"'
    return "\n".join([head, *accounts, *moves, ""])


def of_ours(folder: Path) -> Iterator[tuple[str, float]]:
    """Pages of ours, and the milliseconds of the processor of each."""
    with worker(Workload(folder).demo) as server:
        for read in READS:
            if read.name in OURS:
                server.ask(read.paths[0])
                yield f"ours: {read.name}", server.least(*read.paths)


def of_fava(folder: Path) -> Iterator[tuple[str, float]]:
    """Pages of fava and what they ask for, which is where its figures come from."""
    ledger = folder / "bench.beancount"
    ledger.write_text(journal(), "utf-8")
    with served(lambda port: [str(BIN / "fava"), "--port", str(port), str(ledger)]) as server:
        for name, path in (
            ("journal", "/bench/journal/"),
            ("journal, its entries", "/bench/api/journal"),
            ("income statement, its figures", "/bench/api/income_statement"),
            ("poll for changes", "/bench/api/changed"),
        ):
            server.ask(path)
            yield f"fava: {name}", server.least(path)


def of_datasette(folder: Path) -> Iterator[tuple[str, float]]:
    """Tables of our portfolio as Datasette shows them, as many rows a page as ours has."""
    ledger = folder / "many.db"
    with Store.create(ledger) as store:
        fill(store, CASES)
        catch_up(store)
    tables = ledger.with_name(f"{ledger.name}.projections").rename(folder / "many.sqlite")
    words = [str(BIN / "datasette"), "serve", str(tables), "--setting", "default_page_size", "50"]
    with served(lambda port: [*words, "--port", str(port)]) as server:
        for table in map(table_name, ("cases", "work")):
            server.ask(f"/many/{table}")
            yield f"Datasette: {table}", server.least(f"/many/{table}")


def main() -> None:
    """Print a line for each page."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for measured in (of_ours, of_fava, of_datasette):
            for what, spent in measured(folder):
                print(f"{what:40}{spent:9.2f} ms", flush=True)


if __name__ == "__main__":
    main()
