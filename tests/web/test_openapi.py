"""The description of the API is true: what it allows is answered as it says."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.support.desks import House, house
from tests.support.places import Place
from tests.support.terminal import CASE
from web.api.openapi import described
from web.api.routes import API
from web.api.rules import words_of

pytestmark = pytest.mark.server_sample(12)

ROOT: Final = Path(__file__).parents[2]
DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
EXAMPLES: Final = 12
"""Of each method: enough for a field of each command to be left out, empty or too long."""

REAL: Final = {
    "case": [CASE, CASE, "zhanjiang-amr-2099"],
    "row": ["output-goals", "e-contracts", "none"],
    "version": ["1", "200", "99999"],
    "sha256": ["0" * 64],
    "path": ["0/000.p/1", "0/000", "1/000.p/1"],
}
"""What addresses are given: ids that there are, and one that there is not."""

CHECKS: Final = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
SCHEMA: Final = schemathesis.openapi.from_dict(described())
FEW: Final = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
FEWER: Final = settings(FEW, max_examples=3)
"""Of what makes documents."""


@pytest.fixture(scope="module")
def pages(built: Mapping[str, Place], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The whole reference case. What is recorded in it is recorded for trying only."""
    with house(built["issued"], tmp_path_factory.mktemp("logins")) as made:
        yield made


@pytest.fixture(scope="module")
def desk(pages: House) -> TestClient:
    """An officer who has logged in once: who logs in too often must wait a minute."""
    return pages.desk("bureau-officer")


def operations() -> Iterator[tuple[str, str]]:
    for path, methods in described()["paths"].items():
        yield from ((path, method.upper()) for method in methods)


@pytest.mark.parametrize(("path", "method"), [*operations()])
def test_what_the_description_allows_is_answered_as_it_says(
    desk: TestClient, path: str, method: str
) -> None:
    turn, told = iter(range(10_000)), set[int]()

    @given(SCHEMA[path][method].as_strategy())
    def ask(wish: Any) -> None:  # noqa: ANN401 - of schemathesis
        number = next(turn)
        for name in wish.path_parameters or {}:
            wish.path_parameters[name] = REAL[name][number % len(REAL[name])]
        if method == "POST":  # the ledger is others' as well
            wish.query = {**(wish.query or {}), "rehearse": "1"}
            wish.headers = {**(wish.headers or {}), "Idempotency-Key": f"try-{number}"}
        wish.cookies = {}
        sent = wish.as_transport_kwargs(base_url="https://127.0.0.1/api/v1")
        headers = {k: v for k, v in sent["headers"].items() if k.isascii() and v.isascii()}
        body = {"content": sent["data"]} if "data" in sent else {}
        if "json" in sent:
            body = {"json": sent["json"]}
        answer = desk.request(method, sent["url"], params=sent["params"], headers=headers, **body)
        told.add(answer.status_code)
        wish.validate_response(answer, checks=CHECKS)

    (FEWER if path.endswith("/dossiers") else FEW)(ask)()
    if any(path == each.path and each.at_head for each in API):
        assert 200 in told


def test_every_route_of_the_api_is_described_and_no_other(pages: House) -> None:
    served = {
        (route.path.removeprefix("/api/v1").replace(":path", ""), method)
        for route in pages.app.routes
        if isinstance(route, Route) and route.path.startswith("/api/v1")
        for method in route.methods or ()
        if method != "HEAD"
    }
    assert served == {*operations()}
    assert len(served) == len(API)


def test_it_is_served_to_everybody_and_is_of_the_form_that_it_claims(pages: House) -> None:
    answer = pages.door().get("/openapi.json")
    assert answer.status_code == 200
    told = answer.json()
    assert told["openapi"] == "3.1.0"
    text = json.dumps(told)
    assert "\\Z" not in text.replace("\\\\", "\\")
    for schema in told["components"]["schemas"].values():
        jsonschema_rs.meta.validate(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        )
    named = set(re.findall(r"#/components/schemas/([\w.]+)", text))
    assert named <= told["components"]["schemas"].keys()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rule_that_a_problem_can_name_has_a_page(pages: House, language: str) -> None:
    door = pages.door(language)
    for rule in words_of():
        answer = door.get(f"/problems/{rule}")
        assert answer.status_code == 200, rule
        assert "scoretrail " not in answer.text.partition("<main")[2]
    assert door.get("/problems/none").status_code == 404


OF_THE_COMMAND_LINE: Final = {
    *(
        "export-broken",
        "ledger-broken",
        "ledger-not-empty",
        "no-key",
        "no-key-file",
    ),
    *("not-closed", "not-final", "not-frozen", "not-taken-up"),
    "other-predecessor",
    *(
        "archive-there",
        "key-within-reach",
        "no-ledger",
        "nothing-exported",
        "origin",
        "no-logins",
        "nothing-published",
        "port",
        "no-access-list",
        "not-practice",
        "practice",
        "practice-key",
        "retired-key",
        "role-taken",
        "signer-state",
        "ways-in",
    ),
}
"""What no request can come to."""


def test_no_rule_is_left_out() -> None:
    written = {
        rule
        for folder in ("ledger", "projections", "documents", "intake", "application", "web")
        for file in (ROOT / folder).rglob("*.py")
        for rule in re.findall(r'rule="([a-z-]+)"', file.read_text("utf-8"))
    }
    assert written - words_of().keys() - OF_THE_COMMAND_LINE == set()
