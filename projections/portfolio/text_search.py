"""The search (检索): texts with certain words in all cases that somebody may see.

The cases are gone through in their order, the newest year first, and their texts are read, until
the page is full. So a page costs what is on it where words are frequent; where they are rare, the
index names the few cases that can have them. Between the two lies what occurs in many cases and
seldom in one text: a page that has looked through `EXAMINED` cases ends there, and says where the
next one goes on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

from ledger.sight import Part
from ledger.store import Ask, Store
from ledger.values import AccountId, OrganisationId
from migrations import PROJECTIONS
from projections.as_of import STAGE_EVENTS, PointInTime
from projections.portfolio import PIECES_INDEX, Watch, nobody, table_name
from projections.portfolio.case_pages import PARTY, pattern_of
from projections.portfolio.case_rows import Row, brought_up, folded
from projections.searched_texts import in_index, pieces_of_words

EXAMINED: Final = 500
"""Cases that a page looks through at most."""
_FIRST_BATCH, _LARGEST_BATCH = 8, 256

_CASES, _TEXTS, _PIECES, _INDEX = (
    f"{PROJECTIONS}.{name}"
    for name in (*(table_name(view) for view in ("cases", "texts", "pieces")), PIECES_INDEX)
)
_IS_THERE: Final = f"SELECT 1 FROM {PROJECTIONS}.sqlite_master WHERE name = '{PIECES_INDEX}'"  # noqa: S608 - names of ours
_BY_INDEX: Final = "SELECT set_config('enable_seqscan', 'off', true)"
"""Until the end of the transaction. The pieces of a case are long and kept apart from its row: a
server takes a scan of the rows for cheap, and then makes words of all pieces of all cases.
"""
_OF_CASE: Final = (*PARTY.values(), "unit_name", "year")
_OF_TEXT: Final = (
    *("version", "nth", "number", "unit_number", "type", "kind", "indicator", "dated", "recorded"),
    *(f"until_{stage}" for stage in STAGE_EVENTS),
    *("account", "organisation", "text", "same"),
)

Mark = tuple[int, str, int, int]
"""Where a page ends: year and id of a case, the number of an event and of a text in it."""
_END: Final = 10**9 - 1
"""No event has this number: the mark of a whole case."""


class TextSearch(NamedTuple):
    """What is looked for, where and for whom.

    Attributes:
        words: as they are compared; all of them are in each text that is found.
        moment: up to which events count, as `moment_over_cases` gives it.
        parties: by which the reader has a part in a case; `None` who sees all of every case.
        years: of the cases; all where none is named, likewise the others.
        units: of those.
        kinds: of the texts.
        authors: accounts that recorded them.
        after: where the page before ended.
        limit: how many texts at most; all of them where it is `None`.
    """

    words: Sequence[str]
    moment: PointInTime
    parties: Mapping[Part, OrganisationId] | None = None
    years: Sequence[int] = ()
    units: Sequence[OrganisationId] = ()
    kinds: Sequence[str] = ()
    authors: Sequence[AccountId] = ()
    after: Mark | None = None
    limit: int | None = None


class FoundText(NamedTuple):
    """A text that was found, and its event under the number that the reader sees.

    Attributes:
        mark: a page can begin after it.
        values: of the case and of the text, by the names of the columns.
    """

    mark: Mark
    values: Mapping[str, Any]


class FoundTexts(NamedTuple):
    """A page of them; the next one begins after `further`, `None` where there is none."""

    texts: list[FoundText]
    further: Mark | None


def search_texts(store: Store, wanted: TextSearch, watch: Watch = nobody) -> FoundTexts:
    """The texts of a page: by year, the newest first, by case, event and place in the event."""
    if wanted.parties == {}:
        return FoundTexts([], None)

    def page(ask: Ask, *, on_server: bool = False) -> FoundTexts:
        if on_server:
            ask(_BY_INDEX, ())
        return _page(ask, wanted, _cases(ask, wanted, on_server=on_server))

    found = brought_up(store, partial(page, on_server=not store.is_file), watch)
    return folded(store, page, ["texts"]) if found is None else found


def _cases(ask: Ask, wanted: TextSearch, *, on_server: bool) -> list[Row]:
    """The cases to look through, each with its key and `_OF_CASE`, in their order."""
    where, given = "1 = 1", list[object]()
    for name, values in (("year", wanted.years), ("unit", wanted.units)):
        if values:
            where, given = f"{where} AND {name} IN ({_marks(values)})", [*given, *values]
    if wanted.after:
        year, case, number, _ = wanted.after
        where += f" AND (year < ? OR (year = ? AND case_id {'>' if number == _END else '>='} ?))"
        given += [year, year, case]
    indexed, asked = (_on_server if on_server else partial(_in_file, ask))(wanted.words)
    if wanted.parties is None:
        where, given = f"{where}{indexed}", [*given, *asked]
    else:  # what a unit does not see must not decide in which of its cases is looked
        ways = []
        for part, party in wanted.parties.items():
            ways.append(f"({PARTY[part]} = ?{'' if part == 'unit' else indexed})")
            given += [party, *(() if part == "unit" else asked)]
        where += f" AND ({' OR '.join(ways)})"
    limit = "" if wanted.limit is None else f" LIMIT {EXAMINED + 1}"
    return ask(
        f"SELECT {', '.join(('case_id', 'case_key', *_OF_CASE))} FROM {_CASES} WHERE {where}"  # noqa: S608 - names of our tables and columns
        f" ORDER BY year DESC, case_id{limit}",
        given,
    )


def _in_file(ask: Ask, words: Sequence[str]) -> tuple[str, list[object]]:
    """The condition that a case can have the words, with its values; none without an index."""
    whole, begun = pieces_of_words(words)
    if not (whole or begun) or not ask(_IS_THERE, ()):
        return "", []
    pieces = [f'"{in_index(piece)}"' for piece in sorted(whole)]
    pieces += [f'"{in_index(piece)}"*' for piece in sorted(begun)]
    return (
        f" AND case_key IN (SELECT rowid FROM {_INDEX} WHERE {PIECES_INDEX} MATCH ?)",  # noqa: S608 - the same
        [" AND ".join(pieces)],
    )


def _on_server(words: Sequence[str]) -> tuple[str, list[object]]:
    """The same on a server."""
    whole, begun = pieces_of_words(words)
    if not (whole or begun):
        return "", []
    pieces = [f"'{in_index(piece)}'" for piece in sorted(whole)]
    pieces += [f"'{in_index(piece)}':*" for piece in sorted(begun)]
    found = "array_to_tsvector(string_to_array(pieces, ' ')) @@ CAST(? AS tsquery)"
    having = f"ARRAY(SELECT case_key FROM {_PIECES} WHERE {found})"  # noqa: S608 - the same
    return f" AND case_key = ANY({having})", [" & ".join(pieces)]


def _texts(ask: Ask, words: Sequence[str], keys: Sequence[int]) -> list[Row]:
    """Texts of cases with all the words, each with the key of its case, in their order."""
    having = " AND coalesce(same, text) LIKE ? ESCAPE '\\'" * len(words)
    return ask(
        f"SELECT {', '.join(('case_key', *_OF_TEXT))} FROM {_TEXTS}"  # noqa: S608 - the same
        f" WHERE case_key IN ({_marks(keys)}){having} ORDER BY case_key, version, nth",
        [*keys, *map(pattern_of, words)],
    )


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _page(ask: Ask, wanted: TextSearch, cases: Sequence[Row]) -> FoundTexts:
    """The texts that hold, of the cases in their order, as far as a page goes."""
    found = list[FoundText]()
    examined = cases if wanted.limit is None else cases[:EXAMINED]
    for batch in _batches(examined):
        read = _texts(ask, wanted.words, [row[1] for row in batch])
        texts = {key: list(rows) for key, rows in groupby(read, itemgetter(0))}
        for case in batch:
            found += _found(wanted, case, texts.get(case[1], ()))
            if wanted.limit is not None and len(found) > wanted.limit:
                return FoundTexts(found[: wanted.limit], found[wanted.limit - 1].mark)
    if len(examined) == len(cases):
        return FoundTexts(found, None)
    id_, *_, year = examined[-1]
    return FoundTexts(found, (year, id_, _END, 0))


def _batches(cases: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Few cases at first: they may fill the page."""
    start, size = 0, _FIRST_BATCH
    while start < len(cases):
        yield cases[start : start + size]
        start, size = start + size, min(2 * size, _LARGEST_BATCH)


def _found(wanted: TextSearch, row: Row, texts: Iterable[Row]) -> Iterator[FoundText]:
    """The texts of a case that hold, under the numbers of the reader."""
    id_, _, *of = row
    case = dict(zip(_OF_CASE, of, strict=True))
    whole = wanted.parties is None or any(
        case[PARTY[part]] == party for part, party in wanted.parties.items() if part != "unit"
    )
    for _, *values in texts:
        text = dict(zip(_OF_TEXT, values, strict=True))
        number = text["number" if whole else "unit_number"]
        if number is None or not _holds(wanted, text):
            continue
        mark = case["year"], id_, number, text["nth"]
        if wanted.after is None or wanted.after[:2] != mark[:2] or mark > wanted.after:
            yield FoundText(mark, {"case": id_, **case, **text, "number": number})


def _holds(wanted: TextSearch, text: Mapping[str, Any]) -> bool:
    same = text["text"] if text["same"] is None else text["same"]
    return (
        (not wanted.kinds or text["kind"] in wanted.kinds)
        and (not wanted.authors or text["account"] in wanted.authors)
        and all(word in same for word in wanted.words)
        and _counts(wanted.moment, text)
    )


def _counts(moment: PointInTime, text: Mapping[str, Any]) -> bool:
    """Whether the event counts at a moment."""
    known = moment.known or text["recorded"]
    if moment.axis == "stage":
        until = text[f"until_{moment.value}"]
        return until is not None and text["recorded"] <= known and until <= (moment.known or until)
    return bool(text[moment.axis] <= moment.value and text["recorded"] <= known)
