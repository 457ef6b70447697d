"""Every row of the reference rubric has its page, in printed order, about that row and weight."""

from pathlib import Path

from tests.support.printed_rows import reference

PAGES = sorted((Path(__file__).parent / "printed_standard").glob("test_*.py"))


def test_every_row_has_its_page() -> None:
    _, rubric = reference()
    names = [page.stem.removeprefix("test_").replace("_", "-") for page in PAGES]

    assert names == [
        *(f"{number:02}-{row.id}" for number, row in enumerate(rubric.indicators, 1)),
        "29-bonus-and-total",
    ]


def test_a_page_names_its_row_and_weight() -> None:
    _, rubric = reference()
    for page, row in zip(PAGES, rubric.indicators, strict=False):
        head = page.read_text(encoding="utf-8").splitlines()[0]
        assert row.path[-1] in head, page
        assert f": {row.weight.normalize():f} point" in head, page


def test_every_row_has_the_three_texts_of_the_table() -> None:
    _, rubric = reference()

    assert all(row.explanation and row.standard and row.clause for row in rubric.indicators)
    assert rubric.bonus
    assert rubric.penalty
    assert rubric.bonus.explanation == rubric.penalty.explanation


def test_the_standard_in_words_names_the_documents_and_exemptions_that_are_printed() -> None:
    _, rubric = reference()
    for row, words in {
        "expenditure-rate": ("财决01-1", "批复", "县区"),
        "pre-assessment": ("《指南》",),
        "budget-constraint": ("不可抗力", "新出台的统一政策", "机关绩效考核"),
        "financial-compliance": ("不再扣",),
        "budget-disclosure": ("非涉密",),
        "sme-procurement": ("《政府采购促进中小企业发展管理办法》",),
        "poverty-area-procurement": ("湛财采购〔2023〕6号", "最大等于 1"),
        "credit-evaluation": ("湛财采〔2023〕33号",),
        "three-public": ("没有印出",),
    }.items():
        for word in words:
            assert word in rubric.by_id[row].standard, row
