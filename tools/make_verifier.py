"""Build `tools/verify.html`, which verifies in any browser and cannot send anything anywhere.

    python -m tools.make_verifier NOBLE

NOBLE is `index.js` of the package @noble/ed25519, for browsers that lack Ed25519. The same sources
always give the same bytes, so that anybody can build the file whose SHA-256 is printed in letters.
"""

import json
import re
import sys
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Final

from ledger import terms
from ledger.language import Text

ROOT: Final = Path(__file__).parents[1]
SOURCES: Final = ROOT / "tools" / "verifier"
BUILT: Final = ROOT / "tools" / "verify.html"
NAMED: Final = (ROOT / "documents" / "verify_page.py", ROOT / "docs" / "formats" / "dossier.md")
"""Where its SHA-256 is printed: letters take it from the first."""

NOBLE_SHA256: Final = "a4f631d1876b5d9e43a86cd71194ca27b5e1451edf4ba4db9a418f40a475569a"
"""Of version 3.2.0, which is the one that tools/verifier/package.json asks for."""

SCRIPTS: Final = (
    "bytes.js",
    "log.js",
    "entry.js",
    "dossier.js",
    "ranking.js",
    "two_steps.js",
    "words.js",
    "show.js",
)


def build(noble: bytes) -> bytes:
    """The page, with everything that it needs in it.

    Args:
        noble: `index.js` of @noble/ed25519.

    Raises:
        ValueError: it is of another version.
    """
    if sha256(noble).hexdigest() != NOBLE_SHA256:
        raise ValueError("this is not the version of @noble/ed25519 that is asked for")
    parts = ['"use strict";', _library(noble.decode()), f"const TERMS = {_terms()};"]
    parts += [(SOURCES / name).read_text("utf-8") for name in SCRIPTS]
    script = "\n" + "\n".join(parts)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    page = (SOURCES / "page.html").read_text("utf-8")
    page = page.replace("{{style}}", (SOURCES / "page.css").read_text("utf-8"))
    page = page.replace("{{script-hash}}", f"sha256-{digest}")
    return page.replace("\n{{script}}", script).encode()


def _library(module: str) -> str:
    """The module as a value with the one function that is needed; its licence stays on top."""
    body, exports = re.split(r"\nexport \{[^}]*\};\s*\Z", module)
    assert not exports  # noqa: S101 - the digest has said so
    licence, body = body.split("\n", 1)
    uncommented = re.sub(r"(?ms)^\s*(//[^\n]*|/\*\*.*?\*/)\n", "", body)
    return f"{licence}\nconst noble = (() => {{\n{uncommented}\nreturn {{ verifyAsync }};\n}})();\n"


def _terms() -> str:
    """Titles of events, fields and values: {"events": …, "fields": …, "values": …}."""

    def words(texts: dict[str, Text]) -> dict[str, list[str]]:
        return {key: [text.zh, text.en] for key, text in sorted(texts.items())}

    fields = {"version": terms.VERSION, **terms.FIELDS}
    values = {
        "role": {str(role): text for role, text in terms.ROLES.items()},
        "AppealDecided.outcome": {str(one): text for one, text in terms.APPEAL_OUTCOMES.items()},
        "ObjectionAnswered.outcome": {
            str(one): text for one, text in terms.OBJECTION_OUTCOMES.items()
        },
    }
    table = {
        "events": words(dict(terms.EVENTS)),
        "fields": words(fields),
        "values": {field: words(texts) for field, texts in values.items()},
    }
    return json.dumps(table, ensure_ascii=False, sort_keys=True)


def write(noble: bytes) -> str:
    """Write the page, and its SHA-256 where it is printed; returns that.

    Raises:
        ValueError: the library is of another version.
    """
    page = build(noble)
    digest = sha256(page).hexdigest()
    BUILT.write_bytes(page)
    for file in NAMED:
        file.write_text(re.sub(r"\b[0-9a-f]{64}\b", digest, file.read_text("utf-8")), "utf-8")
    return digest


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(f"{BUILT.name}: SHA-256 {write(Path(sys.argv[1]).read_bytes())}")
