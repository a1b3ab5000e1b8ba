"""LocalStack's own virtual environment: locked versions, checked hashes, and the plugin of this repository."""

import hashlib
import shutil
import subprocess
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
    """The environment's interpreter, made now if it is not there or of another lock. Raises NotHere."""
    stamp, wanted = VENV / "made-of", _fingerprint()
    if not (stamp.exists() and stamp.read_text() == wanted):
        _make(_interpreter())
        stamp.write_text(wanted)
    return VENV / "bin" / "python"


def _interpreter() -> str:
    found = interpreter(PYTHON)
    if found is None:
        raise NotHere(f"LocalStack needs Python {PYTHON}: install it, so that `python{PYTHON}` is on the PATH")
    return found


def _make(base: str) -> None:
    _run(base, "-m", "venv", "--clear", str(VENV))
    builder = VENV / "builder.txt"
    builder.write_text(locked(LOCK, names_in(LOCK) - {"setuptools"}, HERE))
    _install("--require-hashes", "--only-binary", ":all:", "-r", str(builder))
    _install(
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--no-binary",
        FROM_SOURCE,
        "--no-build-isolation",
        "-r",
        str(LOCK),
    )
    shutil.copytree(PLUGIN, VENV / "plugin")  # what building leaves behind does not stay among the sources
    _install("--no-deps", "--no-build-isolation", "--no-index", str(VENV / "plugin"))


def _install(*options: str) -> None:
    _run(str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *options)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - an interpreter that was asked for its version
    if done.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise NotHere(f"LocalStack's virtual environment cannot be made:\n{done.stderr}")


def _fingerprint() -> str:
    sources = [PLUGIN / "pyproject.toml", *sorted(PLUGIN.rglob("*.py"))]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in [LOCK, *sources])).hexdigest()
