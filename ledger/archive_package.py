"""Archive packages (归档信息包): a closed case as one ZIP, listed in an XML of one form.

The elements of the XML are named after those that DA/T 46-2009 lists, as far as this program knows
their content; the schema is ours (`docs/formats/archive-package.xsd`). The text of DA/T 48-2009
beyond its scope could not be obtained, so no package claims to be one of that standard.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from io import BytesIO
from typing import Final, NamedTuple, Self
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ledger.language import Text
from ledger.log.sm3 import sm3
from ledger.log.tree import ProofError
from ledger.values import Invalid

NAMESPACE: Final = "urn:scoretrail:archive-package:1"
MANIFEST, NOTE, DOSSIER = "package.xml", "package.xml.note", "dossier.zip"
FILES_MAX: Final = 20_000
SIZE_MAX: Final = 2**30
"""Bytes in all files of a package: what is longer was not written by this program."""

_LOCAL: Final = 30
"""Bytes in a ZIP before the name of its first member."""

_NAME: Final = re.compile(r"dossier\.zip|documents/[a-z-]+\.pdf|evidence/[0-9a-f]{64}")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
METADATA: Final = (
    "聚合层次",
    "立档单位名称",
    "电子文件号",
    "题名",
    "责任者",
    "年度",
    "日期",
    "文件编号",
    "保管期限",
    "期限起算日",
    "保管期限依据",
    "日志名称",
    "程序版本",
)
"""The elements of the metadata, in their order; each has a text, which may be empty."""


class PackagedFile(NamedTuple):
    """A file of a package, or one that was erased by law and is only named.

    Attributes:
        name: in the ZIP; empty where it was erased.
        title: for people.
        media_type: such as `application/pdf`.
        size: in bytes.
        sha256: in hex; `sm3` likewise, empty where the bytes are gone.
        ground: why it was erased; empty where it was not.
    """

    name: str
    title: str
    media_type: str
    size: int
    sha256: str
    sm3: str = ""
    ground: str = ""

    @classmethod
    def of(cls, name: str, title: str, media_type: str, content: bytes) -> Self:
        """A file by its bytes."""
        digests = sha256(content).hexdigest(), sm3(content).hex()
        return cls(name, title, media_type, len(content), *digests)


class Manifest(NamedTuple):
    """What the XML says.

    Attributes:
        metadata: a text for each of `METADATA`.
        files: in the order of the package.
    """

    metadata: Mapping[str, str]
    files: Sequence[PackagedFile]

    def __bytes__(self) -> bytes:
        root = ET.Element("归档信息包", {"xmlns": NAMESPACE, "版本": "1"})
        metadata = ET.SubElement(root, "元数据")
        for name in METADATA:
            ET.SubElement(metadata, name).text = _text(self.metadata[name])
        files = ET.SubElement(root, "文件列表")
        for file in self.files:
            said = {
                "名称": file.name,
                "题名": _text(file.title),
                "格式": file.media_type,
                "字节数": str(file.size),
                "SHA-256": file.sha256,
                "SM3": file.sm3,
                "销毁依据": _text(file.ground),
            }
            kind = "文件" if file.name else "已销毁文件"
            ET.SubElement(files, kind, {key: value for key, value in said.items() if value})
        ET.indent(root)
        text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return text + b"\n"

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The manifest in these bytes: `bytes(manifest)` is the same again.

        Raises:
            ProofError: it is none, or written otherwise.
        """
        if b"<!" in data:  # no declaration of a type, which could make a little file a large one
            raise _no("XML 含声明", "the XML has declarations")
        space = f"{{{NAMESPACE}}}"
        try:
            root = ET.fromstring(data)  # noqa: S314 - without declarations there are no entities
            files = [_file(one) for one in root.iterfind(f"{space}文件列表/*")]
        except (ET.ParseError, KeyError, ValueError):
            raise _no("XML 不完整", "the XML is not complete") from None
        metadata = {name: root.findtext(f"{space}元数据/{space}{name}") or "" for name in METADATA}
        made = cls(metadata, files)
        if bytes(made) != data:
            raise _no("XML 不是本程序写出的形式", "the XML is not in the form that we write")
        return made


def _file(element: ET.Element) -> PackagedFile:
    return PackagedFile(
        name=element.get("名称", ""),
        title=element.get("题名", ""),
        media_type=element.get("格式", ""),
        size=int(element.attrib["字节数"]),
        sha256=element.attrib["SHA-256"],
        sm3=element.get("SM3", ""),
        ground=element.get("销毁依据", ""),
    )


def _text(text: str) -> str:
    """Text as XML can hold it, in one line."""
    return " ".join(_CONTROL.sub("\ufffd", text).split())


class Package(NamedTuple):
    """A package, none of which is believed yet.

    Attributes:
        manifest: the bytes of the XML.
        note: what is signed of it.
        contents: the bytes of the files, by their names.
    """

    manifest: bytes
    note: bytes
    contents: Mapping[str, bytes]

    def __bytes__(self) -> bytes:
        out = BytesIO()
        with ZipFile(out, "w", ZIP_STORED) as archive:
            for name, content in self._members():
                info = ZipInfo(name)  # of the first date that ZIP knows
                info.create_system, info.external_attr = 3, 0o100644 << 16
                archive.writestr(info, content)
        return out.getvalue()

    def _members(self) -> Iterator[tuple[str, bytes]]:
        yield MANIFEST, self.manifest
        yield NOTE, self.note
        yield from sorted(self.contents.items())

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The package in these bytes: `bytes(package)` is the same again.

        Raises:
            ProofError: a file in it that does not belong there, or one that is missing.
            Invalid: no package, or other bytes than are written for that content.
        """
        try:
            with ZipFile(BytesIO(data)) as archive:
                members = archive.infolist()
                total = sum(member.file_size for member in members)
                if len(members) > FILES_MAX or total > SIZE_MAX:
                    raise _unreadable()
                contents = {member.filename: archive.read(member) for member in members}
        except (BadZipFile, ValueError, OSError, RuntimeError, EOFError, NotImplementedError):
            raise _unreadable() from None
        try:
            manifest, note = contents.pop(MANIFEST), contents.pop(NOTE)
        except KeyError as missing:
            raise _no(f"缺少 {missing}", f"{missing} is missing") from None
        if foreign := sorted(name for name in contents if not _NAME.fullmatch(name)):
            raise _no(f"不应有 {foreign[0]!r}", f"{foreign[0]!r} does not belong there")
        package = cls(manifest, note, contents)
        if bytes(package) != data:
            raise _unreadable()
        return package

    def check(self) -> Manifest:
        """The manifest, once the files are those that it lists.

        Raises:
            ProofError: one is missing, altered, or not listed.
        """
        manifest = Manifest.parse(self.manifest)
        listed = {file.name: file for file in manifest.files if file.name}
        if odd := sorted(listed.keys() ^ self.contents.keys()):
            raise _no(f"{odd[0]} 与清单不符", f"{odd[0]} is not as listed")
        for name, content in self.contents.items():
            said = listed[name]
            if PackagedFile.of(name, said.title, said.media_type, content) != said:
                raise _no(f"{name} 被改动", f"{name} is altered")
        return manifest


def is_package(data: bytes) -> bool:
    """Whether a file begins as a package does, so that it is to be read as one."""
    return data[_LOCAL : _LOCAL + len(MANIFEST)] == MANIFEST.encode()


def _unreadable() -> Invalid:
    return Invalid(
        "不能作为归档信息包读取：不是本程序写出的文件，或已重新打包；请重新取得原文件",
        "cannot be read as an archive package: it was not written by this program, or was packed"
        " again; get it again",
    )


def _no(zh: str, en: str) -> ProofError:
    text = Text(f"归档信息包：{zh}", f"archive package: {en}")
    return ProofError(*text)
