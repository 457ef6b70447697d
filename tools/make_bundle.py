"""A folder from which everything installs without an index, on Linux and on Windows: `make bundle`.

What is installed, and its hashes, are those of `requirements.lock`; pip fetches the wheels from
wherever it is configured to, and refuses any that has another hash.
"""

import subprocess
import sys
from argparse import ArgumentParser
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
VERSIONS = ("3.11", "3.12", "3.13")
LINUX, WINDOWS = "linux", "win32"
PLATFORMS = {
    LINUX: [f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)]
    + [f"manylinux{name}_x86_64" for name in ("2014", "2010", "1")],
    WINDOWS: ["win_amd64"],
}


def blocks(lock):
    """The requirements of a lock file, each with its hashes."""
    found = []
    for line in lock.splitlines():
        if line.startswith((" ", "\t")):
            found[-1] += f"\n{line}"
        elif line and not line.startswith("#"):
            found.append(line)
    return found


def plain(block):
    """A requirement without its marker, which pip would ask of the system that it runs on."""
    head, *hashes = block.split(" \\\n")
    return " \\\n".join([head.split(" ;")[0], *hashes])


def needed(block, system, version):
    """Whether a requirement is one of this system and this Python."""
    environment = {
        "sys_platform": system,
        "platform_system": {LINUX: "Linux", WINDOWS: "Windows"}[system],
        "os_name": {LINUX: "posix", WINDOWS: "nt"}[system],
        "platform_machine": {LINUX: "x86_64", WINDOWS: "AMD64"}[system],
        "python_version": version,
        "python_full_version": f"{version}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    marker = Requirement(block.split(" \\\n")[0]).marker
    return marker is None or marker.evaluate(environment)


def pip(*words):
    """Run pip; what it says is shown where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"pip {' '.join(words)}\n{done.stdout}{done.stderr}")


def fetch(wheels, system, version, *where):
    """Fetch what is needed by one system and one Python."""
    with TemporaryDirectory() as folder:
        wanted = Path(folder) / "wanted.txt"
        every = blocks(LOCK.read_text("utf-8"))
        chosen = [plain(block) for block in every if needed(block, system, version)]
        wanted.write_text("\n".join(chosen) + "\n", "utf-8")
        abi = f"cp{version.replace('.', '')}"
        pip(
            *("download", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes"),
            *("--implementation", "cp", "--python-version", version),
            *(f"--abi={name}" for name in (abi, "abi3", "none")),
            *(f"--platform={name}" for name in PLATFORMS[system]),
            *("--dest", str(wheels), "--requirement", str(wanted), *where),
        )


def digest(path):
    """The SHA-256 of a file."""
    return sha256(path.read_bytes()).hexdigest()


def make(folder, versions):
    """Make the folder anew."""
    rmtree(folder, ignore_errors=True)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    pip("wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels), str(ROOT))
    (own,) = wheels.iterdir()
    for version in versions:
        for system in PLATFORMS:
            fetch(wheels, system, version)
    lines = [*blocks(LOCK.read_text("utf-8")), f"./wheels/{own.name} --hash=sha256:{digest(own)}"]
    write(folder / "requirements.txt", "\n".join(lines) + "\n")
    write(folder / "INSTALL.md", (ROOT / "docs" / "offline.md").read_text("utf-8"))
    every = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = [f"{digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in every]
    write(folder / "SHA256SUMS", "".join(sums))
    print(
        f"{folder}: {len(every) + 1} files, {sum(path.stat().st_size for path in every) >> 20} MiB"
    )


def write(path, text):
    """Write a text with the line ends of Linux, whose tools check it."""
    path.write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python", action="append", choices=VERSIONS, help="default: all")
    given = parser.parse_args()
    make(given.folder.absolute(), given.python or VERSIONS)
