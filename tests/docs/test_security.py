"""docs/security.md: what it says is tested is, and no package has a fault that is listed."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from packaging.version import Version

ROOT: Final = Path(__file__).parents[2]
TEXT: Final = (ROOT / "docs" / "security.md").read_text("utf-8")
ADVISORIES: Final = tomllib.loads((ROOT / "docs" / "advisories.toml").read_text("utf-8"))
LOCKS: Final = ("requirements.lock", "requirements-dev.lock")

RESULTS: Final = {"满足 met", "部分 partly", "代理 proxy", "不适用 n/a", "未满足 not met"}
LEVELS_1_AND_2: Final = """
1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1-1 3.2.1-2 3.3.1-4 3.4.1-6
3.5.1-5 3.7.1-2 4.1.1-3 4.2.1-1 4.3.1-2 4.4.1-4 5.1.1-1 5.2.1-3 5.3.1-2 5.4.1-3 6.1.1-3 6.2.1-11
6.3.1-3 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-3 7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2 8.1.1-2
8.2.1-3 8.3.1-1 8.4.1-1 9.1.1-3 9.2.1-4 10.1.1-2 10.2.1-2 10.3.1-4 10.4.1-11 10.5.1-5 10.6.1-2
10.7.1-3 11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-3 11.5.1-1 11.6.1-1 12.1.1-3 12.2.1-2 12.3.1-4 13.1.1-1
13.2.1-5 13.3.1-2 13.4.1-5 14.1.1-2 14.2.1-4 14.3.1-3 15.1.1-3 15.2.1-3 15.3.1-7 16.1.1-1 16.2.1-5
16.3.1-4 16.4.1-3 16.5.1-3 17.1.1-1 17.2.1-4 17.3.1-2
"""


def rows(name: str) -> list[list[str]]:
    """The cells of a table, without its head."""
    table = TEXT.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0]
    lines = [line for line in table.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def numbers(text: str) -> Iterator[str]:
    """`1.2.1–1.2.3, 1.2.5` one by one."""
    for part in re.split(r",\s*|\s+", text.strip()):
        first, _, last = part.replace("–", "-").partition("-")
        section, _, begin = first.rpartition(".")
        for number in range(int(begin), int(last.rpartition(".")[2] or begin) + 1):
            yield f"{section}.{number}"


def test_every_point_of_levels_one_and_two_has_one_result() -> None:
    said = Counter(number for row in rows("asvs") for number in numbers(row[0]))
    assert said == Counter(numbers(LEVELS_1_AND_2))
    assert {row[2] for row in rows("asvs")} <= RESULTS


def test_what_is_met_says_by_which_test_or_page() -> None:
    for number, _, result, reason in rows("asvs"):
        assert reason, number
        if result == "满足 met" and "没有 " not in reason and "标准错误" not in reason:
            assert re.search(r"`tests/|\.md\)|ruff", reason), number


@pytest.mark.parametrize("named", sorted(set(re.findall(r"`(tests/[\w./:]+)`", TEXT))))
def test_every_test_that_is_named_exists(named: str) -> None:
    path, *parts = named.split("::")
    assert (ROOT / path).is_file()
    inside: list[ast.stmt] = ast.parse((ROOT / path).read_text("utf-8")).body
    for part in parts:
        (found,) = [
            one
            for one in inside
            if isinstance(one, ast.ClassDef | ast.FunctionDef) and one.name == part
        ]
        inside = found.body


def test_every_threat_has_an_attack() -> None:
    for threat, attack, remains in rows("threats"):
        assert re.search(r"`tests/[\w./]+::\w+", attack), threat
        assert remains, threat


@pytest.mark.parametrize("lock", LOCKS)
def test_no_locked_package_has_a_fault_that_is_listed(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    locked = {
        name: Version(v) for name, v in re.findall(r"^([\w.-]+)==([^ \\;]+)", text, re.MULTILINE)
    }
    for one in ADVISORIES["advisory"]:
        assert one.keys() == {"package", "id", "fixed", "about", "source", "read"}
        assert isinstance(one["read"], date)
        if one["package"] in locked:
            assert locked[one["package"]] >= Version(one["fixed"]), one["id"]
    assert {one["package"] for one in ADVISORIES["advisory"]} <= locked.keys()
