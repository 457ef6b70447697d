"""The report by four properties (四性核验报告): printed, or written as a document and signed.

The account that has verified answers for the report with its own key; without one the log's key
signs, which says which house the report is from.
"""

from datetime import UTC, datetime
from pathlib import Path

from application.paper import ask_for_folder, ask_for_paper
from application.signed_file import note_of, signed_file, signers
from application.written_file import write_whole
from documents.formats import printer
from documents.four_properties import Verified, four_properties, report, sentences
from documents.practice import marked
from ledger.language import Language, Text
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.note import SigningKey
from ledger.log_verification import Verification
from ledger.store import Store
from ledger.values import instant
from projections import formatting

__all__ = ["ask_for_paper", "report", "sentences", "signers", "write_report"]


def write_report(  # noqa: PLR0913 - what it is about, who signs it, where it goes
    output: Path,
    result: Verification,
    store: Store,
    by: list[SigningKey],
    case: str | None,
    *,
    now: datetime,
    language: Language,
) -> Text:
    """Write the report, and next to it the signed note where somebody signs.

    Args:
        output: where to; the end of its name says in which format.
        result: of the verification.
        store: that was verified.
        by: the keys that sign; perhaps none.
        case: the one that was verified; `None` for the whole ledger.
        now: when, in the time zone of the ledger.
        language: of its words.

    Raises:
        Invalid: no such format, or it cannot be written there.
        ExtraMissing: the packages that make it are not installed.

    Returns:
        Where both are.
    """
    ask_for_folder(output)
    last, at = store.last_checkpoint(), instant(now)
    verified = Verified(
        result,
        SignedCheckpoint.parse(last.note).checkpoint.origin if last else "",
        case,
        formatting.moment(at, language, now.tzinfo or UTC),
        at,
        ", ".join(f"{key.name}+{key.public.key_id.hex()}" for key in by),
    )
    note = note_of(output)
    document = marked(four_properties(verified, language), practice=result.practice)
    made = printer(output.suffix)(document)
    if by:
        # The note first: a report that is there has one.
        write_whole(note, [signed_file(made, by)])
    write_whole(output, [made])
    if not by:
        return Text(f"已写入 {output}；没有密钥，未签名", f"{output} written; not signed: no key")
    return Text(f"已写入 {output}，签名在 {note}", f"{output} written, its signature in {note}")
