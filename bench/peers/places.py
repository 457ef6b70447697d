"""Where the peers are installed."""

from pathlib import Path
from typing import Final

ENVIRONMENT: Final = Path(__file__).parent.parent.parent / "build" / "peers"
NODE: Final = ENVIRONMENT / "node"
"""A folder for each database: their packages want different versions of each other."""
