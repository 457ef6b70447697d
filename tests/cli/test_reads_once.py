"""A command opens the ledger once, reads each stream once and folds the case once."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from ledger import case
from ledger.store import Store
from tests.support.places import Place
from tests.support.terminal import CASE, done, scoretrail
from tests.support.workbooks import Book

UNIT, OFFICER = (("--as", account) for account in ("unit-filer", "bureau-officer"))


class Calls:
    """What was opened, which streams were read, how often a case was folded."""

    def __init__(self) -> None:
        self.opened = self.folded = 0
        self.read: Counter[str] = Counter()


@contextmanager
def counted() -> Iterator[Calls]:
    """Count while the block runs."""
    calls = Calls()
    with pytest.MonkeyPatch.context() as patched:

        def reading(name: str) -> None:
            own: Callable[..., Any] = getattr(Store, name)

            def count(store: Store, stream: str, *args: Any, **words: Any) -> object:  # noqa: ANN401 - as the store takes them
                calls.read[stream] += 1
                return own(store, stream, *args, **words)

            patched.setattr(Store, name, count)

        for name in ("stream", "read", "audited"):
            reading(name)
        fold, open_ = case.fold, Store.open

        def folding(*args: Any) -> object:  # noqa: ANN401 - as `fold` takes them
            calls.folded += 1
            return fold(*args)

        def opening(*args: Any, **words: Any) -> Store:  # noqa: ANN401 - as `Store.open` does
            calls.opened += 1
            return open_(*args, **words)

        patched.setattr(case, "fold", folding)
        patched.setattr(Store, "open", opening)
        yield calls


def test_an_act(submitted: Place) -> None:
    with counted() as calls:
        why = ("--justification", "三项未完成", "--ground", "考虑客观因素")
        words = ("review", "adjust", CASE, "output-goals", "16", *why)
        done(scoretrail(submitted, "--as", "agency-reviewer", *words))
    once(calls, "register:accounts")


def test_a_form(opened: Place, tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    words = ("form", "self-evaluation", "--case", CASE, "-o", str(form))
    done(scoretrail(opened, *words, lang="en"))
    book = Book(form)
    values = {"name": "电子卖场合同", "value": "0", "unit": "份"}
    cells = {book.ref("Figures", "marketplace-contracts", key): values[key] for key in values}
    book.put("Figures", cells)
    book.save()
    with counted() as calls:
        done(scoretrail(opened, *UNIT, "apply", str(form)))
    once(calls, "register:accounts")


def test_a_dossier(issued: Place, tmp_path: Path) -> None:
    done(scoretrail(issued, "key", "generate", "once.example/log"))
    with counted() as calls:
        words = ("dossier", "export", CASE, "-o", str(tmp_path / "answer.zip"))
        done(scoretrail(issued, *OFFICER, *words))
    once(calls, "register:accounts", folded=1 + LETTERS)


@pytest.mark.parametrize(
    "words", [("score", CASE), ("log", CASE), ("replay", CASE), ("bridge", CASE)], ids=" ".join
)
def test_a_question(issued: Place, words: tuple[str, ...]) -> None:
    with counted() as calls:
        done(scoretrail(issued, *words))
    once(calls)


LETTERS: Final = 2
"""The result letter in two languages: each shows the case as it was when the result was issued."""


def once(calls: Calls, *others: str, folded: int = 1) -> None:
    """The case, its rubric and these were read once each, nothing else."""
    assert calls.opened == 1
    assert calls.folded <= folded  # a walk through the moves comes to the case by itself
    assert calls.read == dict.fromkeys((CASE, "rubric:zhanjiang-departments-2023", *others), 1)
