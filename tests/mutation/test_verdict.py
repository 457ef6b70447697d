"""What a run of mutants reports in the end."""

from tests.mutation.__main__ import Key, listed, unseen, verdict


def keys(file: str, count: int) -> list[Key]:
    return [(file, "check", f"{at} < 1", f"{at} <= 1") for at in range(count)]


class TestARunThatNoticesNothing:
    """Such as of a program that the tests no longer read from where the change is put."""

    def test_is_reported_for_each_file(self) -> None:
        seen, never_seen = keys("seen.py", 2), keys("never_seen.py", 3)
        survived = [*seen[:1], *never_seen]

        [told] = unseen([*seen, *never_seen], survived)
        assert told.startswith("none of 3 mutants of never_seen.py was noticed")
        assert verdict([*listed(), *seen, *never_seen], never_seen, survived)

    def test_is_as_it_should_be_where_all_are_listed(self) -> None:
        known = list(listed())

        assert unseen(known, known) == verdict(known, known, known) == []

    def test_is_none_where_nothing_survives_or_nothing_is_tried(self) -> None:
        assert unseen(keys("seen.py", 2), []) == unseen([], []) == []
