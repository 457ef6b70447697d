"""Verification of archive packages: offline, with the public key of the log alone."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypedDict, Unpack

from application.archive_package import erased_files, metadata_of, must_be_ready, title_of
from application.dossier_verification import DossierVerification, verify_dossier
from application.signed_file import signed_text
from ledger.archive_package import DOSSIER, Manifest, Package, is_package
from ledger.case import History
from ledger.envelope import RecordedEvent
from ledger.language import Text, counted
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.note import Note
from ledger.log.policy import TrustPolicy
from ledger.log.stamp import Authority
from ledger.log.tree import ProofError
from ledger.program import VERSION


class Brought(TypedDict, total=False):
    """What else a verifier of a dossier brings along; see `verify_dossier`."""

    held: Sequence[SignedCheckpoint]
    reply: bytes | None
    authorities: Sequence[Authority]
    signed_from: date | None


class PackageVerification(NamedTuple):
    """What a package proves.

    Attributes:
        manifest: its metadata and files.
        dossier: what its dossier proves.
        signers: names of the keys that have signed the manifest.
    """

    manifest: Manifest
    dossier: DossierVerification
    signers: list[str]

    @property
    def report(self) -> dict[str, object]:
        """For programs, with stable keys."""
        return {
            "metadata": dict(self.manifest.metadata),
            "files": sum(bool(file.name) for file in self.manifest.files),
            "erased": sum(not file.name for file in self.manifest.files),
            "signatures": self.signers,
            "dossier": self.dossier.report,
        }

    def sentences(self) -> Iterator[Text]:
        """For people."""
        metadata, count = self.manifest.metadata, sum(bool(one.name) for one in self.manifest.files)
        gone = len(self.manifest.files) - count
        by = self.signers
        yield Text(
            f"相符：{metadata['电子文件号']} 的归档信息包，{count} 个文件，已销毁 {gone} 份，"
            f"保管期限 {metadata['保管期限']}；清单由 {'、'.join(by)} 签名",
            f"verified: archive package of {metadata['电子文件号']},"
            f" {counted(count, 'file')}, {gone} erased, retention {metadata['保管期限']}; its"
            f" manifest is signed by {', '.join(by)}",
        )
        yield from self.dossier.sentences()
        yield Text(
            "注意：PDF 文书由签名保证未被改动，未由条目重新生成比对；以条目为准",
            "note: the PDF documents are vouched for by the signature and were not made again from"
            " the entries, which are authoritative",
        )


def verify_any(
    data: bytes,
    policy: TrustPolicy,
    **brought: Unpack[Brought],
) -> DossierVerification | PackageVerification:
    """Verify a dossier, or an archive package with the dossier in it.

    Args:
        data: of the file.
        policy: whom the verifier trusts.
        brought: what else the verifier brings along, see `verify_dossier`.

    Raises:
        ProofError: altered, incomplete, not signed by the log, or not what its dossier says.
        Invalid: it is in neither of the two forms.
    """
    if not is_package(data):
        return verify_dossier(data, policy, **brought)
    package = Package.parse(data)
    # 1. The manifest is signed, and the files are those that it lists.
    note = Note.parse(package.note)
    signers = [key.name for key, _ in note.verify(policy.log)]
    if note.text != signed_text(package.manifest):
        raise ProofError("归档信息包：清单被改动", "archive package: the manifest is altered")
    manifest = package.check()
    # 2. The dossier holds.
    if DOSSIER not in package.contents:
        raise ProofError("归档信息包：没有卷宗", "archive package: there is no dossier")
    dossier = verify_dossier(package.contents[DOSSIER], policy, **brought)
    # 3. Its entries say the same of retention and of evidence.
    _compare(manifest, dossier.verified.history)
    return PackageVerification(manifest, dossier, signers)


def _compare(manifest: Manifest, history: tuple[RecordedEvent, ...]) -> None:
    """Check that the manifest says what the entries of the dossier say.

    Raises:
        ProofError: it does not.
    """
    before = History(history[:-1])  # the dossier itself came after everything that is packed
    case, listed = before.case, manifest.files
    must_be_ready(case)
    log = manifest.metadata["日志名称"]
    said = dict(manifest.metadata) | {"程序版本": f"scoretrail {VERSION}"}
    if said != metadata_of(case, before, log):
        raise _differs("元数据", "the metadata")
    left = {
        (f"evidence/{sha256}", title_of(file), file.media_type)
        for sha256, file in case.evidence.items()
        if sha256 not in case.erased
    }
    packed = {one[:3] for one in listed if one.name.startswith("evidence/")}
    if left != packed or {one for one in listed if not one.name} != {*erased_files(case, before)}:
        raise _differs("佐证材料", "the evidence")


def _differs(zh: str, en: str) -> ProofError:
    return ProofError(
        f"归档信息包：{zh}与卷宗的条目不符",
        f"archive package: {en} is not what the entries of the dossier say",
    )
