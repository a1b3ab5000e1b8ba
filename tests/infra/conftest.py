"""Layers built once: for Lambda, and for the machine that runs the tests."""

from pathlib import Path

import pytest

from llm_config_cdk.layer_contents import LAYERS, build
from llm_config_cdk.wheels import HERE, LAMBDA, IndexUnreachable, Machine


def _built(root: Path, machine: Machine) -> Path:
    for name in LAYERS:
        try:
            build(name, root / name, machine)
        except IndexUnreachable as error:
            pytest.skip(str(error))
    return root


@pytest.fixture(scope="session")
def for_lambda(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built(tmp_path_factory.mktemp("lambda"), LAMBDA)


@pytest.fixture(scope="session")
def for_here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built(tmp_path_factory.mktemp("here"), HERE)
