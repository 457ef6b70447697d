"""The command that writes forms: what is in them, and that they are the same bytes every time."""

from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from tests.support.places import Place
from tests.support.terminal import CASE, EXAMPLES, done, scoretrail
from tests.support.workbooks import NS, Book

RUBRIC = "zhanjiang-departments-2023"


def test_a_form_has_a_row_for_every_indicator_and_every_figure_asked_for(
    opened: Place, tmp_path: Path
) -> None:
    made = []
    for name in (RUBRIC, f"{RUBRIC}@2024-1", str(EXAMPLES / "rubric.toml")):
        path = tmp_path / "form.xlsx"
        done(scoretrail(opened, "form", "self-evaluation", "--rubric", name, "-o", str(path)))
        made.append(path.read_bytes())
    assert len(set(made)) == 1

    book = Book(path)
    assert book.text("自评得分", book.ref("自评得分", "e-contracts", "weight")) == "1.00"
    assert book.row_of("基础数据", "marketplace-contracts")
    about = book.text("自评得分", book.ref("自评得分", "e-contracts", "standard"))
    assert about.startswith("电子卖场的合同有多少是电子合同。\n")
    assert len(book.sheet("自评得分").findall("sheetData/row", NS)) == 32


def test_only_what_is_to_be_filled_in_is_open(issued: Place, tmp_path: Path) -> None:
    path = tmp_path / "review.xlsx"
    done(scoretrail(issued, "form", "review", "--case", CASE, "-o", str(path)))
    book = Book(path)

    with ZipFile(path) as parts:
        styles = ET.fromstring(parts.read("xl/styles.xml"))  # noqa: S314 - our own file
    formats = styles.findall("cellXfs/xf", NS)
    sheet = book.sheet("核查评分")
    assert sheet.find("sheetProtection", NS) is not None
    assert len(sheet.findall("dataValidations/dataValidation", NS)) >= 2
    for key, is_open in (("weight", False), ("claim", False), ("award", True), ("ground", True)):
        ref = book.ref("核查评分", "output-goals", key)
        cell = next(one for one in sheet.iter(f"{{{NS['']}}}c") if one.get("r") == ref)
        protection = formats[int(cell.get("s", "0"))].find("protection", NS)
        unlocked = protection is not None and protection.get("locked") == "0"
        assert unlocked is is_open, key
    assert book.text("核查评分", book.ref("核查评分", "output-goals", "award")) == "16.00"


def test_forms_are_in_the_language_spoken(opened: Place, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    words = ("form", "self-evaluation", "--rubric", RUBRIC, "-o", str(path))
    done(scoretrail(opened, *words, lang="en"))

    assert Book(path).sheets[:3] == ["Cover", "Totals", "Claims"]


def test_a_form_needs_a_rubric_or_a_case_and_the_right_name(opened: Place, tmp_path: Path) -> None:
    for words in (
        ("-o", "f.xlsx"),
        ("--rubric", RUBRIC, "--case", CASE, "-o", "f.xlsx"),
        ("--rubric", "none", "-o", "f.xlsx"),
        ("--rubric", RUBRIC, "-o", "f.xls"),
    ):
        said = scoretrail(opened, "form", "self-evaluation", *words)
        assert said.code == 2, words
        assert said.err
    assert not list(tmp_path.glob("f.*"))
