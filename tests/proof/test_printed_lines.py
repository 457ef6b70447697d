"""One log's head on paper: read from the letter by a foreign program, and compared with the log."""

import re
from html import unescape
from pathlib import Path
from runpy import run_path
from shutil import copytree

import pytest

from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.checkpoint_line import CheckpointLine
from tests.support import qr_codes
from tests.support.houses import House
from tests.support.places import Place
from tests.support.signed_log import STRANGER
from tests.support.terminal import CASE, ROOT, Said, done, scoretrail

pytestmark = pytest.mark.slow


def compare(house: House, line: str, *words: str, lang: str = "en") -> Said:
    vkey = ("--vkey", house.vkey)
    return scoretrail(house.ledger, "checkpoint", "compare", line, *vkey, *words, lang=lang)


def line_of(checkpoint: Path) -> CheckpointLine:
    return CheckpointLine.of(SignedCheckpoint.parse(checkpoint.read_bytes()))


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".xlsx"])
def test_a_letter_carries_the_head_in_a_code_that_others_read(
    house: House, tmp_path: Path, suffix: str
) -> None:
    output = tmp_path / f"letter{suffix}"
    done(scoretrail(house.ledger, "document", "result-letter", CASE, "-o", str(output)))

    (line,) = qr_codes.on_paper(suffix, output.read_bytes())

    assert line == str(line_of(house.new))
    said = compare(house, line, "--json")
    assert (said.code, said.json["signature"]) == (0, "valid")


@pytest.mark.parametrize("kind", ["result-letter", "score-table"])
def test_the_line_is_printed_in_words_as_well(house: House, tmp_path: Path, kind: str) -> None:
    output = tmp_path / "paper.html"
    done(scoretrail(house.ledger, "document", kind, CASE, "-o", str(output)))
    assert line_of(house.new).in_words in output.read_text()


def test_a_letter_before_the_last_record_is_signed_says_so(house: House, tmp_path: Path) -> None:
    output = tmp_path / "letter.html"
    words = ("document", "result-letter", CASE, "-o", str(output), "--checkpoint", str(house.old))
    done(scoretrail(house.ledger, *words))
    assert "签署时，本函最后的记录尚未编入" in output.read_text()
    done(scoretrail(house.ledger, *words, lang="en"))
    assert "signed before the last record of this letter" in output.read_text()


def test_the_same_letter_is_the_same_bytes_after_the_log_has_grown(
    house: House, tmp_path: Path
) -> None:
    made = []
    for name in ("a.pdf", "b.pdf"):
        words = ("document", "result-letter", CASE, "--at", "issued", "-o", str(tmp_path / name))
        done(scoretrail(house.ledger, *words, "--vkey", house.vkey))
        made.append((tmp_path / name).read_bytes())
        open_account = ("account", "open", "more", "--organisation", "o", "--role", "auditor")
        if name == "a.pdf":
            done(scoretrail(house.ledger, "--as", "administrator", *open_account))
            done(scoretrail(house.ledger, "checkpoint", "sign", "-o", str(tmp_path / "newer")))
    assert made[0] == made[1]


def test_an_older_line_shows_that_the_log_has_only_grown(house: House) -> None:
    line = line_of(house.old)
    now = line_of(house.new).checkpoint.head.size
    said = compare(house, str(line), "--json").json
    assert said == {
        "origin": line.checkpoint.origin,
        "size": line.checkpoint.head.size,
        "root": line.checkpoint.head.root.hex(),
        "signature": "valid",
        "grown_to": now,
    }
    assert compare(house, line.in_words, "--json").json["signature"] == "none"
    assert "签名有效。日志此后只增未改" in compare(house, str(line), lang="zh").out
    unchecked = scoretrail(house.ledger, "checkpoint", "compare", str(line), "--json")
    assert unchecked.json["signature"] == "unchecked"


def test_a_fork_is_found_by_a_line_alone(house: House, fork: House) -> None:
    for line in (str(line_of(house.new)), line_of(house.new).in_words):
        said = compare(fork, line)
        assert (said.code, said.out) == (3, "")


def test_a_log_that_was_cut_off_is_found(house: House, tmp_path: Path) -> None:
    line, older = str(line_of(house.new)), tmp_path / "older"
    done(scoretrail(house.ledger, "publish", str(older)))
    grown = scoretrail(
        None, "checkpoint", "compare", line, "--published", str(older), "--vkey", house.vkey
    )
    assert grown.code == 0
    cut = copytree(older, tmp_path / "cut")
    (cut / "checkpoint").write_bytes(house.old.read_bytes())
    said = scoretrail(
        None, "checkpoint", "compare", line, "--published", str(cut), "--vkey", house.vkey
    )
    assert said.code == 3


def test_a_line_of_another_log_or_with_another_signature_is_refused(house: House) -> None:
    line = line_of(house.old)
    other = line._replace(checkpoint=line.checkpoint._replace(origin="other.example/log"))
    assert "other.example/log" in compare(house, other.in_words).err
    assert compare(house, other.in_words).code == 3
    forged = line._replace(
        signatures=(line.signatures[0]._replace(value=STRANGER.sign(str(line.checkpoint)).value),)
    )
    said = compare(house, str(forged))
    assert (said.code, "invalid" in said.err) == (3, True)


def test_a_line_that_is_none_or_nothing_to_compare_it_with(house: House, tmp_path: Path) -> None:
    said = compare(house, "abc")
    assert (said.code, "scan or copy it again" in said.err) == (3, True)
    line = str(line_of(house.old))
    nowhere = scoretrail(
        None, "checkpoint", "compare", line, "--published", str(tmp_path), "--vkey", house.vkey
    )
    assert nowhere.code == 2


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_the_code_alone_is_written_for_other_papers(
    house: House, tmp_path: Path, suffix: str
) -> None:
    line = done(scoretrail(house.ledger, "checkpoint", "line")).out.strip()
    output = tmp_path / f"code{suffix}"
    done(scoretrail(house.ledger, "checkpoint", "line", "-o", str(output)))
    if suffix == ".png":
        assert qr_codes.read(output.read_bytes()) == [line]
    assert b"<script" not in output.read_bytes()
    refused = scoretrail(house.ledger, "checkpoint", "line", "-o", str(tmp_path / "code.gif"))
    assert (refused.code, ".svg" in refused.err) == (2, True)


def test_before_anything_is_signed_there_is_no_line_and_a_blank(
    issued: Place, tmp_path: Path
) -> None:
    said = scoretrail(issued, "checkpoint", "line")
    assert (said.code, "尚未签过检查点" in said.err) == (2, True)
    output = tmp_path / "letter.html"
    done(scoretrail(issued, "document", "result-letter", CASE, "-o", str(output)))
    assert "（来源、条数、根摘要）一致：<" in output.read_text()


class TestAWitnessFarAway:
    """It has neither the ledger nor what is published: the proof comes with the request."""

    def ask(self, house: House, office: Path, to: Path, *words: str) -> Said:
        witness = ("--witness", str(office / "w.key.pub"))
        return scoretrail(house.ledger, "checkpoint", "ask", *witness, *words, "-o", str(to))

    def answer(self, house: House, office: Path, *, lang: str = "en") -> Said:
        places = [str(office / name) for name in ("in", "out")]
        keys = ("--witness-key", str(office / "w.key"), "--vkey", house.vkey)
        memory = ("--memory", str(office / "memory"))
        return scoretrail(None, "checkpoint", "witness", *places, *keys, *memory, lang=lang)

    @pytest.fixture
    def office(self, tmp_path: Path) -> Path:
        (tmp_path / "office" / "in").mkdir(parents=True)
        key = str(tmp_path / "office" / "w.key")
        done(scoretrail(None, "--key", key, "key", "generate", "auditor.example/w"))
        done(scoretrail(None, "checkpoint", "witness-key", key))
        return tmp_path / "office"

    def test_cosigns_what_comes_and_the_log_reaches_level_three(
        self, house: House, office: Path
    ) -> None:
        for name in ("1", "2"):
            done(self.ask(house, office, office / "in" / f"{name}.request"))
            assert "cosigned" in done(self.answer(house, office)).out
            for cosigned in (office / "out").glob("*-cosigned"):
                witness = ("--witness", str(office / "w.key.pub"))
                done(scoretrail(house.ledger, "checkpoint", "keep", str(cosigned), *witness))
            more = ("account", "open", f"more-{name}", "--organisation", "o", "--role", "auditor")
            done(scoretrail(house.ledger, "--as", "administrator", *more))
        first, second = ((office / "in" / f"{name}.request").read_text() for name in "12")
        size = first.split("\n")[3]
        assert (first.split("\n")[0], second.split("\n")[0]) == ("old 0", f"old {size}")
        trust = ("--vkey", house.vkey, "--witness", str(office / "w.key.pub"))
        assert house.verify(*trust).json["level"] == "L3"

    def test_says_that_it_was_shown_a_fork(self, house: House, fork: House, office: Path) -> None:
        done(self.ask(house, office, office / "in" / "1.request"))
        done(self.answer(house, office))
        done(self.ask(fork, office, office / "in" / "2.request"))
        said = self.answer(house, office, lang="zh")
        assert said.code == 3
        assert "未联署" in said.err

    def test_names_from_where_it_wants_the_proof(self, house: House, office: Path) -> None:
        done(self.ask(house, office, office / "in" / "1.request"))
        done(self.answer(house, office))
        more = ("account", "open", "more", "--organisation", "o", "--role", "auditor")
        done(scoretrail(house.ledger, "--as", "administrator", *more))
        done(self.ask(house, office, office / "in" / "2.request"))  # nothing has come back
        said = self.answer(house, office)
        assert (said.code, "Ask again from" in said.out) == (0, True)
        since = said.out.rsplit(" ", 1)[1].strip()
        done(self.ask(house, office, office / "in" / "3.request", "--since", since))
        assert "cosigned" in done(self.answer(house, office)).out
        refused = self.ask(house, office, office / "in" / "4.request", "--since", "100000")
        assert refused.code == 2


def test_the_public_page_has_heads_and_proofs_that_strangers_check(
    house: House, tmp_path: Path
) -> None:
    """By the program for strangers: each head is signed, and has grown from the one below it."""
    stranger = run_path(str(ROOT / "tools" / "verify_dossier.py"))
    words = ("checkpoint", "page", str(tmp_path / "public"), "--vkey", house.vkey)
    done(scoretrail(house.ledger, *words))
    for name in ("heads.zh.html", "heads.en.html"):
        page = (tmp_path / "public" / name).read_text()
        assert house.vkey in unescape(page)
        assert CASE not in page
        blocks = [
            unescape(re.sub("<[^>]*>", "", block))
            for block in re.findall("<pre><code>(old .*?)</code></pre>", page, re.DOTALL)
        ]
        before = None
        for block in reversed(blocks):
            old, path, note = (
                *block.split("\n\n")[0].partition("\n")[::2],
                block.partition("\n\n")[2],
            )
            head = stranger["open_checkpoint"](f"{note}\n".encode(), house.vkey)
            if before:
                assert old == f"old {before[0]}"
                proof = [stranger["decoded"](line) for line in path.split("\n") if line]
                stranger["check_consistency"](before, head, proof)
            before = head
        assert before == stranger["open_checkpoint"](house.new.read_bytes(), house.vkey)
