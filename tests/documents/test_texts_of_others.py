"""What others write into a document: nothing of it is hidden, and none of it makes lines."""

import re
from html import unescape
from io import BytesIO
from typing import Final
from zipfile import ZipFile

import docx
import pytest

from documents.formats import FORMATS, printer
from documents.kinds import KINDS, document_of
from documents.page import Document
from documents.pdf import _data
from documents.source import source
from ledger.commands import LodgeAppeal, RaiseFinding, RequestRectification, RespondRectification
from projections.as_of import at
from tests.documents.test_documents import BEFORE_ISSUE, LATER, TODAY
from tests.support.small_case import Story, on
from tests.support.soffice import squeezed, words_of
from tests.support.specification import editions, history

pytestmark = pytest.mark.slow

FORGED: Final = "已认可并全部采纳"
HOSTILE: Final = f"不服\u202e倒\u202c\u200b隐\u2066\x1b[2K\n核查：{FORGED}\r\n\n{FORGED}"
HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f]"
)
ATTACKED: Story = (
    BEFORE_ISSUE
    + on("2024-12-02", ("reviewer", RaiseFinding(finding="odd", title=HOSTILE, statement=HOSTILE)))
    + LATER[len(BEFORE_ISSUE) : len(BEFORE_ISSUE) + 1]
    + on(
        "2025-01-06",
        (
            "filer",
            LodgeAppeal(appeal="a1", indicators=("service",), statement=HOSTILE, number=HOSTILE),
        ),
        (
            "clerk",
            RequestRectification(request="r1", findings=("odd",), demand=HOSTILE, number=HOSTILE),
        ),
    )
    + on("2025-01-25", ("filer", RespondRectification(request="r1", statement=HOSTILE)))
)


def attacked(kind: str) -> Document:
    """A document of a case in which both parties wrote such texts wherever they may write any."""
    return document_of(kind, source(at(history(ATTACKED), editions(), "final"), TODAY), "zh")


def shown(content: bytes, suffix: str) -> str:
    """What a printed document has in it, its markup left out."""
    match suffix:
        case ".pdf":
            return words_of(content)
        case ".html":
            return unescape(re.sub(r"<[^>]*>", "", content.decode()))
        case _:
            with ZipFile(BytesIO(content)) as parts:
                words = [parts.read(name).decode() for name in parts.namelist() if "xml" in name]
            return unescape(re.sub(r"<[^>]*>", "", "".join(words)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", FORMATS)
def test_no_format_has_what_a_reader_would_not_see(kind: str, suffix: str) -> None:
    document = attacked(kind)

    words = shown(printer(suffix)(document), suffix)

    assert not HIDDEN.search(words), HIDDEN.findall(words)
    if "不服" in squeezed(words):
        assert "<U+202E>" in squeezed(words)


def test_such_texts_are_in_the_documents_at_all() -> None:
    with_them = [kind for kind in KINDS if "不服" in printer(".html")(attacked(kind)).decode()]

    assert {"appeal-answer", "rectification", "register"} <= set(with_them)


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_makes_a_line_of_its_own_outside_a_table_in_word(kind: str) -> None:
    made = docx.Document(BytesIO(printer(".docx")(attacked(kind))))

    lines = [line for paragraph in made.paragraphs for line in paragraph.text.split("\n")]

    assert not [line for line in lines if line.startswith((FORGED, f"核查：{FORGED}"))]


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_makes_a_line_of_its_own_outside_a_table_in_a_pdf(kind: str) -> None:
    blocks = _data(attacked(kind))["blocks"]  # as the template gets it: a PDF has no lines

    outside = [block for block in blocks if block["kind"] in {"facts", "paragraph", "heading"}]
    texts = [text for block in outside for pair in block.get("pairs", ()) for text in pair]
    assert "\n" not in "".join([*texts, *(block.get("text", "") for block in outside)])
