"""Every five minutes: bring what no event brought into the index of names."""

from llm_config.operations.names.sweep_names import SWEEP_NAMES
from llm_config.runtime.ticks import schedule

lambda_handler = schedule(SWEEP_NAMES)
