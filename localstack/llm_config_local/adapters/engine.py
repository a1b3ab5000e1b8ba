"""The engine of rotations of the embedded home: whoever runs them is told, once somebody does."""

from collections.abc import Callable

from llm_config_domain.rotation.entries import Rotation

Begin = Callable[[Rotation], None]


class EmbeddedEngine:
    """Implements `rotation_engine`. What is started before anybody runs rotations is found by the first look at what is
    due: the store remembers it."""

    def __init__(self) -> None:
        self._begin: Begin | None = None

    def connect(self, begin: Begin | None) -> None:
        """`begin` returns at once."""
        self._begin = begin

    def start(self, rotation: Rotation) -> None:
        if self._begin is not None:
            self._begin(rotation)
