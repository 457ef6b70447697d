"""Commands as people write them, in a batch file or a form, read into command envelopes.

Some things may be written shorter than the ledger wants them: a file by its name, in the place of
its text or of its SHA-256.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeGuard

import msgspec

from intake.files import HandedIn, hand_in, read_rubric
from intake.mistakes import CellRef, Misfilled, MistakeCollector, misfilled, whole
from ledger.commands import Command, CommandEnvelope
from ledger.field_errors import Path as Keys
from ledger.field_errors import field_errors
from ledger.language import Text
from ledger.stored_struct import decode_validated, validating_type
from ledger.values import (
    SHA256_FORM,
    AccountId,
    CaseId,
    CommandId,
    Invalid,
    Sha256,
    explained,
    version_seen,
)

WITHOUT_CASE: Final = (
    "open-account",
    "grant-role",
    "revoke-role",
    "set-time-zone",
    "enrol-key",
    "countersign-key",
    "retire-key",
    "demand-signatures",
    "declare-conflict",
    "end-conflict",
    "link-accounts",
    "record-year-notice",
    "set-entry-aside",
    "publish-rubric",
    "supersede-rubric",
)
CONFIRM_DATES: Final = "confirm_dates"
"""The key by which a command says that days in it are right, although they look implausible."""
ENVELOPE: Final = {
    "case": CaseId,
    "as": AccountId,
    "dated": date,
    "id": CommandId,
    CONFIRM_DATES: tuple[date, ...],
}
CONFIRM: Final = "confirm_personal_number"
"""The key by which a command says that the number of a person in it is meant to be recorded."""
_OF_EVIDENCE: Final = ("title", "number", "media_type")


UNKNOWN_FIGURE: Final = "unknown-figure"


def unknown_figure(name: str) -> Invalid:
    """What to say where a figure is to be changed that nobody stated."""
    return Invalid(
        f"基础数据 {name} 尚未填报；新增时请写明所属指标和名称",
        f"figure {name} was not submitted yet; to add it, give its indicator and name",
        rule=UNKNOWN_FIGURE,
        subject=name,
    )


def undeclared_figure(name: str) -> Invalid:
    """What to say where only the id is given of a figure that the rubric does not declare."""
    return Invalid(
        f"指标体系没有声明基础数据 {name}；请写明所属指标和名称",
        f"the rubric declares no figure {name}; give its indicator and its name",
        rule=UNKNOWN_FIGURE,
        subject=name,
    )


class CaseLookup(NamedTuple):
    """What a case knows of the things that commands name.

    Attributes:
        digest: of evidence, by its case and a name.
        figure: the figure in force, by its case and id; `None` where nobody stated it.
        declared: what the rubric of a case declares of a figure; `None` where it declares none.
    """

    digest: Callable[[str, str], Sha256]
    figure: Callable[[str, str], Mapping[str, Any] | None]
    declared: Callable[[str, str], Mapping[str, Any] | None]


def restated(stated: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """A figure that is restated: what is not given is kept, and an empty text takes a part away.

    Args:
        stated: the figure in force, as plain data.
        given: its id, and what changes.
    """
    kept = dict(stated)
    if "value" in given:
        kept.pop("source", None)  # where the other value is
    whole = {**kept, **given}
    return {name: part for name, part in whole.items() if part is not None and part != ""}


def is_part_of_figure(figure: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether a figure is given by its id and what changes; a whole one has a name and a row."""
    return (
        isinstance(figure, Mapping)
        and isinstance(figure.get("id"), str)
        and not {"indicator", "name"} <= figure.keys()
    )


class WrittenCommand(NamedTuple):
    """A command as it was written.

    Attributes:
        fields: plain data by key, `do` among them.
        place: where the part that some keys lead to is, in words; without keys, the command.
        cell: the cell of a workbook that it is in, for a command from one.
    """

    fields: Mapping[str, Any]
    place: Callable[[Keys], Text]
    cell: Callable[[Keys], CellRef] | None = None

    def refusal(self, keys: Keys, text: Text, *, rule: str = "") -> Invalid:
        """What is wrong with a part of it, after its place."""
        where = self.place(keys)
        if self.cell:
            return misfilled(where, text, self.cell(keys), rule=rule)
        return Invalid(f"{where.zh}：{text.zh}", f"{where.en}: {text.en}", rule=rule)


class LocatedCommand(NamedTuple):
    """A command and where it was written.

    Attributes:
        place: in words, such as `review.toml, command 3 (line 25)`.
        file: the file that it files as evidence, if it does.
        confirmed: whether it confirms that the number of a person in it is meant to be recorded.
        cell: the cell that its row of a workbook begins with.
    """

    envelope: CommandEnvelope
    place: Text
    file: HandedIn | None = None
    confirmed: bool = False
    cell: CellRef | None = None

    def refusal(self, text: Text) -> Invalid:
        """What a rule says of it, which begins with its place; at its cell where it has one."""
        if self.cell is None:
            return Invalid(*text)
        what = Text(
            text.zh.removeprefix(self.place.zh).lstrip("："),
            text.en.removeprefix(self.place.en).lstrip(": "),
        )
        return Misfilled(text.zh, text.en, cell=self.cell, what=what)


def located_commands(  # noqa: PLR0913 - what, where, who, when and the names in it
    written: Iterable[WrittenCommand],
    folder: Path | None,
    *,
    account: str | None,
    dated: date,
    files: Mapping[str, HandedIn] | None = None,
    named: CaseLookup | None = None,
    mistakes: MistakeCollector | None = None,
) -> list[LocatedCommand]:
    """Commands out of what was written, in order.

    Every file that they name is read once.

    Args:
        written: the commands.
        folder: where the files that they name are; `None` where only `files` are read.
        account: who acts where a command does not say.
        dated: the business date where a command does not say.
        files: files that were read already, by the names that commands call them by.
        named: looks up evidence that is called by another name than that of a file, and figures.
        mistakes: where those are kept, and the other commands are returned; they are raised where
            none is given.

    Raises:
        Invalid: commands that are none; says where each mistake is.
    """
    reader = _Reader(folder, {"as": account, "dated": dated}, files or {}, named)
    found = mistakes or MistakeCollector()
    located = []
    for command in written:
        with found.collecting():
            located.append(reader.read(command))
    if mistakes is None:
        found.raise_all()
    return located


class _Reader:
    def __init__(
        self,
        folder: Path | None,
        given: Mapping[str, Any],
        files: Mapping[str, HandedIn],
        named: CaseLookup | None,
    ) -> None:
        self._folder = folder
        self._given = given
        self._files = dict(files)
        self._named = named
        self._called: dict[str, set[Sha256]] = {}
        """Files that commands above file, by the titles and numbers that they give them."""
        self._stated: dict[tuple[object, str], Mapping[str, Any]] = {}
        """Figures that commands above state, by their case and id."""

    def read(self, written: WrittenCommand) -> LocatedCommand:
        fields = {**self._given, **written.fields}
        case, by, dated = fields.pop("case", None), fields.pop("as", None), fields.pop("dated")
        key = fields.pop("id", None)
        if not by:
            raise written.refusal(
                ("as",),
                Text(
                    "未写明操作账号。请在文件中填写 as，或指明账号",
                    "no account is named; give `as` in the file, or name an account",
                ),
                rule="no-account",
            )
        try:
            seen = version_seen(fields.pop("seen")) if "seen" in fields else None
        except Invalid as error:
            raise written.refusal(("seen",), error.text) from None
        confirmed = fields.pop(CONFIRM, False)
        if not isinstance(confirmed, bool):
            raise written.refusal((CONFIRM,), Text("应为 true 或 false", "must be true or false"))
        dates = fields.pop(CONFIRM_DATES, ())
        file = self._resolve(fields, case, written)
        if fields.get("do") in WITHOUT_CASE:
            case = None
        try:
            command = decode_validated(fields, Command)
            envelope = msgspec.convert(
                {
                    "case": case,
                    "by": by,
                    "dated": dated,
                    "id": key,
                    "seen": seen,
                    "command": command,
                    "confirmed_dates": dates,
                },
                CommandEnvelope,
            )
        except (msgspec.ValidationError, Invalid) as error:
            head = {"case": case, "as": by, "dated": dated, "id": key, CONFIRM_DATES: dates}
            raise _faults(written, head, fields, error) from None
        cell = written.cell(()) if written.cell else None
        return LocatedCommand(envelope, written.place(()), file, confirmed, cell)

    def _resolve(
        self, fields: dict[str, Any], case: object, written: WrittenCommand
    ) -> HandedIn | None:
        """Put files in the place of their names; the file that is filed as evidence."""
        match fields.get("do"):
            case "publish-rubric" if "file" in fields:
                name = _file_name(fields.pop("file"), ("file",), written)
                try:
                    if self._folder is None:
                        fields["source"] = read_rubric(Path(name), self._handed_in(name).content)
                    else:
                        fields["source"] = read_rubric(self._folder / name)
                except Invalid as error:
                    raise written.refusal(("file",), error.text) from None
            case "file-evidence" if "file" in fields:
                file = self._hand_in(fields.pop("file"), ("file",), written)
                given = {name: fields.pop(name) for name in _OF_EVIDENCE if name in fields}
                fields["evidence"] = {"title": file.name, **file.identity, **given}
                for called in (given.get("title"), given.get("number")):
                    self._called.setdefault(str(called), set()).add(file.sha256)
                return file
            case "submit-figure" | "restate-figure":
                self._state(fields, case, written)
                self._cite(fields, case, written)
            case _:
                self._cite(fields, case, written)
        return None

    def _state(self, fields: dict[str, Any], case: object, written: WrittenCommand) -> None:
        """Add what is recorded of a figure of which only the changes are given."""
        figure = fields.get("figure")
        if not isinstance(figure, Mapping) or not isinstance(name := figure.get("id"), str):
            return
        lookup = self._named
        if lookup and is_part_of_figure(figure):
            restating = fields["do"] == "restate-figure"
            stated = self._stated.get((case, name)) if restating else None
            if stated is None and isinstance(case, str):
                stated = (lookup.figure(case, name) if restating else None) or lookup.declared(
                    case, name
                )
            if stated is not None:
                fields["figure"] = restated(stated, figure)
            elif restating:
                raise written.refusal(("figure",), unknown_figure(name).text, rule=UNKNOWN_FIGURE)
        self._stated[case, name] = fields["figure"]

    def _cite(self, fields: dict[str, Any], case: object, written: WrittenCommand) -> None:
        """Put digests in the place of the names of evidence."""
        cited = fields.get("evidence")
        if isinstance(cited, list):
            fields["evidence"] = [
                name
                if not isinstance(name, str) or SHA256_FORM.fullmatch(name)
                else self._cited(name, case, ("evidence", index), written)
                for index, name in enumerate(cited)
            ]
        if isinstance(name := fields.get("sha256"), str) and not SHA256_FORM.fullmatch(name):
            fields["sha256"] = self._cited(name, case, ("sha256",), written)

    def _cited(self, name: str, case: object, keys: Keys, written: WrittenCommand) -> Sha256:
        """The digest of evidence that is called by its file, or by another name that it has."""
        is_file = name in self._files or bool(self._folder and (self._folder / name).exists())
        if not is_file and len(called := self._called.get(name, set())) == 1:
            return next(iter(called))
        if is_file or self._named is None or not isinstance(case, str) or "\0" in name:
            return self._hand_in(name, keys, written).sha256
        try:
            return self._named.digest(case, name)
        except Invalid as error:
            raise written.refusal(keys, self._not_in_folder(error.text)) from None

    def _not_in_folder(self, text: Text) -> Text:
        """That evidence is not filed, and the folder where its file was looked for."""
        if self._folder is None:
            return text
        folder = self._folder.absolute()
        return Text(
            f"{text.zh}；文件夹 {folder} 中也没有这个文件",
            f"{text.en}; nor is there such a file in the folder {folder}",
        )

    def _handed_in(self, name: str) -> HandedIn:
        """A file that was not read yet.

        Raises:
            Invalid: it cannot be read, or was not handed in.
        """
        if self._folder is not None:
            return hand_in(self._folder / name)
        if name in self._files:
            return self._files[name]
        raise Invalid(
            f"没有附上文件 {name}；请把它和这个文件一起上传",
            f"the file {name} is not there; upload it together with this one",
            rule="not-handed-in",
            subject=name,
        )

    def _hand_in(self, name: object, keys: Keys, written: WrittenCommand) -> HandedIn:
        name = _file_name(name, keys, written)
        if name not in self._files:
            try:
                self._files[name] = self._handed_in(name)
            except Invalid as error:
                raise written.refusal(keys, error.text) from None
        return self._files[name]


def _file_name(name: object, keys: Keys, written: WrittenCommand) -> str:
    """A name that a file can have."""
    if not isinstance(name, str) or not name.strip() or "\0" in name:
        raise written.refusal(
            keys, Text(f"{name!r} 不是文件名", f"{name!r} is not the name of a file")
        )
    return name


def _faults(
    written: WrittenCommand,
    head: Mapping[str, Any],
    fields: Mapping[str, Any],
    error: msgspec.ValidationError | Invalid,
) -> Invalid:
    """All that is wrong with a command, each with the place of the part that it is wrong with."""
    faults = [
        fault
        for key, kind in ENVELOPE.items()
        if head[key] is not None
        for fault in field_errors(head[key], kind, (key,))
    ] or field_errors(dict(fields), validating_type(Command))
    if faults:
        return whole([written.refusal(fault.path, fault.text) for fault in faults])
    text = explained(error) if isinstance(error, msgspec.ValidationError) else error.text
    return written.refusal((), text)
