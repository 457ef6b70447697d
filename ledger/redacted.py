"""A message without the secrets in it (隐去密钥和口令), for screens and logs of operators."""

import re
from typing import Final

# Patterns are compiled when the first error is printed: other output does without.
_SIGNING_KEY: Final = r"PRIVATE\+KEY\+\S*"
# Up to the last @ of the word: a password may hold one that is not written as %40.
_IN_URL: Final = r"(?i)(?P<before>\b[a-z][a-z0-9+.-]*://[^\s/:@]*:)\S+(?=@)"
_ASSIGNED: Final = (
    r"(?i)(?P<before>\b(?:password|passwd|pwd|token|secret|passfile|sslpassword)\s*[=:]\s*)"
    r"(?:'[^']*'|\"[^\"]*\"|[^\s&,;，；]+)"
)


def redacted(text: str) -> str:
    """A message without the secrets in it: private keys, passwords and tokens."""
    text = re.sub(_SIGNING_KEY, "PRIVATE+KEY+***", text)
    text = re.sub(_IN_URL, r"\g<before>***", text)
    return re.sub(_ASSIGNED, r"\g<before>***", text)
