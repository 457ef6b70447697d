"""What a stranger's program says of the manifest of an archive package, by our schema."""

from pathlib import Path
from typing import Final

from lxml import etree

SCHEMA: Final = Path(__file__).parents[2] / "docs/formats/archive-package.xsd"


def is_valid(data: bytes) -> bool:
    """Whether it fits."""
    return bool(etree.XMLSchema(etree.parse(SCHEMA)).validate(etree.fromstring(data)))
