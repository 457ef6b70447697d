"""Which program this is: what it makes is compared with what another version of it has made."""

from typing import Final

VERSION: Final = "0.11.0"
"""As in `pyproject.toml`. It changes whenever the enclosures of a dossier do."""
