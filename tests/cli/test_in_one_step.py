"""What takes one command: a case opened with all that is known, all that waits signed, a letter."""

from pathlib import Path

import docx

from tests.support.places import Place
from tests.support.terminal import CASE, SELF, done, entries, record, scoretrail

OFFICER = ("--as", "bureau-officer", "--dated", "2024-08-01")
OPEN = (
    *("case", "open", "demo-2024", "--title", "2024年度整体绩效", "--year", "2024"),
    *(
        "--unit",
        "u",
        "--unit-name",
        "某局",
        "--bureau",
        "zhanjiang-finance",
        "--bureau-name",
        "财政局",
    ),
)
RUBRIC = ("--rubric", "zhanjiang-departments-2023", "--edition", "2024-1")
AGENCY = ("--agency", "guangzhou-xianghe", "--agency-name", "某公司")
ADJUST = ("--justification", "三项未完成", "--ground", "考虑客观因素")


def types(ledger: Place, case: str) -> list[str]:
    return [entry["type"] for entry in entries(ledger, case)]


# Opening a case -----------------------------------------------------------------------------------


def test_a_case_is_opened_with_its_rubric_and_its_agency(opened: Place) -> None:
    done(scoretrail(opened, *OFFICER, *OPEN, *RUBRIC, *AGENCY, "--number", "委托1号"))

    assert types(opened, "demo-2024") == ["CaseOpened", "RubricPinned", "ReviewCommissioned"]
    assert entries(opened, "demo-2024")[2]["data"]["number"] == "委托1号"


def test_what_is_not_given_is_not_done(opened: Place) -> None:
    done(scoretrail(opened, *OFFICER, *OPEN, *RUBRIC))

    assert types(opened, "demo-2024") == ["CaseOpened", "RubricPinned"]


def test_where_one_step_is_refused_none_is_taken(opened: Place) -> None:
    before = record(opened)

    unknown = ("--rubric", "nobody-knows", "--edition", "1")
    assert scoretrail(opened, *OFFICER, *OPEN, *unknown, *AGENCY).code == 1
    assert scoretrail(opened, *OFFICER, *OPEN, *AGENCY[:2]).code == 2
    assert record(opened) == before


def test_opening_with_an_id_of_its_own_is_repeated_without_effect(opened: Place) -> None:
    words = (*OFFICER, *OPEN, *RUBRIC, *AGENCY, "--id", "opening")
    done(scoretrail(opened, *words))
    before = record(opened)

    said = done(scoretrail(opened, *words, lang="en"))

    assert said.out.count("recorded before") == 3
    assert record(opened) == before


# The second signature -----------------------------------------------------------------------------


def adjust(ledger: Place, account: str, *row: str) -> None:
    words = ("--as", account, "--dated", "2024-12-20", "review", "adjust", CASE)
    done(scoretrail(ledger, *words, *row, *ADJUST))


def sign(*more: str, account: str = "agency-lead") -> tuple[str, ...]:
    return ("--as", account, "--dated", "2024-12-21", "review", "countersign-all", CASE, *more)


def test_all_that_waits_is_listed_and_signed(submitted: Place) -> None:
    adjust(submitted, "agency-reviewer", "output-goals", "16.00")
    adjust(submitted, "agency-reviewer", "asset-compliance", "1.00")

    said = done(scoretrail(submitted, *sign("--note", "同意")))

    for told in ("output-goals", "16.00", "asset-compliance", "考虑客观因素"):
        assert told in said.out
    *_, first, second = entries(submitted)
    assert first["type"] == second["type"] == "AdjustmentCountersigned"
    assert (first["data"]["indicator"], first["data"]["note"]) == ("output-goals", "同意")
    assert "没有待复核签字" in done(scoretrail(submitted, *sign())).out


def test_a_dry_run_lists_and_signs_nothing(submitted: Place) -> None:
    adjust(submitted, "agency-reviewer", "output-goals", "16.00")
    before = record(submitted)

    assert "output-goals" in done(scoretrail(submitted, *sign("--dry-run"))).out
    assert record(submitted) == before


def test_awards_of_ones_own_are_left_to_another(submitted: Place) -> None:
    adjust(submitted, "agency-reviewer", "output-goals", "16.00")
    adjust(submitted, "agency-lead", "asset-compliance", "1.00")

    said = done(scoretrail(submitted, *sign(), lang="en"))

    assert "1 award of agency-lead's own left" in said.err
    assert entries(submitted)[-1]["data"]["indicator"] == "output-goals"
    assert scoretrail(submitted, *sign()).code == 1  # what is left is one's own
    assert scoretrail(submitted, *sign(account="unit-filer")).code == 1


# Letters and forms with an act --------------------------------------------------------------------

ISSUE = (
    *("--as", "bureau-officer", "--dated", "2024-12-31", "review", "issue", CASE),
    *("--printed-total", "93.89", "--printed-grade", "优", "--number", "湛财绩〔2024〕9号"),
)


def test_the_letter_is_written_with_the_act_that_it_is_about(
    reviewed: Place, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.docx"

    done(scoretrail(reviewed, *ISSUE, "--letter", str(letter)))

    assert entries(reviewed)[-1]["type"] == "ResultIssued"
    words = "".join(docx.Document(str(letter)).element.body.itertext())
    assert "湛财绩〔2024〕9号" in words
    assert "93.89" in words


def test_where_no_letter_can_be_written_nothing_is_recorded(
    reviewed: Place, tmp_path: Path
) -> None:
    before = record(reviewed)

    for name in ("letter.txt", "nowhere/letter.docx"):
        assert scoretrail(reviewed, *ISSUE, "--letter", str(tmp_path / name)).code == 2
    assert record(reviewed) == before


def test_an_act_lasts_though_its_letter_fails(reviewed: Place, tmp_path: Path) -> None:
    """As when the disk is full by then; what can be seen before is refused before."""
    (tmp_path / "letter.docx").symlink_to("/dev/full")

    said = done(scoretrail(reviewed, *ISSUE, "--letter", str(tmp_path / "letter.docx"), lang="en"))

    assert entries(reviewed)[-1]["type"] == "ResultIssued"
    assert f"Try: scoretrail document result-letter {CASE} -o " in said.err


def test_the_review_form_is_written_when_the_self_evaluation_is_read(
    opened: Place, tmp_path: Path
) -> None:
    form = tmp_path / "review.xlsx"

    dry_run = ("apply", "--dry-run", str(SELF), "--review-form", str(form))
    done(scoretrail(opened, *dry_run))
    assert not form.exists()
    done(scoretrail(opened, "apply", str(SELF), "--review-form", str(form)))

    assert form.stat().st_size > 5_000


def test_a_form_that_cannot_be_written_keeps_the_file_from_being_read(
    opened: Place, tmp_path: Path
) -> None:
    before = record(opened)

    for name in ("review.ods", "nowhere/review.xlsx"):
        words = ("apply", str(SELF), "--review-form", str(tmp_path / name))
        assert scoretrail(opened, *words).code == 2
    assert record(opened) == before


# Evidence that the same file files ----------------------------------------------------------------


def test_evidence_is_cited_by_the_title_that_the_same_file_gives_it(
    opened: Place, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("台账")
    batch = tmp_path / "claims.toml"
    batch.write_text(
        f'case = "{CASE}"\nas = "unit-filer"\ndated = 2024-08-01\n'
        '[[command]]\ndo = "file-evidence"\nfile = "a.txt"\ntitle = "合同台账"\nnumber = "甲1号"\n'
        '[[command]]\ndo = "claim-score"\nindicator = "e-contracts"\nscore = "1.00"\n'
        'evidence = ["合同台账", "甲1号"]\n',
        encoding="utf-8",
    )

    done(scoretrail(opened, "apply", str(batch)))

    filed, claimed = entries(opened)[-2:]
    digest = filed["data"]["evidence"]["sha256"]
    assert claimed["data"]["evidence"] == [digest, digest]
