"""Which lines of a lock a layer takes: the target machine decides, not the one that builds."""

from pathlib import Path

import pytest

from llm_config_cdk.layer_contents import LAYERS, LayerName, fingerprint
from llm_config_cdk.wheels import HERE, LAMBDA, locked, names_in

LOCK = """\
# comments are of no concern
always==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
later-python==2.0 ; python_full_version >= '3.13' \\
    --hash=sha256:cc
on-intel==3.0 ; platform_machine == 'x86_64' \\
    --hash=sha256:dd
on-windows==4.0 ; sys_platform == 'win32' \\
    --hash=sha256:ee
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    (tmp_path / "lock.txt").write_text(LOCK)
    return tmp_path / "lock.txt"


def test_markers_are_judged_for_the_machine_that_will_run_the_layer(lock: Path) -> None:
    assert locked(lock, frozenset(), LAMBDA).splitlines() == [
        "always==1.0 --hash=sha256:aa --hash=sha256:bb",
        "later-python==2.0 --hash=sha256:cc",
    ]


def test_what_stays_away_is_left_out_with_its_hashes(lock: Path) -> None:
    assert "always" not in locked(lock, frozenset({"always"}), LAMBDA)


@pytest.mark.parametrize("name", ["deps", "client"])
def test_what_a_layer_leaves_out_is_in_its_lock(name: LayerName) -> None:
    lock = LAYERS[name].lock
    assert lock
    assert LAYERS[name].without <= names_in(lock)


def test_each_layer_and_each_machine_has_a_fingerprint_of_its_own() -> None:
    told = [fingerprint(name, machine) for name in LAYERS for machine in (LAMBDA, HERE)]
    assert len(set(told)) == len(told)
    assert told == [fingerprint(name, machine) for name in LAYERS for machine in (LAMBDA, HERE)]
