"""LocalStack's own virtual environment: locked versions, checked hashes, and the plugin of this repository."""

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from llm_config_cdk.interpreters import interpreter
from llm_config_cdk.wheels import HERE, locked, names_in
from llm_config_localstack.places import LOCAL, PYTHON, REPOSITORY, NotHere

LOCK = REPOSITORY / "deps" / "localstack.txt"
PLUGIN = REPOSITORY / "localstack" / "plugin"
VENV = LOCAL / "localstack-venv"
FROM_SOURCE = "airspeed-ext,crontab,jsonpath-rw"
"""Published without wheels. What builds them is locked too, and nothing is fetched for it."""


def python() -> Path:
    """The environment's interpreter; what is not there, or of another lock or plugin, is made now. Raises NotHere."""
    LOCAL.mkdir(exist_ok=True)
    with VENV.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two that start at once make one
        _once("lock", [LOCK], _make)
        _once("plugin", [PLUGIN / "pyproject.toml", *sorted(PLUGIN.rglob("*.py"))], _install_plugin)
    return VENV / "bin" / "python"


def _once(name: str, sources: list[Path], make: Callable[[], None]) -> None:
    """`make`, unless it was done for these very sources."""
    stamp = VENV / f"made-of-{name}"
    wanted = hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()
    if not (stamp.exists() and stamp.read_text() == wanted):
        make()
        stamp.write_text(wanted)


def _interpreter() -> str:
    found = interpreter(PYTHON)
    if found is None:
        raise NotHere(f"LocalStack needs Python {PYTHON}: install it, so that `python{PYTHON}` is on the PATH")
    return found


def _make() -> None:
    _run(_interpreter(), "-m", "venv", "--clear", str(VENV))
    builder = VENV / "builder.txt"
    builder.write_text(locked(LOCK, names_in(LOCK) - {"setuptools"}, HERE))
    _install("--require-hashes", "--only-binary", ":all:", "-r", str(builder))
    wheels_but = ("--only-binary", ":all:", "--no-binary", FROM_SOURCE, "--no-build-isolation")
    _install("--require-hashes", *wheels_but, "-r", str(LOCK))


def _install_plugin() -> None:
    """From a copy: what building leaves behind does not stay among the sources."""
    copy = VENV / "plugin"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(PLUGIN, copy)
    _install("--no-deps", "--no-build-isolation", "--no-index", "--force-reinstall", str(copy))


def _install(*options: str) -> None:
    _run(str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *options)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - Pythons that we found
    if done.returncode:
        raise NotHere(f"LocalStack's virtual environment cannot be made:\n{done.stderr}")
