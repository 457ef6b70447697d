"""Evidence: kept by its SHA-256, named when it is missing or altered, erased by law on record."""

import json
import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.evidence import EvidenceFolder
from tests.support.places import Place, Places
from tests.support.postgres import Databases
from tests.support.terminal import ROOT, Said, begun, done, entries, record, scoretrail

LIFE = ROOT / "examples" / "whole-life"
PARKS = "parks-2022"
SURVEY = LIFE / "evidence" / "planting.csv"
DIGEST = sha256(SURVEY.read_bytes()).hexdigest()
GROUND = "个人信息保护法第四十七条"


@pytest.fixture(scope="module")
def filed(database: Databases | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A ledger with two files filed. Not to be written to."""
    with Places(tmp_path_factory.mktemp("filed"), database) as places:
        ledger = begun(places.new(), "2023-03-01")
        for file in ("1-opening.toml", "2-self-evaluation.toml"):
            done(scoretrail(ledger, "apply", str(LIFE / file)))
        yield ledger


@pytest.fixture
def ledger(filed: Place, places: Places) -> Place:
    return places.copy(filed)


def place(ledger: Place, digest: str = DIGEST) -> Path:
    return ledger.evidence / digest[:2] / digest


def states(ledger: Place, case: str = PARKS) -> dict[str, str]:
    listed = scoretrail(ledger, "evidence", "list", case, "--json").json["evidence"]
    return {one["title"]: one["state"] for one in listed}


def erase(ledger: Place, *more: str, case: str = PARKS, lang: str = "zh") -> Said:
    words = ("evidence", "erase", case, DIGEST, "--ground", GROUND, *more)
    return scoretrail(ledger, "--as", "bureau-officer", "--dated", "2024-06-03", *words, lang=lang)


def test_a_file_is_kept_under_its_digest_with_title_number_type_and_size(ledger: Place) -> None:
    assert place(ledger).read_bytes() == SURVEY.read_bytes()
    listed = done(scoretrail(ledger, "evidence", "list", PARKS, "--json")).json["evidence"]

    assert listed[1] == {
        "sha256": DIGEST,
        "title": "绿化任务台账",
        "number": "公园〔2023〕3号",
        "media_type": "text/csv",
        "size": 84,
        "state": "held",
    }


def test_its_bytes_are_read_back_as_they_were(ledger: Place, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    done(scoretrail(ledger, "evidence", "read", DIGEST, "-o", str(out)))

    assert out.read_bytes() == SURVEY.read_bytes()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_missing_file_is_named(ledger: Place, lang: str) -> None:
    place(ledger).unlink()
    said = scoretrail(ledger, "evidence", "list", PARKS, lang=lang)

    assert said.code == 3
    assert said.err.count("b1379721e98cd6e3") == 1
    assert "绿化任务台账" in said.err
    assert DIGEST in said.err
    assert {"zh": "缺失", "en": "missing"}[lang] in said.err
    assert scoretrail(ledger, "evidence", "read", DIGEST).code == 2


def test_an_altered_file_is_named_and_not_handed_out(ledger: Place) -> None:
    place(ledger).write_bytes(SURVEY.read_bytes() + b" ")
    said = scoretrail(ledger, "evidence", "list", PARKS)

    assert said.code == 3
    assert "被改动：绿化任务台账" in said.err
    assert states(ledger) == {"收支表": "held", "绿化任务台账": "altered"}
    assert scoretrail(ledger, "evidence", "read", DIGEST).code == 2


def a_pipe(file: Path, _: bytes) -> None:
    os.mkfifo(file)


def an_endless_device(file: Path, _: bytes) -> None:
    file.symlink_to("/dev/zero")


def a_file_without_end(file: Path, _: bytes) -> None:
    with file.open("wb") as endless:
        endless.truncate(2**40)


def a_link_to_the_same_bytes_elsewhere(file: Path, content: bytes) -> None:
    elsewhere = file.parents[1] / "elsewhere"
    elsewhere.write_bytes(content)
    file.symlink_to(elsewhere)


def a_folder(file: Path, _: bytes) -> None:
    file.mkdir()


@pytest.mark.parametrize(
    "kind",
    [
        a_pipe,
        an_endless_device,
        a_file_without_end,
        a_link_to_the_same_bytes_elsewhere,
        a_folder,
    ],
    ids=lambda kind: kind.__name__,
)
def test_nothing_but_a_file_of_its_own_is_waited_for_or_taken_for_it(
    ledger: Place, kind: Callable[[Path, bytes], None]
) -> None:
    content = place(ledger).read_bytes()
    place(ledger).unlink()
    kind(place(ledger), content)

    assert states(ledger)["绿化任务台账"] in {"altered", "missing"}
    verified = scoretrail(ledger, "verify", "--json")
    assert [one["kind"] for one in verified.json["breaks"]] == ["evidence"]
    assert scoretrail(ledger, "evidence", "read", PARKS, DIGEST).code in {2, 3}


def test_other_names_of_bytes_that_are_erased_are_told(ledger: Place, tmp_path: Path) -> None:
    os.link(place(ledger), tmp_path / "kept")
    said = done(erase(ledger, lang="en"))
    assert "the same file has 1 other name (hard links)" in said.err
    assert not place(ledger).exists()


def test_filing_it_again_mends_it(ledger: Place) -> None:
    place(ledger).write_bytes(b"altered")
    done(scoretrail(ledger, "apply", str(LIFE / "2-self-evaluation.toml")))

    assert states(ledger)["绿化任务台账"] == "held"


def test_erasure_is_recorded_with_by_whom_and_on_what_ground(ledger: Place) -> None:
    done(erase(ledger))
    (erased,) = [
        entry
        for entry in done(scoretrail(ledger, "log", PARKS, "--json")).json["entries"]
        if entry["type"] == "EvidenceErased"
    ]

    assert (erased["by"]["account"], erased["dated"]) == ("bureau-officer", "2024-06-03")
    assert erased["justification"] == GROUND
    assert erased["caused_by"] == [5]  # where the file was filed
    assert not place(ledger).exists()


def test_everything_else_still_verifies_after_an_erasure(ledger: Place) -> None:
    score = done(scoretrail(ledger, "score", PARKS, "--json")).json
    done(erase(ledger))
    again = done(scoretrail(ledger, "score", PARKS, "--json")).json

    assert (again["claim"], again["indicators"]) == (score["claim"], score["indicators"])
    assert done(scoretrail(ledger, "verify", "--json")).json["breaks"] == []
    assert done(scoretrail(ledger, "evidence", "list", PARKS)).code == 0
    assert states(ledger) == {"收支表": "held", "绿化任务台账": "erased"}
    assert "error" not in {
        one["severity"]
        for one in done(scoretrail(ledger, "check", PARKS, "--json")).json["findings"]
    }


def test_nobody_but_the_bureau_erases(ledger: Place) -> None:
    before = record(ledger)
    words = ("evidence", "erase", PARKS, DIGEST, "--ground", GROUND)
    for account in ("unit-filer", "agency-lead", "auditor", "administrator"):
        assert scoretrail(ledger, "--as", account, *words).code == 1

    assert record(ledger) == before
    assert place(ledger).exists()


def test_what_was_never_filed_is_not_erased(ledger: Place) -> None:
    stray = EvidenceFolder(ledger.evidence).keep(b"stray")
    words = ("evidence", "erase", PARKS, stray, "--ground", GROUND)

    assert scoretrail(ledger, "--as", "bureau-officer", *words).code == 1
    assert place(ledger, stray).exists()


@pytest.fixture
def crashed(ledger: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A ledger that recorded an erasure, and the machine stopped before the bytes were gone."""
    with monkeypatch.context() as stopping:
        stopping.setattr(EvidenceFolder, "erase", lambda *_: 0)
        done(erase(ledger))
    return ledger


def test_after_a_crash_between_record_and_erasure_the_list_says_so(crashed: Place) -> None:
    assert place(crashed).exists()
    assert states(crashed)["绿化任务台账"] == "to-erase"


def test_after_such_a_crash_the_same_command_finishes_the_work(crashed: Place) -> None:
    before = record(crashed)
    done(erase(crashed))

    assert not place(crashed).exists()
    assert states(crashed)["绿化任务台账"] == "erased"
    assert record(crashed) == before
    said = erase(crashed)
    assert said.code == 1  # now there is nothing left to do
    assert "已销毁，无需重复" in said.err


def test_after_such_a_crash_nobody_else_finishes_it(crashed: Place) -> None:
    words = ("evidence", "erase", PARKS, DIGEST, "--ground", GROUND)

    assert scoretrail(crashed, "--as", "unit-filer", *words).code == 1
    assert place(crashed).exists()


def test_what_was_erased_does_not_come_back(ledger: Place) -> None:
    """Neither by filing it again nor by applying the file that first filed it."""
    done(erase(ledger))
    done(scoretrail(ledger, "apply", str(LIFE / "2-self-evaluation.toml")))
    words = ("submit", "evidence", PARKS, str(SURVEY), "--title", "又交一次")

    assert scoretrail(ledger, "--as", "unit-filer", *words).code == 1
    assert not place(ledger).exists()


def test_a_file_of_acts_erases_as_the_command_does(ledger: Place, tmp_path: Path) -> None:
    acts = tmp_path / "erase.jsonl"
    act = {"case": PARKS, "as": "bureau-officer", "dated": "2024-06-03", "do": "erase-evidence"}
    acts.write_text(json.dumps({**act, "sha256": DIGEST, "ground": GROUND}))

    done(scoretrail(ledger, "apply", "--check", str(acts)))
    assert place(ledger).exists()
    done(scoretrail(ledger, "apply", str(acts)))
    assert not place(ledger).exists()
    assert done(scoretrail(ledger, "apply", str(acts))).code == 0


def test_a_file_that_another_case_holds_stays_until_it_is_erased_there_too(ledger: Place) -> None:
    unit = "--unit parks --unit-name 某区某局 --bureau finance --bureau-name 财政部门"
    for words in (
        f"case open other-2022 --title 另一项 --year 2022 {unit}",
        f"submit evidence other-2022 {SURVEY} --title 绿化任务台账",
    ):
        dated = ("--dated", "2023-06-01")
        done(scoretrail(ledger, "--as", "bureau-officer", *dated, *words.split()))

    assert "other-2022" in done(erase(ledger)).err
    assert place(ledger).exists()
    assert states(ledger, "other-2022") == {"绿化任务台账": "held"}
    done(erase(ledger, case="other-2022"))
    assert not place(ledger).exists()
    assert (
        states(ledger)["绿化任务台账"] == states(ledger, "other-2022")["绿化任务台账"] == "erased"
    )


@pytest.mark.parametrize("stream", ["register:accounts", "rubric:parks", "nothing-2022"])
def test_what_is_no_case_has_no_evidence_to_list(ledger: Place, stream: str) -> None:
    for words in (("evidence", "list", stream), ("case", "show", stream)):
        said = scoretrail(ledger, *words)
        assert said.code == 2
        assert stream in said.err


def test_a_file_that_cannot_be_kept_is_not_recorded(ledger: Place) -> None:
    folder = ledger.evidence
    before = record(ledger)
    blocked = EvidenceFolder(folder).place(sha256(b"new").hexdigest()).parent
    blocked.parent.mkdir(exist_ok=True)
    assert not blocked.exists(), "no other file of the example may lie in that sub-folder"
    blocked.write_bytes(b"in the way")
    new = folder.parent / "new.txt"
    new.write_bytes(b"new")
    words = ("submit", "evidence", PARKS, str(new), "--title", "新材料")

    assert scoretrail(ledger, "--as", "unit-filer", *words).code == 2
    assert record(ledger) == before


# By what names it is called -------------------------------------------------------------------


def test_an_act_and_a_file_of_acts_cite_it_by_file_title_or_the_start_of_its_digest(
    ledger: Place, tmp_path: Path
) -> None:
    acts = tmp_path / "acts.toml"
    acts.write_text(
        f'case = "{PARKS}"\nas = "agency-reviewer"\ndated = 2023-06-12\n[[command]]\n'
        'do = "adjust-score"\nindicator = "patrols"\naward = "6"\njustification = "实测"\n'
        'ground = "酌情"\nevidence = ["绿化任务台账"]\n'
    )
    adjust = ("review", "adjust", PARKS, "patrols")
    why = ("--justification", "实测", "--ground", "酌情", "--evidence")
    who = ("--as", "agency-reviewer", "--dated", "2023-06-12")
    for name, award in ((str(SURVEY), "3"), ("绿化任务台账", "4"), (DIGEST[:8], "5")):
        done(scoretrail(ledger, *who, *adjust, award, *why, name))
        assert entries(ledger, PARKS)[-1]["data"]["evidence"] == [DIGEST]
    done(scoretrail(ledger, "apply", str(acts)))
    assert entries(ledger, PARKS)[-1]["data"]["evidence"] == [DIGEST]

    said = scoretrail(ledger, *who, *adjust, "7", *why, "不知何物", lang="en")
    assert said.code == 2
    assert "there is no evidence '不知何物'" in said.err


def test_it_is_read_and_registered_as_a_document_by_any_of_its_names(
    filed: Place, places: Places, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    batch = tmp_path / "document.toml"
    text = (
        f'case = "{PARKS}"\nas = "unit-filer"\ndated = 2023-06-12\n[[command]]\n'
        'do = "register-document"\ndocument = "by-batch"\ntitle = "台账"\nform = "copy"\n'
        'parts = ["全文"]\nsha256 = "绿化任务台账"\n'
    )
    batch.write_text(text)
    who = ("--as", "unit-filer", "--dated", "2023-06-12")
    document = ("--title", "台账", "--form", "copy", "--part", "全文", "--sha256")
    for name in (str(SURVEY), "绿化任务台账", "公园〔2023〕3号", DIGEST[:8]):
        ledger = places.copy(filed)
        done(scoretrail(ledger, "evidence", "read", name, "-o", str(out)))
        assert out.read_bytes() == SURVEY.read_bytes()
        out.unlink()
        register = ("source", "register", PARKS, "survey", *document, name)
        done(scoretrail(ledger, *who, *register))
        assert entries(ledger, PARKS)[-1]["data"]["sha256"] == DIGEST
    ledger = places.copy(filed)
    done(scoretrail(ledger, "apply", str(batch)))
    assert entries(ledger, PARKS)[-1]["data"]["sha256"] == DIGEST

    for name in ("不知何物", DIGEST[:2]):
        assert f"没有佐证材料“{name}”" in scoretrail(ledger, "evidence", "read", name).err


def test_it_is_erased_by_its_title(ledger: Place) -> None:
    words = ("evidence", "erase", PARKS, "绿化任务台账", "--ground", GROUND)
    done(scoretrail(ledger, "--as", "bureau-officer", "--dated", "2024-06-03", *words))

    assert states(ledger)["绿化任务台账"] == "erased"
    assert not place(ledger).exists()
