"""Which page verifies in a browser: `tools/verify.html`. `make verifier` writes both."""

from typing import Final

VERIFY_PAGE_SHA256: Final = "b87db815d024b92a0d6adde8bb064f1e608f927980418e75fefc72fb6eaf1da9"
