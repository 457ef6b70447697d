"""Which page verifies in a browser: `tools/verify.html`. `make verifier` writes both."""

from typing import Final

VERIFY_PAGE_SHA256: Final = "fe3278f440ad15bed302a18b01e1430567f533ef86f121284de849bd363fbadb"
