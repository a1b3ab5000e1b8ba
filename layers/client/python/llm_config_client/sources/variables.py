"""The variables of a dotenv file, each a secret."""

from pathlib import Path

from llm_config_client.files import documents, dotenv
from llm_config_client.files.faults import Fault, Unreadable
from llm_config_client.sources.originals import Original


def read(file: Path) -> tuple[list[Original], list[Fault]]:
    """The variables, and everything that is wrong with the file."""
    try:
        variables, wrong = dotenv.read(documents.read_text(file))
    except Unreadable as error:
        return [], [error.of(str(file))]
    originals = [Original(each.name, each.text, str(file), each.line) for each in variables]
    return originals, [error.of(str(file)) for error in wrong]
