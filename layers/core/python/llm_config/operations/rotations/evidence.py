"""What services have reported of both versions of a rotation."""

from llm_config.ports.usage_reader import UsageReader
from llm_config_domain.rotation.entries import Rotation
from llm_config_domain.rotation.evidence import Evidence


def evidence_of(rotation: Rotation, reports: UsageReader, target_last_used: str | None = None) -> Evidence:
    new = reports.of(rotation.name, rotation.new_version_id) if rotation.new_version_id else ()
    old = reports.of(rotation.name, rotation.old_version_id)
    return Evidence(old=old, new=new, target_last_used=target_last_used)
