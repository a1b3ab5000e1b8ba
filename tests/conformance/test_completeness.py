"""Every port has a suite here, and an adapter in every family."""

from pathlib import Path

import pytest

from llm_config import ports
from llm_config.runtime.aws_family import FACTORIES
from llm_config_local.family import EmbeddedFamily
from tests.support.homes import ISSUER

PORTS = {file.stem for file in Path(ports.__file__).parent.glob("*.py")} - {"__init__"}
AWS_ONLY = {"large_values"}
pytestmark = pytest.mark.catalog


def test_every_port_has_its_suite() -> None:
    suites = {file.stem.removeprefix("test_") for file in Path(__file__).parent.glob("test_*.py")} - {"completeness"}
    assert suites == PORTS, f"tests/conformance lacks a suite of {PORTS - suites}, or has one of {suites - PORTS}"


def test_the_aws_family_stands_behind_every_port() -> None:
    assert set(FACTORIES) == PORTS


def test_the_embedded_family_stands_behind_every_port(tmp_path: Path) -> None:
    family = EmbeddedFamily(tmp_path, ISSUER)
    try:
        assert set(family.factories()) == PORTS - AWS_ONLY
    finally:
        family.close()
