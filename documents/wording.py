"""The fixed lines of an official letter (公文), the same in every format.

What the record does not hold, such as a number that has yet to be given, is a blank for a person.
"""

import re
from typing import Final

from documents.page import Document, Letter
from ledger.language import Language, speaker

BLANK: Final = "＿＿＿＿＿＿＿＿"
BLANKS: Final = re.compile("(＿+)")
BLANK_NUMBER = ("〔　　　　〕　　号", "No. ____________")
BLANK_DAY = ("　　　　年　　月　　日", "____ ____________ ______")
SEAL = ("（印章）", "(seal)")


def numbered(language: Language, letter: Letter) -> str:
    """The document number (发文字号), or the blank for it."""
    return letter.number or speaker(language)(*BLANK_NUMBER)


def addressed(language: Language, letter: Letter) -> str:
    """The addressee (主送机关)."""
    return letter.addressee + speaker(language)("：", ":")


def enclosures_listed(document: Document) -> list[str]:
    """The list of what is enclosed (附件说明), a line each; the first one is introduced."""
    say = speaker(document.language)
    if len(document.annexes) == 1:
        return [say("附件：", "Annex: ") + document.annexes[0].title]
    first, below = say("附件：", "Annexes: "), say("　　　", "")
    return [
        f"{first if number == 1 else below}{number}. {annex.title}"
        for number, annex in enumerate(document.annexes, 1)
    ]


def annex_heading(document: Document, index: int) -> str:
    """The words at the head of an annex."""
    title = document.annexes[index].title
    number = "" if len(document.annexes) == 1 else str(index + 1)
    if document.language == "zh":
        return f"附件{number}　{title}"
    return f"{f'Annex {number}'.strip()}: {title}"


def signed_by(language: Language, letter: Letter) -> tuple[str, str, str]:
    """Who signs, the place of the seal, and the day."""
    say = speaker(language)
    return letter.sender, say(*SEAL), letter.dated or say(*BLANK_DAY)
