"""Health and metrics: what watches the service learns how it is, and of no case and no account."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from ledger.values import Invalid
from tests.support.desks import HOST, OURS, House, house
from tests.support.places import Place
from tests.support.terminal import CASE, record
from web.metrics import Measured, Metrics

pytestmark = pytest.mark.server_sample(3)

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def pages(submitted: Place, tmp_path: Path) -> Iterator[House]:
    with house(submitted, tmp_path) as made:
        yield made


@pytest.fixture
def metrics(pages: House) -> Metrics:
    made = Metrics(pages.app.state.office)
    pages.app.add_middleware(Measured, metrics=made)
    return made


def read(metrics: Metrics, port: int = 0) -> tuple[str, Samples]:
    """What a server of Prometheus reads."""
    import socket  # noqa: PLC0415 - for a port that is free

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = port or free.getsockname()[1]
    end = metrics.serve(port)
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        text = answer.read().decode()
    end()
    samples = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    return text, samples


def test_it_is_alive_and_ready_for_anybody(pages: House) -> None:
    door = pages.door()
    assert door.get("/health/live").text == "ok\n"
    answer = door.get("/health/ready")
    assert (answer.status_code, answer.text) == (200, "ledger ok\nlogins ok\n")


@pytest.mark.sqlite_only("a file is moved away")
@pytest.mark.parametrize("part", ["ledger", "logins"])
def test_it_is_not_ready_without_the_ledger_or_the_logins(
    pages: House, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = pages.app.state.office
    if part == "logins":
        monkeypatch.setattr(type(office.kept), "answers", lambda _: False)
    else:
        monkeypatch.setattr(
            type(office),
            "store",
            property(lambda _: (_ for _ in ()).throw(Invalid("不可达", "away"))),
        )
    answer = pages.door().get("/health/ready")
    assert (answer.status_code, f"{part} away" in answer.text) == (503, True)
    assert pages.door().get("/health/live").status_code == 200


@pytest.mark.sqlite_only("a file is moved away")
def test_a_page_without_the_logins_is_for_later_and_says_so(pages: House, tmp_path: Path) -> None:
    """Given somebody who is logged in, when the login data is away, it is there again later."""
    desk, kept, file = pages.desk("agency-reviewer"), pages.kept, tmp_path / "logins"
    kept.close()
    away = file.rename(file.with_name("away"))
    file.mkdir()
    answer = desk.get("/")
    assert (answer.status_code, "登录数据没有应答" in answer.text) == (503, True), answer.text
    assert "sqlalche" not in answer.text
    assert str(tmp_path) not in answer.text
    assert not kept.answers()
    kept.close()
    file.rmdir()
    away.rename(file)
    assert desk.get("/").status_code == 200


def test_requests_are_counted_by_the_form_of_their_address(
    pages: House, metrics: Metrics, submitted: Place
) -> None:
    desk = pages.desk("agency-reviewer")
    for _ in range(3):
        desk.get(f"/api/v1/cases/{CASE}/sheet")
    desk.get("/cases/no-such-case-2099")
    desk.get("/made-up/by/somebody")
    text, samples = read(metrics)
    counted = {
        dict(labels)["route"]: f"{dict(labels)['status']} {value:.0f}"
        for (name, labels), value in samples.items()
        if name == "scoretrail_requests_total"
    }
    assert counted["/api/v1/cases/{case}/sheet"] == "200 3"
    assert counted["/cases/{case}"] == "404 1"
    assert counted["none"] == "404 1"
    sheet = (("route", "/api/v1/cases/{case}/sheet"),)
    assert samples["scoretrail_request_seconds_count", sheet] == 3
    assert samples["scoretrail_sealed_entries", ()] == len(record(submitted))
    assert samples["scoretrail_pending_entries", ()] == 0
    assert samples["scoretrail_waiting_deliveries", ()] == 0
    for secret in (CASE, "no-such-case", "agency-reviewer", "made-up", "unit-filer"):
        assert secret not in text
    labels = {name for _, given in samples for name, _ in given}
    assert labels == {"route", "method", "status", "le"}


def test_a_method_that_somebody_makes_up_is_no_label(pages: House, metrics: Metrics) -> None:
    browser = TestClient(pages.app, base_url=HOST, headers=OURS)
    browser.request("GUESSED", "/health/live")
    text, _ = read(metrics)
    assert "GUESSED" not in text
    assert re.search(r'method="other",route="[^"]+",status="\d+"', text)


def test_a_port_that_somebody_has_is_refused_in_words(pages: House) -> None:
    made = Metrics(pages.app.state.office)
    with pytest.raises(Invalid, match="70000"):
        made.serve(70000)
