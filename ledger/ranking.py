"""The ranking of a year: a Merkle tree over final scores, of which each unit can be shown its own.

Its format: docs/formats/ranking.md. Each leaf holds 16 random bytes of its own, so that nobody who
sees hashes can try out scores. The tree is hashed like the log (RFC 9162, section 2.1); its leaves
begin with a line that no entry of the log begins with, so that none is taken for the other.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Final, Literal, NamedTuple

from msgspec import Meta, Struct

from ledger.log.tree import (
    ProofError,
    TreeHead,
    inclusion_proof,
    leaf_hash,
    tree_head,
    verify_inclusion,
)
from ledger.values import CaseId, Count, Sha256

FORMAT: Final = "scoretrail-ranking/1"
SALT_SIZE: Final = 16
"""Random bytes in each leaf: 2 to the power of 128 of them cannot be tried out."""

Salt = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
Score = Annotated[str, Meta(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,12})?\Z")]
Place = Annotated[int, Meta(ge=1)]


class RankedCase(Struct, frozen=True, forbid_unknown_fields=True):
    """A case with its final score.

    Attributes:
        place: 1 for the highest score; equal scores have the same place, and places are left out
            after them (1, 2, 2, 4).
        score: as decimals, with those that the rubric has.
        salt: 16 random bytes in hex, given to nobody but its unit.
    """

    place: Place
    score: Score
    case: CaseId
    salt: Salt


class PlaceInRanking(NamedTuple):
    """A case in the ranking of a year that has so many."""

    year: int
    case: RankedCase
    cases: int


class Ranking(Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The whole list, which stays with those who drew it up.

    Attributes:
        size: how many entries the log had when it was drawn up.
        sum: of all scores.
        salt: of the first leaf, which holds the number of cases and the sum.
        cases: by score, the highest first; equal ones by case.
    """

    format: Literal["scoretrail-ranking/1"]
    year: int
    size: Count
    sum: Score
    salt: Salt
    cases: tuple[RankedCase, ...]

    @cached_property
    def leaves(self) -> list[bytes]:
        """The hashes of the leaves: the one about all of them first."""
        head = _text("head", self.year, len(self.cases), self.sum, self.salt)
        return [leaf_hash(head), *(leaf_of(self.year, case) for case in self.cases)]

    @property
    def root(self) -> Sha256:
        """The root of the tree, in hex."""
        return tree_head(self.leaves).root.hex()

    def path(self, index: int) -> list[Sha256]:
        """The inclusion proof of a leaf (RFC 9162, section 2.1.3.1), in hex."""

        def read(level: int, number: int) -> bytes:
            return tree_head(self.leaves[number << level : (number + 1) << level]).root

        return [digest.hex() for digest in inclusion_proof(read, index, len(self.leaves))]

    def faults(self) -> Iterator[tuple[str, str]]:
        """What keeps the list from being one: order, places, sum; in Chinese and English."""
        if self.sum != format_score(total(self.cases)):
            yield (
                f"合计应为 {format_score(total(self.cases))}，所列为 {self.sum}",
                f"the sum is {format_score(total(self.cases))}, not {self.sum}",
            )
        for name, count in Counter(case.case for case in self.cases).items():
            if count > 1:
                yield f"{name} 重复", f"{name} is there twice"
        for before, after in pairwise(self.cases):
            if _order(before) > _order(after):
                yield (
                    f"{after.case} 应在 {before.case} 之前",
                    f"{after.case} belongs before {before.case}",
                )
        salts = [self.salt, *(case.salt for case in self.cases)]
        if len(set(salts)) < len(salts):
            yield "随机数重复", "random bytes are there twice"
        for case, place in zip(self.cases, places(self.cases), strict=True):
            if case.place != place:
                yield (
                    f"{case.case} 的名次应为 {place}，所列为 {case.place}",
                    f"{case.case} has place {place}, not {case.place}",
                )


def draw_up(
    year: int, size: int, scores: Iterable[tuple[CaseId, Decimal]], salts: Iterator[bytes]
) -> Ranking:
    """The ranking of these scores.

    Args:
        year: that is scored.
        size: how many entries the log has.
        scores: the final score of each case.
        salts: 16 random bytes each time.
    """
    unplaced = [
        RankedCase(1, format_score(score), case, next(salts).hex()) for case, score in scores
    ]
    unplaced.sort(key=_order)
    cases = tuple(
        RankedCase(place, case.score, case.case, case.salt)
        for case, place in zip(unplaced, places(unplaced), strict=True)
    )
    sum_ = format_score(total(cases))
    return Ranking(FORMAT, year, size, sum_, next(salts).hex(), cases)


def leaf_of(year: int, case: RankedCase) -> bytes:
    """The hash of a case's leaf, 32 bytes."""
    return leaf_hash(_text("case", year, case.place, case.score, case.case, case.salt))


def verify_place(stated: PlaceInRanking, index: int, path: Sequence[Sha256], root: Sha256) -> None:
    """Check that a case has a place in the ranking of a year.

    Args:
        stated: the place.
        index: of its leaf; 0 is the leaf about all of them.
        path: of its inclusion.
        root: as the register states it.

    Raises:
        ProofError: it has not, or its place cannot be that.
    """
    if not 1 <= stated.case.place <= index:
        raise ProofError(
            f"第 {index} 行的名次不可能是 {stated.case.place}",
            f"row {index} cannot have place {stated.case.place}",
        )
    head = TreeHead(stated.cases + 1, bytes.fromhex(root))
    verify_inclusion(leaf_of(stated.year, stated.case), index, list(map(bytes.fromhex, path)), head)


def places(cases: Sequence[RankedCase]) -> list[int]:
    """The place of each, by scores in this order: equal ones share the first of their places."""
    found: list[int] = []
    for number, case in enumerate(cases):
        equal = number and Decimal(case.score) == Decimal(cases[number - 1].score)
        found.append(found[-1] if equal else number + 1)
    return found


def total(cases: Iterable[RankedCase]) -> Decimal:
    """The sum of the scores, exact."""
    return sum((Decimal(case.score) for case in cases), Decimal(0))


def format_score(score: Decimal) -> str:
    """A score in digits, never with an exponent."""
    return f"{score:f}"


def _order(case: RankedCase) -> tuple[Decimal, str]:
    return -Decimal(case.score), case.case


def _text(*lines: object) -> bytes:
    return "".join(f"{line}\n" for line in (FORMAT, *lines)).encode()
