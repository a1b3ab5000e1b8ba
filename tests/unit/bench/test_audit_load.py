"""The audit's load is measured by a command that says what it takes, and writes where the document has marks for it."""

from datetime import date

import pytest

from tests.bench.audit_load import BEGIN, DOCUMENT, END, main, markdown


@pytest.mark.parametrize("said", ["many", "-100", "9900", "10050", "1e9", "nan", "inf"])
def test_a_number_of_entries_that_it_cannot_load_is_refused_in_a_line(
    said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main({"ENTRIES": said}) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_table_has_its_place_in_the_document() -> None:
    text = DOCUMENT.read_text()
    assert text.count(BEGIN) == text.count(END) == 1 and text.index(BEGIN) < text.index(END)
    assert "| append 1 entry | 3.1 ms |" in markdown([("append 1 entry", "3.1 ms")], 10_000, date(2026, 11, 22))
