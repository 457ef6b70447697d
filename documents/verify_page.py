"""Which page verifies in a browser: `tools/verify.html`. `make verifier` writes both."""

from typing import Final

VERIFY_PAGE_SHA256: Final = "ebd24c75ecf3c6edf216443380ac082e2884f76a1a3166de9ced312da72381e1"
