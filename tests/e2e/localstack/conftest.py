"""What can be seen behind the API of a deployment in LocalStack, and is seen there alone."""

import os

from tests.e2e.deployments import HOME


def pytest_ignore_collect() -> bool | None:
    return os.environ.get(HOME) != "localstack" or None
