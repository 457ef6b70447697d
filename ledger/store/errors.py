"""What can go wrong in a store, each with what to do about it, in both languages."""

from collections.abc import Sequence
from typing import Final

import migrations
from ledger.language import Text
from ledger.log.tree import ProofError
from ledger.problem import Fault, Mendable, Problem
from ledger.store.entries import ENTRY_MAX, NewEntry, moment_of


class StoreError(Problem):
    """Something about the store went wrong. `text` says where, what, and what to do."""


class VersionConflict(StoreError, Mendable):
    """The version is taken: someone else was faster. Nothing of the batch was written."""

    def __init__(self, case_id: str, version: int) -> None:
        self.case_id = case_id
        self.version = version
        super().__init__(
            f"{case_id}：第 {version} 条已由其他账号写入，本次未写入。请重新查看后再提交",
            f"{case_id}: event {version} was recorded by another account meanwhile. Nothing was"
            f" written. Review {case_id} and retry",
        )


class RecordedBefore(StoreError, Mendable):
    """The last entry says that it was recorded later than now. Nothing was written.

    Attributes:
        last: when, an instant.
        now: when these were recorded.
    """

    def __init__(self, last: str, now: str, position: int) -> None:
        self.last, self.now = last, now
        super().__init__(
            f"记录库的最后一条（#{position}）记录于 {last}，晚于当前时间 {now}，本次未写入。请校准"
            "本机的时钟；时钟无误的，是该条的记录时间有误，请管理员将其搁置",
            f"the last entry (#{position}) was recorded at {last}, later than the present time"
            f" {now}. Nothing was written. Correct the clock of this computer; if it is right, the"
            " time of that entry is wrong: ask an administrator to set it aside",
            rule="clock-behind",
            subject=str(position),
        )


def must_follow(before: bytes, position: int, entries: Sequence[NewEntry]) -> None:
    """Check that entries were not recorded before the one that precedes them.

    Raises:
        RecordedBefore: they were.
    """
    last, now = moment_of(before), min(moment_of(new.entry) for new in entries)
    if last and now and now < last:
        raise RecordedBefore(last.decode(errors="replace"), now.decode(errors="replace"), position)


class LockTimeout(StoreError, Fault):
    """Someone else has been writing for too long. Nothing was written."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place} 正被其他操作占用，本次未写入。请稍后再试",
            f"{place} is in use by another operation. Nothing was written. Try again later",
        )


FROZEN: Final = "the ledger is frozen"
"""What the guard of the tables says, in either database."""


class FrozenLedger(StoreError, Mendable):
    """The ledger is frozen: its last entry says so. Nothing was written."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place} 已冻结，不再登记任何内容，本次未写入。请在其后一个年度的记录库中办理",
            f"{place} is frozen; nothing is recorded in it any more, and nothing was written. Use"
            " the ledger of a later year",
            rule="ledger-frozen",
            subject=place,
        )


class TooLarge(StoreError, Mendable):
    """The entry is longer than the log's formats can carry. Nothing was written."""

    def __init__(self, case_id: str, version: int, size: int) -> None:
        super().__init__(
            f"{case_id}：第 {version} 条有 {size} 字节，超过上限 {ENTRY_MAX}。请分次提交，长文作为"
            "佐证材料提交",
            f"{case_id}: event {version} has {size} bytes; the limit is {ENTRY_MAX}. Split it, and"
            " file long documents as evidence",
        )


class LedgerExists(StoreError, Mendable):
    """There is something where the ledger was to be made. It was left as it is."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place} 已存在，未作改动。请更换位置，或使用该记录库",
            f"{place} already exists and was not changed. Choose another place, or use that ledger",
        )


class LedgerNotEmpty(StoreError, Mendable):
    """There is something in the ledger that was to be filled. It was left as it is."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place} 中已有记录，未作改动。整个记录库只能导入空的记录库。请更换位置，或另建空的记"
            "录库",
            f"{place} already has records and was not changed. A whole ledger can only be imported"
            " into an empty one: choose another place, or create an empty ledger",
            rule="ledger-not-empty",
            subject=place,
        )


class LedgerNotFound(StoreError, Mendable):
    """There is no ledger where one was to be opened."""

    def __init__(self, place: str, zh: str, en: str) -> None:
        super().__init__(
            f"{place}：{zh}。请检查路径，或先建立记录库",
            f"{place}: {en}. Check the path, or create a ledger first",
            rule="no-ledger",
            subject=place,
        )


class SchemaMismatch(StoreError, Mendable):
    """The ledger is older or newer than this program.

    Attributes:
        found: the revision of the ledger.
    """

    def __init__(self, place: str, found: str) -> None:
        self.found = found
        if found < migrations.HEAD:
            rule = "ledger-older"
            zh, en = (
                "比本程序旧；请先备份，再升级结构",
                "older than this program; back it up, then migrate it",
            )
        else:
            rule = "ledger-newer"
            zh, en = "比本程序新；请升级本程序", "newer than this program; upgrade the program"
        super().__init__(
            f"{place} 的结构是 {found} 版，{zh}（{migrations.HEAD}）",
            f"{place} has revision {found}, {en} ({migrations.HEAD})",
            rule=rule,
            subject=place,
        )


def in_both(reason: str | Text) -> Text:
    """A name, such as that of a table, in both languages, or words that are in both."""
    return Text(reason, reason) if isinstance(reason, str) else reason


class DatabaseUnavailable(StoreError, Fault):
    """The database cannot be opened, read or written."""

    def __init__(self, place: str, reason: str | Text) -> None:
        why = in_both(reason)
        super().__init__(
            f"无法读写 {place}（{why.zh}）。请检查路径、权限、磁盘空间和数据库服务",
            f"{place} cannot be read or written ({why.en}). Check the path, the permissions, the"
            " disk space and the database server",
        )


class ReadOnly(DatabaseUnavailable):
    """The ledger can be read here, but this user may not write what was to be written."""


class TablesNotMade(ReadOnly):
    """The tables of the projections are not there, and this user may not make them."""

    def __init__(self) -> None:
        StoreError.__init__(
            self,
            "总览表还没有建立，或属于另一个版本；请记录库所有者升级结构，表随之建立",
            "the tables of the portfolio are not made yet, or of another version; the ledger's"
            " owner makes them by migrating it",
            rule="tables-not-made",
        )


class OutcomeUnknown(DatabaseUnavailable):
    """The way to the database broke while something was being written: it may be there, or not.

    Attributes:
        place: what the database is called.
        reason: why, as far as that is known.
    """

    def __init__(self, place: str, reason: str | Text, key: str | None = None) -> None:
        """Say so, with the id of the command where that is known."""
        self.place, self.reason = place, reason
        why = in_both(reason)
        zh, en = (f" {key} ", f" {key}") if key else ("", "")
        StoreError.__init__(
            self,
            f"与 {place} 的连接在写入时中断（{why.zh}），不知道是否已经写入；"
            f"请以同一编号{zh}再提交一次，已写入的不会重复",
            f"the way to {place} broke while it was being written ({why.en}), so it is not known"
            f" whether it was; send it again under the same id{en}: what was written is not"
            " repeated",
            rule="outcome-unknown",
            subject=key or "",
        )


class DatabaseDamaged(StoreError, Fault):
    """The database says itself that its file is broken."""

    def __init__(self, place: str, reason: str | Text) -> None:
        why = in_both(reason)
        super().__init__(
            f"{place} 的文件已损坏（{why.zh}）。请停止写入，保留原件，从备份恢复后核验",
            f"the file {place} is damaged ({why.en}). Stop writing, keep it unchanged, restore a"
            " backup and verify the backup",
        )


class ProjectionsDamaged(DatabaseDamaged):
    """The file of the projections is broken; the record next to it is not."""

    def __init__(self, path: str, reason: str | Text) -> None:
        why = in_both(reason)
        StoreError.__init__(
            self,
            f"总览表的文件 {path} 已损坏（{why.zh}）；记录库不受影响。删去这个文件及同名的"
            " -wal、-shm，下次读总览时重做",
            f"the portfolio's file {path} is damaged ({why.en}); the ledger is not affected."
            " Delete it with its -wal and -shm, and it will be rebuilt when the portfolio is next"
            " read",
        )


class StoreClosed(StoreError, Fault):
    """The store has been closed."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} 已关闭。请重新打开", f"{place} is closed. Open it again")


def check(entries: Sequence[NewEntry]) -> None:
    """See that the log's formats can carry the entries.

    Raises:
        EntryTooLarge: one has more than 65,535 bytes.
    """
    for new in entries:
        if len(new.entry) > ENTRY_MAX:
            raise TooLarge(new.case_id, new.version, len(new.entry))


def not_stored() -> ProofError:
    """What to raise if the database has not stored what it was sent, despite its answer."""
    return ProofError(
        "写入的内容未能原样保存：数据库中的触发器、规则或函数拦截或改动了它",
        "what was written was not stored unchanged: a trigger, rule or function in the database"
        " stopped or altered it",
    )
