"""Whatever stands in a file of acts: an answer with an exit code of the contract, no traceback."""

import json
import string
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.commands import COMMANDS
from tests.support.places import Place, Places
from tests.support.postgres import Databases, is_postgres
from tests.support.terminal import CASE, EXAMPLES, record, scoretrail

pytestmark = pytest.mark.slow

# One ledger for all examples of a test: what one of them records the others meet.
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)

TURNS: Final = count()

WORDS: Final = [
    *("", " ", "a", "e-contracts", "output-goals", "work-bonus", "优", "\0", "\u2028", "16.00"),
    *("NaN", "-0", "1e9", "Infinity", "１", "yes", "2024-07-30", "2023-11-09/2023-11-24"),
    *("zhanjiang-departments-2023", "2024-1", "evidence/self-contracts.csv", "rubric.toml"),
    *("unit-filer", "agency-reviewer", "agency-lead", "bureau-officer", "administrator"),
    *("../evidence", ".", "/dev/null", "x" * 9000, "register:accounts", CASE, "f" * 64, "reviewer"),
]
KEYS: Final = sorted(
    {"do", "case", "as", "dated", "id", "file", "figure", "evidence"}
    | {name for command in COMMANDS.values() for name in command.__struct_fields__}
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(WORDS)
    | st.text(max_size=8)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
ACTORS = {
    "claim-score": "unit-filer",
    "submit-figure": "unit-filer",
    "file-evidence": "unit-filer",
    "open-account": "administrator",
    "publish-rubric": "bureau-officer",
}


@st.composite
def acts(draw: st.DrawFn) -> dict[str, Any]:
    """Nearly an act: its name and actor are right, and most of its keys are its own."""
    do = draw(st.sampled_from(sorted(COMMANDS)))
    act: dict[str, Any] = {
        "do": do,
        "case": CASE,
        "as": draw(st.sampled_from([ACTORS.get(do, "agency-reviewer"), *WORDS[-12:]])),
    }
    for name in COMMANDS[do].__struct_fields__:
        act[name] = draw(st.sampled_from(WORDS) | VALUES)
    for name in draw(st.lists(st.sampled_from(KEYS), max_size=2)):
        act[name] = draw(VALUES)
    return act


@pytest.fixture(scope="module")
def ledger(
    tmp_path_factory: pytest.TempPathFactory,
    database: Databases | None,
    built: Mapping[str, Place],
) -> Iterator[Place]:
    """A ledger, in a folder with the files that acts may name."""
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "evidence").symlink_to(EXAMPLES / "evidence")
    (folder / "rubric.toml").symlink_to(EXAMPLES / "rubric.toml")
    with Places(folder, database) as places:
        yield places.copy(built["opened"])


def applied(ledger: Place, name: str, content: bytes) -> None:
    """Apply it: nothing is written unless it is done, and the ledger stays whole."""
    if is_postgres(ledger.target) and next(TURNS) % 5:
        return  # each takes longer there, and finds nothing else
    file = ledger.beside.with_name(name)
    file.write_bytes(content)
    before = len(record(ledger))
    check = scoretrail(ledger, "apply", "--check", str(file), lang="en")
    assert len(record(ledger)) == before
    said = scoretrail(ledger, "apply", str(file))
    assert said.code == check.code
    assert said.code in {0, 1, 2}
    assert bool(said.err) == bool(said.code)
    assert name in said.err or not said.code
    if said.code == 2:
        assert len(record(ledger)) == before


@SHARED
@given(given_acts=st.lists(acts(), min_size=1, max_size=3))
def test_acts_in_json_lines(ledger: Place, given_acts: list[dict[str, Any]]) -> None:
    applied(ledger, "a.jsonl", "\n".join(map(json.dumps, given_acts)).encode())


@SHARED
@given(value=VALUES)
def test_any_json(ledger: Place, value: object) -> None:
    applied(ledger, "a.jsonl", json.dumps(value).encode())


@SHARED
@given(content=st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode()))
def test_any_bytes(ledger: Place, content: bytes) -> None:
    for name in ("a.jsonl", "a.toml"):
        applied(ledger, name, content)


def toml(value: object) -> str:
    """A value as TOML; what TOML has not is left to be wrong."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value)
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            pairs = (f"{json.dumps(name)} = {toml(inner)}" for name, inner in value.items())
            return f"{{{', '.join(pairs)}}}"
        case _:
            return str(value)


@SHARED
@given(
    given_acts=st.lists(acts(), max_size=3),
    head=st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=2),
)
def test_acts_in_toml(
    ledger: Place, given_acts: list[dict[str, Any]], head: dict[str, object]
) -> None:
    lines = [f"{name} = {toml(value)}" for name, value in head.items()]
    for act in given_acts:
        lines += ["[[act]]", *(f"{name} = {toml(value)}" for name, value in act.items())]
    applied(ledger, "a.toml", "\n".join(lines).encode("utf-8", "surrogatepass"))


GOOD = """case = "zhanjiang-amr-2023"
as = "unit-filer"
dated = 2024-07-30

[[act]]
do = "submit-figure"
[act.figure]
id = "lift-inspections"
indicator = "output-goals"
name = "电梯检验数量"
value = "482"
target = { sense = "at-most", value = "540" }

[[act]]
do = "claim-score"
indicator = "output-goals"
score = "20"
evidence = ["evidence/self-outputs.csv"]
"""


@SHARED
@given(
    place=st.integers(0, len(GOOD)),
    length=st.integers(0, 12),
    patch=st.text(st.sampled_from(string.printable + "得分"), max_size=6)
    | st.sampled_from(["1.5", "nan", "2024-07-30T10:00:00", "[[act]]\n", '"""', "\ufeff"]),
)
def test_a_good_file_with_something_else_in_it(
    ledger: Place, place: int, length: int, patch: str
) -> None:
    content = GOOD[:place] + patch + GOOD[place + length :]
    applied(ledger, "a.toml", content.encode())


def test_after_all_that_the_ledger_verifies(ledger: Place) -> None:
    assert scoretrail(ledger, "verify").code == 0
