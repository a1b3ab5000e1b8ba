"""Third-party wheels of a layer: exactly the locked ones, for the machine that will run them. No Docker, no compiler.

pip checks every wheel against its hash in the lock, whatever index or directory it came from.
"""

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


class LayerError(Exception):
    """A layer cannot be built; the text says why."""


class IndexUnreachable(LayerError):
    """The package index does not answer."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a layer runs: a Python on Amazon Linux 2023 or the like; without an `architecture`, this very machine."""

    python: str
    architecture: str = ""

    @property
    def tags(self) -> tuple[str, ...]:
        """The platform tags whose wheels it can load: of its glibc and of every older one."""
        return tuple(f"manylinux_2_{minor}_{self.architecture}" for minor in range(GLIBC_MINOR, 16, -1))

    @property
    def markers(self) -> dict[str, str]:
        """What environment markers are judged by: pip itself would ask the machine that builds."""
        here: dict[str, str] = dict(default_environment())  # type: ignore[arg-type]  # a TypedDict of texts
        if not self.architecture:
            return here
        linux = {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"}
        version = {"python_version": self.python, "python_full_version": f"{self.python}.0"}
        return here | linux | version | {"platform_machine": self.architecture}


GLIBC_MINOR = 34
"""Amazon Linux 2023's is 2.34."""
LAMBDA = Machine("3.13", "aarch64")
HERE = Machine(sysconfig.get_python_version())


def locked(lock: Path, without: frozenset[str], machine: Machine) -> str:
    """The lines of a lock that `machine` needs, hashes and all, but for the names in `without`."""
    return "".join(f"{line}\n" for name, line in _needed(lock, machine) if name not in without)


def names_in(lock: Path) -> frozenset[str]:
    return frozenset(canonicalize_name(Requirement(line.partition(" --hash")[0]).name) for line in _lines(lock))


def install(requirements: str, target: Path, machine: Machine) -> None:
    """Put the wheels of `requirements` (locked lines) into `target`. Raises LayerError, IndexUnreachable."""
    target.mkdir(parents=True)
    lock = target.with_name(target.name + ".lock")
    lock.write_text(requirements)
    for_machine = ["--python-version", machine.python, "--implementation", "cp"] if machine.architecture else []
    for tag in machine.tags if machine.architecture else ():
        for_machine += ["--platform", tag]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
               "--no-compile", "--only-binary", ":all:", "--require-hashes"]  # fmt: skip
    done = subprocess.run(  # noqa: S603 - this interpreter's own pip
        [*command, *for_machine, "--target", str(target), "-r", str(lock)], capture_output=True, text=True, check=False
    )
    lock.unlink()
    if done.returncode:
        shutil.rmtree(target)
        raise _refusal(done.stderr)


def _refusal(said: str) -> LayerError:
    if "connection broken by" in said:
        return IndexUnreachable("the package index does not answer, and the wheels of this lock are not kept here yet")
    return LayerError(f"pip refused the locked wheels:\n{said}")


def _needed(lock: Path, machine: Machine) -> Iterator[tuple[str, str]]:
    for line in _lines(lock):
        pinned, _, hashes = line.partition(" --hash")
        requirement = Requirement(pinned)
        if requirement.marker is None or requirement.marker.evaluate(machine.markers):
            requirement.marker = None
            yield canonicalize_name(requirement.name), f"{requirement} --hash{hashes}"


def _lines(lock: Path) -> list[str]:
    """One requirement a line, its hashes behind it."""
    joined = lock.read_text().replace("\\\n", " ")
    return [
        " ".join(line.split()) for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
