"""How long receipts in two steps are at the size of a province.

`python -m bench.two_steps` makes receipts of entries of a city's year (1.9 million, taken up each
day) below a province of 21 cities, under the first checkpoint that covers each, and prints how many
bytes they have. The two trees are not made: a path has as many hashes as that of its place in a
tree of its size, of bytes at random, and all else is signed and real.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from random import Random
from statistics import mean, quantiles
from typing import Final

from application.fleet_receipt import TwoStepReceipt
from ledger.codec import encode
from ledger.envelope import REGISTER, Actor, IdempotencyKey, RecordedEvent
from ledger.events import CheckpointTaken
from ledger.gzipped import compressed
from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.log.note import SigningKey
from ledger.log.receipt import Receipt
from ledger.log.tree import TreeHead, inclusion_proof

ENTRIES, CITIES, DAYS, BEFORE = 1_900_000, 21, 365, 50
RECEIPTS: Final = 2_000
CITY, PROVINCE = (SigningKey(f"{name}.example/2024", bytes(32)) for name in ("city-a", "province"))


def receipt(chance: Random, taken_up: list[int]) -> bytes:
    """The receipt of an entry at random."""

    def path(place: int, size: int) -> Receipt:
        key = CITY if size > CITIES * DAYS + BEFORE else PROVINCE
        note = bytes(
            sign_checkpoint(Checkpoint(key.name, TreeHead(size, chance.randbytes(32))), [key])
        )
        hashes = inclusion_proof(lambda *_: chance.randbytes(32), place, size)
        return Receipt(place, tuple(hashes), SignedCheckpoint.parse(note))

    place = chance.randrange(ENTRIES)
    day = bisect_right(taken_up, place)
    inner = path(place, taken_up[day])
    taken = RecordedEvent(
        case=REGISTER,
        version=BEFORE + day * CITIES,
        at="2024-12-31T08:00:00.000000Z",
        dated=date(2024, 12, 31),
        by=Actor(account="administrator", role="administrator", organisation="finance-bureau"),
        command=IdempotencyKey(id=chance.randbytes(16).hex(), sha256=chance.randbytes(32).hex()),
        prev=chance.randbytes(32).hex(),
        event=CheckpointTaken(checkpoint=bytes(inner.checkpoint.note).decode()),
    )
    first = BEFORE + day * CITIES
    outer = path(first + chance.randrange(CITIES), first + CITIES)
    return bytes(TwoStepReceipt(inner, encode(taken), outer))


def receipts(count: int) -> Iterator[bytes]:
    """So many of them, the same each time."""
    chance = Random(1)  # noqa: S311 - which entries, no secret
    taken_up = [ENTRIES * (day + 1) // DAYS for day in range(DAYS)]
    return (receipt(chance, taken_up) for _ in range(count))


def main() -> None:
    """Print the bytes of receipts, as text and compressed."""
    made = [*receipts(RECEIPTS)]
    print("| | 平均 / mean | 95% | 最大 / most | ≤ 2048 |\n|---|---|---|---|---|")
    for name, sizes in (
        ("文字 / text", [len(data) for data in made]),
        (".gz", [len(compressed(data)) for data in made]),
    ):
        short = sum(size <= 2048 for size in sizes) / len(sizes)  # noqa: PLR2004 - two kilobytes
        row = (mean(sizes), quantiles(sizes, n=20)[-1], max(sizes))
        print(f"| {name} | {' | '.join(f'{number:.0f}' for number in row)} | {short:.0%} |")


if __name__ == "__main__":
    main()
