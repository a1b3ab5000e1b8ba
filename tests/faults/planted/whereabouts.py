"""A plugin for pytest below pytest: says whether everything that was imported of this project came from this copy of it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGES = ("llm_config", "llm_config_client", "llm_config_contract", "llm_config_domain", "llm_config_local")
HERE = "everything was imported from this copy"


def elsewhere(copy: Path) -> Iterator[str]:
    """The modules of the project that do not lie in `copy`."""
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name.partition(".")[0] in (*PACKAGES, "functions", "tests") and file and not Path(file).is_relative_to(copy):
            yield f"{name} from {file}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    strangers = list(elsewhere(config.rootpath))
    assert "llm_config.operations.perform" in sys.modules, "nothing of the product was imported"
    terminalreporter.line("\n".join(strangers) or HERE)
