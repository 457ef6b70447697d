"""The page with which anybody verifies, in two browsers, from disk and without a network.

That it agrees with the program for strangers about every dossier of the tests is asked where they
are (`tests/support/stranger.py`). Here: what people see, and that nothing changed is believed.
`FLIPS=all` changes one bit of every byte instead of a sample.
"""

import gzip
import json
import os
import random
import socket
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from shutil import which
from typing import Any, Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from msgspec.structs import asdict
from playwright.sync_api import Browser

from documents.verify_page import VERIFY_PAGE_SHA256
from ledger.codec import canonical
from ledger.gzipped import compressed
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.checkpoint_line import CheckpointLine
from ledger.log.note import SigningKey
from ledger.practice import MARK
from ledger.ranking import draw_up
from tests.support import small_dossier
from tests.support.browser import RULES
from tests.support.chromium import chromium_alone
from tests.support.firefox import firefox
from tests.support.small_dossier import packed, unpacked
from tests.support.terminal import ROOT
from tests.support.two_steps import two_steps
from tests.support.verify_page import PAGE, Flip, VerifyPage
from tools.make_verifier import build

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only("files that were handed out")]

GOLDEN: Final = ROOT / "tests" / "golden" / "ledgers" / "v4"
DOSSIER: Final = GOLDEN / "handed-out" / "parks-2022.zip"
RECEIPT: Final = GOLDEN / "handed-out" / "receipts" / "documented-2024-v17"
VKEY: Final = (GOLDEN / "sqlite" / "vkey").read_text("utf-8").strip()
SMALL_VKEY: Final = str(small_dossier.KEY.public)
FLIPS: Final = {"chromium": 2000, "firefox": 200}
BROWSERS: Final[dict[str, Callable[[Path], AbstractContextManager[Any]]]] = {
    "chromium": chromium_alone,
    "firefox": firefox,
}


@pytest.fixture(scope="module", params=BROWSERS)
def page(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[VerifyPage]:
    """The page as it is opened, in each of the browsers."""
    with BROWSERS[request.param](tmp_path_factory.mktemp(request.param)) as browser:
        yield VerifyPage(browser)


def name_of(page: VerifyPage) -> str:
    return type(page.browser).__name__.lower()


def seen(page: VerifyPage, selector: str) -> str:
    """The words in a part of the page."""
    return page.browser.evaluates(f"document.querySelector({json.dumps(selector)}).innerText")


def put_in(page: VerifyPage, *files: Path, vkey: str = VKEY) -> list[str]:
    """The lines of the verdict on files that somebody puts in, after all that was there before."""
    browser = page.browser
    browser.evaluates("language = 0; byId('clear').click(); 'cleared, in Chinese'")
    browser.evaluates(f"byId('key').value = {json.dumps(vkey)}")
    browser.puts_in("#files", *files)
    browser.evaluates(
        "new Promise((done) => { const wait = () => byId('list').children.length"
        f" === {len(files)} && byId('verdict').children.length ? done('shown')"
        " : setTimeout(wait, 20); wait(); })"
    )
    return seen(page, "#verdict").split("\n\n")


class TestWhatIsPutIn:
    def test_is_verified_and_told_in_full(self, page: VerifyPage) -> None:
        held = GOLDEN / "sqlite" / "held"
        proof, entry = RECEIPT.with_suffix(".tlog-proof"), RECEIPT.with_suffix(".json")

        verdict = put_in(page, DOSSIER, held, proof, entry)

        assert [line.split("：")[:2] for line in verdict] == [
            ["parks-2022.zip", "核验通过"],
            ["documented-2024-v17.tlog-proof", "核验通过"],
        ]
        assert "一致，条数：37" in seen(page, ".facts")

    def test_is_shown_entry_by_entry_with_everything_that_it_says(self, page: VerifyPage) -> None:
        put_in(page, DOSSIER)

        said = page.browser.evaluates("document.querySelector('.log tbody').textContent")

        for entry in entries_of(DOSSIER, "parks-2022"):
            for text in (entry["dated"], entry["by"]["account"], *texts(entry["data"])):
                assert text in said, (entry["version"], text)
            assert entry.get("signed", {"key": ""})["key"] in said

    def test_is_added_up_again(self, page: VerifyPage) -> None:
        put_in(page, DOSSIER)

        said = seen(page, "#shown")

        assert "自评得分至最终得分: 97.00 → 86.20 (本页复算相符)" in said
        assert "本页复算不符" not in said

    def test_is_shown_in_english_too(self, page: VerifyPage) -> None:
        put_in(page, DOSSIER)
        page.browser.evaluates("byId('language').click(); 'asked for English'")

        page.browser.evaluates(
            "new Promise((done) => { const wait = () => byId('shown').innerText.includes"
            "('Change log') ? done('shown') : setTimeout(wait, 20); wait(); })"
        )

        assert seen(page, "#verdict").startswith("parks-2022.zip: VERIFIED: parks-2022: ")
        assert "score adjusted" in seen(page, ".log")

    def test_is_asked_for_where_it_is_missing(self, page: VerifyPage) -> None:
        assert put_in(page, DOSSIER, vkey="") == ["请提供日志公钥。"]
        (line,) = put_in(page, RECEIPT.with_suffix(".tlog-proof"))
        assert "还需要它的记录" in line

    @pytest.mark.parametrize(
        ("vkey", "why"),
        [
            ("golden.example/v4-sqlite+a1f73a8a+AAAA", "不是 Ed25519 的日志公钥"),
            (SMALL_VKEY, "没有这把公钥的签名"),
            ("no key", "这不是日志公钥"),
        ],
        ids=["too short", "of another log", "no key at all"],
    )
    def test_is_refused_with_another_key_and_nothing_of_it_is_shown(
        self, page: VerifyPage, vkey: str, why: str
    ) -> None:
        (line,) = put_in(page, DOSSIER, vkey=vkey)

        assert "核验不通过" in line
        assert why in line
        assert seen(page, "#shown") == ""

    def test_is_refused_where_it_was_altered(self, page: VerifyPage, tmp_path: Path) -> None:
        altered = tmp_path / "altered.zip"
        altered.write_bytes(DOSSIER.read_bytes().replace(b"86.20", b"88.20", 1))

        (line,) = put_in(page, altered)

        assert "核验不通过" in line
        assert seen(page, "#shown") == ""


class TestALineFromPaper:
    """What a letter prints or its QR code holds: pasted, and compared with what is put in."""

    HELD: Final = CheckpointLine.of(
        SignedCheckpoint.parse((GOLDEN / "sqlite" / "held").read_bytes())
    )

    def paste(self, page: VerifyPage, line: str, *files: Path) -> str:
        put_in(page, *files) if files else page.browser.evaluates("byId('clear').click(); ''")
        page.browser.evaluates(
            f"byId('key').value = {json.dumps(VKEY)}; byId('line').value = {json.dumps(line)};"
            "show().then(() => 'shown')"
        )
        return seen(page, "#verdict")

    @pytest.mark.parametrize("line", [str(HELD), HELD.in_words, str(HELD).replace("=", "=\r\n ")])
    def test_shows_that_the_log_has_only_grown(self, page: VerifyPage, line: str) -> None:
        assert "核验通过" in self.paste(page, line, DOSSIER)
        assert "一致，条数：37" in seen(page, ".facts")

    def test_shows_that_it_was_rewritten(self, page: VerifyPage) -> None:
        head = self.HELD.checkpoint.head
        forked = self.HELD.checkpoint._replace(head=head._replace(root=bytes(32)))
        said = self.paste(page, CheckpointLine(forked).in_words, DOSSIER)
        assert "核验不通过" in said
        assert "此后历史被改写" in said
        assert seen(page, "#shown") == ""

    def test_alone_is_of_the_log_if_it_is_signed(self, page: VerifyPage) -> None:
        assert "签名成立" in self.paste(page, str(self.HELD))
        assert "没有签名，由印有它的公文为凭" in self.paste(page, self.HELD.in_words)
        other = self.HELD._replace(signatures=(self.HELD.signatures[0]._replace(value=bytes(64)),))
        assert "签名不成立" in self.paste(page, str(other))

    def test_of_another_log_or_not_whole_is_refused(self, page: VerifyPage) -> None:
        other = self.HELD.checkpoint._replace(origin="other.example")
        assert "属于另一个日志" in self.paste(page, CheckpointLine(other).in_words, DOSSIER)
        for line in (str(self.HELD)[:-1], "abc", "a b c", self.HELD.in_words + " AAAA"):
            assert "不是检查点的一行，或不完整" in self.paste(page, line)


class TestTheProofOfAPlace:
    """What a unit is given of the ranking of a year."""

    RANKING: Final = draw_up(
        2023,
        7,
        [("parks-2023", Decimal("93.00")), ("roads-2023", Decimal("95.50"))],
        iter(bytes([number]) * 16 for number in range(3)),
    )

    def proof(self, **about: object) -> dict[str, Any]:
        """Of the second of two cases, in a log that says no more than that."""
        ranking = self.RANKING
        said = {"cases": 2, "entries": 7, "reason": "", "replaces": None, "root": ranking.root}
        envelope = json.loads(small_dossier.entries()[0])
        envelope |= {"type": "RankingRecorded", "data": {**said, "year": 2023}, **about}
        members = small_dossier.files(log := [canonical(envelope)])
        return {
            "format": "scoretrail-ranking-proof/1",
            "case": asdict(ranking.cases[1]),
            "index": 2,
            "path": ranking.path(2),
            "entry": log[0].decode(),
            "receipt": members["proofs/000000000000.tlog-proof"].decode(),
        }

    def told(self, page: VerifyPage, folder: Path, proof: dict[str, Any]) -> str:
        (file := folder / "place.json").write_text(json.dumps(proof), "utf-8")
        (line,) = put_in(page, file, vkey=SMALL_VKEY)
        return line

    def test_says_place_and_score(self, page: VerifyPage, tmp_path: Path) -> None:
        line = self.told(page, tmp_path, self.proof())
        assert (
            "place.json：核验通过：2023 年度 2 个评价事项中，parks-2023 得分 93.00，第 2 名" in line
        )
        assert "名次证明" in seen(page, "#list")

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            (lambda proof: proof["case"].update(place=1), "名次不在所登记的名次表中"),
            (lambda proof: proof["case"].update(place=3), "名次与所在的行不符"),
            (lambda proof: proof["case"].update(score="95.50"), "名次不在所登记的名次表中"),
            (lambda proof: proof["case"].update(score=93), "不是名次证明，或不完整"),
            (lambda proof: proof.pop("path"), "不是名次证明，或不完整"),
            (lambda proof: proof.update(path=[]), "名次不在所登记的名次表中"),
            (
                lambda proof: proof.update(entry=proof["entry"].replace("2023", "2024")),
                "不在日志中",
            ),
            (lambda proof: proof.update(receipt=""), "不是存证证明"),
        ],
    )
    def test_is_refused_where_it_was_altered(
        self, page: VerifyPage, tmp_path: Path, change: Callable[[Any], None], why: str
    ) -> None:
        change(proof := self.proof())
        line = self.told(page, tmp_path, proof)
        assert "核验不通过" in line
        assert why in line

    @pytest.mark.parametrize("about", [{"type": "RoleGranted"}, {"case": "parks-2023"}])
    def test_is_refused_where_its_entry_is_another(
        self, page: VerifyPage, tmp_path: Path, about: dict[str, object]
    ) -> None:
        assert "所附条目不是名次表" in self.told(page, tmp_path, self.proof(**about))


def test_a_receipt_in_two_steps_needs_a_key_of_each_log(page: VerifyPage, tmp_path: Path) -> None:
    held = two_steps()
    texts = {"two-step": held.receipt, "entry.json": held.entry}
    texts |= {"city.pub": held.city.encode(), "province.pub": held.province.encode()}
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text)
    receipt, entry, city, province = (tmp_path / name for name in texts)

    (line,) = put_in(page, receipt, entry, vkey=held.city)
    assert line.startswith("two-step：核验不通过：检查点没有这把公钥的签名"), line
    (line,) = put_in(page, receipt, vkey=f"{held.city} {held.province}")
    assert "还需要它的记录" in line
    for keys in ((city, province), (province, city)):
        (line,) = put_in(page, receipt, entry, *keys, vkey="")
        assert line.startswith("two-step：核验通过：register:accounts 条号 4"), line
        assert line.endswith("上级日志 province.example/2024 4, 日志位置 1"), line
    other = tmp_path / "other.pub"
    other.write_text(str(SigningKey("province.example/2024", bytes(32)).public))
    (line,) = put_in(page, receipt, entry, other, vkey=f"{held.city}\n{held.province}")
    assert "核验不通过" in line


def test_receipts_may_be_compressed(page: VerifyPage, tmp_path: Path) -> None:
    held = two_steps()
    (receipt := tmp_path / "two-step.gz").write_bytes(compressed(held.receipt))
    (entry := tmp_path / "entry.json").write_bytes(held.entry)
    (line,) = put_in(page, receipt, entry, vkey=f"{held.city}\n{held.province}")
    assert line.startswith("two-step.gz：核验通过：register:accounts 条号 4"), line
    digest = sha256(receipt.read_bytes()).hexdigest()
    assert f"two-step.gz (两级存证证明) SHA-256 {digest}" in seen(page, "#list")

    (proof := tmp_path / "proof.gz").write_bytes(
        compressed(RECEIPT.with_suffix(".tlog-proof").read_bytes())
    )
    (line,) = put_in(page, proof, RECEIPT.with_suffix(".json"))
    assert line.startswith("proof.gz：核验通过"), line


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (lambda data: data[:-1], "损坏、不完整"),
        (lambda data: data[:600], "损坏、不完整"),
        (lambda data: data[:600] + bytes([data[600] ^ 1]) + data[601:], "损坏、不完整"),
        (lambda data: data[:3] + b"\xff" + data[4:], "损坏、不完整"),
        (lambda data: data + b"\n", "其后另有内容"),
        (lambda _: gzip.compress(bytes(2**27), 1), "解压后超过 1048576 字节"),
    ],
    ids=["end", "half", "bit", "flags", "behind", "bomb"],
)
def test_what_was_compressed_and_damaged_is_refused_in_words(
    page: VerifyPage, tmp_path: Path, harm: Callable[[bytes], bytes], why: str
) -> None:
    (file := tmp_path / "two-step.gz").write_bytes(harm(compressed(two_steps().receipt)))
    (line,) = put_in(page, file)
    assert line.startswith("two-step.gz：核验不通过："), line
    assert why in line, line
    assert "gzip 压缩文件" in seen(page, "#list")


def test_a_browser_that_knows_no_compression_says_so(page: VerifyPage, tmp_path: Path) -> None:
    (file := tmp_path / "two-step.gz").write_bytes(compressed(two_steps().receipt))
    page.browser.evaluates("globalThis.kept = DecompressionStream; 'kept'")
    try:
        page.browser.evaluates("globalThis.DecompressionStream = undefined; 'gone'")
        (line,) = put_in(page, file)
    finally:
        page.browser.evaluates("globalThis.DecompressionStream = kept; 'there again'")
    assert line == "two-step.gz：核验不通过：此浏览器不能解压 gzip：请先解压"


def test_letters_that_are_enclosed_are_offered_and_shown_to_the_byte(
    page: VerifyPage, tmp_path: Path
) -> None:
    letters = {
        f"{name}.{language}.html": f"<p>{name} {language} 〔2024〕1号</p>".encode()
        for name in ("appeal-plan", "rectification", "result-letter")
        for language in ("en", "zh")
    }
    dossier = tmp_path / "letters.zip"
    dossier.write_bytes(least(enclosures=letters))

    (line,) = put_in(page, dossier, vkey=SMALL_VKEY)

    assert "核验通过" in line
    for name, content in letters.items():
        shown = page.browser.evaluates(
            f"byId('paper').value = {json.dumps(name)};"
            "byId('paper').dispatchEvent(new Event('change'));"
            "document.querySelector('iframe').srcdoc"
        )
        assert shown == content.decode(), name


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        ("2026-11-21", "没有办理人签名"),
        ("2099-01-01", "核验通过"),
        ("2026-11", "日期请写成"),
        ("", "核验通过"),
    ],
)
def test_the_verifier_demands_signatures_from_a_day_on(
    page: VerifyPage, day: str, verdict: str
) -> None:
    put_in(
        page,
        ROOT / "tests" / "golden" / "signed-dossiers" / "passkey-and-several.zip",
        vkey=SMALL_VKEY,
    )

    page.browser.evaluates(
        f"byId('since').value = {json.dumps(day)}; show().then(() => 'asked for')"
    )

    assert verdict in seen(page, "#verdict")
    assert (seen(page, "#shown") != "") == (verdict == "核验通过")


class TestAPracticeLedger:
    def of(self, folder: Path, *, practice: bool, named: bool) -> tuple[Path, str]:
        """A dossier and the key of its log, which may be named as the other kind."""
        key = SigningKey(f"{MARK if named else ''}{small_dossier.KEY.name}", small_dossier.KEY.seed)
        log = small_dossier.entries(practice=practice)
        signed = small_dossier.checkpoint(log, origin=key.name, key=key)
        file = folder / "practice.zip"
        file.write_bytes(packed(small_dossier.files(log, signed=signed)))
        return file, str(key.public)

    def test_is_never_said_to_be_good(self, page: VerifyPage, tmp_path: Path) -> None:
        file, vkey = self.of(tmp_path, practice=True, named=True)

        (verdict,) = put_in(page, file, vkey=vkey)

        assert "演示，不是真实的，不作任何依据" in verdict
        classes = "[...byId('verdict').children].map((line) => line.className).join()"
        assert page.browser.evaluates(classes) == "bad"
        page.browser.evaluates("language = 1; show().then(() => 'in English')")
        assert "PRACTICE, NOT REAL, and no basis for anything" in seen(page, "#verdict")
        assert page.browser.evaluates(classes) == "bad"

    @pytest.mark.parametrize("practice", [True, False])
    def test_that_is_named_as_the_other_kind_is_refused(
        self, page: VerifyPage, tmp_path: Path, *, practice: bool
    ) -> None:
        file, vkey = self.of(tmp_path, practice=practice, named=not practice)

        (verdict,) = put_in(page, file, vkey=vkey)

        assert "核验不通过" in verdict
        assert seen(page, "#shown") == ""


def test_signatures_of_sm2_are_said_to_be_unchecked(page: VerifyPage) -> None:
    dossier = ROOT / "tests" / "golden" / "signed-dossiers" / "sm2-certificate.zip"

    verdict = put_in(page, dossier, vkey=SMALL_VKEY)

    assert [line.split("：")[1] for line in verdict] == ["核验通过", "未核验的签名"]
    assert "2 次操作用 SM2 证书签名，浏览器不能核验，不作为有效" in seen(page, ".facts")
    assert "7 次操作已签名" in seen(page, ".facts")
    assert seen(page, ".log").count("sm2-x509, 未核验的签名") == 1, "the case has one of them"


class TestTextsOfOthers:
    """What parties have written, and what a log that lies encloses, stays text."""

    EVIL: Final = (
        "<img src=x onerror=\"globalThis.hit='log'\"><script>globalThis.hit='log'</script>"
    )
    PAPER: Final = (
        b"<p>paper</p><script>parent.hit = 'paper'; top.location = 'about:blank'</script>"
        b"<img src='x' onerror=\"parent.hit='paper'\"><meta http-equiv='refresh' content='0;url=x'>"
    )

    def test_run_nothing(self, page: VerifyPage, tmp_path: Path) -> None:
        dossier = tmp_path / "evil.zip"
        dossier.write_bytes(least(title=self.EVIL, enclosures={"paper.html": self.PAPER}))

        (line,) = put_in(page, dossier, vkey=SMALL_VKEY)

        assert "核验通过" in line
        assert self.EVIL in page.browser.evaluates(
            "document.querySelector('.log tbody').textContent"
        )
        page.browser.evaluates("new Promise((done) => setTimeout(done, 300, 'waited'))")
        assert page.browser.evaluates("String(globalThis.hit)") == "undefined"
        assert page.browser.evaluates("document.querySelectorAll('iframe').length + ''") == "1"


def test_nothing_can_be_sent_anywhere(page: VerifyPage) -> None:
    """Not by the page's own script either: whoever alters it has to alter the policy too."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.settimeout(0.5)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        said = page.browser.evaluates(
            f"fetch({json.dumps(address)}).then(() => 'sent', (error) => error.name)"
        )
        page.browser.evaluates(f"(new Image().src = {json.dumps(address)}, 'asked')")
        page.browser.evaluates(f"String(navigator.sendBeacon({json.dumps(address)}))")
        assert said == "TypeError"
        with pytest.raises(TimeoutError):
            listening.accept()


def test_browsers_that_lack_ed25519_find_the_same(page: VerifyPage) -> None:
    whole, false = DOSSIER.read_bytes(), _with_a_false_signature(DOSSIER.read_bytes())
    page.browser.evaluates("native = null; 'as it is'")
    by_itself = [page.verdict(whole, VKEY), page.verdict(false, VKEY)]
    assert page.browser.evaluates("String(native)") == "true"

    page.browser.evaluates("native = false; 'as if it did not know Ed25519'")
    try:
        assert [page.verdict(whole, VKEY), page.verdict(false, VKEY)] == by_itself
    finally:
        page.browser.evaluates("native = null; 'as it is'")
    assert [one[0] for one in by_itself] == ["VERIFIED", "NOT VERIFIED"]


def test_no_bit_of_a_dossier_can_be_changed(page: VerifyPage) -> None:
    """Of the file as it is, and of its members with the archive made to fit, as a forger would.

    Who holds a checkpoint of each size has every proof of growth looked at.
    """
    whole = least()
    log = [content for name, content in unpacked(whole).items() if name.startswith("entries/")]
    held = [small_dossier.checkpoint(log[:size]) for size in range(1, len(log) + 1)]
    assert page.verdict(whole, SMALL_VKEY, held)[0] == "VERIFIED"
    every: list[Flip] = [(None, place, place % 8) for place in range(len(whole))]
    for name, content in unpacked(whole).items():
        every += [(name, place, (place + 1) % 8) for place in range(len(content))]
    if os.environ.get("FLIPS") != "all":
        every = random.Random(18).sample(every, min(len(every), FLIPS[name_of(page)]))  # noqa: S311 - no secret

    assert page.believes(whole, SMALL_VKEY, held, every) == []


def test_nothing_keeps_anybody_from_using_it(chromium: Browser) -> None:
    looks: list[tuple[Literal["light", "dark"], int]] = [("light", 1280), ("dark", 390)]
    for scheme, width in looks:
        context = chromium.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 800}, locale="zh-CN"
        )
        opened = context.new_page()
        opened.goto(PAGE.as_uri())
        opened.fill("#key", VKEY)
        opened.set_input_files("#files", DOSSIER)
        opened.wait_for_selector("#shown h2")
        found = Axe().run(opened, options={"runOnly": {"type": "tag", "values": list(RULES)}})
        assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert opened.evaluate(over) == 0
        context.close()


class TestTheFile:
    def test_is_what_its_sources_give(self) -> None:
        """After a change there, or of a term: make verifier."""
        if (make := which("make")) is None or which("npm") is None:
            if os.environ.get("CI") == "true":
                pytest.fail("there is no npm; .ci/run installs it")
            pytest.skip("no npm here: apt-get install npm")
        subprocess.run([make, "-s", "build/verifier/ready"], cwd=ROOT, check=True)  # noqa: S603 - our own
        noble = ROOT / "build" / "verifier" / "node_modules" / "@noble" / "ed25519" / "index.js"

        assert build(noble.read_bytes()) == PAGE.read_bytes()

    def test_is_built_with_one_version_of_the_library_only(self) -> None:
        with pytest.raises(ValueError, match="version"):
            build(b"export { verifyAsync, };\n")

    def test_is_the_one_that_letters_and_the_format_name(self) -> None:
        assert sha256(PAGE.read_bytes()).hexdigest() == VERIFY_PAGE_SHA256
        said = (ROOT / "docs" / "formats" / "dossier.md").read_text("utf-8")
        assert said.count(VERIFY_PAGE_SHA256) == 2


def entries_of(dossier: Path, case: str) -> list[dict[str, Any]]:
    read = [
        json.loads(content)
        for name, content in unpacked(dossier.read_bytes()).items()
        if name.startswith("entries/")
    ]
    return [one for one in read if one["case"] == case]


CODES: Final = {"role", "outcome"}
"""Fields whose values have words of their own."""


def texts(value: object, field: str = "") -> Iterator[str]:
    """Every text and number in the data of an event."""
    match value:
        case dict():
            for name, one in value.items():
                yield from texts(one, name)
        case list():
            for one in value:
                yield from texts(one, field)
        case None | "":
            return
        case bool():
            yield str(value).lower()
        case _ if field not in CODES:
            yield str(value)


def least(title: str = "2023", enclosures: dict[str, bytes] | None = None) -> bytes:
    """A dossier of four entries: an account, its role, a case, and the end."""
    files = enclosures or {}
    log = small_dossier.entries()
    first = {json.loads(one)["type"]: json.loads(one) for one in reversed(log)}
    chosen = [first[kind] for kind in ("AccountOpened", "RoleGranted", "CaseOpened")]
    chosen[2]["data"]["title"] = title
    closing = json.loads(log[-1])
    closing["version"] = 2
    linked = small_dossier.linked([canonical(one) for one in chosen])
    end = {"leaf": _leaf(linked[1]), "stream": "register:accounts", "version": 2}
    listed = [{"name": name, "sha256": sha256(one).hexdigest()} for name, one in files.items()]
    closing["data"] |= {"covers": 1, "enclosures": listed, "streams": [end]}
    for version, one in enumerate(chosen[:2], 1):
        one["version"] = version
    whole = small_dossier.linked([canonical(one) for one in (*chosen, closing)])
    members = small_dossier.files(whole)
    del members["enclosures/readme.txt"]
    members |= {f"enclosures/{name}": content for name, content in files.items()}
    return packed(small_dossier.in_order(members))


def _leaf(entry: bytes) -> str:
    return sha256(b"\0" + entry).hexdigest()


def _with_a_false_signature(dossier: bytes) -> bytes:
    """The same with another signature of the right form below the checkpoint, everywhere."""
    members = unpacked(dossier)
    text, _, line = members["checkpoint"].decode().rpartition("\u2014 ")
    name, value = line.split()
    other = bytearray(b64decode(value))
    other[-1] ^= 1
    false = f"{text}\u2014 {name} {b64encode(other).decode()}\n".encode()
    old = members["checkpoint"]
    return packed(
        small_dossier.in_order(
            {name: content.replace(old, false) for name, content in members.items()}
        )
    )
