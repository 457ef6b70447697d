"""The tree that is joined from aligned parts is the tree over all leaves."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import aligned_parts
from ledger.aligned_parts import AlignedPart, LogTree, Placed, Placing, aligned_part
from ledger.log.tree import TreeHead, leaf_hash
from tests.support import naive_log as naive

SIZES = st.integers(0, 200)
ENTRIES = [b"entry %d" % number for number in range(200)]


@pytest.fixture(autouse=True, params=[0, 2, 3, 9])
def _height(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(aligned_parts, "HEIGHT", request.param)
        yield


def parts_of(tree: LogTree, entries: Sequence[bytes], size: int) -> list[AlignedPart]:
    placed = list(enumerate(entries))
    return [
        aligned_part(part.start, placed[part.start : part.stop], sizes)
        for part, sizes in tree.parts(size)
    ]


@given(size=SIZES, wanted=st.sets(st.integers(0, 250), max_size=6))
def test_the_heads_are_those_of_the_rfc_at_every_size_wanted(size: int, wanted: set[int]) -> None:
    tree, entries = LogTree(wanted), ENTRIES[:size]

    assert tree.join(parts_of(tree, entries, size))

    for reached in {0, size} | {one for one in wanted if one <= size}:
        root = naive.mth([leaf_hash(entry) for entry in entries[:reached]])
        assert tree.heads[reached] == TreeHead(reached, root)
    assert max(tree.heads) == size


@given(size=st.integers(1, 200), data=st.data())
def test_a_hole_before_the_end_joins_nothing(size: int, data: st.DataObject) -> None:
    hole = data.draw(st.integers(0, size - 1))
    tree = LogTree()
    placed = [(at, entry) for at, entry in enumerate(ENTRIES[:size]) if at != hole]
    parts = [
        aligned_part(part.start, [one for one in placed if one[0] in part], sizes)
        for part, sizes in tree.parts(size)
    ]

    assert tree.join(parts) == (hole == size - 1)
    assert hole == size - 1 or list(tree.heads) == [0]


def placed_of(pairs: Sequence[tuple[int, bytes]]) -> Placed:
    placing = Placing()
    for position, leaf in pairs:
        placing.place(position, leaf)
    assert placing.end() == []
    return placing.placed()


@given(
    pairs=st.lists(st.tuples(st.integers(-3, 90), st.sampled_from(naive.LEAVES))), data=st.data()
)
def test_what_was_placed_is_known_again_in_any_order_and_shares(
    pairs: list[tuple[int, bytes]], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(pairs)))
    other = data.draw(st.permutations(pairs))

    assert placed_of(other[:cut]) | placed_of(other[cut:]) == placed_of(pairs)
    assert placed_of([*pairs, (1, naive.LEAVES[0])]) != placed_of(pairs)
    assert placed_of([(1, naive.LEAVES[0])]) != placed_of([(2, naive.LEAVES[0])])
