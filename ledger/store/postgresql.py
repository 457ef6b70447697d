"""A ledger on a PostgreSQL server, which many processes and threads use at once.

To append is one statement in one round trip, durable when it returns and without any lock, so the
server writes those of many clients to the disk together. To seal is one client's turn at a time,
by a lock. Everything is written by functions of the tables' owner: nobody else has a right on them
(migrations/versions/0004_seal.sql explains how pending events are found, and
0007_owners_functions.sql who may append what). For one event, the way there and back costs more
than the work, so appending and sealing is one statement.
"""

import logging
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, TypeVar, cast
from urllib.parse import quote, urlencode

import psycopg
from psycopg import errors as pg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, create_engine
from sqlalchemy import Table as CoreTable
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

import migrations
from ledger.envelope import UNPROVEN, Identity, Through
from ledger.language import Text
from ledger.log.tree import leaf_hash
from ledger.store.database import (
    CATCH_UP_TIMEOUT,
    SEQUENCE_BATCH,
    Ask,
    Database,
    Opening,
    QueryResult,
    SqlTable,
)
from ledger.store.entries import AuditRow, Basis, NewEntry, WrittenEntry, moment_of
from ledger.store.errors import (
    DatabaseDamaged,
    DatabaseUnavailable,
    LedgerExists,
    LedgerNotFound,
    LockTimeout,
    OutcomeUnknown,
    ReadOnly,
    RecordedBefore,
    StoreError,
    VersionConflict,
    not_stored,
)
from ledger.store.structure import parts
from ledger.values import Invalid

LOGGER: Final = logging.getLogger(__name__)

SCHEMES: Final = ("postgresql", "postgres")
OLDEST: Final = 150_000
"""PostgreSQL 15, as the server numbers its versions."""

SCHEMA: Final = "public"
"""Where the ledger is. Statements name it, and no connection looks elsewhere."""

STATEMENT: Final = 60
"""Seconds that the server may work at one statement; those of the store take milliseconds."""

POOL: Final = 5
POOL_MAX: Final = 20
"""Connections kept, and the most that are open at once; each is a process of the server."""

# Migrating a ledger, or admitting a role to it, takes this lock, which only the owner can take.
_LOCK = f"LOCK TABLE {SCHEMA}.{migrations.TABLE} IN SHARE UPDATE EXCLUSIVE MODE"
# The same, for bringing the projections up to date.
_TURN = "SELECT public.take_turn()"
_MANY = "%b::text[], %b::bigint[], %b::text[], %b::bytea[]"
# The driver takes a third of the time of an append to make lists, even of a single event.
_ONE = "ARRAY[%b::text], ARRAY[%b::bigint], ARRAY[%b::text], ARRAY[%b::bytea]"
_APPEND = "SELECT public.append({})"
_APPEND_AND_SEAL = "SELECT * FROM public.append_and_seal({}, %s, %s, %s)"
# An append that comes while another has its turn does not keep those behind it waiting for the
# disk: it ends its turn without, and a transaction that waits follows before anything is reported.
# The log of the server (WAL) is written in order, so what came before is on the disk when that is.
_WAITED_FOR = (
    ", (SELECT CASE WHEN pg_try_advisory_xact_lock(7270020) THEN 'on'"
    " ELSE set_config('synchronous_commit', 'off', true) END AS disk) AS waits"
)
# A standby writes nothing, and shows nothing that is not on a disk.
_FLUSHED = (
    "SELECT CASE WHEN NOT pg_is_in_recovery()"
    " THEN pg_logical_emit_message(true, 'scoretrail', '') END"
)
_SEAL = "SELECT since, size FROM public.seal(%s, %s)"
_SEAL_LAST = "SELECT public.seal_last(%s), pg_current_xact_id()::text"
_MOVE_ON = "SELECT public.move_on(%s::xid8)"
_IDENTITY = "SELECT account, through FROM public.database_roles WHERE role = session_user"
_KEEP = {
    "checkpoints": "SELECT public.keep_checkpoint(%s::bigint, %s, %s, %s::text)",
    "cosignatures": "SELECT public.keep_cosignature(%s::bigint, %s::text)",
    "stamps": "SELECT public.keep_stamp(%s, %s, %s)",
}

_INDEXES = (
    "SELECT index.relname, ours.relname,"
    " (SELECT string_agg(pg_get_indexdef(indexrelid, nth, false), ', ' ORDER BY nth)"
    " FROM generate_series(1, indnkeyatts) AS nth)"
    " FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid"
    " JOIN pg_class AS ours ON ours.oid = indrelid JOIN pg_namespace AS schema"
    " ON schema.oid = ours.relnamespace AND nspname = 'public'"
    " WHERE ours.relname IN ('events', 'leaves', 'tiles', 'checkpoints', 'cosignatures', 'stamps')"
    " AND indpred IS NULL AND indexprs IS NULL ORDER BY 1"
)
_COUNTED = (
    "SELECT count(*), coalesce(sum(hashtidextended(ctid, 0)), 0)::text"
    " FROM (SELECT ctid FROM public.{} {}) AS found"
)
_WALKED = (
    "SELECT case_id, count(*), max(version) FROM public.events WHERE case_id = ANY (%s)"
    " GROUP BY case_id"
)
_WRITTEN = (
    "SELECT position, hash, case_id, version, type, entry, written_by, role IS NOT NULL, account,"
    " through, events.id FROM public.events"
    " LEFT JOIN public.leaves ON event_id = events.id"
    " LEFT JOIN public.database_roles ON role = written_by"
    " WHERE events.id > %s AND (%s::text IS NULL OR case_id = %s) AND CASE"
    " WHEN role IS NOT NULL"
    " THEN through IS NOT NULL OR position(convert_to('\"through\":', 'UTF8') IN entry) > 0"
    " ELSE EXISTS (SELECT FROM pg_roles"
    " WHERE rolname = written_by AND NOT pg_has_role(pg_roles.oid,"
    " (SELECT relowner FROM pg_class WHERE pg_class.oid = 'public.events'::regclass), 'MEMBER'))"
    " END ORDER BY events.id LIMIT %s"
)


def _reading(**ways: str) -> str:
    """The statement that informs the planner, for this transaction, which paths it may take."""
    told = (f"set_config('enable_{way}', '{may}', true)" for way, may in ways.items())
    return f"SELECT {', '.join(told)}"


_SAME_SNAPSHOT = "SET TRANSACTION SNAPSHOT '{}'"
_BY_TABLE = _reading(seqscan="on", indexscan="off", indexonlyscan="off", bitmapscan="off")
_BY_INDEX = _reading(
    seqscan="off", indexscan="on", indexonlyscan="off", bitmapscan="off", sort="off"
)

WRITTEN: Final = 1_000
"""Entries that are read at once to see who wrote them."""

# What goes wrong is raised. Left alone, the driver would also write it to stderr.
logging.getLogger("psycopg").addHandler(logging.NullHandler())

_LOST: Final = (TransactionStatus.ACTIVE, TransactionStatus.UNKNOWN)
"""A connection on which an answer is still to come, or none can: nothing can be asked there."""

T = TypeVar("T")


@cache
def _native(statement: str) -> str:
    """A statement that both databases understand, as this one spells it."""
    spelt = statement.replace("instr(entry, ?)", "position(? IN entry)")
    return spelt.replace("?", "%s").replace("main.", f"{SCHEMA}.")


_ROLES: Final = "public.database_roles"
_NO_ROLES: Final = "(SELECT NULL::name AS role WHERE false) AS database_roles"
_KNOWS_ROLES: Final = (
    "SELECT count(*) FROM pg_attribute WHERE NOT attisdropped"  # noqa: S608 - a constant
    f" AND attrelid = to_regclass('{_ROLES}') AND attname = 'role'"
)


@cache
def _structure_query(*, knows_roles: bool) -> str:
    """What the structure is asked with, also where the table of roles is what is missing."""
    query = Path(__file__).with_name("postgresql_structure.sql").read_text("utf-8")
    return query if knows_roles else query.replace(_ROLES, _NO_ROLES)


_GIVEN: Final = {f"EXECUTE {name}" for name in migrations.FUNCTIONS} | {
    f"{right} {table}"
    for table, rights in migrations.RIGHTS.items()
    for right in rights.split(", ")
}


def _is_given(part: str, state: str) -> bool:
    """Whether a part of the structure is a right that the program gives to roles it registers."""
    return state == "registered" and part.partition(" to ")[2] in _GIVEN


@cache
def _insertion(name: str, *columns: tuple[str, str]) -> str:
    """One statement for any number of rows, which come as one array a column."""
    names = ", ".join(column for column, _ in columns)
    arrays = ", ".join(f"%s::{type_}[]" for _, type_ in columns)
    return (
        f"INSERT INTO {SCHEMA}.{name} ({names})"  # noqa: S608 - put together from constants
        f" SELECT {names} FROM unnest({arrays}) WITH ORDINALITY AS given({names}, nth) ORDER BY nth"
    )


def _by_column(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _lists(entries: Sequence[NewEntry]) -> tuple[str, list[object]]:
    """What the owner's functions take of events: how a statement names it, and the values."""
    if len(entries) == 1:
        return _ONE, [*entries[0]]
    return _MANY, [*_by_column(entries)]


class _Cursor(psycopg.Cursor[Any]):
    """Results in binary: as text, bytes would travel as twice as many hexadecimal digits."""

    def __init__(self, connection: psycopg.Connection[Any], **options: Any) -> None:  # noqa: ANN401 - psycopg's own
        super().__init__(connection, **options)
        self.format = psycopg.pq.Format.BINARY


class _Connection(psycopg.Connection[Any]):
    """A connection that does not wait forever for a server that has fallen silent."""

    silence_max = STATEMENT + 10

    def wait(self, gen: Generator[Any, Any, T], *_: Any, **__: Any) -> T:  # noqa: ANN401 - psycopg's own
        """Wait for an answer.

        Raises:
            psycopg.OperationalError: none came for too long.
        """
        try:
            return super().wait(gen, timeout=self.silence_max)
        except pg._WaitTimeout as error:  # noqa: SLF001 - to be caught by the caller that gives a timeout
            self.pgconn.finish()
            raise psycopg.OperationalError(f"no answer in {self.silence_max} seconds") from error


CANNOT_EXTEND: Final = "could not extend file"
_NO_ROOM: Final = Text(
    "服务器无法扩展文件，可能磁盘空间不足",
    "the server could not extend a file; its disk may be full",
)
TOO_OLD: Final = "PostgreSQL 15 or newer is needed"
_REASONS: Final[Mapping[str, Text]] = {
    "08": Text("与服务的连接断了", "the connection to the server broke"),
    "22": Text("服务不接受其中的数据", "the server does not take the data"),
    "23": Text("与库里已有的内容冲突", "it is at odds with what is there"),
    "25006": Text("数据库只读", "the database is read-only"),
    "28": Text("用户名或密码不对", "wrong user name or password"),
    "3D": Text("没有这个数据库", "there is no such database"),
    "3F": Text("库里缺少记录库的表", "the ledger's tables are missing"),
    "42501": Text("这个用户没有所需的权限", "this user has not the right"),
    "42": Text(
        "库里的表或函数与本程序所需的不符", "tables or functions are not as the program needs them"
    ),
    "53100": Text("服务器磁盘空间不足", "no space left on the server's disk"),
    "53200": Text("服务器内存不足", "the server is out of memory"),
    "53": Text("服务器资源不足", "the server lacks resources"),
    "54": Text("超过服务的限度", "beyond a limit of the server"),
    "57": Text("服务已停止或正在启动", "the server was stopped or is starting"),
    "58": Text("服务器的磁盘读写错误", "the server's disk fails"),
    "XX001": Text("数据库自己发现数据损坏", "the database itself finds its data broken"),
    "XX002": Text("数据库自己发现索引损坏", "the database itself finds an index broken"),
    "XX": Text("服务器内部出错，见服务器日志", "the server has an internal error; see its log"),
}
"""By the state that the server gives an error (SQLSTATE), or its class."""
_WITHOUT_STATE: Final[Mapping[str, Text]] = {
    "password authentication failed": _REASONS["28"],
    "no password supplied": Text("没有给密码", "no password was given"),
    "does not exist": Text("没有这个用户或数据库", "there is no such user or database"),
    "pg_hba.conf": Text("服务器不许从这里连接", "the server allows no connection from here"),
    "no answer in": Text("服务没有回应，不再等", "no answer; it is waited for no longer"),
    TOO_OLD: Text("需要 PostgreSQL 15 或更新的版本", "PostgreSQL 15 or newer is needed"),
    "onnection refused": Text("那里没有服务在运行", "no server answers there"),
    "could not translate host name": Text("没有这台服务器", "there is no such host"),
    "failed to resolve host": Text("没有这台服务器", "there is no such host"),
    "timeout": Text("服务没有回应", "the server does not answer"),
    "timed out": Text("服务没有回应", "the server does not answer"),
    "SSL": Text("加密连接没有建立", "no encrypted connection could be made"),
    "starting up": _REASONS["57"],
    "shutting down": _REASONS["57"],
}
"""By what the driver says before there is a connection, when no error has a state."""
_NO_WAY: Final = Text("连接不上，或连接断了", "there is no connection, or it broke")


class _ConnectionLost(psycopg.OperationalError):
    """The connection was lost while something was being written."""


class _Transaction:
    """A connection, as the store speaks to it."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def execute(self, statement: str, parameters: Sequence[object] = (), /) -> QueryResult:
        return self._execute(_native(statement), parameters)

    def insert(self, table: SqlTable, rows: Sequence[Sequence[object]]) -> None:
        if rows:
            statement = _insertion(table.name, *table.columns.items())
            stored = self._execute(statement, _by_column(rows)).rowcount
            if stored not in {len(rows), -1}:  # in a pipeline the answer is still on its way
                raise not_stored()

    def keep(self, table: SqlTable, row: Sequence[object]) -> None:
        self._execute(_KEEP[table.name], row)

    def append(self, entries: Sequence[NewEntry], basis: Basis | None = None) -> list[int]:
        if not entries:
            return []
        case_id, version = basis or (None, None)
        lists, values = _lists(entries)
        statement = _APPEND_AND_SEAL.format(lists)
        try:
            positions, hashes = self._append_and_seal(
                statement, [*values, SEQUENCE_BATCH, case_id, version]
            )
        except pg.SerializationFailure as error:  # only by our function: see `_connect`
            raise VersionConflict(error.diag.message_primary or "", (version or 0) + 1) from error
        except pg.DatetimeFieldOverflow as error:
            last, position = error.diag.message_primary or "", int(error.diag.message_detail or 0)
            now = moment_of(entries[0].entry).decode(errors="replace")
            raise RecordedBefore(last, now, position) from error
        if positions != sorted(set(positions)) or hashes != [
            leaf_hash(new.entry) for new in entries
        ]:
            raise not_stored()
        return positions

    def _append_and_seal(
        self, statement: str, values: Sequence[object]
    ) -> tuple[list[int], list[bytes]]:
        """The positions and leaf hashes of what is appended."""
        ((positions, hashes),) = self._execute(statement, values).fetchall()
        return positions, hashes

    def append_unsealed(self, entries: Sequence[NewEntry]) -> None:
        lists, values = _lists(entries)
        ((stored,),) = self._execute(_APPEND.format(lists), values).fetchall()
        if stored != len(entries):
            raise not_stored()

    def seal(self, *, thorough: bool = False) -> range:
        return range(*self._execute(_SEAL, (thorough, SEQUENCE_BATCH)).fetchall()[0])

    def _execute(self, statement: str, parameters: Sequence[object] = ()) -> psycopg.Cursor[Any]:
        return self._connection.execute(statement, parameters, prepare=True)


class _OneStatement(_Transaction):
    """A statement that is a transaction of its own."""

    def _append_and_seal(
        self, statement: str, values: Sequence[object]
    ) -> tuple[list[int], list[bytes]]:
        ((positions, hashes, disk),) = self._execute(statement + _WAITED_FOR, values).fetchall()
        if disk == "off":
            try:
                self._execute(_FLUSHED)
            except psycopg.Error as error:  # it is recorded, but perhaps not on the disk
                raise _ConnectionLost(*error.args) from error
        return positions, hashes


class _BulkLoad(_Transaction):
    """Very many rows, batch after batch.

    Attributes:
        own: the id of the transaction, once it has given events their places.
    """

    own: str | None = None

    def append(
        self,
        entries: Sequence[NewEntry],
        basis: Basis | None = None,  # noqa: ARG002 - what fills a ledger depends on nothing
    ) -> list[int]:
        self.append_unsealed(entries)
        ((size, self.own),) = self._execute(_SEAL_LAST, (len(entries),)).fetchall()
        return list(range(size - len(entries), size))


class _Beside:
    """A connection in a transaction over the schema of the projections."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def insert(self, table: CoreTable, rows: Sequence[Sequence[object]]) -> None:
        if not rows:
            return
        driver = cast("psycopg.Connection[Any]", self.connection.connection.driver_connection)
        with driver.cursor().copy(f"COPY {table.fullname} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


class PostgresqlDatabase(Database):
    """A database on a server, through a pool of connections."""

    dialect = "postgresql"
    errors = (OSError, SQLAlchemyError, psycopg.Error)
    taken = pg.UniqueViolation

    def __init__(self, target: str, opening: Opening, *, patience: float) -> None:
        """Connect, and make or migrate the ledger where `opening` says so.

        Raises:
            StoreError: any but Conflict and TooLarge, for what is found there.
        """
        self._given = _parts(target)
        super().__init__(_named(self._given))
        self._patience = patience
        self._engine = create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            isolation_level="AUTOCOMMIT",
            pool_size=POOL,
            max_overflow=POOL_MAX - POOL,
            pool_timeout=patience,
            pool_use_lifo=True,  # the fewer connections are in use, the fewer stay open
            pool_reset_on_return=None,  # the caller that begins a transaction here ends it
            use_native_hstore=False,  # asks the server about a type that is not used
        )
        with self.translated_errors():
            try:
                if opening is not Opening.OPEN:
                    self._make_or_migrate(opening)
                self.check_current()
            except BaseException:
                self.close()
                raise

    def _connect(self) -> psycopg.Connection[Any]:
        settings = {
            "lock_timeout": f"{self._patience:.3f}s",
            "statement_timeout": f"{STATEMENT}s",
            "idle_in_transaction_session_timeout": f"{STATEMENT}s",
            # A plan made while the tables were small is kept while they grow: without this it
            # would read all of them for every event.
            "enable_seqscan": "off",
            "jit": "off",  # compiling a statement would take far longer than running it
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        usual: dict[str, Any] = {
            "application_name": "scoretrail",
            "connect_timeout": max(2, int(self._patience)),
            "target_session_attrs": "read-write",  # not a standby: what it shows may be undone
        }
        wanted = usual | self._given
        # Last, so that it overrides any setting of an address, a role or a database.
        fixed = f"-c search_path={SCHEMA},pg_temp -c default_transaction_isolation=read\\ committed"
        wanted["options"] = f"{options} {self._given.get('options', '')} {fixed}"
        LOGGER.debug("connecting to %s", self.place)
        connection = _Connection.connect(
            make_conninfo(**wanted), autocommit=True, cursor_factory=_Cursor
        )
        LOGGER.debug("connected")
        if connection.info.server_version < OLDEST:
            connection.close()
            raise psycopg.NotSupportedError(TOO_OLD)
        return connection

    def _make_or_migrate(self, opening: Opening) -> None:
        if opening is Opening.MAKE:
            with self.core() as core:  # not as the owner, who alone can take the lock
                if migrations.revision(core) is not None:
                    raise LedgerExists(self.place)
        try:
            with self._owners_transaction() as core:
                self._prepare(core, opening)
        except DBAPIError as error:
            if opening is Opening.MAKE and isinstance(error.orig, pg.UniqueViolation):
                raise LedgerExists(self.place) from error  # somebody else was faster
            raise

    @contextmanager
    def _owners_transaction(self) -> Iterator[Connection]:
        """A transaction for what the owner alone can do, one at a time once there is a ledger."""
        with self.core() as core:
            core.exec_driver_sql("BEGIN")
            try:
                if migrations.revision(core) is not None:
                    core.exec_driver_sql(_LOCK)
                yield core
                core.exec_driver_sql("COMMIT")
            except BaseException:
                core.exec_driver_sql("ROLLBACK")
                raise

    def admit(
        self,
        role: str,
        password: str,
        account: str | None = None,
        through: Through | None = None,
    ) -> str:
        """Let a role append and read, and nothing else; the target for it.

        Args:
            role: is made where there is none, with the password; otherwise it keeps its own, and
                there is none in the target.
            password: never leaves this process: the server gets a hash with a salt.
            account: whom it is to act as; anybody where it is not given.
            through: how that is proven; unproven where it is not given.

        Raises:
            Invalid: the role is registered for something else.
        """
        with self._connection() as connection:
            database = connection.info.dbname
            secret = connection.pgconn.encrypt_password(
                password.encode(), role.encode(), b"scram-sha-256"
            )
        with self._owners_transaction() as core:
            named = core.exec_driver_sql("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
            is_new = named.first() is None
            new = secret.decode() if is_new else None
            if migrations.admit(core, role, new, account, through) != (account, through):
                raise Invalid(
                    f"数据库角色 {role} 已登记作其他用途，登记不能更改。请更换角色名",
                    f"the database role {role} is registered for another purpose, which cannot be"
                    " changed. Choose another name",
                    rule="role-taken",
                    subject=role,
                )
        of_role = {"user": role, "password": password if is_new else None, "dbname": database}
        return _url(self._given | of_role)

    @cached_property
    def identity(self) -> Identity:
        """Whom the server knows its client to be; asked once."""
        with self._connection() as connection:
            found = connection.execute(_IDENTITY).fetchone()
        return Identity(*found) if found else UNPROVEN

    @contextmanager
    def reading(self) -> Iterator[_Transaction]:
        """For statements that see one state of the database each."""
        with self._connection() as connection:
            yield _Transaction(connection)

    @contextmanager
    def appending(self) -> Iterator[_Transaction]:
        """For one statement that writes, which is a transaction of its own."""
        with self._connection(writes=True) as connection:
            yield _OneStatement(connection)

    def wait_for_disk(self) -> None:
        """By an empty entry in the log of the server, which is written in order."""
        with self._connection() as connection:
            connection.execute(_FLUSHED, prepare=True)

    @contextmanager
    def writing(self) -> Iterator[_Transaction]:
        """A transaction of its own: all is durable at the end, or nothing.

        What a pipeline sends is one transaction without being declared one: it is committed at its
        end, and undone where a statement fails or the client goes away. Only what goes wrong on
        this side has to be reported.
        """
        with self._connection(writes=True) as connection:
            try:
                with connection.pipeline():
                    try:
                        yield _Transaction(connection)
                    except BaseException:
                        if not connection.closed:
                            connection.execute("ROLLBACK")
                        raise
            except BaseException:
                # A rollback releases prepared statements, but the driver does so only after the
                # next statement, which may have been prepared again: so let it be this one.
                with suppress(psycopg.Error):
                    connection.execute("SELECT", prepare=False)
                raise

    @contextmanager
    def bulk_loading(self) -> Iterator[_Transaction]:
        """As `writing`, for very many rows."""
        with self._connection(writes=True) as connection, connection.transaction():
            filling = _BulkLoad(connection)
            yield filling
        if filling.own is not None:
            with suppress(*self.errors):  # all is kept; the next seal only takes longer
                self._move_on(filling.own)

    def _move_on(self, own: str) -> None:
        """Let the next seal begin beyond a transaction that is over and left nothing to seal."""
        with self._connection() as connection, connection.transaction():
            connection.execute(_MOVE_ON, (own,))

    @contextmanager
    def read_snapshot(self, snapshot: str | None = None) -> Iterator[Ask]:
        """For many queries of a walk: all see the state of its beginning, as ids come late here."""
        with self._snapshot() as connection:
            if snapshot is not None:
                connection.execute(_SAME_SNAPSHOT.format(snapshot))
            transaction = _Transaction(connection)
            yield lambda statement, values: transaction.execute(statement, values).fetchall()

    def share_snapshot(self, ask: Ask) -> str | None:
        """By what other processes see the state that a walk sees, as long as it lasts."""
        ((snapshot,),) = ask("SELECT pg_export_snapshot()", ())
        return str(snapshot)

    def structure(self) -> dict[str, str]:
        """Every part of the ledger's tables by its kind and name, with what it is."""
        with self._connection() as connection:
            ((knows_roles,),) = connection.execute(_KNOWS_ROLES).fetchall()
            query = _structure_query(knows_roles=bool(knows_roles))
            found = connection.execute(query, ([*migrations.RIGHTS],)).fetchall()
        return parts(row for row in found if not _is_given(*row))

    def integrity(self) -> list[str]:
        """Indexes that do not lead to exactly those rows that their table holds."""
        broken = []
        with self._snapshot() as connection:
            for index, table, columns in connection.execute(_INDEXES).fetchall():
                connection.execute(_BY_INDEX)
                led_to = connection.execute(_COUNTED.format(table, f"ORDER BY {columns}"))
                ((rows, which),) = led_to.fetchall()
                connection.execute(_BY_TABLE)
                ((held, those),) = connection.execute(_COUNTED.format(table, "")).fetchall()
                if (rows, which) != (held, those):
                    broken.append(f"{index}: {rows} rows, {table}: {held} rows")
        return broken

    def walked(self, case_ids: Sequence[str]) -> list[tuple[str, int, int]]:
        """Streams with how many events each has and its last version, read past every index."""
        with self._snapshot() as connection:
            connection.execute(_BY_TABLE)
            return connection.execute(_WALKED, ([*case_ids],)).fetchall()

    def written(self, case_id: str | None) -> Iterator[WrittenEntry]:
        """Entries of registered roles, and of roles that are none and could not append."""
        after = 0
        while True:
            with self._connection() as connection:
                values = (after, case_id, case_id, WRITTEN)
                found = connection.execute(_WRITTEN, values).fetchall()
            for *row, role, is_known, account, through, _ in found:
                identity = Identity(account, through) if is_known else None
                yield WrittenEntry(AuditRow(*row), role, identity)
            if len(found) < WRITTEN:
                return
            after = found[-1][-1]

    @contextmanager
    def _snapshot(self) -> Iterator[psycopg.Connection[Any]]:
        with self._connection() as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                yield connection
            finally:
                if not connection.closed:
                    connection.rollback()

    @contextmanager
    def core(self) -> Iterator[Connection]:
        """SQLAlchemy's side of a connection."""
        self.check_open()
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def projection_transaction(self, *, writing: bool) -> Iterator[_Beside]:
        """A transaction over the schema of the projections; it sees one state of all tables."""
        with self.core() as connection:
            kind = "READ COMMITTED" if writing else "REPEATABLE READ READ ONLY"
            connection.exec_driver_sql(f"BEGIN ISOLATION LEVEL {kind}")
            try:
                if writing:
                    connection.exec_driver_sql(
                        f"SET LOCAL lock_timeout = '{CATCH_UP_TIMEOUT:.3f}s'"
                    )
                    LOGGER.debug("asking for the turn to write the projections")
                    connection.exec_driver_sql(_TURN)
                    LOGGER.debug("has the turn to write the projections")
                else:  # whole tables are read here, not single events
                    connection.exec_driver_sql("SET LOCAL enable_seqscan = on")
                yield _Beside(connection)
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                with suppress(SQLAlchemyError):  # undone with the connection where that is cut
                    connection.exec_driver_sql("ROLLBACK")
                raise

    @contextmanager
    def projection_reading(self) -> Iterator[Ask]:
        """The same schema, for queries without SQLAlchemy."""
        with self._snapshot() as connection:
            connection.execute("SET LOCAL enable_seqscan = on")
            yield lambda query, values: connection.execute(_native(query), values).fetchall()

    @contextmanager
    def _connection(self, *, writes: bool = False) -> Iterator[psycopg.Connection[Any]]:
        self.check_open()
        pooled = self._engine.raw_connection()
        connection: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]  # what the pool holds is ours
        try:
            yield connection
        except BaseException as error:
            if connection.info.transaction_status in _LOST:
                connection.close()
                pooled.invalidate()
                self._engine.dispose()  # the others have hardly survived what this one did not
                if writes and isinstance(error, psycopg.Error):
                    raise _ConnectionLost(*error.args) from error
            raise
        finally:
            pooled.close()

    def explained(self, error: Exception) -> StoreError:
        """The error of ours that corresponds to an error of the server or of the connection."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        match cause:
            case (
                pg.LockNotAvailable()
                | pg.QueryCanceled()
                | pg.DeadlockDetected()
                | pg.TooManyConnections()
                | PoolTimeout()
            ):
                return LockTimeout(self.place)
            case pg.InsufficientPrivilege() | pg.ReadOnlySqlTransaction():
                return ReadOnly(self.place, self._reason(cause))
            case pg.DataCorrupted() | pg.IndexCorrupted() | pg.NoDataFound():
                return DatabaseDamaged(self.place, self._reason(cause))
            case _ConnectionLost():
                return OutcomeUnknown(self.place, self._reason(cause))
            case _:
                return DatabaseUnavailable(self.place, self._reason(cause))

    def _reason(self, cause: BaseException | None) -> Text:
        """Why, in our words: the server's own are in its language, and for its operator."""
        said = " ".join(str(cause).split())
        if password := self._given.get("password"):
            said = said.replace(password, "***")
        LOGGER.info("the server of %s, or the way to it, says: %s", self.place, said)
        if ours := _said_by_our_functions(cause):
            return ours
        state = "" if TOO_OLD in said else getattr(cause, "sqlstate", None) or ""
        if CANNOT_EXTEND in said:  # which has the state of a full disk for some reasons only
            return _NO_ROOM
        by_state = _REASONS.get(state) or _REASONS.get(state[:2])
        if by_state:
            return _with_names(by_state, cause) if state[:2] == "42" else by_state
        if state:
            return Text(f"PostgreSQL 错误 {state}", f"PostgreSQL error {state}")
        return next((text for sign, text in _WITHOUT_STATE.items() if sign in said), _NO_WAY)

    def close(self) -> None:
        """Let go of the server. Closing twice is fine."""
        self._closed = True
        self._engine.dispose()


def _with_names(text: Text, cause: BaseException | None) -> Text:
    """What is wrong with parts of the structure, with the names that the server gives in quotes."""
    message = getattr(getattr(cause, "diag", None), "message_primary", None) or ""
    names = ", ".join(re.findall(r'"([^"]+)"', message))
    return Text(f"{text.zh}：{names}", f"{text.en}: {names}") if names else text


def _said_by_our_functions(cause: BaseException | None) -> Text | None:
    """What a function of the ledger's own refuses with, which has both languages in one text."""
    said = cause.diag.message_primary if isinstance(cause, psycopg.Error) else None
    zh, between, en = (said or "").partition(" / ")
    return Text(zh, en) if between and any(sign >= "\u4e00" for sign in zh) else None


def _parts(target: str) -> dict[str, Any]:
    """The parts of a URL, as the driver itself reads them.

    Raises:
        LedgerNotFound: it cannot be read. It is not repeated: any part of it may be of a password.
    """
    try:
        parts: dict[str, Any] = conninfo_to_dict(target)
    except psycopg.ProgrammingError:
        parts = {}
    # An @ or a / inside a password that is not written as %40 or %2F cuts it in two.
    if not parts or any("@" in str(parts.get(name, "")) for name in ("host", "port", "dbname")):
        raise LedgerNotFound(
            f"{SCHEMES[0]}://…",
            "地址格式不正确，密码中的特殊字符须写为 %40 等形式",
            "the address cannot be read; special signs in a password are written like %40",
        ) from None
    return parts


def _named(parts: dict[str, Any]) -> str:
    """What to call a database in messages."""
    user = f"{parts['user']}@" if parts.get("user") else ""
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"{SCHEMES[0]}://{user}{parts.get('host', '')}{port}/{parts.get('dbname', '')}"


def _url(parts: dict[str, Any]) -> str:
    """The URL of the parts; what identifies the administrator next to a password is left out."""
    left = {
        name: str(value)
        for name, value in parts.items()
        if value is not None and name not in {"passfile", "sslcert", "sslkey", "sslpassword"}
    }
    user, password = left.pop("user"), left.pop("password", None)
    who = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    where = ""
    if not {",", "/"} & set(left.get("host", "/")):  # several hosts and sockets go to the end
        where = left.pop("host") + (f":{left.pop('port')}" if "port" in left else "")
    database = quote(left.pop("dbname"), safe="")
    more = f"?{urlencode(left)}" if left else ""
    return f"{SCHEMES[0]}://{who}@{where}/{database}{more}"
