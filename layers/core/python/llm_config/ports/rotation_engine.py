from typing import Protocol

from llm_config_domain.rotation.entries import Rotation


class RotationEngine(Protocol):
    def start(self, rotation: Rotation) -> None:
        """Run what is next in a rotation, and all after it, each in its time: once for a rotation's `attempt`, however
        often it is asked. It returns at once. Raises Unavailable: then somebody starts it when it counts as dead."""
        ...
