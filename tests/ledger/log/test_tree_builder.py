from hypothesis import given
from hypothesis import strategies as st

from ledger.log.tree import TreeHead
from ledger.log.tree_builder import TreeBuilder
from tests.support import naive_log as naive


def head(leaves: list[bytes]) -> TreeHead:
    return TreeHead(len(leaves), naive.mth(leaves))


@given(size=st.integers(0, 600), wanted=st.sets(st.integers(0, 700), max_size=5))
def test_the_heads_are_those_of_the_rfc_at_every_size_wanted(size: int, wanted: set[int]) -> None:
    growth = TreeBuilder(wanted)
    for position, leaf in enumerate(naive.LEAVES[:size]):
        growth.place(position, leaf)

    assert growth.end() == []
    reached = {0, size} | {one for one in wanted if one <= size}
    assert growth.heads == {one: head(naive.LEAVES[:one]) for one in reached}


@given(order=st.integers(1, 400).flatmap(lambda size: st.permutations(range(size))))
def test_the_order_in_which_they_come_makes_no_difference(order: list[int]) -> None:
    middle = len(order) // 2
    growth = TreeBuilder({middle})
    for position in order:
        growth.place(position, naive.LEAVES[position])

    assert growth.end() == []
    assert growth.heads[middle] == head(naive.LEAVES[:middle])
    assert growth.heads[len(order)] == head(naive.LEAVES[: len(order)])


@given(positions=st.sets(st.integers(0, 40)), late=st.booleans())
def test_holes_are_named_and_the_rest_closes_ranks(positions: set[int], *, late: bool) -> None:
    growth = TreeBuilder()
    for position in sorted(positions, reverse=late):
        growth.place(position, naive.LEAVES[position])

    assert growth.end() == sorted(positions ^ set(range(len(positions))))
    assert growth.heads[len(positions)] == head([naive.LEAVES[one] for one in sorted(positions)])


def test_a_place_taken_twice_is_named() -> None:
    growth = TreeBuilder()
    for position in (0, 1, 1, 2):
        growth.place(position, naive.LEAVES[position])

    assert 1 in growth.end()


def test_what_waited_takes_its_place_at_once() -> None:
    """Not only at the end: memory holds what is ahead of its turn, and no more."""
    growth = TreeBuilder({4, 600})
    for position in range(0, 600, 3):
        for late in (position + 2, position + 1, position):
            growth.place(late, naive.LEAVES[late])

    assert growth.heads[4] == head(naive.LEAVES[:4])
    assert growth.heads[600] == head(naive.LEAVES[:600])
