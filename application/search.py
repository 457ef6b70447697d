"""Search (检索): the texts of all cases that an account sees."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from application.look import accounts
from ledger.account_registry import Account
from ledger.sight import parties_of
from ledger.store import Store
from ledger.values import AccountId, OrganisationId
from projections.as_of import FINAL, moment_over_cases
from projections.portfolio import Watch, nobody
from projections.portfolio.text_search import FoundText, Mark, TextSearch, search_texts
from projections.searched_texts import KINDS, Quotation, TextKind, quoted, words_of

__all__ = ["KINDS", "Mark", "SearchResult", "SearchResults", "search", "search_named"]


class SearchResult(Struct, frozen=True, kw_only=True):
    """A text that was found.

    Attributes:
        version: of its event, as the reader sees it.
        type: of its event.
        at: when that was recorded; `dated` is its business date.
        by: the account that recorded it.
        kind: what the text is.
        indicator: the row that the event is about, if it is about one.
        sentence: in which the words are found.
        found: where they are in the sentence, each from and up to which character.
        text: all of it.
    """

    case: str
    unit: str
    unit_name: str
    year: int
    version: int
    type: str
    dated: str
    at: str
    by: AccountId
    organisation: OrganisationId
    kind: TextKind
    indicator: str | None
    sentence: str
    found: tuple[tuple[int, int], ...]
    text: str

    @property
    def quotation(self) -> Quotation:
        """The sentence with what was found in it."""
        return Quotation(self.sentence, self.found)


class SearchResults(Struct, frozen=True):
    """A page of them; the next one begins after `further`, `None` where there is none."""

    results: list[SearchResult]
    further: Mark | None

    def rows(self, *, marked: bool) -> list[dict[str, object]]:
        """The same as rows of a list, with brackets about what was found where it is `marked`."""
        return [
            {**asdict(row), "sentence": row.quotation.marked if marked else row.sentence}
            for row in self.results
        ]


def search(  # noqa: PLR0913 - what may be asked for
    store: Store,
    typed: str,
    account: Account | None,
    *,
    label: str = FINAL,
    years: Sequence[int] = (),
    units: Sequence[OrganisationId] = (),
    kinds: Sequence[str] = (),
    authors: Sequence[AccountId] = (),
    after: Mark | None = None,
    limit: int | None = None,
    watch: Watch = nobody,
) -> SearchResults:
    """The texts that have all of the words, the newest year first.

    Args:
        store: of the ledger.
        typed: the words, with spaces between them.
        account: what it sees is searched; all of every case where it is `None`.
        label: the point; no version, which is of one case.
        years: see `TextSearch`, as for the others.
        units: of those.
        kinds: of those.
        authors: of those.
        after: of those.
        limit: of those.
        watch: called with the position that the tables have reached.

    Raises:
        Invalid: no words, too many, or no such point.
    """
    words = words_of(typed)
    wanted = TextSearch(
        words,
        moment_over_cases(label),
        None if account is None else parties_of(account),
        years,
        units,
        kinds,
        authors,
        after,
        limit,
    )
    found = search_texts(store, wanted, watch)
    return SearchResults([_result(text, words) for text in found.texts], found.further)


def _result(text: FoundText, words: Sequence[str]) -> SearchResult:
    values = text.values
    quotation = quoted(values["text"], words)
    return SearchResult(
        case=values["case"],
        unit=values["unit"],
        unit_name=values["unit_name"],
        year=values["year"],
        version=values["number"],
        type=values["type"],
        dated=values["dated"],
        at=values["recorded"],
        by=values["account"],
        organisation=values["organisation"],
        kind=values["kind"],
        indicator=values["indicator"],
        sentence=quotation.sentence,
        found=quotation.found,
        text=values["text"],
    )


def search_named(  # noqa: PLR0913 - the same
    store: Store,
    typed: str,
    *,
    account: AccountId | None,
    units: Sequence[OrganisationId] = (),
    authors: Sequence[AccountId] = (),
    watch: Watch = nobody,
    **more: Any,  # noqa: ANN401 - as `search` takes them
) -> SearchResults:
    """The same for whom a name was typed, and checked that there is something by each name.

    Raises:
        Invalid: as `search` does, or there is nothing by a name.
        CommandRefused: there is no such account.
    """
    if units or authors:
        from application.known_names import refuse_unknown_names  # noqa: PLC0415 - slow to import
        from projections.portfolio.cases import CaseFilter  # noqa: PLC0415 - the same

        refuse_unknown_names(store, CaseFilter(units=units), reviewers=authors, watch=watch)
    reader = None if account is None else accounts(store).account(account)
    return search(store, typed, reader, units=units, authors=authors, watch=watch, **more)
