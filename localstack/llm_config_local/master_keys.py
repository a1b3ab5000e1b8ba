"""A new master key for a home that does not run."""

from contextlib import closing
from pathlib import Path

from llm_config.adapters.system.clock import SystemClock
from llm_config_local.adapters.key_file import KeyFile
from llm_config_local.home import HomeError, HomeState, locked


def rotate_master_key(directory: Path) -> int:
    """How many tenants' keys lie under the new one. Raises HomeError, and Unavailable when the directory is full."""
    state = HomeState.read(directory)
    if state is None:
        raise HomeError(f"{directory} was never served: it has no master key yet")
    with closing(locked(directory)):
        try:
            return KeyFile(directory, SystemClock(state.clock_offset)).rewrap()
        except ValueError as error:
            raise HomeError(f"a key file in {directory} is missing or broken ({error}): put it back") from error
