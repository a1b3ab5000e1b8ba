"""Once a minute: tell of secrets that end soon, or have ended."""

from llm_config.operations.secrets.tell_expiry import TELL_EXPIRY
from llm_config.runtime.ticks import ticks

lambda_handler = ticks(TELL_EXPIRY)
