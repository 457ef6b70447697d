"""What the search finds (检索): the texts of an event, and the words in them.

Letters of either case and of either width are the same. Words are found wherever they are in a
text, also within a longer word: Chinese has no spaces, and a reader who looks for 预算 also means
预算执行率.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final, Literal, NamedTuple, get_args

from msgspec.structs import fields

from ledger.events import (
    AppealDecided,
    AppealLodged,
    EvidenceFiled,
    FindingRaised,
    ObjectionAnswered,
    ObjectionRaised,
    RecommendationMade,
    RectificationRequested,
    RectificationResponded,
    StatementMade,
)
from ledger.stored_struct import StoredStruct
from ledger.values import Invalid

TextKind = Literal["title", "reason", "clause", "finding", "statement", "answer", "evidence"]
KINDS: Final[tuple[TextKind, ...]] = get_args(TextKind)

FIELDS: Final[dict[str, TextKind]] = {
    **dict.fromkeys(("title", "unit_name"), "title"),
    **dict.fromkeys(("justification", "reason", "ground", "note", "difference"), "reason"),
    "clause": "clause",
    "statement": "statement",
    "demand": "finding",
}
_BY_EVENT: Final[dict[type, TextKind]] = {
    FindingRaised: "finding",
    RecommendationMade: "finding",
    RectificationRequested: "finding",
    StatementMade: "statement",
    ObjectionRaised: "statement",
    AppealLodged: "statement",
    ObjectionAnswered: "answer",
    RectificationResponded: "answer",
    AppealDecided: "answer",
}
"""What all texts of an event are, but for the clause; others are what their field is."""

MOST_WORDS: Final = 8
LONGEST: Final = 100
"""Characters of a word."""


def texts_of(event: StoredStruct) -> Iterator[tuple[TextKind, str]]:
    """The texts of an event that can be found, each with its kind."""
    if isinstance(event, EvidenceFiled):
        yield "evidence", event.evidence.title
    for name, kind in _fields_of(type(event)):
        if text := getattr(event, name):
            yield kind, text


@cache
def _fields_of(event: type[StoredStruct]) -> tuple[tuple[str, TextKind], ...]:
    return tuple(
        (name, kind if name == "clause" else _BY_EVENT.get(event, kind))
        for name in (field.name for field in fields(event))
        if (kind := FIELDS.get(name))
    )


class _Folding(dict[str, str]):
    """How a character is compared; each is worked out once."""

    def __missing__(self, sign: str) -> str:
        same = self[sign] = unicodedata.normalize("NFKC", sign).casefold()
        return same


_SAME: Final = _Folding()


def compared(text: str) -> str:
    """A text as it is compared.

    >>> compared("ＡＢ（2023）Straße")
    'ab(2023)strasse'
    """
    return text.lower() if text.isascii() else "".join(map(_SAME.__getitem__, text))


def words_of(typed: str) -> tuple[str, ...]:
    """The words that somebody looks for, as they are compared; all are to be in one text.

    Raises:
        Invalid: there is none, or there are too many, or one is too long.
    """
    words = tuple(dict.fromkeys(compared(typed).split()))
    if not words:
        raise Invalid("请填写要检索的词语。", "Enter the words to search for.", rule="no-words")
    if len(words) > MOST_WORDS or max(map(len, words)) > LONGEST:
        raise Invalid(
            f"检索的词语过多或过长（最多 {MOST_WORDS} 个，每个最多 {LONGEST} 个字符）。请减少。",
            f"Too many words, or too long ({MOST_WORDS} words of {LONGEST} characters at most)."
            " Search for fewer.",
            rule="too-many-words",
        )
    return words


# Characters of scripts that put no spaces between words: two of them tell a text from another;
# of letters and digits it takes three.
_UNSPACED: Final = r"\u2e80-\u303f\u3040-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD: Final = re.compile(r"[^\W_]+")
_OF_ONE_SCRIPT: Final = re.compile(f"[{_UNSPACED}]+|([^{_UNSPACED}]+)")
_PAIR, _TRIPLE = 2, 3


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """Words of one script in a text that is as it is compared, with how long its pieces are."""
    for word in _WORD.findall(text):
        for run in _OF_ONE_SCRIPT.finditer(word):
            yield _TRIPLE if run[1] else _PAIR, run[0]


def pieces(texts: Iterable[str]) -> set[str]:
    """All pieces of texts as they are compared: what an index of them holds.

    A piece begins at every character, also at the last ones, so that a shorter word than a piece
    is the beginning of some.
    """
    return {
        run[start : start + length]
        for text in texts
        for length, run in _runs(text)
        for start in range(len(run))
    }


def pieces_of_words(words: Iterable[str]) -> tuple[set[str], set[str]]:
    """Pieces that a text with these words has for certain, and what some piece begins with."""
    whole, begun = set[str](), set[str]()
    for word in words:
        for length, run in _runs(word):
            if len(run) < length:
                begun.add(run)
            else:
                whole |= {run[start : start + length] for start in range(len(run) - length + 1)}
    return whole, begun


def in_index(piece: str) -> str:
    """A piece as an index holds it, which then has no say in what a letter is.

    >>> in_index("预算")
    'e9a284e7ae97'
    """
    return piece.encode("utf-8", "surrogatepass").hex()


class Quotation(NamedTuple):
    """The sentences in which words are found.

    Attributes:
        sentence: as the text has them, with an ellipsis where something is left out.
        found: where the words are in it, from and up to which character.
    """

    sentence: str
    found: tuple[tuple[int, int], ...]

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """The sentence in parts, each with whether it is a word that was found."""
        made, at = list[tuple[str, bool]](), 0
        for start, end in self.found:
            made += [(self.sentence[at:start], False), (self.sentence[start:end], True)]
            at = end
        return [part for part in (*made, (self.sentence[at:], False)) if part[0]]

    @property
    def marked(self) -> str:
        """The sentence with brackets about what was found."""
        return "".join(f"【{part}】" if found else part for part, found in self.parts)


_SENTENCE: Final = re.compile(r"[^。！？；!?;\n]+[。！？；!?;]*")
WIDEST: Final = 100
"""Characters of a sentence that are shown; one that is longer is cut about what was found."""


def quoted(text: str, words: Sequence[str]) -> Quotation:
    """The sentences of a text in which each of the words is found first."""
    same, places = "", list[int]()
    for at, sign in enumerate(text):
        same += (folded := _SAME[sign])
        places += [at] * len(folded)
    every = {
        word: [
            (places[found.start()], places[found.end() - 1] + 1)
            for found in re.finditer(re.escape(word), same)
        ]
        for word in words
    }
    firsts = [spans[0][0] for spans in every.values() if spans]
    spans = _apart(sorted(span for found in every.values() for span in found))
    shown, marks, last = "", list[tuple[int, int]](), 0
    for low, high in sorted({_shown(text, first) for first in firsts}) or [(0, WIDEST)]:
        shown += "…" if low > last and text[last:low].strip() else ""
        marks += [
            (start - low + len(shown), min(end, high) - low + len(shown))
            for start, end in spans
            if low <= start < high
        ]
        shown, last = shown + text[low:high], high
    return Quotation(shown + ("…" if text[last:].strip() else ""), tuple(marks))


def _shown(text: str, at: int) -> tuple[int, int]:
    """The sentence about a character, or as much of it as is shown."""
    start, end = next(
        (found.span() for found in _SENTENCE.finditer(text) if at < found.end()), (at, len(text))
    )
    start += len(text[start:end]) - len(text[start:end].lstrip())
    low = max(start, min(at - WIDEST // 3, end - WIDEST))
    return min(low, at), min(end, low + WIDEST)


def _apart(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same characters in spans that do not overlap."""
    joined = list[tuple[int, int]]()
    for low, high in spans:
        if joined and low <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(high, joined[-1][1])
        else:
            joined.append((low, high))
    return joined
