"""The columns of a search: where a text is, and the sentence that has the words."""

from typing import Final

from documents.lists import ListColumn
from ledger import terms

RESULTS: Final = (
    ListColumn("case", terms.CASE),
    ListColumn("unit", terms.UNIT_ID, for_people=False),
    ListColumn("unit_name", terms.UNIT),
    ListColumn("year", terms.YEAR, number=True),
    ListColumn("version", terms.VERSION, number=True),
    ListColumn("type", terms.EVENT, for_people=False, words=terms.EVENTS),
    ListColumn("dated", terms.BUSINESS_DATE),
    ListColumn("at", terms.RECORDED, for_people=False),
    ListColumn("by", terms.ACCOUNT),
    ListColumn("organisation", terms.ORGANISATION, for_people=False),
    ListColumn("kind", terms.TEXT_KIND, words=terms.TEXT_KINDS),
    ListColumn("indicator", terms.INDICATOR),
    ListColumn("sentence", terms.FOUND_IN),
    ListColumn("text", terms.WHOLE_TEXT, for_people=False),
)
