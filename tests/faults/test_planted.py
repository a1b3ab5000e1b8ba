"""The nets catch what they are for: each planted defect fails them, and the failure names the operation.

A patch under `planted/` removes one safeguard. It is applied to a copy of the whole project, never to the checkout, and
the narrow part of the nets that its header names runs there, in a process of its own. In a deep run the same part runs
beside it over a copy without the defect, which must pass: so a failure is the defect's and not the copy's.
"""

import os
import random
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from llm_config.operations.catalog import OPERATIONS
from tests.faults.planted.whereabouts import HERE
from tests.support.golden import ROOT

PATCHES = sorted((ROOT / "tests/faults/planted").glob("*.patch"))
PRODUCT = ("layers", "localstack", "functions")
COPIED = (*PRODUCT, "events", "docs", "tests", "pyproject.toml")
LAYERS = ("layers/contract/python", "layers/domain/python", "layers/core/python", "layers/client/python", "localstack")
EVERYONE = "every operation that asks who may"
SECONDS = 300


@dataclass(frozen=True)
class Defect:
    """What the header of a patch says: what it removes, the arguments of pytest that must find it, the operations that the
    failure must name, and when it is tried: often, by the seed, or in a deep run alone."""

    patch: Path
    removes: str
    caught_by: list[str]
    names: list[str]
    deep: bool

    @classmethod
    def read(cls, patch: Path) -> "Defect":
        told = dict(re.findall(r"^(Removes|Caught by|Names|When): (.+)$", patch.read_text(), re.MULTILINE))
        assert set(told) == {"Removes", "Caught by", "Names", "When"}, (
            f"{patch.name} does not say what it is in its header"
        )
        everyone = [row.name for row in OPERATIONS if not row.public]
        names = everyone if told["Names"] == EVERYONE else told["Names"].split()
        return cls(patch, told["Removes"], shlex.split(told["Caught by"]), names, told["When"] == "deep")


def copy_of_the_project(directory: Path) -> Path:
    for part in COPIED:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, directory / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, directory / part)
    return directory


def plant(defect: Defect, copy: Path) -> None:
    """Raises AssertionError when the patch does not fit the product any more, or is of anything but the product."""
    _, *files = re.split(r"^diff --git .*$", defect.patch.read_text(), flags=re.MULTILINE)
    for told in files:
        named = re.search(r"^\+\+\+ b/(\S+)$", told, re.MULTILINE)
        assert named and named[1].startswith(PRODUCT), f"{defect.patch.name} is not of the product"
        for hunk in re.split(r"^@@ .*$", told, flags=re.MULTILINE)[1:]:
            replace_in(copy / named[1], hunk.lstrip("\n"), defect)


def replace_in(file: Path, hunk: str, defect: Defect) -> None:
    """As `git apply` does it, which is not on every machine."""
    lines = hunk.splitlines(keepends=True)
    old, new = ("".join(line[1:] for line in lines if line[0] in signs) for signs in (" -", " +"))
    assert old != new and file.read_text().count(old) == 1, (
        f"{defect.patch.name} no longer applies: renew it (plant the defect by hand as its header says, take `git diff`,"
        " undo it)"
    )
    file.write_text(file.read_text().replace(old, new))


def started(copy: Path, chosen: list[str]) -> "subprocess.Popen[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COVERAGE_"))}
    environment["PYTHONPATH"] = os.pathsep.join(str(copy / part) for part in ("", *LAYERS))
    environment["CI"] = "1"  # then pytest cuts no line
    asked = [*chosen, "-q", "--tb=short", "-rfE", "-p", "no:cacheprovider", "-p", "tests.faults.planted.whereabouts"]
    command = [sys.executable, "-m", "pytest", f"--rootdir={copy}", *asked]
    return subprocess.Popen(
        command, cwd=copy, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def told_by(running: "subprocess.Popen[str]") -> tuple[int, str]:
    output, _ = running.communicate(timeout=SECONDS)
    assert HERE in output, f"not the copy was tested:\n{output}"
    return running.returncode, output


def named_by(output: str) -> set[str]:
    """The operations that the lines of the failed tests name."""
    failed = " ".join(re.findall(r"^FAILED .*$", output, re.MULTILINE))
    return {row.name for row in OPERATIONS if re.search(rf"(?<![a-z_]){row.name}(?![a-z_])", failed)}


def defects() -> list[Any]:
    """One of the often ones in every run, by the seed; all others are deep."""
    found = [Defect.read(patch) for patch in PATCHES]
    chosen = random.Random(os.environ["LLM_CONFIG_TEST_SEED"]).choice([one for one in found if not one.deep])
    return [
        pytest.param(one, id=f"planted: {one.patch.stem}", marks=() if one is chosen else pytest.mark.deep)
        for one in found
    ]


@pytest.mark.parametrize("defect", defects())
def test_a_planted_defect_fails_its_net_and_the_failure_names_the_operation(defect: Defect, tmp_path: Path) -> None:
    broken = copy_of_the_project(tmp_path / "broken")
    plant(defect, broken)
    failed, output = told_by(started(broken, defect.caught_by))
    assert failed == pytest.ExitCode.TESTS_FAILED, f"the nets let it pass: {defect.removes}\n{output}"
    unnamed = set(defect.names) - named_by(output)
    assert not unnamed, f"no failure names {sorted(unnamed)}:\n{output[-5000:]}"


@pytest.mark.deep
@pytest.mark.parametrize("caught_by", sorted({tuple(Defect.read(patch).caught_by) for patch in PATCHES}))
def test_a_copy_without_a_defect_passes(caught_by: tuple[str, ...], tmp_path: Path) -> None:
    passed, output = told_by(started(copy_of_the_project(tmp_path / "sound"), list(caught_by)))
    assert passed == pytest.ExitCode.OK, f"the nets fail without the defect:\n{output}"


def test_every_patch_still_fits(tmp_path: Path) -> None:
    copy = copy_of_the_project(tmp_path / "copy")
    for patch in PATCHES:
        plant(Defect.read(patch), copy)


def test_the_five_safeguards_are_each_removed_by_a_patch_that_is_tried_often() -> None:
    removed = {defect.patch.stem.partition("-")[0] for defect in map(Defect.read, PATCHES) if not defect.deep}
    assert removed == {"decision", "journal", "context", "condition", "tenant"}


def test_a_patch_that_does_not_fit_any_more_says_that_it_must_be_renewed(tmp_path: Path) -> None:
    defect = Defect.read(PATCHES[0])
    copy = copy_of_the_project(tmp_path / "copy")
    plant(defect, copy)
    with pytest.raises(AssertionError, match="no longer applies: renew it"):
        plant(defect, copy)
