"""Programs of the system, which share nothing with ours: `openssl`, `ssh-keygen`."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory


def answer_of(*words: str, stdin: bytes = b"", **files: bytes) -> bytes:
    """What a program answers about files, which its words name as `@name`.

    Raises:
        CalledProcessError: it says no.
    """
    with TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        command = [word.replace("@", f"{folder}/") if word[0] == "@" else word for word in words]
        done = subprocess.run(command, input=stdin, capture_output=True, check=True)  # noqa: S603 - named by a test
    return done.stdout
