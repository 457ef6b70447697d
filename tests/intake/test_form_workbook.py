"""Forms on paper: letters that can be read, and names on every page."""

import re
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from documents.source import source
from intake.forms.form_workbook import PAGE_WIDTH, form_xlsx
from intake.forms.review_form import review_form
from intake.forms.self_evaluation_form import form_of_case
from ledger.language import Language
from tests.support.examples import CASES, example

DAY = date(2025, 12, 31)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("life", CASES)
def test_no_page_of_a_form_has_more_side_by_side_than_can_be_read(
    life: str, language: Language
) -> None:
    """What is wider takes two pages, and the names are on both."""
    seen = source(example(life), DAY)
    for form in (review_form(seen, language), form_of_case(seen, language)):
        with ZipFile(BytesIO(form_xlsx(form))) as parts:
            book = parts.read("xl/workbook.xml").decode()
            pages = [
                parts.read(f"xl/worksheets/sheet{number}.xml").decode()
                for number in range(1, len(form.sheets) + 1)
            ]
        titles = dict(re.findall('Print_Titles" localSheetId="([^"]*)">([^<]*)<', book))
        for number, (sheet, page) in enumerate(zip(form.sheets, pages, strict=True)):
            wide = sum(column.width for column in sheet.columns if not column.hidden)
            (setup,) = re.findall("<pageSetup [^>]*>", page)
            across = 2 if 'fitToWidth="2"' in setup else 1

            assert 'paperSize="9"' in setup
            assert across == (1 if wide <= PAGE_WIDTH else 2)
            assert wide <= 2 * PAGE_WIDTH
            assert ("$A:$" in titles[str(number)]) is (across == 2)
