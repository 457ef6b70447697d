"""Entries that no rule would have let pass, made by hand to follow what a ledger has."""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ledger.codec import canonical
from tests.support.naive_log import leaf
from tests.support.places import Place
from tests.support.terminal import CASE, done, record, scoretrail

pytest_plugins = ["tests.support.reference_ledger"]

ADMINISTRATOR = {
    "account": "administrator",
    "organisation": "administration",
    "role": "administrator",
}
MALLORY = {"account": "mallory", "organisation": "zhanjiang-finance", "role": "bureau"}
CORRECTION = {
    "number": "财绩更〔2025〕9号",
    "indicator": "satisfaction",
    "before": "16.00",
    "award": "20.00",
    "justification": "复核",
    "clause": "",
    "evidence": [],
}
Forged = tuple[str, str, dict[str, Any], Mapping[str, str]]

OPENED: Forged = (
    "register:accounts",
    "AccountOpened",
    {"account": "mallory", "organisation": "zhanjiang-finance"},
    ADMINISTRATOR,
)
GRANTED: Forged = (
    "register:accounts",
    "RoleGranted",
    {"account": "mallory", "role": "bureau"},
    ADMINISTRATOR,
)
BY_ONE_WHO_IS_NOBODY: Forged = (CASE, "CaseClosed", {"unfinished": [], "reason": ""}, MALLORY)

FORGED: dict[str, tuple[Forged, ...]] = {
    "an account, its role and a correction by it": (
        OPENED,
        GRANTED,
        (CASE, "ResultCorrected", CORRECTION, MALLORY),
    ),
    "an act of somebody without an account": (BY_ONE_WHO_IS_NOBODY,),
    "a role that somebody gives to themselves": (
        (*GRANTED[:2], {"account": "unit-filer", "role": "administrator"}, MALLORY),
    ),
}


def appended(lines: list[bytes], forged: tuple[Forged, ...]) -> list[bytes]:
    """An export with further entries, each linked to the last one of its stream."""
    out = list(lines)
    for number, (stream, kind, data, by) in enumerate(forged):
        last = [one for one in out if json.loads(one)["case"] == stream][-1]
        before = json.loads(last)
        out.append(
            canonical(
                {
                    **{key: before[key] for key in ("at", "dated", "rules") if key in before},
                    "by": by,
                    "case": stream,
                    "command": {"id": f"m{number}", "sha256": sha256(b"").hexdigest()},
                    "data": data,
                    "prev": leaf(last).hex(),
                    "type": kind,
                    "v": 1,
                    "version": before["version"] + 1,
                }
            )
        )
    return out


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
@pytest.mark.parametrize("account", [(), ("--as", "administrator")], ids=["nobody", "admin"])
def test_what_no_rule_would_let_pass_is_not_merged(
    forged: tuple[Forged, ...], account: tuple[str, ...], issued: Place, tmp_path: Path
) -> None:
    file = tmp_path / "forged.jsonl"
    done(scoretrail(issued, "export", CASE, "-o", str(file)))
    lines = appended(file.read_bytes().splitlines(), forged)
    file.write_bytes(b"".join(one + b"\n" for one in lines))
    before = record(issued)
    said = scoretrail(issued, *account, "import", str(file), lang="en")
    assert said.code == (1 if account else 2)
    assert record(issued) == before
    if account:  # by the rule "merge-irregular"
        assert "Nothing was imported" in said.err


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "with a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "with other line ends": lambda data: data.replace(b"\n", b"\r\n"),
    "in UTF-16": lambda data: data.decode().encode("utf-16"),
    "of nothing": lambda _: b"",
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("whole", [False, True], ids=["case", "ledger"])
def test_an_export_that_was_damaged_on_its_way_is_told_as_that(
    damage: Callable[[bytes], bytes], issued: Place, tmp_path: Path, *, whole: bool
) -> None:
    file = tmp_path / "export.jsonl"
    what = "--all" if whole else CASE
    done(scoretrail(issued, "export", what, "-o", str(file)))
    file.write_bytes(damage(file.read_bytes()))
    said = scoretrail(issued, "import", str(file), lang="en")
    assert (said.code, "get it again" in said.err) == (2, True)
