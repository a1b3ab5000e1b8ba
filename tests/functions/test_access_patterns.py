"""docs/access-patterns.md has a line for every route."""

from pathlib import Path

import pytest

from llm_config import adapters
from llm_config.operations.catalog import OPERATIONS

DOCUMENT = Path(__file__).parents[2] / "docs" / "access-patterns.md"


@pytest.mark.catalog
def test_every_operation_has_its_line() -> None:
    told = DOCUMENT.read_text()
    missing = [one.name for one in OPERATIONS if f"| `{one.name}` | `{one.method} {one.path}` |" not in told]
    assert not missing, f"docs/access-patterns.md has no line for {missing}"


def test_nothing_scans() -> None:
    sources = Path(adapters.__file__).parent.rglob("*.py")
    assert not [source.name for source in sources if "scan" in source.read_text().replace("nothing scans", "")]
