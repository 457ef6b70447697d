"""The Merkle tree of RFC 6962, restated in RFC 9162 section 2.1, over SHA-256.

The first byte tells a leaf (00) from a node (01), so that no node can pass for an entry.
"""

from hashlib import sha256


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry of the log: SHA-256 of 00 and the entry (RFC 9162, section 2.1.1).

    Args:
        entry: the bytes exactly as stored, of any length.

    Returns:
        32 bytes.
    """
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash above two hashes: SHA-256 of 01, left and right (RFC 9162, section 2.1.1).

    Args:
        left: 32 bytes, the tree over the earlier entries.
        right: 32 bytes, the tree over the later ones.

    Returns:
        32 bytes.
    """
    return sha256(b"\x01" + left + right).digest()
