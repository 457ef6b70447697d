"""The command that writes documents: formats by name, points in time, and what goes wrong."""

import re
import sys
from pathlib import Path

import pytest

from tests.support.places import Place
from tests.support.signed_log import NOTE, TEXT
from tests.support.terminal import CASE, ROOT, done, scoretrail

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", ["score-table", "composite", "project-form", "register"])
@pytest.mark.parametrize("suffix", [".xlsx", ".docx", ".pdf", ".html"])
def test_every_kind_in_every_format(issued: Place, tmp_path: Path, kind: str, suffix: str) -> None:
    for lang in ("zh", "en"):
        output = tmp_path / f"{lang}{suffix}"

        done(scoretrail(issued, "document", kind, CASE, "-o", str(output), lang=lang))

        assert output.stat().st_size > 1000


def test_the_composite_table_is_that_of_the_document(issued: Place, tmp_path: Path) -> None:
    output = tmp_path / "composite.html"
    done(scoretrail(issued, "document", "composite", CASE, "-o", str(output)))

    said = output.read_text()
    for printed in ("44.00", "88.00%", "13.50", "90.00%", "9.39", "93.90%", "93.89%"):
        assert f">{printed}</td>" in said


def test_a_document_of_an_earlier_point_knows_nothing_later(issued: Place, tmp_path: Path) -> None:
    output = tmp_path / "self.html"
    words = ("document", "score-table", CASE, "--at", "self", "-o", str(output))
    done(scoretrail(issued, *words))

    said = re.sub("<[^>]*>", "", output.read_text())
    assert "，自评，截至第" in said
    assert "尚有28项未核查" in said
    assert "93.89" not in said


def test_the_footer_names_the_checkpoint(issued: Place, tmp_path: Path) -> None:
    output, checkpoint = tmp_path / "c.html", tmp_path / "checkpoint"
    checkpoint.write_bytes(NOTE)
    words = ("document", "composite", CASE, "-o", str(output), "--checkpoint", str(checkpoint))
    done(scoretrail(issued, *words))

    assert f"检查点 {' '.join(TEXT.split())}" in output.read_text()


def test_what_goes_wrong_says_what_to_do(issued: Place, tmp_path: Path) -> None:
    def refused(kind: str, name: str, *words: str) -> str:
        said = scoretrail(issued, "document", kind, CASE, "-o", str(tmp_path / name), *words)
        assert said.code == 2
        return said.err

    assert ".xlsx、.docx、.pdf、.html" in refused("composite", "c.doc")
    assert "没有申诉" in refused("appeal-answer", "a.pdf")
    assert "无法写入" in refused("composite", "no/such/folder.pdf")
    junk = tmp_path / "junk"
    junk.write_text("junk")
    assert "不能作为检查点读取" in refused("composite", "c.pdf", "--checkpoint", str(junk))
    assert not list(tmp_path.glob("*.pdf"))


def test_without_the_extra_it_says_what_to_install(
    issued: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    monkeypatch.delitem(sys.modules, "documents.pdf", raising=False)

    said = scoretrail(issued, "document", "composite", CASE, "-o", str(tmp_path / "c.pdf"))

    assert said.code == 2
    command = said.err.splitlines()[-1]
    assert command == f'可执行：{sys.executable} -m pip install -e "{ROOT}[paper]"'


def test_the_bridge_draws_itself_where_asked(issued: Place) -> None:
    said = done(scoretrail(issued, "bridge", CASE, "--chart")).out

    assert said.count("█") > 50
    assert "╱╱" in said  # the axis does not begin at 0
    assert "<U+" not in said
    assert "█" not in done(scoretrail(issued, "bridge", CASE)).out
