"""The fixed lines of an official letter (公文), the same in every format.

What the record does not hold, such as a number that has yet to be given, is a blank for a person.
"""

import re
from typing import Final

from documents.page import Document, Letter
from documents.titles import evenly
from ledger.language import Language, Text, in_language, speaker

BLANK: Final = "＿＿＿＿＿＿＿＿"
BLANK_NUMBER = ("〔　　　　〕　　号", "No. ____________")
BLANK_DAY = ("　　　　年　　月　　日", "____ ____________ ______")
SIGNED_ROOM: Final = 44
"""Half the size of a character is 1: 22 characters of 16 points, four from the right margin."""
SEAL = ("（印章）", "(seal)")


_SPACED: Final = re.compile(r"(?<=[\u4e00-\u9fff]) (?=\d)|(?<=\d) (?=[\u4e00-\u9fff])")
_QUOTED: Final = re.compile(r"(“[^”]*”)")


def unspaced(sentence: Text, language: Language) -> str:
    """A sentence of the screen as a document writes it: no blank between 汉字 and a number.

    What it quotes stays as it was written.
    """
    parts = _QUOTED.split(in_language(sentence, language))
    parts[::2] = [_SPACED.sub("", part) for part in parts[::2]]
    return "".join(parts)


def numbered(language: Language, letter: Letter) -> str:
    """The document number (发文字号), or the blank for it."""
    return letter.number or speaker(language)(*BLANK_NUMBER)


def addressed(language: Language, letter: Letter) -> str:
    """The addressee (主送机关)."""
    return letter.addressee + speaker(language)("：", ":")


def enclosures_listed(document: Document) -> list[str]:
    """The list of what is enclosed (附件说明), one line each; the first one is introduced."""
    say = speaker(document.language)
    titles = [annex.title for annex in document.annexes]
    if len(titles) == 1:
        return [say("附件：", "Annex: ") + titles[0]]
    lines = [f"{number}. {title}" for number, title in enumerate(titles, 1)]
    if document.language == "en":
        return ["Annexes:", *lines]
    return [f"{'　　　' if number else '附件：'}{line}" for number, line in enumerate(lines)]


def annex_heading(document: Document, index: int) -> str:
    """The words at the head of an annex."""
    title = document.annexes[index].title
    number = "" if len(document.annexes) == 1 else str(index + 1)
    if document.language == "zh":
        return f"附件{number}　{title}"
    return f"{f'Annex {number}'.strip()}: {title}"


def signed_by(language: Language, letter: Letter) -> list[str]:
    """Who signs, in lines that break no word, the place of the seal, and the day."""
    say = speaker(language)
    return [*evenly(letter.sender, SIGNED_ROOM), say(*SEAL), letter.dated or say(*BLANK_DAY)]
