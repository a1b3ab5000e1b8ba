"""A thread of the embedded home outlives what one of its looks runs into."""

import logging

import pytest

from llm_config.runtime.task import Defect
from llm_config_domain.errors import Unavailable
from llm_config_local.outlived import outlived


@pytest.mark.parametrize("error", [Unavailable("the store is down"), Defect()])
def test_what_is_told_already_is_not_told_again(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    def look() -> None:
        raise error

    outlived(look)
    assert not caplog.records


def test_of_another_defect_the_kind_is_told_and_never_its_text(caplog: pytest.LogCaptureFixture) -> None:
    def look() -> None:
        raise KeyError("a-secret")

    with caplog.at_level(logging.ERROR):
        outlived(look)
    assert "look broke: KeyError" in caplog.text and "a-secret" not in caplog.text


def test_a_stop_is_no_defect() -> None:
    def look() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outlived(look)
