"""Says at the end how much this net tried, and with which seed (LLM_CONFIG_TEST_SEED) it tries the same again."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for found in terminalreporter.stats.values() for report in found]
    told = [dict(report.user_properties) for report in reports if getattr(report, "when", "") == "call"]
    counted = [properties for properties in told if "taint_cases" in properties]
    if counted:
        total = sum(int(str(properties["taint_cases"])) for properties in counted)
        seeds = ", ".join(sorted({str(properties["seed"]) for properties in counted}))
        terminalreporter.write_line(f"{total} cases of the taint net, LLM_CONFIG_TEST_SEED={seeds}")
