"""Who sees what: every part, at stages of a life, on every route, page and API, event by event.

The routes are those of the application: one that has no row here fails. What an account may not
see is looked for in all that it is answered, word by word of the events that it does not see.
"""

import csv
import json
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any, Final, Literal

import pytest
from httpx2 import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from application.handle import handle
from application.place import LedgerPlace
from application.verify import verify
from intake.files import HandedIn
from ledger.evidence import EvidenceFolder
from ledger.log_verification import Trust
from ledger.store import Store
from tests.support.desks import House, house
from tests.support.places import Place, Places
from tests.support.terminal import CASE, record
from web.guard import SANDBOX, headers_of

pytestmark = pytest.mark.server_sample(24)

NOWHERE: Final = "zhanjiang-amr-2099"
"""A case that there is not, with a name as long as that of the one that there is."""

Kind = Literal["case", "own", "open", "house"]
"""What a route is about: a case; the account itself; nobody in particular; what all may look at."""

ROUTES: Final[dict[str, Kind]] = {
    **dict.fromkeys(("/login", "/openapi.json", "/problems/{rule}"), "open"),
    **dict.fromkeys(("/api/v1/checkpoint", "/api/v1/tile/{path:path}"), "open"),
    **dict.fromkeys(("/logout", "/account", "/account/password", "/account/language"), "own"),
    **dict.fromkeys(("/account/sessions", "/account/passkeys", "/drafts"), "own"),
    **dict.fromkeys(("/account/tokens", "/account/tokens/end"), "own"),
    **dict.fromkeys(("/account/ways/passkey", "/account/ways/end"), "own"),
    **dict.fromkeys(("/again", "/again/passkey"), "own"),
    **dict.fromkeys(("/login/challenge", "/login/passkey"), "open"),
    **dict.fromkeys(("/hooks", "/hooks/change"), "own"),
    **dict.fromkeys(("/health/live", "/health/ready"), "open"),
    **dict.fromkeys(("/deadlines/{secret}", "/shared/{secret}"), "open"),
    **dict.fromkeys(("/register/tokens", "/register/tokens/end"), "own"),
    "/api/v1/deadlines": "house",
    **dict.fromkeys(("/login/through/{provider}", "/login/through/{provider}/back"), "open"),
    "/register/links": "own",
    "/register/login": "own",
    **dict.fromkeys(
        ("/", "/cases", "/register", "/acts/{do}", "/upload", "/upload/record", "/lists/{name}"),
        "house",
    ),
    **dict.fromkeys(
        ("/upload/list", "/upload/list/record", "/upload/list/report/{upload}"),
        "house",
    ),
    **dict.fromkeys(("/rubrics", "/rubrics/{rubric}", "/rubrics/{rubric}/difference"), "house"),
    **dict.fromkeys(("/calendar", "/assign"), "house"),
    **dict.fromkeys(("/register/log", "/rubrics/{rubric}/log"), "house"),
    **dict.fromkeys(("/rubric-draft", "/rubric-draft/check"), "house"),
    **dict.fromkeys(("/api/v1/cases", "/api/v1/commands", "/api/v1/register/commands"), "house"),
    **dict.fromkeys(("/api/v1/rubrics/commands", "/api/v1/signed"), "house"),
    **dict.fromkeys(
        ("/portfolio", "/portfolio/{view}", "/portfolio/compare", "/search", "/api/v1/search"),
        "house",
    ),
    **dict.fromkeys(
        ("/api/v1/portfolio/compare", "/api/v1/feed", "/portfolio/parquet"),
        "house",
    ),
    **dict.fromkeys(
        [
            f"/cases/{{case}}{part}"
            for part in (
                *("", "/bridge", "/log", "/checks", "/materials", "/rectification", "/papers"),
                *("/accesses", "/shared"),
                *("/documents/{name}", "/receipts/{name}", "/dossiers/{name}"),
                *("/indicators/{row}", "/evidence/{sha256}", "/confirm", "/countersign"),
                "/assign",
                *("/forms/{kind}", "/acts", "/acts/{do}", "/table", "/table/record"),
                "/table/filled/{upload}",
            )
        ],
        "case",
    ),
    **dict.fromkeys(
        [
            f"/api/v1/cases/{{case}}{part}"
            for part in (
                *("", "/head", "/sheet", "/bridge", "/log", "/work", "/rectification", "/appeals"),
                *("/indicators/{row}", "/events"),
                *("/events/{version}/receipt", "/events/{version}/receipt.cose"),
                *("/evidence/{sha256}", "/evidence", "/dossiers/{version}", "/dossiers"),
                *("/commands", "/signed"),
            )
        ],
        "case",
    ),
}
FILLED: Final = {
    "row": "output-goals",
    "do": "make-statement",
    "kind": "self",
    "rule": "stage",
    "rubric": "none",
    "view": "scores",
    "path": "0/000",
    "upload": "0",
    "secret": "guessed.ics",
    "provider": "none",
}
PEOPLE: Final = {
    "unit-filer": "unit",
    "other-filer": "other unit",
    "agency-reviewer": "agency",
    "other-reviewer": "other agency",
    "bureau-officer": "bureau",
    "an-auditor": "auditor",
    "administrator": "administrator",
    "": "nobody",
}
STRANGERS: Final = ("other-filer", "other-reviewer", "administrator")
OPENED_HERE: Final = {
    "other-filer": ("another-unit", "unit"),
    "other-reviewer": ("another-agency", "reviewer"),
    "an-auditor": ("audit-office", "auditor"),
}
STAGES: Final = ("opened", "reviewed", "issued")


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def place(built: Mapping[str, Place], places: Places, stage: str) -> Place:
    made = places.copy(built[stage])
    with Store.open(made.target) as store:
        for account, (organisation, role) in OPENED_HERE.items():
            opened = {"do": "open-account", "account": account, "organisation": organisation}
            handle(store, now, "administrator", {**opened, "roles": [role]}, key=account)
    return made


@pytest.fixture
def pages(place: Place, tmp_path: Path) -> Iterator[House]:
    with house(place, tmp_path) as made:
        yield made


def now() -> datetime:
    return datetime.now(UTC).astimezone()


def routes(made: House) -> Iterator[tuple[str, str]]:
    for route in made.app.routes:
        if isinstance(route, Route):
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield method, route.path


def ask(desk: TestClient, method: str, path: str, case: str, **more: str) -> Response:
    """Call a route with something in each of its places."""
    filled = {**FILLED, **more, "case": case}
    if path == "/acts/{do}":
        filled["do"] = "open-account"
    name = {"documents": "score-table.html", "receipts": f"v{more.get('version', '1')}.json"}
    part = path.rsplit("/", 2)[-2] if "{name}" in path else ""
    filled["name"] = name.get(part, f"v{more.get('version', '1')}.zip")
    address = re.sub(r"{(\w+)(:path)?}", lambda match: filled[match[1]], path)
    if method == "GET":
        return desk.get(address)
    if path.startswith("/api/"):
        act = {"do": "make-statement", "statement": "x"}
        body = {"commands": [act], "dated": "2024-12-30"} if path.endswith("commands") else {}
        key = {"idempotency-key": "a-key"}
        return desk.post(f"{address}?rehearse=1", json=body, headers=key)
    # What no act is recorded by: a form without its fields.
    return desk.post(address, data={"form": "x", "next": "/"})


def is_telling(text: str) -> bool:
    """Whether a text can be recognised: a sentence, a digest, a name."""
    return len(text) > (11 if text.isascii() else 5)


def words_of(entries: list[bytes]) -> set[str]:
    """What entries say that can be recognised: sentences, digests, names."""
    found: set[str] = set()

    def look(value: Any) -> None:  # noqa: ANN401 - JSON
        if isinstance(value, dict):
            for part in value.values():
                look(part)
        elif isinstance(value, list):
            for part in value:
                look(part)
        elif isinstance(value, str) and (
            len(value) > 11 or (len(value) > 5 and not value.isascii())
        ):
            found.add(value)

    for entry in entries:
        said = json.loads(entry)
        look(said["data"])
        look(said["command"]["sha256"])
    return found


def case_entries(place: Place) -> list[dict[str, Any]]:
    return [
        {"version": row[2], "entry": bytes(row[4]), "role": json.loads(row[4])["by"]["role"]}
        for row in record(place)
        if row[1] == CASE
    ]


def test_every_route_has_a_row(built: Mapping[str, Place], tmp_path: Path) -> None:
    with house(built["opened"], tmp_path) as made:
        assert {path for _, path in routes(made)} == ROUTES.keys()


@pytest.mark.parametrize("account", [*PEOPLE], ids=PEOPLE.get)
def test_nobody_is_answered_by_an_event_that_they_do_not_see(
    pages: House, place: Place, stage: str, account: str
) -> None:
    entries = case_entries(place)
    hides = {"reviewer", "lead-reviewer"} if stage == "reviewed" else set()
    sees = {"agency": set(), "bureau": set(), "auditor": set(), "unit": hides}
    part = PEOPLE[account]
    seen = [one for one in entries if part in sees and one["role"] not in sees[part]]
    elsewhere = [bytes(row[4]) for row in record(place) if ":" in row[1]]
    shown = b"".join([*elsewhere, *(one["entry"] for one in seen), CASE.encode()]).decode()
    hidden = {
        words
        for words in words_of([one["entry"] for one in entries if one not in seen])
        if words not in shown
    }
    versions = {one["version"] for one in entries if one not in seen} if seen else set()
    desk = pages.desk(account) if account else pages.door()
    all_of_it = b" ".join(one["entry"] for one in entries).decode()
    files = re.findall(r'"evidence":{[^{}]*"sha256":"([0-9a-f]{64})"', all_of_it)
    last = {"version": str(entries[-1]["version"]), "sha256": [*files, "0" * 64][0]}
    for method, path in routes(pages):
        if path == "/logout":
            continue
        answer = ask(desk, method, path, CASE, **last)
        body = answer.text + str(answer.headers)
        where = f"{account} {method} {path}"
        assert answer.status_code < 500, where
        # What is there for everybody is the same for everybody; an address is said back.
        for words in () if ROUTES[path] == "open" else hidden - {last["sha256"]}:
            assert words not in body, where
        for version in versions:
            assert f'"version":{version},' not in body, where
            assert f'id="v{version}"' not in body, where
        for name, value in headers_of(path).items():
            if name == "cache-control":
                continue
            allowed = {value, SANDBOX} if path.endswith("evidence/{sha256}") else {value}
            assert answer.headers[name] in allowed, f"{where} {name}"
        assert answer.headers["cache-control"], where
        assert "server" not in answer.headers, where
        if PEOPLE[account] == "nobody" and ROUTES[path] != "open":
            assert answer.status_code in {303, 401, 403}, where
    if PEOPLE[account] in {"agency", "bureau", "auditor"}:
        last_one = desk.get(f"/api/v1/cases/{CASE}/events?after={len(entries) - 1}").json()
        assert [event["version"] for event in last_one["events"]] == [len(entries)]


@pytest.mark.parametrize("stage", ["issued"], indirect=True)
@pytest.mark.parametrize("account", STRANGERS, ids=PEOPLE.get)
def test_a_stranger_cannot_tell_a_case_from_one_that_is_not_there(
    pages: House, account: str
) -> None:
    desk, streams = pages.desk(account), pages.app.state.office.streams
    for method, path in routes(pages):
        if ROUTES[path] != "case":
            continue
        there, nowhere = (
            ask(desk, method, path, case, version="1", sha256="0" * 64) for case in (CASE, NOWHERE)
        )
        where = f"{method} {path}"
        assert there.status_code == nowhere.status_code, where
        assert there.text.replace(CASE, NOWHERE) == nowhere.text, where
        assert dict(there.headers) == dict(nowhere.headers), where
        if method == "GET" or path.endswith("/commands"):
            assert there.status_code == 404, where
    # Nor by a file that opens it and goes on in it, nor by the page and the answer that open one.
    opening = {"title": "x", "year": "2023", "unit": "u", "unit_name": "x", "bureau": "b"}
    opening |= {"bureau_name": "x"}
    lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in opening.items())
    batch = (
        'case = "{}"\ndated = 2024-12-30\n[[command]]\ndo = "open-case"\n'
        + lines.replace('"2023"', "2023")
        + '[[command]]\ndo = "make-statement"\nitem = "a"\nkind = "goal"\nstatement = "x"\n'
    )
    command = {"do": "open-case", **opening, "year": 2023}
    for path, sent in (
        ("/upload", lambda case: {"files": {"file": ("a.toml", batch.format(case))}}),
        ("/acts/open-case", lambda case: {"data": {**opening, "case": case, "key": "k"}}),
        ("/api/v1/commands", lambda case: {"json": {"case": case, "command": command}}),
    ):
        said = [
            desk.post(path, headers={"idempotency-key": "k"}, **sent(case)).text.replace(case, "")
            for case in (CASE, NOWHERE)
        ]
        assert said[0] == said[1], path
        assert "zhanjiang-amr" not in said[0], path
    # Nor by the time that it takes: nothing of the case was read but the entries that name parties.
    assert streams.get(CASE) is None
    for path in ("/", "/cases", "/api/v1/cases"):
        assert CASE not in desk.get(path).text


HIDDEN: Final = "财政部门中途调阅"


def act(store: Store, account: str, **fields: object) -> None:
    handle(store, now, account, fields, key=f"{account}-{fields['do']}", case=CASE)


@pytest.fixture
def reviewing(built: Mapping[str, Place], places: Places) -> Place:
    """A review that is not sent as a draft yet, and what bureau and unit recorded behind it."""
    made = places.copy(built["reviewed"])
    statement = {"item": "again", "kind": "measure", "statement": "已按要求补正。"}
    with Store.open(made.target) as store:
        act(store, "bureau-officer", do="issue-dossier", enclosures=[], purpose=HIDDEN)
        act(store, "bureau-officer", do="publish-material", title="评价通知", place="财政部门网站")
        act(store, "unit-filer", do="make-statement", **statement)
    return made


def numbers_in(text: str) -> set[int]:
    """The numbers that a page or an answer gives to events."""
    said = re.findall(
        r'"version":(\d+)|\bv(\d+)\b|第 ?(\d+) ?条|events? (\d+)|data-head="(\d+)"', text
    )
    return {int(number) for found in said for number in found if number}


def test_a_unit_sees_its_own_numbers_and_no_gap_between_them(
    reviewing: Place, tmp_path: Path
) -> None:
    rows = [row for row in record(reviewing) if row[1] == CASE]
    hidden = [row for row in rows if json.loads(row[4])["by"]["role"] == "reviewer"]
    last = len(rows)
    with house(reviewing, tmp_path) as made:
        desk, whole = made.desk("unit-filer"), made.desk("agency-reviewer")
        told = desk.get(f"/api/v1/cases/{CASE}/events")
        count = int(told.headers["etag"].strip('"'))
        assert count < last - len(hidden)  # what the bureau said about the review is hidden as well
        events = [
            event
            for after in range(0, count, 100)
            for event in desk.get(f"/api/v1/cases/{CASE}/events?after={after}").json()["events"]
        ]
        assert [event["version"] for event in events] == [*range(1, count + 1)]
        assert [event["decoded"]["version"] for event in events] == [*range(1, count + 1)]
        for event, row in zip(events[:-2], rows, strict=False):  # before the review
            assert b64decode(event["entry"]) == bytes(row[4])
        for event in events[-2:]:  # behind it, there is neither a byte nor a place to count from
            assert (event["entry"], event["position"]) == (None, None)
            assert "prev" not in event["decoded"]

        # Every page and every answer counts so; the agency sees what there is.
        at = {"version": str(count), "sha256": "0" * 64}
        for method, path in routes(made):
            if ROUTES[path] not in {"case", "house"}:
                continue
            answer = ask(desk, method, path, CASE, **at)
            where = f"{method} {path}"
            assert answer.status_code < 500, where
            assert max(numbers_in(answer.text), default=0) <= count + 1, where
            assert HIDDEN not in answer.text, where
            if "etag" in answer.headers and path.startswith("/api/v1/cases/{case}"):
                assert answer.headers["etag"] == f'"{count}"', where
        for part in (f"log?version={count}", f"log?since={count - 1}", f"?at=v{count}"):
            page = desk.get(f"/cases/{CASE}{'' if part[0] == '?' else '/'}{part}").text
            assert max(numbers_in(page), default=0) <= count, part
        assert desk.get(f"/cases/{CASE}?at=v{count + 1}").status_code == 400
        spreadsheet = csv.reader(StringIO(desk.get(f"/cases/{CASE}/log?form=csv").text))
        assert {line[0] for line in spreadsheet} - {"\ufeff条号"} == {
            str(number) for number in range(1, count + 1)
        }
        assert whole.get(f"/api/v1/cases/{CASE}/head").json()["version"] == last

        # Receipts and entries as they are stored come with the draft: they name the true number.
        for name in ("tlog-proof", "json"):
            assert desk.get(f"/cases/{CASE}/receipts/v1.{name}").status_code < 300
            assert desk.get(f"/cases/{CASE}/receipts/v{count}.{name}").status_code == 400
        assert desk.get(f"/api/v1/cases/{CASE}/events/{count}/receipt").status_code == 400

        # What the unit says to have seen is meant in its own numbers, and kept in the true ones.
        form = desk.get(f"/cases/{CASE}/forms/self-evaluation").content
        looked_over = desk.post("/upload", files={"file": ("form.xlsx", form)})
        assert max(numbers_in(looked_over.text), default=0) <= count + 1

        def say(item: str, seen: int, **more: str) -> Response:
            command = {
                "do": "make-statement",
                "item": item,
                "kind": "goal",
                "statement": "补充说明",
            }
            return desk.post(
                f"/api/v1/cases/{CASE}/commands{more.get('rehearse', '')}",
                json={"command": command},
                headers={"idempotency-key": item, "if-match": f'"{seen}"'},
            )

        ahead = say("ahead", count + 1)
        assert ahead.status_code == 422
        assert str(last) not in ahead.text
        tried, said = say("said", count, rehearse="?rehearse=1"), say("said", count)
        for answer in (tried, said):
            (event,) = answer.json()["events"]
            assert (event["version"], event["position"]) == (count + 1, None)
            assert (event["entry"]["version"], event["entry"]["seen"]) == (count + 1, count)
        (stored,) = [row for row in record(reviewing) if row[1] == CASE][last:]
        assert json.loads(stored[4])["seen"] == last
        again = desk.post(
            f"/api/v1/cases/{CASE}/commands",
            json={"command": {"do": "withdraw-figure", "figure": "x", "reason": "x"}},
            headers={"idempotency-key": "said"},
        )
        assert max(numbers_in(again.text), default=0) <= count + 1


def test_no_refusal_tells_a_unit_what_it_does_not_see(reviewing: Place, tmp_path: Path) -> None:
    entries = [json.loads(row[4]) for row in record(reviewing) if row[1] == CASE]
    hidden = [entry for entry in entries if entry["by"]["role"] == "reviewer"]
    named = {entry["type"]: entry["data"] for entry in hidden}
    filed, document = named["EvidenceFiled"]["evidence"], named["DocumentRegistered"]
    say = {"do": "make-statement", "kind": "goal", "statement": "x", "item": "guessed"}
    claim = {"do": "claim-score", "indicator": "output-goals", "score": "1.00"}
    guesses: list[dict[str, Any]] = [
        {**say, "findings": [named["FindingRaised"]["finding"]]},
        {**say, "findings": ["no-such-finding"]},
        {**say, "cites": [{"document": "no-such-document", "part": "1"}]},
        {**say, "cites": [{"document": document["document"], "part": "1"}]},
        *({**claim, "evidence": [name]} for name in (filed["sha256"], filed["title"])),
        {**claim, "evidence": [filed["sha256"][:12]]},
        {"do": "register-document", **document, "title": "guessed"},
    ]
    with house(reviewing, tmp_path) as made:
        desk, rules = made.desk("unit-filer"), set[str]()
        for guess in guesses:
            answer = desk.post(
                f"/api/v1/cases/{CASE}/commands?rehearse=1",
                json={"command": guess},
                headers={"idempotency-key": "a-guess"},
            )
            assert answer.status_code in {400, 422}, (guess, answer.text)
            rules.add(answer.json()["rule"])
            told = answer.text
            for words in words_of(
                [json.dumps({"data": guess, "command": {"sha256": ""}}).encode()]
            ):
                told = told.replace(words, "")  # what one guesses is said back
            for words in words_of([json.dumps(entry).encode() for entry in hidden]):
                assert words not in told, (guess, answer.text)
    assert "unseen" in rules  # the id of their document


def test_who_files_the_bytes_of_a_hidden_file_is_answered_as_for_any_other(
    reviewing: Place, tmp_path: Path
) -> None:
    folder = EvidenceFolder(Path(reviewing.evidence))
    hidden = b"only the agency has this"
    identity = HandedIn("theirs.txt", hidden).identity
    with Store.open(reviewing.target) as store:
        folder.keep(hidden)
        act(store, "agency-reviewer", do="file-evidence", evidence={**identity, "title": "theirs"})
    told = []
    with house(reviewing, tmp_path) as made:
        desk = made.desk("unit-filer")
        for content in (hidden, b"only the unit has this.."):
            there = f"/cases/{CASE}/evidence/{sha256(content).hexdigest()}"
            assert desk.get(there).status_code == 404
            filed = desk.post(
                f"/api/v1/cases/{CASE}/evidence?name=own.txt",
                content=content,
                headers={"idempotency-key": sha256(content).hexdigest()},
            )
            assert desk.get(there).content == content
            (event,) = filed.json()["events"]
            told.append((filed.status_code, event["entry"].keys(), event["position"]))
            assert "theirs" not in desk.get(f"/cases/{CASE}/materials").text
    assert told[0] == told[1]
    with Store.open(reviewing.target) as store:
        verified = verify(store, LedgerPlace(reviewing.target, reviewing.evidence), Trust())
    assert verified.holds
