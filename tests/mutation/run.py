"""Mutation testing of the domain: mutmut changes its code in a thousand small ways, and its own tests must see it.

    make mutation             all of them
    make mutation SAMPLE=1    about one in ten, those whose number ends in the digit that the seed chooses

mutmut wants the package and its tests in one directory of their own, so both are copied into `.local/mutation`; what it
finds is judged here. It changes the bodies of functions and methods: tables, patterns and defaults are out of its reach.
"""

import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.mutation.explained import why

ROOT = Path(__file__).parents[2]
WORK = ROOT / ".local" / "mutation"
DOMAIN = ROOT / "layers/domain/python/llm_config_domain"
TESTS = ("tests/unit/domain", "tests/properties")
BESIDE = ("tests/support", "tests/conftest.py", "docs/verify_audit.py")
FLOOR = 85.0
SETTINGS = f"""
[tool.mutmut]
source_paths = ["{DOMAIN.name}"]
pytest_add_cli_args_test_selection = {json.dumps(TESTS)}
also_copy = ["tests", "docs", "pyproject.toml"]

[tool.pytest.ini_options]
addopts = "--import-mode=importlib -p no:schemathesis"
"""
_BEYOND_THE_DOMAIN = re.compile(
    r"^from (llm_config|llm_config_client|llm_config_local|tests\.support\.families)\b", re.MULTILINE
)
"""What a property test imports that is of the adapters or of the command line."""
SEEN, UNSEEN = ("killed", "timeout", "segfault"), ("survived", "no_tests", "suspicious")


def prepare() -> None:
    shutil.rmtree(WORK, ignore_errors=True)
    shutil.copytree(DOMAIN, WORK / DOMAIN.name)
    for part in (*TESTS, *BESIDE):
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, WORK / part)
        else:
            (WORK / part).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / part, WORK / part)
    for test in (WORK / "tests/properties").glob("test_*.py"):
        if _BEYOND_THE_DOMAIN.search(test.read_text()):
            test.unlink()
    (WORK / "pyproject.toml").write_text(SETTINGS)


def mutmut(*asked: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(WORK)}
    command = [sys.executable, "-m", "mutmut", *asked]
    ended = subprocess.run(command, cwd=WORK, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if ended.returncode:
        sys.exit(f"{ended.stdout[-4000:]}\nmutmut ended with {ended.returncode}")
    return ended.stdout


def survivors() -> list[str]:
    """The names of the mutants that no test saw."""
    told = (line.strip().split(": ") for line in mutmut("results").splitlines() if line.strip())
    return [name for name, status in told if status not in ("not checked", *SEEN)]


def change(mutant: str) -> str:
    """The changed lines of a mutant."""
    lines = mutmut("show", mutant).splitlines()
    return "\n".join(line for line in lines if line.startswith(("-", "+")) and not line.startswith(("---", "+++")))


def chosen() -> list[str]:
    """The pattern that the names of a sample match; nothing for all of them."""
    if not os.environ.get("SAMPLE"):
        return []
    seed = os.environ.get("LLM_CONFIG_TEST_SEED") or str(random.SystemRandom().randrange(10**6))
    sys.stdout.write(f"a sample, LLM_CONFIG_TEST_SEED={seed}\n")
    return [f"*__mutmut_*{random.Random(seed).randrange(10)}"]


def main() -> int:
    prepare()
    mutmut("run", "--max-children", str(os.cpu_count() or 1), *chosen())
    mutmut("export-cicd-stats")
    told = json.loads((WORK / "mutants/mutmut-cicd-stats.json").read_text())
    seen, tried = sum(told[how] for how in SEEN), sum(told[how] for how in (*SEEN, *UNSEEN))
    score = 100 * seen / tried
    for mutant in survivors():
        changed = change(mutant)
        sys.stdout.write(f"\nnot seen: {mutant}\n{changed}\n{why(mutant, changed) or 'A TEST IS MISSING'}\n")
    sys.stdout.write(
        f"\n{seen} of {tried} mutants seen, of {told['total']} that there are: {score:.1f} % (floor: {FLOOR} %)\n"
    )
    return 0 if score >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
