"""What a thread of a home does again and again: no failure of one time may be its end."""

import logging
from collections.abc import Callable

from llm_config.runtime.task import Defect
from llm_config_domain.errors import Refusal


def outlived(work: Callable[[], object]) -> None:
    """A refusal is told already, as is a task's defect, and the work is done again at the next look; of any other defect
    the kind is told, since its text may hold input."""
    try:
        work()
    except (Refusal, Defect):
        return
    except Exception as error:  # whatever it was: the thread outlives it
        name = getattr(work, "__qualname__", "")
        logging.getLogger(__name__).error("%s broke: %s", name, type(error).__name__)
