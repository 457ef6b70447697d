"""Signatures of deliveries (推送签名), as Standard Webhooks has them (v1, HMAC-SHA256).

What is signed is the id, the moment and the bytes, so that a receiver knows who sent them, and
notices what was altered or sent again later by somebody else.
"""

import hmac
from base64 import b64encode
from hashlib import sha256
from typing import Final

PREFIX: Final = "whsec_"
"""How a secret begins, so that programs which look for secrets know one when they see it."""
LENGTH: Final = 32


def shown(secret: bytes) -> str:
    """A secret as its owner is given it, once."""
    return PREFIX + b64encode(secret).decode()


def signed(secret: bytes, id_: str, seconds: int, body: bytes) -> dict[str, str]:
    """The headers of a delivery.

    >>> signed(b"k" * 24, "msg", 1, b"{}")["webhook-signature"][:6]
    'v1,DYv'
    """
    value = hmac.new(secret, f"{id_}.{seconds}.".encode() + body, sha256).digest()
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{b64encode(value).decode()}",
    }
