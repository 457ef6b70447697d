"""The page with which anybody verifies, `tools/verify.html`, opened from disk in a browser."""

import json
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from tests.support.terminal import ROOT

PAGE: Final = ROOT / "tools" / "verify.html"

READ: Final = """
globalThis.read = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
globalThis.asked = async (data, vkey, held, signedFrom = "") => {
  try {
    const { last, compared, signed, unchecked } = await verifyDossier(data, vkey, held, signedFrom);
    return JSON.stringify(["VERIFIED", last.case, last.version, last.at, compared, signed,
      unchecked]);
  } catch (error) {
    const verdict = error instanceof NotVerified ? "NOT VERIFIED" : "BROKEN";
    return JSON.stringify([verdict, error.message]);
  }
};
"ready"
"""

FLIPPED: Final = """
(async () => {
  const passed = [];
  for (const [name, place, bit] of %s) {
    const files = name === null ? null : unpacked(globalThis.whole);
    const data = (files?.get(name) ?? globalThis.whole).slice();
    data[place] ^= 1 << bit;
    if (files) files.set(name, data);
    const said = await asked(files ? packed(files) : data, globalThis.vkey, globalThis.held);
    if (said.startsWith('["VERIFIED"')) passed.push([name, place, bit]);
  }
  return JSON.stringify(passed);
})()
"""

Flip = tuple[str | None, int, int]
"""A member of the dossier, or the file as it is; the place of a byte in it; and a bit of that."""


class Browser(Protocol):
    """A page of a browser."""

    def goes_to(self, address: str) -> None:
        """Open an address and wait until it is there."""

    def evaluates(self, expression: str) -> str:
        """The text that an expression, or its promise, comes to."""

    def puts_in(self, selector: str, *files: Path) -> None:
        """Choose files in an input."""


class VerifyPage:
    """The page in a browser.

    Attributes:
        browser: to look at what it shows.
    """

    def __init__(self, browser: Browser, *, native: bool = True) -> None:
        self.browser = browser
        browser.goes_to(PAGE.as_uri())
        browser.evaluates(READ)
        if not native:
            browser.evaluates("native = false; 'as if the browser did not know Ed25519'")

    def verdict(
        self, dossier: bytes, vkey: str, held: Sequence[bytes] = (), signed_from: str = ""
    ) -> list[object]:
        """["VERIFIED", case, version, at, sizes held, acts signed, not checked], or why not."""
        said = self.browser.evaluates(
            f"asked(read({_text(dossier)}), {json.dumps(vkey)}, {_texts(held)},"
            f" {json.dumps(signed_from)})"
        )
        found: list[object] = json.loads(said)
        return found

    def believes_place(self, proof: bytes, vkey: str) -> bool:
        """Whether it verifies the proof of a place in a ranking."""
        asked = f"verifyPlace(read({_text(proof)}), {json.dumps(vkey)})"
        return self.browser.evaluates(f"{asked}.then(() => 'yes', () => 'no')") == "yes"

    def believes_two_steps(self, receipt: bytes, entry: bytes, vkeys: str) -> bool:
        """Whether it verifies a receipt in two steps, compressed or not."""
        rest = f"read({_text(entry)}), {json.dumps(vkeys)}"
        asked = f"uncompressed(read({_text(receipt)})).then((held) => verifyTwoSteps(held, {rest}))"
        return self.browser.evaluates(f"{asked}.then(() => 'yes', () => 'no')") == "yes"

    def believes(
        self, dossier: bytes, vkey: str, held: Sequence[bytes], flips: Sequence[Flip]
    ) -> list[Flip]:
        """Those changes of a bit after which the dossier still verifies."""
        self.browser.evaluates(
            f"globalThis.whole = read({_text(dossier)}); globalThis.held = {_texts(held)};"
            f" globalThis.vkey = {json.dumps(vkey)}"
        )
        found: list[Flip] = json.loads(self.browser.evaluates(FLIPPED % json.dumps(flips)))
        return found


def _text(data: bytes) -> str:
    return json.dumps(b64encode(data).decode())


def _texts(several: Sequence[bytes]) -> str:
    return f"[{', '.join(f'read({_text(one)})' for one in several)}]"
