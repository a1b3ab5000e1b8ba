"""Every five minutes: publish the changes that the stream did not bring."""

from llm_config.operations.events.sweep_journal import SWEEP_JOURNAL
from llm_config.runtime.ticks import schedule

lambda_handler = schedule(SWEEP_JOURNAL)
