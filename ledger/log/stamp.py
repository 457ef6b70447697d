"""Time stamps: an authority states when it saw a checkpoint (RFC 3161).

The request and the reply travel by file. The library that reads replies is an extra, which only
those need who check time stamps; the request is always the same bytes around a hash and a nonce.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple, Self, TypeAlias

from ledger.extras import ExtraMissing
from ledger.log.tree import ProofError
from ledger.values import Instant, Invalid, instant

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

Authority: TypeAlias = "Certificate"
"""The certificate of an authority that is trusted to tell the time, or of one above it."""

NONCE_MIN: Final = 2**56
"""The smallest nonce of a request: it takes 8 bytes."""

NONCE_MAX: Final = 2**63 - 1
"""The largest nonce of a request: positive in 8 bytes."""

REPLY_MAX: Final = 131_072
"""Bytes in a reply: far above one with the whole chain of certificates in it."""

_SHA256: Final = "2.16.840.1.101.3.4.2.1"
_GRANTED: Final = 0

# TimeStampReq (RFC 3161, section 2.4.1) in DER: version 1; message imprint: SHA-256 and 32 bytes;
_BEFORE: Final = bytes.fromhex("3043 020101 3031 300d 0609608648016503040201 0500 0420")
_NONCE: Final = bytes.fromhex("0208")  # the nonce: an integer of 8 bytes;
_AFTER: Final = bytes.fromhex("0101ff")  # certReq: the reply is to hold the authority's certificate


class TimeStampRequest(NamedTuple):
    """What is sent to an authority.

    Attributes:
        digest: SHA-256 of what is to be stamped, 32 bytes.
        nonce: from `NONCE_MIN` to `NONCE_MAX`, by chance; the reply repeats it.
    """

    digest: bytes
    nonce: int

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The request in these bytes, one that this program has made.

        Raises:
            ProofError: it is not.
        """
        at = len(_BEFORE) + 32 + len(_NONCE)
        request = cls(data[len(_BEFORE) : at - len(_NONCE)], int.from_bytes(data[at : at + 8]))
        if not NONCE_MIN <= request.nonce <= NONCE_MAX or bytes(request) != data:
            raise _no("不是本程序生成的请求", "not a request made by this program")
        return request

    def __bytes__(self) -> bytes:
        return _BEFORE + self.digest + _NONCE + self.nonce.to_bytes(8) + _AFTER


class TimeStamp(NamedTuple):
    """A time stamp, which is not believed yet.

    Attributes:
        note: the bytes that are said to be stamped: a signed checkpoint.
        reply: of the authority, a TimeStampResp in DER.
    """

    note: bytes
    reply: bytes

    def verify(self, authorities: Sequence[Authority], nonce: int | None = None) -> Instant:
        """When the authority says that the note was there.

        Args:
            authorities: certificates of authorities that are trusted to tell the time.
            nonce: of the request, where it is known.

        Raises:
            ProofError: not granted, of other bytes, for another request, or of no such authority.
            ExtraMissing: the one that reads time stamps.
        """
        try:
            from rfc3161_client import (  # noqa: PLC0415 - an extra, for those who check time stamps
                VerificationError,
                VerifierBuilder,
                decode_timestamp_response,
            )
        except ImportError as error:
            raise ExtraMissing("stamps", error.name or "rfc3161-client") from None
        if len(self.reply) > REPLY_MAX:
            raise _no(f"超过 {REPLY_MAX} 字节", f"larger than {REPLY_MAX} bytes")
        try:
            reply = decode_timestamp_response(self.reply)
            # 1. Granted, without changes to what was asked for.
            if reply.status != _GRANTED:
                raise _no(
                    f"时间戳机构未予签发（{reply.status}）",
                    f"the authority did not grant it ({reply.status})",
                )
            # 2. Over these very bytes, by SHA-256.
            imprint = reply.tst_info.message_imprint
            stamped = (imprint.hash_algorithm.dotted_string, imprint.message)
            if stamped != (_SHA256, sha256(self.note).digest()):
                raise _no("时间戳对应的是其他内容", "it is a stamp of something else")
            # 3. For this request.
            if nonce is not None and reply.tst_info.nonce != nonce:
                raise _no(
                    "不是对这份请求的答复（nonce 不同）",
                    "it answers another request (its nonce differs)",
                )
            # 4. Signed for that purpose by a certificate that leads to an authority that is
            #    trusted and was valid at that time.
            VerifierBuilder(roots=list(authorities)).build().verify(reply, imprint.message)
            return instant(reply.tst_info.gen_time)
        except VerificationError:
            raise _no(
                "签名无效，或不是受信任的时间戳机构所签",
                "its signature is invalid or not of a trusted authority",
            ) from None
        except ValueError as error:
            raise _unreadable(error) from None


def parse_authorities(data: bytes) -> list[Authority]:
    """The certificates in a PEM file.

    Raises:
        Invalid: there are none, or something else is in it.
    """
    # Slow to import, and only for those who check time stamps.
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415 - see above

    try:
        return load_pem_x509_certificates(data)
    except ValueError:
        raise Invalid("不是 PEM 证书", "not certificates in PEM") from None


def _unreadable(error: ValueError) -> ProofError:
    if "InvalidSetOrdering" in str(error):
        # `openssl ts` writes the chain in the order it was given; DER wants it sorted.
        return _no(
            "答复里附带的证书链没有按 DER 排序。请时间戳机构只附自己的证书"
            "（openssl ts 的配置里去掉 certs 一行，命令不用 -chain）；"
            "这份答复可用 openssl ts -verify 核对",
            "the chain of certificates in the reply is not sorted as DER requires. Ask the"
            " authority to include only its own certificate (with openssl ts: no `certs` line and"
            " no -chain); openssl ts -verify can check this one",
        )
    return _no("答复无法读取", "the reply cannot be read")


def _no(zh: str, en: str) -> ProofError:
    return ProofError(f"时间戳：{zh}", f"time stamp: {en}")
