"""Every five minutes: append the changes that the stream did not bring."""

from llm_config.operations.audit.sweep_audit import SWEEP_AUDIT
from llm_config.runtime.ticks import schedule

lambda_handler = schedule(SWEEP_AUDIT)
