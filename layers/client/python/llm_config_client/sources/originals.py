"""A secret as its source has it."""

from dataclasses import dataclass, field

from llm_config_client.errors import ClientFault

MAX_SECRETS = 10_000
"""In one import: all values are in memory until the last is read, so that nothing is stored when one is wrong."""


@dataclass(frozen=True, slots=True)
class Original:
    """`name` as its owner wrote it; `place` and `line` say where it stands. The text never prints."""

    name: str
    text: str | bytes = field(repr=False)
    place: str
    line: int = 0


class SourceFailed(ClientFault):
    """The source of an import did not let itself be read. Nothing was sent."""
