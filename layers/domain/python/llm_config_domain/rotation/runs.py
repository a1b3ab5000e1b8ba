"""One run of the engine: what it is called, and what it is told. It carries ids and no secret."""

from typing import Any

from llm_config_domain import times
from llm_config_domain.rotation.entries import Rotation


def name_of(rotation: Rotation) -> str:
    """`<rotation id>-<attempt>`: two starts of one attempt are one run."""
    return f"{rotation.id}-{rotation.attempt}"


def input_of(rotation: Rotation) -> dict[str, Any]:
    return {
        "tenant": rotation.name.tenant,
        "rotation_id": rotation.id,
        "attempt": rotation.attempt,
        "next": rotation.step.value,
        "not_before": times.whole_seconds(rotation.not_before),
    }
