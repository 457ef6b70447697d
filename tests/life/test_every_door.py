"""A ledger that demands signatures refuses what is not signed, through whichever door it comes.

The doors are named one by one. That there is no other way to write follows from who writes at all.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from application.handle import handle
from ledger.ledger import EnvelopeRefused
from ledger.store import Store
from tests.support.desks import House, house
from tests.support.filled_forms import Person
from tests.support.places import Place, Places
from tests.support.signers import two_signers
from tests.support.terminal import CASE, ROOT, done, record, scoretrail

DOORS: Final[dict[str, Callable[["Doors"], str]]] = {}
UNSIGNED: Final = "signed by its author"
BATCH: Final = f"""
case = "{CASE}"
as = "agency-reviewer"
dated = 2024-12-30

[[command]]
do = "confirm-score"
indicator = "e-contracts"
"""
TABLE: Final = (
    "三级指标,分值,自评得分,核查得分,得扣分原因\n部门预算资金支出率,10,10.00,9.00,支出率未达标\n"
)


class Doors:
    """Everything that records, asked to record something unsigned.

    Attributes:
        ledger: which demands signatures of everything.
        pages: the web face of it.
        folder: for files.
        exported: the case with an act more, from a copy in which no signature is demanded.
    """

    def __init__(self, ledger: Place, pages: House, folder: Path, exported: Path) -> None:
        self.ledger, self.pages, self.folder, self.exported = ledger, pages, folder, exported

    def says(self, *words: str) -> str:
        """What the command line says to a command that it must not record."""
        said = scoretrail(self.ledger, *words, lang="en")
        assert said.code, said.out
        return said.out + said.err

    def as_reviewer(self, *words: str) -> str:
        return self.says("--as", "agency-reviewer", *words)

    def file(self, name: str, content: str) -> str:
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return str(path)

    def desk(self) -> TestClient:
        return self.pages.desk("agency-reviewer", "en")


def door(name: str) -> Callable[[Callable[[Doors], str]], Callable[[Doors], str]]:
    """A way to record something; answers with what is said instead."""

    def kept(way: Callable[[Doors], str]) -> Callable[[Doors], str]:
        DOORS[name] = way
        return way

    return kept


@door("a command of the command line")
def _(doors: Doors) -> str:
    return doors.as_reviewer("review", "confirm", CASE, "e-contracts")


@door("a batch file")
def _(doors: Doors) -> str:
    return doors.as_reviewer("apply", doors.file("batch.toml", BATCH))


@door("a form that was filled in")
def _(doors: Doors) -> str:
    form = doors.folder / "review.xlsx"
    done(scoretrail(doors.ledger, "form", "review", "--case", CASE, "-o", str(form)))
    person = Person(form)
    person.fill(
        "核查评分",
        "e-contracts",
        {"award": Decimal("0.50"), "ground": "酌情", "justification": "合同"},
    )
    return doors.as_reviewer("--dated", "2024-12-30", "apply", str(person.done()))


@door("a table of somebody else's")
def _(doors: Doors) -> str:
    table = doors.file("table.csv", TABLE)
    doors.as_reviewer("import-table", CASE, table)  # asks whether other rows are to come
    mapping = Path(f"{table}.mapping.toml")
    asked = mapping.read_text("utf-8")
    mapping.write_text(re.sub("(?m)^#? ?partial = .*$", "partial = true", asked), "utf-8")
    return doors.as_reviewer("import-table", CASE, table)


@door("a file of evidence")
def _(doors: Doors) -> str:
    filing = ("submit", "evidence", CASE, doors.file("paper.txt", "材料"), "--title", "材料")
    return doors.says("--as", "unit-filer", *filing)


@door("a dossier, whose issue is an act")
def _(doors: Doors) -> str:
    scoretrail(doors.ledger, "key", "generate", "test.example/log")
    out = str(doors.folder / "dossier.zip")
    return doors.says("--as", "bureau-officer", "dossier", "export", CASE, "-o", out)


@door("an act of the register")
def _(doors: Doors) -> str:
    account = ("second-reviewer", "--organisation", "xianghe", "--role", "reviewer")
    return doors.says("--as", "administrator", "account", "open", *account)


@door("a retirement of a key")
def _(doors: Doors) -> str:
    keys = done(scoretrail(doors.ledger, "account", "key", "list", "--json")).json["keys"]
    named = (keys[0]["account"], keys[0]["key"], "--reason", "更换")
    return doors.says("--as", keys[0]["account"], "account", "key", "retire", *named)


@door("a rubric that is published")
def _(doors: Doors) -> str:
    rubric = (ROOT / "examples" / "zhanjiang-2023" / "rubric.toml").read_text("utf-8")
    edition = rubric.replace('edition = "', 'edition = "x', 1)
    return doors.says(
        "--as", "bureau-officer", "rubric", "publish", doors.file("rubric.toml", edition)
    )


@door("a file that was prepared and not signed")
def _(doors: Doors) -> str:
    prepared = str(doors.folder / "to-sign.json")
    batch = doors.file("batch.toml", BATCH)
    done(scoretrail(doors.ledger, "signature", "prepare", batch, "-o", prepared))
    return doors.says("signature", "submit", prepared)


@door("an export of a copy that went on unsigned")
def _(doors: Doors) -> str:
    return doors.says("--as", "administrator", "import", str(doors.exported))


@door("a page of an act")
def _(doors: Doors) -> str:
    form = {"indicator": "e-contracts", "key": "k1", "dated": "2024-12-30"}
    return doors.desk().post(f"/cases/{CASE}/acts/confirm-score", data=form).text


@door("a page of several acts")
def _(doors: Doors) -> str:
    form = {"row": ["e-contracts"], "key": "k1", "dated": "2024-12-30"}
    return doors.desk().post(f"/cases/{CASE}/confirm", data=form).text


@door("a page of the register")
def _(doors: Doors) -> str:
    form = {"account": "second-reviewer", "organisation": "xianghe", "roles": "reviewer"}
    desk = doors.pages.desk("administrator", "en")
    return desk.post("/acts/open-account", data={**form, "key": "k1"}).text


@door("a file on the page")
def _(doors: Doors) -> str:
    sent = [("file", ("batch.toml", BATCH, "application/octet-stream"))]
    return doors.desk().post("/upload", files=sent).text


@door("a table on the page")
def _(doors: Doors) -> str:
    sent = {"file": ("table.csv", TABLE.encode(), "application/octet-stream")}
    desk, address = doors.desk(), f"/cases/{CASE}/table"
    shown = desk.post(address, data={"side": "review"}, files=sent).text
    held = dict(re.findall(r'type="hidden" name="(upload|side|form)" value="([^"]*)"', shown))
    given = {**held, "asks-partial": "1", "partial": "on"}
    return desk.post(f"{address}/record", data=given).text


def api(doors: Doors, address: str, body: dict[str, Any], key: str = "k1") -> str:
    answer = doors.desk().post(f"/api/v1{address}", json=body, headers={"idempotency-key": key})
    assert answer.status_code == 422, answer.text
    said: dict[str, Any] = answer.json()
    assert said["rule"] == "unsigned"
    return json.dumps(said)


@door("a command of the API")
def _(doors: Doors) -> str:
    command = {"do": "confirm-score", "indicator": "e-contracts"}
    return api(doors, f"/cases/{CASE}/commands", {"dated": "2024-12-30", "command": command})


@door("a program that embeds the ledger")
def _(doors: Doors) -> str:
    fields = {"do": "confirm-score", "indicator": "e-contracts"}
    with Store.open(doors.ledger.target) as store, pytest.raises(EnvelopeRefused) as refused:
        handle(store, lambda: datetime.now(UTC), "agency-reviewer", fields, key="k1", case=CASE)
    return refused.value.refused.text.en


@pytest.fixture
def doors(submitted: Place, places: Places, tmp_path: Path) -> Iterator[Doors]:
    """A case under review in a ledger that demands signatures of everything from a day on."""
    copy = places.copy(submitted)
    done(scoretrail(copy, "--as", "agency-reviewer", "review", "confirm", CASE, "e-contracts"))
    exported = tmp_path / "went-on.jsonl"
    done(scoretrail(copy, "export", CASE, "-o", str(exported)))
    two_signers(submitted)
    demand = ("account", "demand-signatures", "2024-01-01")
    done(scoretrail(submitted, "--as", "administrator", *demand))
    with house(submitted, tmp_path) as pages:
        yield Doors(submitted, pages, tmp_path, exported)


@pytest.mark.parametrize("name", DOORS)
def test_what_is_not_signed_is_refused_at_the_door(doors: Doors, name: str) -> None:
    before = record(doors.ledger)

    said = DOORS[name](doors)

    assert record(doors.ledger) == before
    assert UNSIGNED in " ".join(said.split()) or "signatures of authors are demanded" in said, said


def test_nothing_else_writes() -> None:
    """Entries are appended by the ledger itself, and by a merge, which replays them first."""
    writers = set()
    for folder in ("ledger", "application", "cli", "web", "intake", "projections"):
        for path in (ROOT / folder).rglob("*.py"):
            if re.search(r"\.(append_all|append_behind|fill)\(", path.read_text("utf-8")):
                writers.add(path.relative_to(ROOT).as_posix())
    assert {one for one in writers if not one.startswith("ledger/store/")} <= {
        "application/importing.py",
        "application/merge.py",
        "ledger/archive.py",  # into a file of its own, which is gone with the question
        "ledger/ledger.py",
    }
