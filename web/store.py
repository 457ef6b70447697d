"""Data of the web pages next to the ledger (网页库): logins, sessions, tokens, drafts, views.

Nothing here is evidence, and nothing of it is ever copied into the ledger. On SQLite it is a file
of its own, on PostgreSQL a schema of its own. Instants are texts in UTC, as in the ledger.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Executable,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    delete,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from ledger.language import Text
from ledger.store import DatabaseUnavailable
from ledger.system_error import cannot_write
from ledger.values import Invalid
from web.hook_store import HookStore, stop_hooks

T = TypeVar("T")

METADATA: Final = MetaData()
SQLITE: Final = b"SQLite format 3\0"
"""How a file of SQLite begins; an empty one is a database without tables."""


def _text(name: str, *, key: bool = False, empty: bool = False) -> Column[str]:
    return Column(name, String, primary_key=key, nullable=empty)


LOGINS: Final = Table(
    "logins",
    METADATA,
    _text("account", key=True),
    _text("password"),  # argon2id, never the password
    Column("initial", Boolean, nullable=False),  # to be changed at the first login
    Column("disabled", Boolean, nullable=False),
    _text("language", empty=True),
)
FAILURES: Final = Table(
    "failures",
    METADATA,
    _text("account", key=True),  # as it was typed: of an unknown account as well
    Column("count", Integer, nullable=False),
    _text("locked_until", empty=True),
)
SESSIONS: Final = Table(
    "sessions",
    METADATA,
    _text("token_sha256", key=True),  # a reader of this table cannot log in with it
    _text("account"),
    _text("began_at"),
    _text("seen_at"),
    _text("proven_at"),  # when the password was last given
    _text("agent"),
)
TOKENS: Final = Table(
    "tokens",
    METADATA,
    _text("token_sha256", key=True),  # a reader of this table cannot use it
    _text("account"),
    _text("name"),
    _text("scope"),
    _text("cases"),  # with spaces between them; empty for all
    _text("made_at"),
    _text("until"),
    _text("used_at", empty=True),
)
PASSKEYS: Final = Table(
    "passkeys",
    METADATA,
    _text("credential", key=True),  # what the authenticator calls it, base64
    _text("account"),
    _text("name"),
    _text("public"),  # as `ledger.passkey.Passkey` has it, base64
    Column("uses", BigInteger, nullable=False),  # how many it claims to have had
    _text("made_at"),
    _text("used_at", empty=True),
)
LINKS: Final = Table(
    "links",
    METADATA,
    _text("issuer", key=True),
    _text("subject", key=True),  # what the issuer calls a person, and nobody else ever
    _text("account"),
    _text("made_at"),
    _text("used_at", empty=True),
)
ATTEMPTS: Final = Table(
    "attempts",
    METADATA,
    _text("id", key=True),
    _text("holder"),  # SHA-256 of the token of the session, or of the browser before there is one
    _text("purpose"),
    _text("kept"),  # JSON: what the answer is compared with
    _text("until"),
)
DRAFTS: Final = Table(
    "drafts",
    METADATA,
    _text("account", key=True),
    _text("form", key=True),  # its address
    _text("fields"),  # JSON: names and texts
    _text("saved_at"),
)
WAITING: Final = Table(
    "waiting",
    METADATA,
    _text("account", key=True),
    _text("form", key=True),  # where it was handed in: a file waits there for itself alone
    Column("number", Integer, primary_key=True),  # 0 holds the commands, the others go with it
    _text("upload"),
    _text("name"),
    Column("content", LargeBinary, nullable=False),
    _text("saved_at"),
)
ACCESSES: Final = Table(
    "accesses",
    METADATA,
    Column("number", Integer, primary_key=True),
    _text("at"),
    _text("account"),
    _text("case_id"),
    _text("page"),
)

SECRETS: Final = Table(
    "secrets",
    METADATA,
    _text("name", key=True),
    Column("value", LargeBinary, nullable=False),  # that the service itself made, for itself
)


class KeptSession(NamedTuple):
    """A session as it is kept, with what is known of its login.

    Attributes:
        began_at: when it began; likewise when it was last used, and when the password was given.
    """

    account: str
    began_at: str
    seen_at: str
    proven_at: str
    initial: bool
    disabled: bool
    language: str | None


class KeptToken(NamedTuple):
    """A token of a program as it is kept: the columns of its table."""

    token_sha256: str
    account: str
    name: str
    scope: str
    cases: str
    made_at: str
    until: str
    used_at: str | None


class KeptPasskey(NamedTuple):
    """A passkey that an account logs in with: the columns of its table."""

    credential: str
    account: str
    name: str
    public: str
    uses: int
    made_at: str
    used_at: str | None


class KeptLink(NamedTuple):
    """By whom an account is known elsewhere: the columns of its table."""

    issuer: str
    subject: str
    account: str
    made_at: str
    used_at: str | None


class KeptAccess(NamedTuple):
    """That somebody looked at a case.

    Attributes:
        number: in the order in which they were kept.
        at: when, in UTC.
        page: the end of its address.
    """

    number: int
    at: str
    account: str
    page: str


# Each request asks these two, so they are put together once.
_SESSION: Final = (
    select(
        *(SESSIONS.c[name] for name in KeptSession._fields[:4]),
        *(LOGINS.c[name] for name in KeptSession._fields[4:]),
    )
    .join_from(SESSIONS, LOGINS, SESSIONS.c.account == LOGINS.c.account)
    .where(SESSIONS.c.token_sha256 == bindparam("token"))
)
_TOKEN: Final = (
    select(TOKENS)
    .join_from(TOKENS, LOGINS, TOKENS.c.account == LOGINS.c.account)
    .where(TOKENS.c.token_sha256 == bindparam("token"), LOGINS.c.disabled.is_(False))
)
_ACCESS: Final = insert(ACCESSES)
OTHER_WAYS: Final = (PASSKEYS, LINKS)
"""In, besides a password."""
_PROGRAMS: Final = select(LOGINS.c.account).where(
    LOGINS.c.password == "",
    *(LOGINS.c.account.not_in(select(table.c.account)) for table in OTHER_WAYS),
)


class LoginsAway(DatabaseUnavailable):
    """The login data does not answer. Pages show it, so it does not reveal where that is."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("logins", Text("登录数据没有应答", "the login data does not answer"))


class WebStore:
    """The tables, in a file or a schema of their own.

    Attributes:
        hooks: those of web hooks.
    """

    def __init__(self, target: str) -> None:
        """Open them, and make what is not there.

        Args:
            target: a file of their own, or a `postgresql://` URL of a role that owns, or may make,
                the schema `web` there.

        Raises:
            Invalid: it cannot be opened, or the file is of something else and is left alone.
        """
        try:
            self._engine = _engine(target)
            # A question that each request asks is no transaction, which would ask a server twice
            # more; in a file none is begun for it.
            asked = (
                {} if self._engine.dialect.name == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
            )
            self._asking = self._engine.execution_options(**asked)
            METADATA.create_all(self._engine)
            self.hooks = HookStore(self._engine)
            event.listen(self._engine, "handle_error", self._say_that_it_is_away)
        except SQLAlchemyError:
            raise Invalid(
                f"{_shown(target)}：登录数据无法打开，或不能在此建立。请检查位置、权限和数据库服务。",
                f"{_shown(target)}: the login data cannot be opened or created here. Check the"
                " place, the permissions and the database server.",
                rule="no-logins",
            ) from None

    def answers(self) -> bool:
        """Whether it can be read."""
        try:
            with self._asking.connect() as connection:
                connection.execute(select(1))
        except (SQLAlchemyError, LoginsAway):
            return False
        return True

    @staticmethod
    def _say_that_it_is_away(failed: ExceptionContext) -> None:
        """In place of an error of the database, the one that pages and processes wait for."""
        if isinstance(failed.sqlalchemy_exception, OperationalError):
            raise LoginsAway from None

    def close(self) -> None:
        """Let go of it."""
        self._engine.dispose()

    def _run(self, statement: Executable, values: Mapping[str, Any] | None = None) -> None:
        with self._engine.begin() as connection:
            connection.execute(statement, values)

    def _found(self, kind: Callable[..., T], asked: Executable) -> list[T]:
        """The rows that a question finds, each as its kind has the columns."""
        with self._engine.begin() as connection:
            return [kind(*row) for row in connection.execute(asked)]

    # Logins --------------------------------------------------------------------------------------

    def keep_password(self, account: str, password: str, *, initial: bool) -> None:
        """Keep what argon2 made of a password; of sessions, tokens and failures none are left.

        Nor of the other ways in, where an administrator gives the password out: who has lost one
        may have lost them all, or somebody else has added one.
        """
        row = {"password": password, "initial": initial, "disabled": False}
        with self._engine.begin() as connection:
            _keep_login(connection, account, row)
            for table in (SESSIONS, TOKENS, FAILURES, *(OTHER_WAYS if initial else ())):
                connection.execute(delete(table).where(table.c.account == account))
            stop_hooks(connection, account, "login")

    def password_of(self, account: str) -> str | None:
        """What argon2 made of the password of an account that may log in."""
        with self._engine.begin() as connection:
            return connection.execute(
                select(LOGINS.c.password).where(
                    LOGINS.c.account == account, LOGINS.c.disabled.is_(False)
                )
            ).scalar_one_or_none()

    def disable(self, account: str) -> bool:
        """Let an account log in no longer; whether it could."""
        with self._engine.begin() as connection:
            for table in (SESSIONS, TOKENS, *OTHER_WAYS):
                connection.execute(delete(table).where(table.c.account == account))
            stop_hooks(connection, account, "login")
            of_account = update(LOGINS).where(LOGINS.c.account == account)
            return bool(connection.execute(of_account.values(disabled=True)).rowcount)

    def disable_all(self) -> int:
        """Let nobody log in until they are given a password; how many could.

        What they have typed stays.
        """
        with self._engine.begin() as connection:
            for table in (SESSIONS, TOKENS, FAILURES, ATTEMPTS, *OTHER_WAYS):
                connection.execute(delete(table))
            stop_hooks(connection, None, "login")
            could = update(LOGINS).where(LOGINS.c.disabled.is_(False))
            return connection.execute(could.values(disabled=True)).rowcount

    def may_log_in(self, account: str) -> bool:
        """Whether an account may log in, in some way."""
        return self.password_of(account) is not None

    def keep_language(self, account: str, language: str) -> None:
        """Keep the language that an account has chosen."""
        of_account = update(LOGINS).where(LOGINS.c.account == account)
        self._run(of_account.values(language=language))

    def locked_until(self, account: str) -> str | None:
        """Until when a name may not try again."""
        with self._engine.begin() as connection:
            return connection.execute(
                select(FAILURES.c.locked_until).where(FAILURES.c.account == account)
            ).scalar_one_or_none()

    def count_failure(self, account: str, most: int, locked_until: str) -> None:
        """Count that a name did not get in; after so many times it is locked."""
        of_account = FAILURES.c.account == account
        with self._engine.begin() as connection:
            count = connection.execute(select(FAILURES.c.count).where(of_account)).scalar()
            if count is None:
                connection.execute(insert(FAILURES).values(account=account, count=1))
                return
            locks = count + 1 >= most
            connection.execute(
                update(FAILURES)
                .where(of_account)
                .values(
                    count=0 if locks else count + 1, locked_until=locked_until if locks else None
                )
            )

    def forget_failures(self, account: str) -> None:
        """Somebody got in."""
        self._run(delete(FAILURES).where(FAILURES.c.account == account))

    # Sessions ------------------------------------------------------------------------------------

    def keep_session(self, token_sha256: str, account: str, at: str, agent: str) -> None:
        """Keep that a session began."""
        self._run(
            insert(SESSIONS).values(
                token_sha256=token_sha256,
                account=account,
                began_at=at,
                seen_at=at,
                proven_at=at,
                agent=agent,
            )
        )

    def session(self, token_sha256: str) -> KeptSession | None:
        """A session; `None` where there is none."""
        with self._asking.connect() as connection:
            found = connection.execute(_SESSION, {"token": token_sha256}).one_or_none()
        return KeptSession(*found) if found else None

    def mark_session(self, token_sha256: str, **at: str) -> None:
        """Keep when it was last seen (`seen_at`) or the password was given (`proven_at`)."""
        one = update(SESSIONS).where(SESSIONS.c.token_sha256 == token_sha256)
        self._run(one.values(**at))

    def end_session(self, token_sha256: str) -> None:
        """Forget a session."""
        self._run(delete(SESSIONS).where(SESSIONS.c.token_sha256 == token_sha256))

    def sessions_of(self, account: str) -> list[tuple[str, str, str, str]]:
        """The sessions of an account, the newest first: hash, began, last seen, browser."""
        shown = ("token_sha256", "began_at", "seen_at", "agent")
        with self._engine.begin() as connection:
            found = connection.execute(
                select(*(SESSIONS.c[name] for name in shown))
                .where(SESSIONS.c.account == account)
                .order_by(SESSIONS.c.seen_at.desc())
            )
            return [(id_, began, seen, agent) for id_, began, seen, agent in found]

    def end_session_of(self, account: str, token_sha256: str) -> None:
        """Forget a session, if it is one of this account."""
        one = (SESSIONS.c.account == account, SESSIONS.c.token_sha256 == token_sha256)
        self._run(delete(SESSIONS).where(*one))

    def exchange_session(self, token_sha256: str, new: str, proven_at: str) -> None:
        """Keep that who is there has proven it again: the session goes on by another token."""
        one = update(SESSIONS).where(SESSIONS.c.token_sha256 == token_sha256)
        self._run(one.values(token_sha256=new, proven_at=proven_at))

    def end_other_sessions(self, account: str, but: str) -> None:
        """Forget the sessions of an account, but for one."""
        others = (SESSIONS.c.account == account, SESSIONS.c.token_sha256 != but)
        self._run(delete(SESSIONS).where(*others))

    def forget_sessions(self, account: str, began: str, seen: str) -> None:
        """Forget those of an account that began, or were last seen, before these instants."""
        ended = (SESSIONS.c.began_at < began) | (SESSIONS.c.seen_at < seen)
        self._run(delete(SESSIONS).where(SESSIONS.c.account == account, ended))

    def logins(self) -> dict[str, bool]:
        """The accounts that have a login, and whether they may log in."""
        with self._engine.begin() as connection:
            found = connection.execute(select(LOGINS.c.account, LOGINS.c.disabled))
            return {account: not disabled for account, disabled in found}

    def programs(self) -> set[str]:
        """The accounts that no person logs in to: no password and no other way, tokens alone."""
        with self._engine.begin() as connection:
            return set(connection.scalars(_PROGRAMS))

    def admit_program(self, account: str) -> bool:
        """Let programs act under an account, if no person logs in to it; whether that is so."""
        with self._engine.begin() as connection:
            known = select(LOGINS.c.account).where(LOGINS.c.account == account)
            is_new = connection.execute(known).one_or_none() is None
            if not is_new and account not in set(connection.scalars(_PROGRAMS)):
                return False
            _keep_login(connection, account, {"password": "", "initial": False, "disabled": False})
            return True

    # Tokens --------------------------------------------------------------------------------------

    def keep_token(self, made: KeptToken) -> None:
        """Keep a token that was made."""
        self._run(insert(TOKENS).values(**made._asdict()))

    def token(self, token_sha256: str) -> KeptToken | None:
        """A token of an account that may log in; `None` where there is none."""
        with self._asking.connect() as connection:
            found = connection.execute(_TOKEN, {"token": token_sha256}).one_or_none()
        return KeptToken(*found) if found else None

    def mark_token(self, token_sha256: str, used_at: str) -> None:
        """Keep when it was last used."""
        one = update(TOKENS).where(TOKENS.c.token_sha256 == token_sha256)
        self._run(one.values(used_at=used_at))

    def tokens_of(self, account: str) -> list[KeptToken]:
        """The tokens of an account, the newest first."""
        asked = select(TOKENS).where(TOKENS.c.account == account)
        return self._found(KeptToken, asked.order_by(TOKENS.c.made_at.desc()))

    def forget_tokens(self, until: str) -> None:
        """Forget those of all accounts that ended by their days before an instant."""
        self._run(delete(TOKENS).where(TOKENS.c.until < until))

    def end_token_of(self, account: str, token_sha256: str) -> str | None:
        """Forget a token, if it is one of this account; its name."""
        one = (TOKENS.c.account == account, TOKENS.c.token_sha256 == token_sha256)
        with self._engine.begin() as connection:
            name = connection.execute(select(TOKENS.c.name).where(*one)).scalar_one_or_none()
            connection.execute(delete(TOKENS).where(*one))
        return name

    # Other ways in -------------------------------------------------------------------------------

    def keep_attempt(
        self, id_: str, holder: str, purpose: str, kept: str, at: tuple[str, str]
    ) -> None:
        """Keep what somebody is asked for, and forget what was asked for too long ago.

        Args:
            id_: nobody guesses it.
            holder: of whom it is asked.
            purpose: what for.
            kept: what the answer is compared with.
            at: now, and until when.
        """
        now, until = at
        with self._engine.begin() as connection:
            connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.until < now))
            connection.execute(
                insert(ATTEMPTS).values(
                    id=id_, holder=holder, purpose=purpose, kept=kept, until=until
                )
            )

    def take_attempt(self, id_: str, holder: str, purpose: str, now: str) -> str | None:
        """What an answer is compared with, which nobody is given a second time; `None` if gone."""
        one = (ATTEMPTS.c.id == id_, ATTEMPTS.c.holder == holder, ATTEMPTS.c.purpose == purpose)
        with self._engine.begin() as connection:
            found = connection.execute(
                select(ATTEMPTS.c.kept).where(*one, ATTEMPTS.c.until >= now)
            ).scalar_one_or_none()
            # Of two that ask at once, one has deleted it.
            taken = connection.execute(delete(ATTEMPTS).where(*one)).rowcount
        return found if taken else None

    def keep_passkey(self, made: KeptPasskey) -> bool:
        """Keep a passkey; whether there was none of this name among all authenticators'."""
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(PASSKEYS).values(**made._asdict()))
        except IntegrityError:
            return False
        return True

    def passkey(self, credential: str) -> KeptPasskey | None:
        """A passkey; `None` where there is none."""
        asked = select(PASSKEYS).where(PASSKEYS.c.credential == credential)
        return next(iter(self._found(KeptPasskey, asked)), None)

    def passkeys_of(self, account: str) -> list[KeptPasskey]:
        """The passkeys of an account, the newest first."""
        asked = select(PASSKEYS).where(PASSKEYS.c.account == account)
        return self._found(KeptPasskey, asked.order_by(PASSKEYS.c.made_at.desc()))

    def use_passkey(self, credential: str, uses: int, at: str) -> bool:
        """Keep that it was used; whether it has counted on since, or does not count."""
        grown = (PASSKEYS.c.uses < uses) | ((PASSKEYS.c.uses == 0) & (uses == 0))
        one = update(PASSKEYS).where(PASSKEYS.c.credential == credential, grown)
        with self._engine.begin() as connection:
            return bool(connection.execute(one.values(uses=uses, used_at=at)).rowcount)

    def end_passkey_of(self, account: str, credential: str) -> str | None:
        """Forget a passkey, if it is one of this account; its name."""
        one = (PASSKEYS.c.account == account, PASSKEYS.c.credential == credential)
        with self._engine.begin() as connection:
            name = connection.execute(select(PASSKEYS.c.name).where(*one)).scalar_one_or_none()
            connection.execute(delete(PASSKEYS).where(*one))
        return name

    def keep_link(self, made: KeptLink, *, admits: bool) -> bool:
        """Keep by whom an account is known elsewhere; whether nobody had that name there.

        Args:
            made: the link.
            admits: whether the account may log in from here on, though it has no password. One
                that it had before it was disabled does not come back.
        """
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(LINKS).values(**made._asdict()))
                may = select(LOGINS.c.account).where(
                    LOGINS.c.account == made.account, LOGINS.c.disabled.is_(False)
                )
                if admits and connection.execute(may).one_or_none() is None:
                    row = {"password": "", "initial": False, "disabled": False}
                    _keep_login(connection, made.account, row)
        except IntegrityError:
            return False
        return True

    def link(self, issuer: str, subject: str) -> KeptLink | None:
        """Whose account somebody is known by; `None` where there is none."""
        asked = select(LINKS).where(LINKS.c.issuer == issuer, LINKS.c.subject == subject)
        return next(iter(self._found(KeptLink, asked)), None)

    def links_of(self, account: str) -> list[KeptLink]:
        """By whom an account is known elsewhere."""
        asked = select(LINKS).where(LINKS.c.account == account)
        return self._found(KeptLink, asked.order_by(LINKS.c.issuer, LINKS.c.subject))

    def links(self) -> list[KeptLink]:
        """The same of all accounts."""
        return self._found(KeptLink, select(LINKS).order_by(LINKS.c.account, LINKS.c.issuer))

    def use_link(self, issuer: str, subject: str, at: str) -> None:
        """Keep that it was used."""
        one = update(LINKS).where(LINKS.c.issuer == issuer, LINKS.c.subject == subject)
        self._run(one.values(used_at=at))

    def end_link_of(self, account: str, issuer: str, subject: str) -> bool:
        """Forget one, if it is of this account; whether it was."""
        one = (LINKS.c.account == account, LINKS.c.issuer == issuer, LINKS.c.subject == subject)
        with self._engine.begin() as connection:
            return bool(connection.execute(delete(LINKS).where(*one)).rowcount)

    # Drafts --------------------------------------------------------------------------------------

    def keep_draft(self, account: str, form: str, fields: str, at: str) -> None:
        """Keep what was typed into a form so far, in place of what was kept of it before."""
        one = (DRAFTS.c.account == account, DRAFTS.c.form == form)
        with self._engine.begin() as connection:
            connection.execute(delete(DRAFTS).where(*one))
            connection.execute(
                insert(DRAFTS).values(account=account, form=form, fields=fields, saved_at=at)
            )

    def draft(self, account: str, form: str) -> str | None:
        """What was typed into a form, as it was kept."""
        with self._engine.begin() as connection:
            return connection.execute(
                select(DRAFTS.c.fields).where(DRAFTS.c.account == account, DRAFTS.c.form == form)
            ).scalar_one_or_none()

    def forget_draft(self, account: str, form: str) -> None:
        """It was recorded, or is not wanted."""
        self._run(delete(DRAFTS).where(DRAFTS.c.account == account, DRAFTS.c.form == form))

    # Uploads -------------------------------------------------------------------------------------

    def keep_upload(
        self, account: str, form: str, upload: str, files: Sequence[tuple[str, bytes]], at: str
    ) -> None:
        """Keep files that were handed in until they are recorded, in place of those before.

        Args:
            account: who handed them in.
            form: where; what waits elsewhere stays.
            upload: a name that nobody guesses.
            files: name and content of each.
            at: when.
        """
        with self._engine.begin() as connection:
            connection.execute(delete(WAITING).where(*_waits(account, form)))
            for number, (name, content) in enumerate(files):
                connection.execute(
                    insert(WAITING).values(
                        account=account,
                        form=form,
                        number=number,
                        upload=upload,
                        name=name,
                        content=content,
                        saved_at=at,
                    )
                )

    def upload(self, account: str, form: str, upload: str) -> list[tuple[str, bytes]]:
        """The files of an upload, the one with the commands first; none where it is gone."""
        with self._engine.begin() as connection:
            found = connection.execute(
                select(WAITING.c.name, WAITING.c.content)
                .where(*_waits(account, form), WAITING.c.upload == upload)
                .order_by(WAITING.c.number)
            )
            return [(name, content) for name, content in found]

    def forget_upload(self, account: str, form: str) -> None:
        """It was recorded."""
        self._run(delete(WAITING).where(*_waits(account, form)))

    # Accesses ------------------------------------------------------------------------------------

    def keep_access(self, account: str, case: str, page: str, at: str) -> None:
        """Keep that somebody looked at a case."""
        self._run(_ACCESS, {"at": at, "account": account, "case_id": case, "page": page})

    def accesses(
        self,
        case: str,
        *,
        account: str | None = None,
        before: int | None = None,
        limit: int | None = None,
    ) -> list[KeptAccess]:
        """Who looked at which page of a case, newest first.

        Args:
            case: which.
            account: of whom; of everybody where it is not given.
            before: older than the look of this number.
            limit: how many at most.
        """
        asked = select(ACCESSES.c.number, ACCESSES.c.at, ACCESSES.c.account, ACCESSES.c.page)
        asked = asked.where(ACCESSES.c.case_id == case)
        if account is not None:
            asked = asked.where(ACCESSES.c.account == account)
        if before is not None:
            asked = asked.where(ACCESSES.c.number < before)
        asked = asked.order_by(ACCESSES.c.number.desc()).limit(limit)
        return self._found(KeptAccess, asked)

    def erase_accesses(self, case: str, before: str) -> int:
        """Forget who looked at a case before an instant; how many looks there were."""
        old = (ACCESSES.c.case_id == case, ACCESSES.c.at < before)
        with self._engine.begin() as connection:
            return connection.execute(delete(ACCESSES).where(*old)).rowcount

    def lookers(self, case: str) -> list[str]:
        """The accounts that looked at a case."""
        asked = select(ACCESSES.c.account).where(ACCESSES.c.case_id == case).distinct()
        with self._engine.begin() as connection:
            return [account for (account,) in connection.execute(asked)]

    # What the service keeps for itself -----------------------------------------------------------

    def secret(self, name: str, otherwise: bytes) -> bytes:
        """A secret of the service: the one that is kept, or else this one from here on."""
        asked = select(SECRETS.c.value).where(SECRETS.c.name == name)
        with suppress(IntegrityError), self._engine.begin() as connection:
            kept: bytes | None = connection.execute(asked).scalar_one_or_none()
            if kept is not None:
                return kept
            connection.execute(insert(SECRETS).values(name=name, value=otherwise))
            return otherwise
        with self._engine.begin() as connection:  # another process was faster
            made: bytes = connection.execute(asked).scalar_one()
            return made


def _keep_login(connection: Connection, account: str, row: Mapping[str, object]) -> None:
    of_account = update(LOGINS).where(LOGINS.c.account == account)
    if not connection.execute(of_account.values(**row)).rowcount:
        connection.execute(insert(LOGINS).values(account=account, language=None, **row))


def _waits(account: str, form: str) -> tuple[ColumnElement[bool], ...]:
    return WAITING.c.account == account, WAITING.c.form == form


def _engine(target: str) -> Engine:
    if "://" in target:
        engine = create_engine(
            target.replace("postgresql://", "postgresql+psycopg://", 1),
            execution_options={"schema_translate_map": {None: "web"}},
        )
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS web")
        return engine
    path = Path(target)
    _refuse_other_files(path)
    engine = create_engine(f"sqlite:///{path.absolute()}")
    event.listen(engine, "connect", _as_we_want_it)
    return engine


def _refuse_other_files(path: Path) -> None:
    """Make the file where there is none.

    Raises:
        Invalid: it cannot be made, or has something in it that is not a database.
    """
    try:
        path.touch(mode=0o600)
        with path.open("rb") as file:
            head = file.read(len(SQLITE))
    except OSError as error:
        raise cannot_write(path, error) from None
    if head not in {b"", SQLITE}:
        raise Invalid(
            f"{path}：是其他文件，不是登录数据，未作改动。请更换位置。",
            f"{path}: another file, without login data; it was not changed. Name another place.",
            rule="no-logins",
        )


def _shown(target: str) -> str:
    """A place without its password."""
    return make_url(target).render_as_string() if "://" in target else target


def _as_we_want_it(connection: Any, _record: object) -> None:  # noqa: ANN401 - of the driver
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 5000"):
        connection.execute(f"PRAGMA {pragma}")
