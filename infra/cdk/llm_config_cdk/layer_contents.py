"""What lies in each Lambda layer, and how it is laid out. Needs no node and no Docker.

The same sources and the same lock give the same bytes on every machine: nothing of the building machine (its times, its
umask, its paths) goes into a layer, and bytecode is checked against nothing at run time, for a layer is never edited.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from llm_config_cdk.interpreters import interpreter
from llm_config_cdk.wheels import LAMBDA, LayerError, Machine, install, locked

LayerName = Literal["deps", "core", "client"]

REPOSITORY = Path(__file__).parents[3]
KEPT = REPOSITORY / ".local" / "layers"
"""Wheels once installed, by what was asked for."""

OF_THE_RUNTIME = frozenset({"boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3"})
"""Lambda's own boto3 and what it stands on: 36 MB. The tests of the AWS adapters pass on boto3 1.34.145 too, which is older
than Lambda's first Python 3.13."""
OF_THE_COMMAND_LINE = frozenset(
    {
        "annotated-doc",
        "cffi",
        "colorama",
        "cryptography",
        "markdown-it-py",
        "mdurl",
        "pycparser",
        "pygments",
        "pyyaml",
        "rfc8785",
        "rich",
        "shellingham",
        "typer",
        "websockets",
    }
)
"""A function uses the SDK; the command line and its files stay at home, and watching by WebSocket, for who is frozen between
two calls cannot watch."""

_NOT_CARRIED = (
    "__pycache__",
    "tests",
    "bin",
    "*-stubs",
    "*.pyi",
    "RECORD",
    "INSTALLER",
    "REQUESTED",
    "direct_url.json",
)
_MODE, _EXECUTABLE = 0o644, 0o755
"""Lambda runs as another user than the one who built, whatever that one's umask is."""


@dataclass(frozen=True, slots=True)
class Layer:
    """`rooms` are folders of layers/; `lock` lists third-party wheels, `without` those of them that stay away."""

    rooms: tuple[str, ...] = ()
    lock: Path | None = None
    without: frozenset[str] = frozenset()

    def requirements(self, machine: Machine) -> str:
        return locked(self.lock, self.without, machine) if self.lock else ""

    def sources(self) -> list[Path]:
        """The packages to copy."""
        rooms = [REPOSITORY / "layers" / room / "python" for room in self.rooms]
        return [
            package for room in rooms for package in sorted(room.iterdir()) if package.name.startswith("llm_config")
        ]


LAYERS: dict[LayerName, Layer] = {
    "deps": Layer(lock=REPOSITORY / "deps" / "requirements.txt", without=OF_THE_RUNTIME),
    "core": Layer(("contract", "domain", "core")),
    "client": Layer(
        ("contract", "domain", "client"), lock=REPOSITORY / "deps" / "client.txt", without=OF_THE_COMMAND_LINE
    ),
}


def build(name: LayerName, target: Path, machine: Machine = LAMBDA, kept: Path = KEPT) -> None:
    """Lay the layer out under `target`/python. Raises LayerError; IndexUnreachable when its wheels cannot be had.

    Without an interpreter of the machine's Python there is no bytecode in it, and stderr says so: the layer works, and
    each cold start compiles what it imports.
    """
    layer, python = LAYERS[name], target / "python"
    python.mkdir(parents=True, exist_ok=True)
    if requirements := layer.requirements(machine):
        _copy(_wheels(requirements, machine, kept), python)
    for package in layer.sources():
        _copy(package, python / package.name)
    _compile(python, machine)
    for path in python.rglob("*"):
        path.chmod(_EXECUTABLE if path.is_dir() or path.suffix == ".so" else _MODE)


def fingerprint(name: LayerName, machine: Machine = LAMBDA) -> str:
    """What a layer is made of, in one word: it changes when the layer's content would, and costs no wheel."""
    layer = LAYERS[name]
    digest = hashlib.sha256(repr((name, machine, bool(interpreter(machine.python)), _NOT_CARRIED)).encode())
    digest.update(layer.requirements(machine).encode())
    for package in layer.sources():
        for path in _files(package):
            digest.update(f"\0{path.relative_to(package.parent)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _wheels(requirements: str, machine: Machine, kept: Path) -> Path:
    """The directory that holds these wheels installed, filled now if it is not there."""
    key = hashlib.sha256(repr((requirements, machine)).encode()).hexdigest()[:16]
    if not (kept / key).is_dir():
        kept.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=kept) as unfinished:
            fresh = Path(unfinished, "wheels")
            install(requirements, fresh, machine)
            _settle(fresh, kept / key)
    return kept / key


def _settle(fresh: Path, place: Path) -> None:
    """A whole directory appears at once; if another process was quicker, its is as good."""
    try:
        fresh.rename(place)
    except OSError:
        if not place.is_dir():
            raise


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(*_NOT_CARRIED), dirs_exist_ok=True)


def _files(package: Path) -> Iterator[Path]:
    return (path for path in sorted(package.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)


def _compile(python: Path, machine: Machine) -> None:
    executable = interpreter(machine.python)
    if executable is None:
        sys.stderr.write(f"no Python {machine.python} here: the layer in {python.parent} carries no bytecode\n")
        return
    command = [executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    where = ["-s", str(python), "-p", "/opt/python", str(python)]
    steady = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(  # noqa: S603 - an interpreter that was asked for its version
        [*command, *where], capture_output=True, text=True, check=False, env=steady
    )
    if done.returncode:
        raise LayerError(f"Python {machine.python} cannot compile the layer:\n{done.stdout}{done.stderr}")
