"""A receiver of web hooks in a process of its own: what it has handled is in a file.

    python -m tests.support.receiving PORT FILE SECRET

An id that it has handled before it takes again and does nothing; what is not signed it refuses. It
may be killed at any place.
"""

import hmac
import json
import os
import sys
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


def handled(file: Path) -> list[tuple[str, int]]:
    """Id and version of what was handled, in that order; a line that was cut off is none."""
    lines = file.read_text("utf-8").splitlines(keepends=True) if file.exists() else []
    whole = [line.split() for line in lines if line.endswith("\n")]
    return [(id_, int(version)) for id_, version in whole]


def main(words: Sequence[str]) -> None:
    """Receive until it is ended."""
    port, file, secret = int(words[0]), Path(words[1]), words[2]
    key = b64decode(secret.removeprefix("whsec_"))
    known = {id_ for id_, _ in handled(file)}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            id_, seconds = self.headers["webhook-id"], self.headers["webhook-timestamp"]
            value = hmac.new(key, f"{id_}.{seconds}.".encode() + body, sha256).digest()
            if self.headers["webhook-signature"] != f"v1,{b64encode(value).decode()}":
                self.send_response(401)
            else:
                if id_ not in known:
                    with file.open("a", encoding="utf-8") as kept:
                        kept.write(f"{id_} {json.loads(body)['data']['version']}\n")
                        kept.flush()
                        os.fsync(kept.fileno())
                    known.add(id_)
                self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    HTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
