"""Four bonus items were claimed in the reference case, three counted: the fourth is contested."""

from pathlib import Path

from tests.support.places import Place
from tests.support.terminal import CASE, done, scoretrail

FOURTH = "bonus-march-eighth"
LODGE = ("appeal", "lodge", CASE, "fourth", "--indicator", FOURTH, "--statement", "应予认定")
DECIDE = (
    *("appeal", "decide", CASE, "fourth", "--outcome", "upheld"),
    *("--award", f"{FOURTH}=1.00", "--justification", "来文属实", "--number", "复1号"),
)


def total(ledger: Place) -> str:
    sheet = done(scoretrail(ledger, "score", CASE, "--json")).json
    return f"{sheet['award']['bonus']} {sheet['award']['total']}"


def test_an_item_is_contested_decided_and_corrected(issued: Place) -> None:
    done(scoretrail(issued, "--as", "unit-filer", "--dated", "2025-01-10", *LODGE))

    (appeal,) = done(scoretrail(issued, "appeal", "list", "--json")).json["appeals"]
    (contested,) = appeal["contests"]
    assert (contested["indicator"], contested["item"], contested["award"]) == (
        "work-bonus",
        FOURTH,
        "0.00",
    )
    done(scoretrail(issued, "--as", "bureau-officer", "--dated", "2025-02-01", *DECIDE))
    assert total(issued) == "3.00 93.89", "four of one point, and a cap of three"

    # Another item does not count after all: now the fourth makes the third point.
    correct = ("review", "correct", CASE, "bonus-safe-hospitals", "0", "--number", "更1号")
    bureau = ("--as", "bureau-officer", "--dated", "2025-02-02")
    done(scoretrail(issued, *bureau, *correct, "--justification", "发文机关不符"))
    assert total(issued) == "3.00 93.89"

    steps = done(scoretrail(issued, "bridge", CASE, "--from", "issued", "--json")).json["steps"]
    assert steps == [], "one item came, one went: the total has not moved"
    log = done(scoretrail(issued, "log", CASE, "--json")).out
    assert "来文属实" in log
    assert "发文机关不符" in log


def test_the_answer_is_a_letter_about_the_item(issued: Place, tmp_path: Path) -> None:
    done(scoretrail(issued, "--as", "unit-filer", "--dated", "2025-01-10", *LODGE))
    done(scoretrail(issued, "--as", "bureau-officer", "--dated", "2025-02-01", *DECIDE))

    letter = tmp_path / "answer.html"
    done(scoretrail(issued, "document", "appeal-answer", CASE, "-o", str(letter)))
    assert "工作表现加分 / " in letter.read_text(encoding="utf-8")
    findings = done(scoretrail(issued, "check", CASE, "--json")).json["findings"]
    assert [one for one in findings if one["severity"] == "error" and one["check"] in RECORD] == []
    done(scoretrail(issued, "verify", "--case", CASE))


RECORD = {"out-of-turn", "not-entitled", "moved-after-issue", "not-what-rules-give"}
