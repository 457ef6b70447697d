"""The search finds what a reader would who read, word by word, all that they may see."""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.look_as import look_as
from application.search import search
from ledger.account_registry import Account
from ledger.ledger import Ledger
from ledger.store import Ask, Store
from ledger.values import Invalid
from projections.as_of import at
from projections.portfolio import folded_tables, text_search
from projections.portfolio.catch_up import catch_up, rebuild
from projections.searched_texts import texts_of
from tests.application.test_lists import hindered
from tests.application.test_page_of_list import everybody, reading
from tests.support.portfolio_tables import emptied, filled

pytestmark = pytest.mark.slow

SEEDS = st.lists(st.integers(0, 5000), min_size=1, max_size=4, unique=True)
SLOW = settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
WORDS = ("投诉", "起", "执行率", "95%", "年 绩效", "不 市", "局", "按月", "zzz", "2023", "3", "-")
LABELS = (
    *("final", "self", "draft", "issued", "2023-06-01", "2024-01-15"),
    *("recorded:2026-11-21T10:30:00.000000Z", "2024-01-15@2026-11-21T10:40:00.000000Z"),
    "issued@2026-11-21T11:00:00.000000Z",
)
Found = tuple[str, int, str, str]


def naive(store: Store, account: Account | None, typed: str, label: str) -> Iterator[Found]:
    """What an account that reads everything finds."""

    def same(text: str) -> str:
        return "".join(unicodedata.normalize("NFKC", sign).casefold() for sign in text)

    ledger, followed = Ledger(store), reading(store)
    for case in (name for name in ledger.streams() if ":" not in name):
        with suppress(Invalid):
            if account is None:
                point = at(ledger.history(case), ledger.editions("small"), label)
            else:
                point = look_as(followed, account, case).earlier(label)
            for recorded in point.history:
                for kind, text in texts_of(recorded.event):
                    if all(word in same(text) for word in same(typed).split()):
                        yield case, recorded.version, kind, text


def found(
    store: Store,
    account: Account | None,
    typed: str,
    label: str = "final",
    limit: int | None = None,
) -> list[Found]:
    """All pages one after another."""
    results, after = list[Found](), None
    while True:
        page = search(store, typed, account, label=label, after=after, limit=limit)
        results += [(one.case, one.version, one.kind, one.text) for one in page.results]
        if page.further is None:
            return results
        assert page.further != after
        after = page.further


@SLOW
@given(
    seeds=SEEDS, typed=st.sampled_from(WORDS), label=st.sampled_from(LABELS), cut=st.integers(1, 40)
)
def test_what_is_found_is_what_is_there_to_be_seen(
    store: Store, seeds: list[int], typed: str, label: str, cut: int
) -> None:
    filled(store, seeds)
    for account in (None, *everybody(store)):
        seen = sorted(naive(store, account, typed, label))
        assert sorted(found(store, account, typed, label)) == seen
        assert found(store, account, typed, label, cut) == found(store, account, typed, label)
    emptied(store)
    with hindered():
        for account in (None, *everybody(store)):
            assert sorted(found(store, account, typed, label)) == sorted(
                naive(store, account, typed, label)
            )


@SLOW
@given(seeds=SEEDS, typed=st.sampled_from(WORDS))
def test_what_is_found_does_not_depend_on_how_the_tables_were_made(
    store: Store, seeds: list[int], typed: str
) -> None:
    filled(store, seeds[:1])
    catch_up(store)
    filled(store, seeds)
    kept = found(store, None, typed)
    rebuild(store)
    assert found(store, None, typed) == kept == found(store, None, typed, limit=3)


def test_a_page_ends_behind_so_many_cases_and_the_next_goes_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store, [1, 2, 3, 4])
    every = found(store, None, "投诉")
    monkeypatch.setattr(text_search, "EXAMINED", 1)
    assert found(store, None, "投诉", limit=50) == every
    assert every


def test_the_index_names_the_cases_and_no_case_is_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store, [1, 2, 3])
    catch_up(store)
    monkeypatch.setattr(folded_tables, "tables_of_log", None)
    asked: list[object] = []
    texts = text_search._texts  # noqa: SLF001 - what is read shows that the index was asked

    def watched(*given: object) -> object:
        asked.append(given[-1])
        return texts(*given)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(text_search, "_texts", watched)
    assert found(store, None, "查无此词") == []
    assert asked == []
    assert found(store, None, "绩效")
    assert asked


def test_filters_hold_together(store: Store) -> None:
    filled(store, [1, 2, 3])
    every = search(store, "投诉", None).results
    assert {one.kind for one in every} > {"reason"}
    for name, values in (
        ("kinds", "kind"),
        ("authors", "by"),
        ("units", "unit"),
        ("years", "year"),
    ):
        for value in {getattr(one, values) for one in every}:
            chosen = search(store, "投诉", None, **{name: [value]}).results  # type: ignore[arg-type]  # one of the filters
            assert chosen == [one for one in every if getattr(one, values) == value]
    assert search(store, "投诉", None, years=[1999]).results == []
    assert search(store, "投诉", None, kinds=["clause"], authors=["nobody"]).results == []


def test_nothing_is_found_by_somebody_without_a_part(store: Store) -> None:
    filled(store, [1])
    (keeper,) = (account for account in everybody(store) if account.roles == {"administrator"})
    assert search(store, "投诉", keeper).results == []


def test_a_server_looks_for_pieces_in_the_index_however_few_cases_there_are(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pieces lie apart from their rows, so a scan of these seems cheap to it, and is not."""
    filled(store, [1, 2, 3])
    catch_up(store)
    scans: list[str] = []
    reading_as_it_is = Store.projection_reading

    @contextmanager
    def watched(self: Store) -> Iterator[Ask]:
        with reading_as_it_is(self) as ask:

            def asked(query: str, values: Sequence[object]) -> Any:  # noqa: ANN401 - rows
                if "tsquery" in query:
                    scans.extend(str(on) for (on,) in ask("SHOW enable_seqscan", ()))
                return ask(query, values)

            yield asked

    monkeypatch.setattr(Store, "projection_reading", watched)
    for words in ("投诉", "zzz"):
        search(store, words, None)
    assert scans == ([] if store.is_file else ["off", "off"])
