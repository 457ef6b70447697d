"""A paper of a practice ledger (演示): says so wherever it names its sender or itself."""

from msgspec.structs import replace

from documents.page import Document
from ledger import terms
from ledger.language import speaker
from ledger.practice import NOT_REAL


def marked(document: Document, *, practice: bool) -> Document:
    """The document; of a practice ledger with the mark in its head, titles, number and footer.

    A letter has it above, in its signature and on each annex, a table on each page.
    """
    if not practice:
        return document
    say = speaker(document.language)
    mark = say(f"【{terms.PRACTICE.zh}】", f"[{terms.PRACTICE.en}] ")
    letter = document.letter and replace(
        document.letter,
        sender=f"{mark}{document.letter.sender}",
        number=f"{mark}{document.letter.number}",
    )
    return replace(
        document,
        title=f"{mark}{document.title}",
        letter=letter,
        annexes=tuple(replace(annex, title=f"{mark}{annex.title}") for annex in document.annexes),
        footer=(f"{mark}{say(*NOT_REAL)}", *document.footer),
    )
