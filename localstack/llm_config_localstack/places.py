"""Where things lie, the stage that is deployed, and the one error of this package."""

from pathlib import Path

from llm_config_cdk.stages import Stage

REPOSITORY = Path(__file__).parents[2]
LOCAL = REPOSITORY / ".local"
CDK = REPOSITORY / "infra" / "cdk"
REGION, ACCOUNT = "us-east-1", "000000000000"
PYTHON = "3.13"
"""LocalStack's, and that of the functions."""
STAGE = Stage("local", config_bound_seconds=1.0)


class NotHere(Exception):
    """This machine cannot run it; the text says what is missing and what to do."""
