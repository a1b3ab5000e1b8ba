"""Unit tests open no network: a test that tries is wrong about what it tests."""

import pytest
import pytest_socket


@pytest.fixture(autouse=True)
def no_network() -> None:
    pytest_socket.disable_socket(allow_unix_socket=True)
