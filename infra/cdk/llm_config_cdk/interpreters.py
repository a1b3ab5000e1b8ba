"""The Pythons of the machine that builds: `python -m llm_config_cdk.interpreters 3.13` prints where one is, if it is."""

import os
import shutil
import subprocess
import sys
from functools import cache


@cache
def interpreter(version: str) -> str | None:
    """An interpreter of this version that runs, if the machine has one."""
    for candidate in (sys.executable, shutil.which(f"python{version}")):
        found = _itself(candidate, version) if candidate else None
        if found:
            return found
    return None


def _itself(candidate: str, version: str) -> str | None:
    """The interpreter behind what may be a launcher. pyenv's runs the version that it is told, and else whatever it likes."""
    told = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"
    environment = {**os.environ, "PYENV_VERSION": version}
    done = subprocess.run(  # noqa: S603 - found on the PATH under Python's own name
        [candidate, "-c", told], capture_output=True, text=True, check=False, env=environment
    )
    itself, _, path = done.stdout.strip().partition(" ")
    return path if itself == version else None


def main(version: str) -> int:
    """0 and its path on stdout; else 1 and nothing."""
    found = interpreter(version)
    if found:
        sys.stdout.write(f"{found}\n")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
