"""Pages of a case that went through everything: objections, an appeal, rectification, papers."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Final

import pytest

from ledger.gzipped import compressed
from tests.support.desks import House, house
from tests.support.places import Place, Places
from tests.support.terminal import ROOT, begun, done, scoretrail

LIFE: Final = ROOT / "examples" / "whole-life"
CASE: Final = "parks-2022"
HERE: Final = f"/cases/{CASE}"


@pytest.fixture(scope="session")
def lived(
    database: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Place, Places]]:
    """The whole life in a ledger that signs. Not to be written to."""
    folder = tmp_path_factory.mktemp("lived")
    with Places(folder, database) as places:  # type: ignore[arg-type]  # as its fixture gives it
        place = begun(places.new(), "2023-01-02")
        for file in sorted(LIFE.glob("[1-8]-*.toml")):
            done(scoretrail(place, "apply", str(file)))
        done(scoretrail(place, "key", "generate", "parks.example"))
        answer = str(folder / "answer.zip")
        bureau = ("--as", "bureau-officer", "dossier", "export", CASE)
        done(scoretrail(place, *bureau, "--purpose", "答复申诉", "-o", answer))
        yield place, places


@pytest.fixture
def pages(lived: tuple[Place, Places], tmp_path: Path) -> Iterator[House]:
    with house(lived[0], tmp_path) as made:
        yield made


def test_the_outcome_of_rectification_goes_into_the_form_of_the_next_case(
    lived: tuple[Place, Places], tmp_path: Path
) -> None:
    place, after = lived[1].copy(lived[0]), "parks-2023"
    opening = {
        "case": after,
        "title": "x",
        "year": "2023",
        "unit": "parks",
        "unit_name": "某区某局",
    }
    opening |= {"bureau": "finance", "bureau_name": "某区财政局"}
    into = ("--into", after, "--indicator", "feedback", "--figure", "late")
    with house(place, tmp_path) as made:
        bureau, desk = made.desk("bureau-officer"), made.desk("unit-filer")
        assert "submit-figure" not in desk.get(f"{HERE}/rectification").text
        assert bureau.post("/acts/open-case", data={**opening, "key": "o"}).status_code == 303
        rubric = {"rubric": "parks", "edition": "2022", "key": "p"}
        assert bureau.post(f"/cases/{after}/acts/pin-rubric", data=rubric).status_code == 303
        page = desk.get(f"{HERE}/rectification").text
        (link,) = re.findall(rf'href="(/cases/{after}/acts/submit-figure[^"]*)"', page)
        form = desk.get(unescape(link)).text
        filled = {
            name: unescape(text)
            for name, text in re.findall(
                r'name="(name|value|unit|source)"[^>]* value="([^"]*)"', form
            )
        }
        printed = json.loads(done(scoretrail(place, "rectify", "figures", CASE, *into)).out)
        assert printed["figure"] == {**filled, "id": "late", "indicator": "feedback"}
        sent = {**filled, "figure_id": "late", "indicator": "feedback", "key": "f"}
        answer = desk.post(f"/cases/{after}/acts/submit-figure", data=sent)
        assert answer.status_code == 303, answer.text
        assert "submit-figure" not in bureau.get(f"{HERE}/rectification").text


class TestAppeals:
    def test_each_contested_version_stands_beside_what_became_of_it(self, pages: House) -> None:
        text = pages.desk("unit-filer").get(f"{HERE}/rectification").text
        row = re.search(r"<tr><td[^>]*><a[^>]*indicators/plan\".*?</tr>", text, re.DOTALL)
        assert row
        assert re.findall(r'class="n"[^>]*>([^<]+)<', row[0]) == ["8.00", "9.00", "9.00"]
        assert "version=43#v43" in row[0]
        assert "部分支持" in text

    def test_objections_stand_with_their_answers(self, pages: House) -> None:
        text = pages.desk("agency-lead").get(f"{HERE}/rectification").text
        objections = text.partition("对征求意见稿的意见")[2].partition("<h2>申诉")[0]
        assert objections.count('<li class="unit">') == objections.count('<li class="agency">') == 2
        assert "不采纳" in objections

    def test_requests_stand_with_their_clocks(self, pages: House) -> None:
        text = pages.desk("auditor", "en").get(f"{HERE}/rectification").text
        assert "18 January 2024" in text
        assert text.count(">accepted</span>") >= 1

    def test_nobody_is_offered_what_is_not_theirs(self, pages: House) -> None:
        assert "/acts/" not in pages.desk("auditor").get(f"{HERE}/rectification").text


class TestPapers:
    @pytest.mark.parametrize("kind", ["html", "pdf", "docx", "xlsx"])
    def test_the_unit_takes_its_result_home(self, pages: House, kind: str) -> None:
        answer = pages.desk("unit-filer").get(f"{HERE}/documents/result-letter.{kind}")
        assert answer.status_code == 200
        assert f"{CASE}-result-letter.{kind}" in answer.headers["content-disposition"]
        assert answer.content[:2] == {"html": b"<!", "pdf": b"%P"}.get(kind, b"PK")

    def test_a_document_is_about_the_appeal_that_is_asked_for(self, pages: House) -> None:
        desk = pages.desk("unit-filer")
        about = f"{HERE}/documents/appeal-answer.html?about="
        assert "部分支持" in desk.get(f"{about}plan-and-survey").text
        assert desk.get(f"{about}nothing").status_code == 400
        assert desk.get(f"{HERE}/documents/secret.html").status_code == 404
        assert desk.get(f"{HERE}/documents/score-table.exe").status_code == 404

    def test_a_receipt_holds_without_this_program(
        self, pages: House, lived: tuple[Place, Places], tmp_path: Path
    ) -> None:
        desk = pages.desk("unit-filer")
        for kind in ("tlog-proof", "json"):
            found = desk.get(f"{HERE}/receipts/v46.{kind}")
            (tmp_path / f"v46.{kind}").write_bytes(found.content)
        key = lived[0].file(".key.pub")
        files = [str(tmp_path / f"v46.{kind}") for kind in ("tlog-proof", "json")]
        assert scoretrail(None, "receipt", "verify", *files, "--vkey", str(key)).code == 0

    def test_a_receipt_as_cose_holds_as_well_although_pages_have_no_key(
        self, pages: House, lived: tuple[Place, Places], tmp_path: Path
    ) -> None:
        desk, key = pages.desk("unit-filer"), lived[0].file(".key.pub")
        (tmp_path / "e").write_bytes(desk.get(f"{HERE}/receipts/v46.json").content)
        for path in (f"{HERE}/receipts/v46.cose", f"/api/v1{HERE}/events/46/receipt.cose"):
            found = desk.get(path)
            assert found.headers["content-type"].startswith("application/cose")
            (tmp_path / "r").write_bytes(found.content)
            files = [str(tmp_path / name) for name in "re"]
            assert scoretrail(None, "receipt", "verify", *files, "--vkey", str(key)).code == 0

    def test_a_dossier_that_was_issued_is_had_once_more(
        self, pages: House, lived: tuple[Place, Places], tmp_path: Path
    ) -> None:
        desk = pages.desk("unit-filer")
        text = desk.get(f"{HERE}/papers").text
        (version,) = re.findall(r"/dossiers/(v\d+)\.zip", text)
        file = tmp_path / "again.zip"
        file.write_bytes(desk.get(f"{HERE}/dossiers/{version}.zip").content)
        key = str(lived[0].file(".key.pub"))
        said = scoretrail(None, "dossier", "verify", str(file), "--vkey", key, "--json")
        assert said.code == 0, said.err
        assert said.json["drift"] == []
        assert desk.get(f"{HERE}/dossiers/v1.zip").status_code == 404

    def test_a_receipt_leads_to_what_changed_since(self, pages: House) -> None:
        desk = pages.desk("unit-filer")
        held = desk.get(f"{HERE}/receipts/v46.tlog-proof").content
        as_file = desk.post(f"{HERE}/log", files={"file": ("v46.tlog-proof", held)})
        pasted = {"text": held.decode().replace("\n", "\r\n")}
        as_text = desk.post(f"{HERE}/log", data=pasted)
        in_gzip = {"file": ("v46.tlog-proof.gz", compressed(held))}
        for answer in (as_file, as_text, desk.post(f"{HERE}/log", files=in_gzip)):
            assert answer.status_code == 303, answer.text
            assert answer.headers["location"] == f"{HERE}/log?since=46"
        text = desk.get(f"{HERE}/log?since=46").text
        assert '<li id="v47"' in text
        assert '<li id="v46"' not in text

    @pytest.mark.parametrize("held", [b"", b"nothing of the kind\n", b"\xff\xfe", b"\x1f\x8b"])
    def test_what_is_no_receipt_is_told(self, pages: House, held: bytes) -> None:
        answer = pages.desk("unit-filer", "en").post(
            f"{HERE}/log", files={"file": ("held.txt", held)}
        )
        assert 400 <= answer.status_code < 500
        assert "receipt" in answer.text


class TestMaterials:
    def test_each_file_stands_with_its_state_and_what_cites_it(self, pages: House) -> None:
        desk = pages.desk("unit-filer")
        text = desk.get(f"{HERE}/materials").text
        assert text.count("<tr><td") == 6
        assert f'href="{HERE}/indicators/planting"' in text
        assert "已逐一重新计算" in desk.get(f"{HERE}/materials?hashed=yes").text

    def test_a_file_that_is_gone_is_told(self, lived: tuple[Place, Places], tmp_path: Path) -> None:
        place = lived[1].copy(lived[0])
        files = [file for file in place.evidence.rglob("*") if file.is_file()]
        files[0].unlink()
        files[1].write_bytes(b"altered")
        with house(place, tmp_path) as made:
            desk = made.desk("auditor", "en")
            assert desk.get(f"{HERE}/materials").text.count('class="late">missing') == 1
            hashed = desk.get(f"{HERE}/materials?hashed=yes").text
            assert hashed.count('class="late">altered') == 1
            assert desk.get(f"{HERE}/evidence/{files[1].name}").status_code == 400


class TestRubrics:
    def test_an_edition_is_shown_with_standard_and_rule(self, pages: House) -> None:
        desk = pages.desk("unit-filer")
        assert 'href="/rubrics/parks?edition=2022"' in desk.get("/rubrics").text
        text = desk.get("/rubrics/parks").text
        assert "完成面积占计划面积的比率" in text
        file = desk.get("/rubrics/parks?edition=2022&form=toml")
        assert file.text == (LIFE / "rubric.toml").read_text(encoding="utf-8")

    def test_two_editions_are_compared(self, lived: tuple[Place, Places], tmp_path: Path) -> None:
        place = lived[1].copy(lived[0])
        second = tmp_path / "second.toml"
        text = (LIFE / "rubric.toml").read_text(encoding="utf-8")
        text = text.replace('edition = "2022"', 'edition = "2022-2"')
        second.write_text(text.replace("否则不得分", "否则得 0 分"), encoding="utf-8")
        done(scoretrail(place, "--as", "bureau-officer", "rubric", "publish", str(second)))
        with house(place, tmp_path) as made:
            desk = made.desk("agency-lead")
            shown = desk.get("/rubrics/parks/difference").text
            assert "2022 → 2022-2" in shown
            assert "<del>年度计划按时批准得满分，否则不得分。</del>" in shown
            table = desk.get("/rubrics/parks/difference?form=csv").text
            said = scoretrail(place, "rubric", "diff", "parks@2022", "parks@2022-2", "--csv")
            assert table.splitlines() == said.out.splitlines()

    @pytest.mark.parametrize("path", ["none", "parks?edition=1999", "parks/difference?from=1999"])
    def test_what_there_is_not_is_told(self, pages: House, path: str) -> None:
        answer = pages.desk("unit-filer").get(f"/rubrics/{path}")
        assert 400 <= answer.status_code < 500

    def test_nobody_reads_them_without_an_account(self, pages: House) -> None:
        assert pages.door().get("/rubrics").status_code == 303
        assert pages.desk("ghost").get("/rubrics/parks").status_code == 303
