"""Let mutants of the verifier loose on the tests and list those that nobody notices.

    python -m tests.mutation [--sample N] [--file FILE ...] [--jobs N]

The tests run once as they are, which tells what each of them calls. Then, for each mutant, a fork
of this process puts the changed code in place and runs the tests that call it until one fails,
those first that are fast and have noticed many. Survivors must be in `survivors.toml` with a
reason, and nothing else may be. Where nothing of a file is noticed, the tests do not see it.
"""

import argparse
import ast
import gc
import json
import os
import signal
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import _lru_cache_wrapper
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType, FrameType, FunctionType
from typing import Final, NoReturn

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.mutants import ROOT, Mutant, code_of, functions, mutants

STRANGER: Final = "tools/verify_dossier.py"


def _found(*patterns: str) -> tuple[str, ...]:
    found = (path for one in patterns for path in sorted(ROOT.glob(one)))
    return tuple(str(path.relative_to(ROOT)) for path in found if path.name != "__init__.py")


GROUPS: Final = (
    (_found("ledger/log/*.py"), ("tests/ledger/log",)),
    (
        ("ledger/dossier.py", STRANGER),
        (
            "tests/proof/test_small_dossier.py",
            "tests/proof/test_dossier_forms.py",
            "tests/proof/test_verify_dossier.py",
            "tests/proof/test_signed_dossier.py",
            "tests/proof/test_every_scheme.py",
            "tests/proof/test_carried_over.py",
            "tests/proof/test_practice.py",
        ),
    ),
    (
        (
            *_found("ledger/log_verification.py", "ledger/log_verification/*.py"),
            "ledger/entry_verification.py",
        ),
        (
            "tests/ledger/test_log_verification.py",
            "tests/ledger/checks/test_rule_editions.py",
            "tests/ledger/test_verified_reading.py",
            "tests/proof/test_damage.py",
            "tests/proof/test_receipts.py",
            "tests/proof/test_stamps.py",
            "tests/proof/test_witnesses.py",
        ),
    ),
    (
        (
            "ledger/author_key.py",
            "ledger/author_signature.py",
            "ledger/passkey.py",
            "ledger/ssh_signature.py",
            "ledger/sm2_certificate.py",
        ),
        (
            "tests/ledger/test_author_signature.py",
            "tests/ledger/test_passkey.py",
            "tests/ledger/test_ssh_signature.py",
            "tests/ledger/test_sm2_certificate.py",
            "tests/proof/test_signed_dossier.py",
            "tests/proof/test_every_scheme.py",
        ),
    ),
    (
        ("ledger/ranking.py", "ledger/archive_package.py"),
        (
            "tests/ledger/test_ranking.py",
            "tests/ledger/test_archive_package.py",
            "tests/proof/test_ranking.py",
        ),
    ),
    (
        ("ledger/verified_reading.py",),
        (
            "tests/ledger/test_verified_reading.py",
            "tests/proof/test_everyday_reading.py",
            "tests/proof/test_set_aside.py",
        ),
    ),
    (
        (
            "ledger/checks/rule_compliance.py",
            "ledger/recorded_command.py",
            "projections/case_verification.py",
        ),
        (
            "tests/projections/test_case_verification.py",
            "tests/ledger/checks/test_forged_histories.py",
            "tests/ledger/checks/test_replaying_a_whole_life.py",
            "tests/ledger/checks/test_rule_editions.py",
            "tests/ledger/test_moved_on.py",
        ),
    ),
)
"""Files of the verifier, and the tests that are to notice what is wrong with them."""

LISTED: Final = Path(__file__).with_name("survivors.toml")

SURVIVED, NOTICED, MISPLACED = range(3)
"""How the process of a mutant ends; by a signal where it was noticed by never ending."""

Key = tuple[str, str, str, str]
Name = tuple[str, str]
"""The file of a function, from the root of the repository, and its qualified name."""


class Hunt:
    """Instead of running the tests once, runs them for each mutant."""

    def __init__(self, hunted: Sequence[Mutant], jobs: int) -> None:
        self._hunted = hunted
        self._jobs = jobs
        self._names: dict[CodeType, Name] = {}
        self._functions: dict[Name, list[FunctionType]] = {}
        self._callers: dict[Name, list[pytest.Item]] = {}
        self._seconds: dict[str, float] = {}
        self._running: dict[int, Mutant | None] = {}
        self._noticing: Counter[str] = Counter()
        self._told, self._tell = os.pipe()
        os.set_blocking(self._told, False)
        self.survivors: list[Mutant] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Tell why tests could not be read, as pytest itself is not heard."""
        if report.failed:
            _say(f"{report.nodeid}\n{report.longreprtext}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn which test calls what; then try the mutants, and first the program as it is."""
        import_module("tests.support.stranger").PAGE_TOO = False  # type: ignore[attr-defined]  # a module of the tests
        if session.testsfailed or not self._rehearsed(session.items):
            _stop("the tests fail without any mutant")
        gc.freeze()  # what is never looked at again is never copied for a fork either
        for number, mutant in enumerate([None, *self._hunted]):
            if len(self._running) == self._jobs:
                self._ended()
            if child := os.fork():
                self._running[child] = mutant
            else:
                self._try(mutant, session.items)
            if number % 50 == 49:
                _say(f"{number} of {len(self._hunted)}, {len(self.survivors)} survivors")
        while self._running:
            self._ended()
        return True

    def _rehearsed(self, items: Sequence[pytest.Item]) -> bool:
        for file in {mutant.file for mutant in self._hunted} - {STRANGER}:
            import_module(_module_of(file))  # what is imported by a command first is not there yet
        gc.unfreeze()  # what tests/conftest.py has put aside is not among the objects to be found
        for code, name, function in _loaded():
            self._names[code] = name
            self._functions.setdefault(name, []).extend(function)
        for item, following in zip(items, [*items[1:], items[0]], strict=True):
            called: set[Name] = set()

            def note(frame: FrameType, event: str, _: object, called: set[Name] = called) -> None:
                if event == "call" and (name := self._names.get(frame.f_code)):
                    called.add(name)

            begun = _worked()
            sys.setprofile(note)
            reports = runtestprotocol(
                item, log=False, nextitem=following
            )  # never ends what is shared
            sys.setprofile(None)
            self._seconds[item.nodeid] = _worked() - begun
            for report in reports:
                if report.failed:
                    _say(f"{report.nodeid}\n{report.longreprtext}")
                    return False
            for name in called:
                self._callers.setdefault(name, []).append(item)
        for remembered in _caches():
            remembered.cache_clear()  # or what is changed would never be asked again
        return True

    def _ended(self) -> None:
        child, status = os.wait()
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # what it started and could not end
        with suppress(BlockingIOError):
            self._noticing.update(os.read(self._told, 1 << 16).decode().splitlines())
        mutant = self._running.pop(child)
        if mutant is None:
            if status:
                _stop("the tests fail in a fork without any mutant")
            return
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == MISPLACED:
            _stop(f"could not be put in place: {' | '.join(mutant.key)}")
        if status == SURVIVED:
            self.survivors.append(mutant)
            _say(f"survived: {' | '.join(mutant.key)}")

    def _try(self, mutant: Mutant | None, items: Sequence[pytest.Item]) -> None:
        """In a process of its own, whose exit code says how it went."""
        os.setpgid(0, 0)
        code = MISPLACED
        with TemporaryDirectory() as folder:
            try:
                possible = True
                if mutant:
                    nowhere = os.open(os.devnull, os.O_RDWR)
                    for stream in (1, 2):
                        os.dup2(nowhere, stream)
                    possible, items = self._put(mutant, Path(folder)), self._fitting(mutant)
                code = NOTICED
                if possible and not self._noticed(items):
                    code = SURVIVED
            finally:  # whatever escapes from a test has been noticed
                os._exit(code)

    def _fitting(self, mutant: Mutant) -> list[pytest.Item]:
        """The tests that call what was changed; of a constant, those that call its module."""
        if mutant.function.split(".")[-1].strip("_").isupper():
            of_file = (items for name, items in self._callers.items() if name[0] == mutant.file)
            found = list({item for items in of_file for item in items})
        else:
            found = self._callers.get((mutant.file, mutant.function), [])
        # What has noticed much so far is likely to notice this one as well.
        return sorted(
            found, key=lambda one: self._seconds[one.nodeid] / (1 + self._noticing[one.nodeid])
        )

    def _put(self, mutant: Mutant, folder: Path) -> bool:
        """Put the change in place; whether that was possible."""
        if mutant.file == STRANGER:
            script = folder / "stranger.py"
            script.write_text(ast.unparse(mutant.tree()), encoding="utf-8")
            import_module("tests.support.stranger").STRANGER = script  # type: ignore[attr-defined]  # a module of the tests
            return True
        if mutant.function.split(".")[-1].strip("_").isupper():
            return _put_constant(mutant)
        changed = mutant.code()
        for function in self._functions.get((mutant.file, mutant.function), []):
            function.__code__ = changed
        return True

    def _noticed(self, items: Sequence[pytest.Item]) -> bool:
        for at, item in enumerate(items):
            # What never ends has been noticed, too: an alarm ends the process, after so much work
            # or, where it only waits, so much time.
            signal.setitimer(signal.ITIMER_PROF, 3 + 10 * self._seconds[item.nodeid])
            signal.setitimer(signal.ITIMER_REAL, 60 + 30 * self._seconds[item.nodeid])
            following = items[min(at + 1, len(items) - 1)]
            reports = runtestprotocol(item, log=False, nextitem=following)
            for report in reports:
                if report.failed:
                    _say(f"{report.nodeid}\n{report.longreprtext}")  # seen without a mutant only
                    os.write(self._tell, f"{item.nodeid}\n".encode())
                    return True
        return False


def _loaded() -> Iterator[tuple[CodeType, Name, list[FunctionType]]]:
    """Every function of ours: its code, what it is called, and where it can be exchanged."""
    for one in gc.get_objects():
        if isinstance(one, FunctionType):
            file = Path(one.__code__.co_filename)
            if file.is_relative_to(ROOT):
                yield one.__code__, (str(file.relative_to(ROOT)), one.__qualname__), [one]
    # The program for strangers is read anew for each test: its code is known by being equal.
    for name, code in functions(code_of(STRANGER)).items():
        yield code, (STRANGER, name), []


def _caches() -> "list[_lru_cache_wrapper[object]]":
    """What the program remembers of answers; what the tests do is costly, and stays."""
    found = (one for one in gc.get_objects() if isinstance(one, _lru_cache_wrapper))
    return [one for one in found if one.__module__.startswith(("ledger.", "projections."))]


def _module_of(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def _worked() -> float:
    """Seconds that this process and what it has started were at work, however busy the machine."""
    return sum(os.times()[:4])


def _put_constant(mutant: Mutant) -> bool:
    """Change a constant wherever it was imported to; whether its value could be worked out."""
    module = import_module(_module_of(mutant.file))
    name = mutant.function
    changed = ast.parse(mutant.now.partition("  # ")[0]).body[0]
    assert isinstance(changed, ast.AnnAssign)
    assert changed.value
    known = vars(module)[name]
    try:
        value = eval(compile(ast.Expression(changed.value), mutant.file, "eval"), vars(module))  # noqa: S307 - our own source
    except Exception:  # noqa: BLE001 - the program would not even start
        return False
    for one in list(sys.modules.values()):
        if getattr(one, "__dict__", {}).get(name) is known:
            setattr(one, name, value)
    return True


def _say(text: str) -> None:
    print(text, file=sys.__stderr__, flush=True)


def _stop(why: str) -> NoReturn:
    _say(why)
    pytest.exit(why, 2)


def listed() -> dict[Key, str]:
    """The survivors that are known, each with its reason."""
    found = tomllib.loads(LISTED.read_text(encoding="utf-8"))["survivor"]
    return {(one["file"], one["function"], one["was"], one["now"]): one["why"] for one in found}


def verdict(made: Iterable[Key], tried: Iterable[Key], survived: Iterable[Key]) -> list[str]:
    """What is wrong with the list of survivors; nothing where it says what was seen."""
    known, lived = listed(), set(survived)
    return [
        *(f"survived and is not listed: {' | '.join(one)}" for one in sorted(lived - set(known))),
        *(
            f"listed and was noticed: {' | '.join(one)}"
            for one in sorted((set(known) & set(tried)) - lived)
        ),
        *(f"listed and no longer made: {' | '.join(one)}" for one in set(known) - set(made)),
    ]


def hunt(hunted: Sequence[Mutant], tests: Sequence[str], jobs: int) -> list[Mutant]:
    """The survivors, found in a process of its own, as pytest wants to run once in each.

    Raises:
        SystemExit: the tests fail without any mutant.
    """
    told, tell = os.pipe()
    if not (child := os.fork()):
        os.close(told)
        # It would say that no tests ran, of a run that is not meant to be one of the tests.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        of_group = Hunt(hunted, jobs)
        words = ["-s", "-p", "no:cacheprovider", "-p", "no:xdist"]
        words += ["-k", "not postgresql"]  # forks would share one server and make the same names
        words += ["-o", "tmp_path_retention_policy=none", "--hypothesis-profile", "mutants"]
        with TemporaryDirectory() as folder:  # other runs of pytest clear away what is in its own
            words += ["--basetemp", f"{folder}/tests"]
            code = pytest.main([*words, *tests], plugins=[of_group])
        places = [hunted.index(one) for one in of_group.survivors]
        os.write(tell, json.dumps(places).encode())
        os._exit(int(code))
    os.close(tell)
    with os.fdopen(told, "rb") as survivors:
        found = survivors.read()
    if os.waitpid(child, 0)[1]:
        raise SystemExit(2)
    return [hunted[place] for place in json.loads(found)]


def unseen(tried: Iterable[Key], survived: Iterable[Key]) -> list[str]:
    """The files of which nothing was noticed, where not all of the survivors are listed."""
    lived = set(survived)
    of_file: dict[str, set[Key]] = {}
    for one in tried:
        of_file.setdefault(one[0], set()).add(one)
    return [
        f"none of {len(keys)} mutants of {file} was noticed: the tests do not see what is changed"
        for file, keys in of_file.items()
        if keys <= lived and not keys <= set(listed())
    ]


def _lot(mutant: Mutant) -> bytes:
    """The order of a sample: what is changed in one file leaves it as it is for all others."""
    return sha256(" | ".join(mutant.key).encode()).digest()


def main() -> int:
    """The exit code: 0 where every survivor is listed and nothing else is."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=0, help="this many, always the same")
    files = [file for some, _ in GROUPS for file in some]
    parser.add_argument(
        "--file", action="append", default=[], choices=files, metavar="FILE", help="of it alone"
    )
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--count", action="store_true", help="count them and stop")
    given = parser.parse_args()
    made = [one for file in files for one in mutants(file)]
    tried = [one for one in made if not given.file or one.file in given.file]
    if given.sample:
        tried = sorted(tried, key=_lot)[: given.sample]
    if given.count:
        for file, number in Counter(one.file for one in tried).items():
            _say(f"{number:5} {file}")
        return 0
    survivors = []
    for some, tests in GROUPS:
        if hunted := [one for one in tried if one.file in some]:
            survivors += hunt(hunted, tests, given.jobs)
    keys, lived = [one.key for one in tried], [one.key for one in survivors]
    wrong = verdict([one.key for one in made], keys, lived)
    for line in (*wrong, *unseen(keys, lived)):
        _say(line)
    _say(
        f"{len(tried)} mutants of {len(made)}, {len(tried) - len(survivors)} noticed,"
        f" {len(survivors)} survived, {len(wrong)} not as listed"
    )
    return int(bool(wrong))


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
