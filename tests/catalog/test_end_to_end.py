"""The end-to-end suite asks for everything that the SDK can ask, so that a new operation is seen in every home."""

import re
from pathlib import Path

import pytest

from llm_config_client import calls

pytestmark = pytest.mark.catalog
SUITE = Path(__file__).parents[1] / "e2e"


def test_every_call_of_the_sdk_is_made_end_to_end() -> None:
    suite = "".join(path.read_text() for path in SUITE.glob("test_*.py"))
    made = set(re.findall(r"\.(\w+)\b", suite))
    assert set(calls.__all__) - made == set()
