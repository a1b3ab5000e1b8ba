"""Where things lie, and the one error of this package."""

from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
LOCAL = REPOSITORY / ".local"
CDK = REPOSITORY / "infra" / "cdk"
REGION, ACCOUNT = "us-east-1", "000000000000"
PYTHON = "3.13"
"""LocalStack's, and that of the functions."""


class NotHere(Exception):
    """This machine cannot run it; the text says what is missing and what to do."""
