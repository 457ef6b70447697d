"""The desk (请求上下文): what a request needs: who asks, in which language, and the ledger.

Each page is a function of a `Desk`; nothing here knows a rule or a score.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, tzinfo
from functools import cache, cached_property
from pathlib import Path
from random import SystemRandom
from threading import Lock, local
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from application.completing import completed
from application.confirmed import NOTHING, Confirmed
from application.handle import handle_all
from application.key_lives import KeyLife, key_lives
from application.look_as import accounts_as_of, look_as, recorded_version, visible_version
from application.place import LedgerPlace, Store
from application.to_sign import AsksFirst, ToBeSigned
from application.turns import Turns
from ledger import terms
from ledger.account_registry import OF_SIGNERS, Account
from ledger.authority import roles_for
from ledger.commands import OpenCase
from ledger.envelope import REGISTER, Identity, Sign, StreamId, rubric_stream
from ledger.events import Role
from ledger.followed_reading import FollowedReading, KeptStreams
from ledger.language import Language, Text, in_language, speaker
from ledger.ledger import CommandResult, DryRunStore, EventStore, Ledger
from ledger.practice import NOT_REAL
from ledger.problem import Problem
from ledger.refusals import CommandRefused
from ledger.sight import PARTS, whole_parties_of
from ledger.time_zone import title_of, zone_of
from ledger.values import Invalid, instant
from projections import formatting
from projections.as_of import FINAL, CaseAsOf
from projections.case_summary import case_summary
from projections.signed_commands import signed_in_case
from web.attempts import Attempts
from web.feed_cursor import FeedCursors
from web.identity import Clock, Identities, Login
from web.login_passkeys import LoginPasskeys
from web.signing import Signing, demands, signing_of
from web.store import WebStore
from web.tokens import Tokens
from web.typed import point_typed
from web.ways_in import Provider, WaysIn
from web.wording import Templates, templates_in

if TYPE_CHECKING:
    from web.oidc import Oidc

Done = TypeVar("Done")

_NEGATIVE: Final = re.compile(r"(?<![\w.-])-(?=\d)")
HERE: Final = Path(__file__).parent
COOKIE: Final = "__Host-session"
"""A browser sends it to this host alone, and only where the connection is private."""


def with_session(answer: Response, token: str) -> Response:
    """An answer that gives the browser the token of its session."""
    answer.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="lax", path="/")
    return answer


BY_LINK: Final = "link "
"""How an access begins that somebody made with a link; no page has a blank in its address."""
VISITOR: Final = "__Host-visitor"
"""Likewise: what a browser is known by while somebody logs in by another way than a password."""


class NotLoggedIn(Exception):
    """Somebody has to say who they are first."""


def minus(text: str) -> str:
    """A text whose negative numbers have the sign of a minus, and not a hyphen.

    >>> minus("-4.00, v2-1")
    '−4.00, v2-1'
    """
    return _NEGATIVE.sub("−", text)


@cache
def _templates(language: Language) -> Templates:
    """The templates of the pages in one language: compiled once a process, however many offices."""
    made = templates_in(language)
    made.filters["minus"] = minus
    made.globals["not_real"] = NOT_REAL
    made.globals["signed_in_case"] = signed_in_case
    return made


def through(ways: WaysIn, clock: Clock, attempts: Attempts) -> "Oidc":
    """Logins through the providers of a place.

    Raises:
        Invalid: what they need is not installed.
    """
    try:
        from web.oidc import Oidc  # noqa: PLC0415 - an extra, for places that have providers
    except ModuleNotFoundError:
        raise Invalid(
            '统一登录需要附加功能 oidc：python -m pip install ".[oidc]"',
            'logins through providers need the extra oidc: python -m pip install ".[oidc]"',
            rule="ways-in",
        ) from None
    return Oidc(clock, attempts, ways.origin, ways.providers)


class Office:
    """What all requests share.

    Attributes:
        place: the ledger and what is next to it.
        identities: who may log in.
        tokens: with which programs may.
        cursors: with which they follow the feed.
        clock: aware of its zone.
        ways: in, besides a password, if any.
        attempts: to log in by them.
        passkeys: with which people may.
        oidc: through whom they may.
        read_only: whether nothing may be done but looking and logging in.
        streams: what was read of late.
        turns: of those who act in the same case.
        data: held while all data is made into files, once at a time.
    """

    def __init__(  # noqa: PLR0913 - as `create_app` is given it
        self,
        place: LedgerPlace,
        kept: WebStore,
        clock: Callable[[], datetime],
        ways: WaysIn | None = None,
        *,
        read_only: bool = False,
        identities: Identities | None = None,
    ) -> None:
        self.read_only = read_only
        self.place, self.kept, self.clock = place, kept, clock
        self.identities, self.tokens = identities or Identities(kept, clock), Tokens(kept, clock)
        self.attempts = Attempts(kept, clock)
        self.configure(ways)
        self.cursors = FeedCursors(kept)
        self.streams, self.turns = KeptStreams(), Turns(SystemRandom().random)
        self.data = Lock()
        self._own, self._lock = local(), Lock()
        self._all: list[Store] = []
        self._practice: bool | None = None

    def configure(self, ways: WaysIn | None) -> None:
        """Let people log in by other ways than a password, or by none."""
        self.ways, self.passkeys = ways, None
        self.oidc: Oidc | None = None
        if ways:
            known = (self.kept, self.clock, self.identities, self.attempts)
            self.passkeys = LoginPasskeys(*known, ways.origin)
            if ways.providers:
                self.oidc = through(ways, self.clock, self.attempts)

    @property
    def store(self) -> Store:
        """The ledger: a ledger in a file is a single connection, so every thread has its own."""
        if not self.place.is_file:
            with self._lock:
                if not self._all:
                    self._all.append(self.place.open())
                return self._all[0]
        store: Store | None = getattr(self._own, "store", None)
        if store is None:
            store = self._own.store = self.place.open()
            with self._lock:
                self._all.append(store)
        return store

    @property
    def practice(self) -> bool:
        """Whether nothing in the ledger is real; its first entry, once read, never changes."""
        if self._practice is None:
            with suppress(Problem):  # the ledger is away, and that is what the page says
                self._practice = Ledger(self.store).practice
        return bool(self._practice)

    def has_at_hand(self, case: StreamId) -> bool:
        """Whether it is known without waiting how far a case has come: no server is asked."""
        return self.place.is_file and self.streams.get(case) is not None

    def close(self) -> None:
        """Let go of everything."""
        for store in self._all:
            store.close()
        self.kept.close()


class ActingStore:
    """A store in which one account acts, as its login has proven.

    Whether an entry says so is for the place to know: a server that has registered this service as
    a gateway lets it say `web`; in a file it would prove nothing, since anyone who can write the
    file can act.
    """

    def __init__(self, store: Store, account: str, sign: Sign | None = None) -> None:
        self._store = store
        self.identity = Identity(account, store.identity.through, sign)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - what a store has
        return getattr(self._store, name)


class AskingStore(AsksFirst, ActingStore):
    """The same, while it is asked what the account would have to sign."""


class Desk:
    """One request, and all that a page asks of it; what is read for it is read once.

    Attributes:
        office: what all requests share.
        request: as it came in.
        login: who is there; `None` only where nobody need be.
        language: that the person reads.
        sent_again: what is sent with a signature, besides what was filled in.
    """

    def __init__(
        self, office: Office, request: Request, login: Login | None, language: Language
    ) -> None:
        self.office, self.request, self.login, self.language = office, request, login, language
        self.sent_again: dict[str, str] = {}

    def t(self, zh: str, en: str) -> str:
        """The wording of the person's language."""
        return speaker(self.language)(zh, en)

    @property
    def who(self) -> Login:
        """Who is there.

        Raises:
            NotLoggedIn: nobody.
        """
        if self.login is None:
            raise NotLoggedIn
        return self.login

    @property
    def token(self) -> str:
        """What the browser proves its session with, if it has one."""
        return self.request.cookies.get(COOKIE, "")

    @property
    def visitor(self) -> str:
        """What a browser is known by in which nobody has logged in yet, if it is."""
        return self.request.cookies.get(VISITOR, "")

    @property
    def at_home(self) -> bool:
        """Whether the browser calls these pages by the name that passkeys are made for."""
        ways = self.office.ways
        return ways is not None and urlsplit(ways.origin).netloc == self.request.url.netloc

    @property
    def site(self) -> str:
        """How a browser calls these pages; empty where nobody has configured it."""
        return self.office.ways.origin if self.office.ways and self.at_home else ""

    @cached_property
    def has_other_ways(self) -> bool:
        """Whether the account has another way in than a password."""
        kept, account = self.office.kept, self.who.account
        return bool(kept.passkeys_of(account) or kept.links_of(account))

    @property
    def providers(self) -> Sequence[Provider]:
        """Through whom one may log in at this address."""
        ways = self.office.ways
        return [*ways.providers.values()] if ways and self.at_home else []

    @property
    def keeps_register(self) -> bool:
        """Whether this account may keep the register."""
        return self._has("administrator")

    @property
    def audits(self) -> bool:
        """Whether this account may look at everything."""
        return self._has("auditor")

    def _has(self, role: Role) -> bool:
        try:
            return self.login is not None and role in self.account.roles
        except (Problem, NotLoggedIn):  # the ledger is away, and that is what the page says
            return False

    @property
    def sees_whole_cases(self) -> bool:
        """Whether there may be cases of which this account sees everything."""
        try:
            return self.login is not None and whole_parties_of(self.account) != {}
        except (Problem, NotLoggedIn):
            return False

    def proven_now(self, login: Login) -> None:
        """Who is there has proven it with this very request: the browser is given a new token."""
        self.login = login

    @property
    def form(self) -> FormData:
        """What was filled in and sent; empty where nothing was."""
        return self.request.state.form or FormData()

    def typed(self, name: str) -> str:
        """The text in a field of what was sent; empty where there is none."""
        return str(self.form.get(name) or "")

    def typed_number(self, name: str, otherwise: int) -> int:
        """A whole number in a field of what was sent; another one where it holds none."""
        return _whole(self.typed(name), otherwise)

    @property
    def today(self) -> date:
        """The day that it is in the ledger."""
        return self.clock().date()

    @cached_property
    def zone(self) -> tzinfo:
        """The time zone of the ledger.

        Raises:
            CommandRefused: this computer does not know it.
        """
        return zone_of(accounts_as_of(self.reading).time_zone)

    @property
    def times(self) -> Text:
        """What the times of the ledger are called."""
        return title_of(self.zone)

    def clock(self) -> datetime:
        """The moment, in the time zone of the ledger: its day dates what is recorded."""
        return self.office.clock().astimezone(self.zone)

    @cached_property
    def account(self) -> Account:
        """The account with its roles as they are now.

        Raises:
            NotLoggedIn: nobody is there, or the account was never opened.
        """
        try:
            return accounts_as_of(self.reading).account(self.who.account)
        except CommandRefused:
            raise NotLoggedIn from None

    @property
    def store(self) -> Store:
        """The ledger, for anyone with an account in it.

        Raises:
            NotLoggedIn: nobody is there, or the account was never opened.
        """
        assert self.account  # noqa: S101 - what has none raises
        return self.office.store

    @property
    def here(self) -> str:
        """The address of the page, to come back to it."""
        url = self.request.url
        if self.request.method != "GET":
            return "/"
        return f"{url.path}?{url.query}" if url.query else url.path

    @property
    def label(self) -> str:
        """The point in time that the address names, in one or two parts."""
        asked = self.request.query_params
        return point_typed(asked.get("at"), asked.get("known"), self.zone)

    @property
    def case(self) -> StreamId:
        """The case that the address names."""
        name: str = self.request.path_params["case"]
        return name

    @cached_property
    def reading(self) -> FollowedReading:
        """The ledger as this request finds it: what was read before is gone on from."""
        return self._reading()

    def _reading(self, archive: EventStore | None = None) -> FollowedReading:
        expected = [REGISTER]
        if case := self.request.path_params.get("case"):
            expected.append(case)
            known = self.office.streams.get(case)
            pinned = known and known.read.history.case.pinned
            if pinned and not self.request.state.is_poll:  # which reads no rubric
                expected.append(rubric_stream(pinned.rubric))
        return FollowedReading(self.office.store, self.office.streams, expected, archive)

    def record(  # noqa: PLR0913 - as `handle_all` has it
        self,
        commands: Mapping[str, Mapping[str, object]],
        *,
        case: StreamId | None,
        dated: date | None = None,
        seen: int | None = None,
        confirmed: Confirmed = NOTHING,
        rehearses: bool = False,
    ) -> list[CommandResult]:
        """Record commands of the account in one stream, all or nothing, as its login has proven.

        Args:
            commands: the fields of each command under its key.
            case: which case they concern; `None` for the register and for rubrics.
            dated: business date of all of them; today where it is not given.
            seen: the number of the last event that the account had looked at, as it sees it.
            confirmed: what is meant so in all of them.
            rehearses: whether nothing is to be written.

        Raises:
            Problem: as `application.handle.handle_all` does; nothing was written.
        """
        if case is not None and "case" in self.request.path_params:
            known = self.now.case  # what is named otherwise is looked up in what the account sees
            commands = {key: completed(lambda: known, fields) for key, fields in commands.items()}
        elif case is not None:  # to be opened; who may not open any must not learn which there are
            roles_for(OpenCase, self.account)

        def handled(seen: int | None) -> Callable[[Ledger], list[CommandResult]]:
            return lambda ledger: handle_all(
                ledger,
                self.clock,
                self.account.id,
                commands,
                case=case,
                dated=dated,
                seen=seen,
                confirmed=confirmed,
            )

        stream = case or REGISTER
        if case is not None and "case" in self.request.path_params and seen is not None:
            number = recorded_version(self.reading, self.account, case, seen)
            if number != seen and self.signing.signs:
                # Who signs reads all that they sign, and the true number would show how much there
                # is that they do not see: so it is tried with, and not signed.
                asking = DryRunStore(AskingStore(self.office.store, self.account.id))
                handled(number)(Ledger(asking, once=True, reading=self._reading))
                seen = None
            else:
                seen = number
        return self.act(stream, handled(seen), rehearses=rehearses)

    def act(
        self, stream: StreamId, do: Callable[[Ledger], Done], *, rehearses: bool = False
    ) -> Done:
        """Do something in a stream when it is one's turn (`application.turns`).

        Args:
            stream: in which.
            do: is given the ledger as it is then, and done again where others were faster.
            rehearses: whether nothing is to be written.
        """
        archive = DryRunStore(self.acting_store) if rehearses else self.acting_store

        def in_turn() -> Done:
            return do(Ledger(archive, once=True, reading=self._reading))

        return in_turn() if rehearses else self.office.turns.take(stream, in_turn)

    @property
    def acting_store(self) -> EventStore:
        """The ledger, in which the account acts as its login has proven, and perhaps signs."""
        kind = AskingStore if self.signing.asks else ActingStore
        store: EventStore = kind(self.office.store, self.who.account, self.signing.sign)
        return store

    def ask_to_sign(self, results: Iterable[CommandResult]) -> None:
        """Ask for a signature of what was rehearsed, in several streams, if one is wanted.

        Raises:
            ToBeSigned: it is, and nothing was recorded.
        """
        fresh = [event for result in results if not result.repeated for event in result.recorded]
        register = accounts_as_of(self.reading)
        demanded = any(
            demands(
                *(register, event.case, self.today), of_signers=isinstance(event.event, OF_SIGNERS)
            )
            for event in fresh
        )
        self.signing = self.signing._replace(demanded=demanded)
        if self.signing.asks and fresh:
            raise ToBeSigned(fresh)

    @cached_property
    def signing(self) -> Signing:
        """How the account signs what it does with this request."""
        origin = self.request.headers.get("origin", "")
        register = accounts_as_of(self.reading)
        # Only what is sent says in which cases something is done.
        elsewhere = None if self.request.url.path.startswith(("/upload", "/assign")) else REGISTER
        where = self.request.path_params.get("case") or elsewhere
        do = str(self.request.path_params.get("do", ""))
        return signing_of(register, self.account, where, do, self.today, self.form, origin)

    @property
    def key_lives(self) -> list[KeyLife]:
        """What was recorded of the keys of all accounts."""
        return key_lives(self.reading.read(REGISTER).history)

    def number(self, name: str, otherwise: int) -> int:
        """A whole number of the address; another one where it names none."""
        return _whole(self.request.query_params.get(name, ""), otherwise)

    @cached_property
    def now(self) -> CaseAsOf:
        """The case as it is now, as far as the account may see it; that it was looked at is kept.

        Raises:
            Invalid: no such case, or none that the account may see.
        """
        seen = look_as(self.reading, self.account, self.case)
        self.note_access()
        return seen

    @property
    def head(self) -> int:
        """The version of the last event that the account sees; nobody has looked at anything.

        Raises:
            Invalid: no such case, or none that the account may see.
        """
        return visible_version(self.reading, self.account, self.case)

    def point(self) -> CaseAsOf:
        """The case at the point that the address names.

        Raises:
            Invalid: no such case, none that the account may see, or no such point.
        """
        return self.now if self.label == FINAL else self.now.earlier(self.label)

    def read_again(self) -> CaseAsOf:
        """The case as it is by now, after something else was recorded in it."""
        for known in ("now", "reading"):
            self.__dict__.pop(known, None)
        return self.now

    def note_access(self, case: StreamId | None = None) -> None:
        """Keep that the account looked at a case: at that of the address, where none is given."""
        page, at = self.request.url.path.rpartition("/")[2], instant(self.office.clock())
        if self.who.by_link:
            page = f"{BY_LINK}{page}"
        self.office.kept.keep_access(self.account.id, case or self.case, page, at)

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        """A page, in the person's language."""
        shared = {
            "desk": self,
            "t": self.t,
            "say": lambda text: in_language(text, self.language),
            "fmt": formatting,
            "language": self.language,
            "terms": terms,
            "titles": terms.EVENTS,
            "parts": PARTS,
        }
        text = _templates(self.language).get_template(template).render(**shared, **values)
        return HTMLResponse(text, status)

    def case_page(
        self, template: str, now: CaseAsOf, status: int = 200, **values: object
    ) -> Response:
        """A page of a case as it is by now; it shows another point where `point` gives one."""
        of_case = {"summary": case_summary(now.case), "head": now.version, "point": now}
        return self.page(template, status, **of_case | values)


def _whole(text: str, otherwise: int) -> int:
    return int(text[:9]) if text.isascii() and text.isdigit() else otherwise
