"""What operations that change one config have in common: one step, and the entry that stands now."""

from typing import Any

from llm_config.operations.operation import Answer, Context
from llm_config.operations.version_views import version_fields
from llm_config.ports.config_writer import ConfigWriter, Step
from llm_config.ports.identifiers import Identifiers
from llm_config_contract.configs import ConfigEntry, ConfigMetadataView
from llm_config_contract.wire import NamedRequest
from llm_config_domain.configs.changes import Change
from llm_config_domain.configs.entries import ConfigMetadata, ConfigVersion
from llm_config_domain.versions import ChangeType, Committed, Preconditions


def signed(request: Any, context: Context, identifiers: Identifiers, *, must_be_new: bool = False) -> dict[str, Any]:
    """What every change says beside its own: who, why, and on top of what."""
    return {
        "author": context.caller.subject,
        "new_id": identifiers.ulid(),
        "reason": request.reason,
        "preconditions": Preconditions(request.if_match, request.if_none_match, must_be_new),
    }


def write_one(
    request: NamedRequest, context: Context, writer: ConfigWriter, change: Change
) -> Committed[ConfigVersion]:
    """Raises what `ConfigWriter.write` raises."""
    step = Step(context.name(request.path, request.environment), change, context.entry)
    done = writer.write([step], idempotency=context.idempotency)
    return Committed(done.version[0], done.replayed)


def entry_answer(request: NamedRequest, done: Committed[ConfigVersion]) -> Answer:
    return Answer(
        entry_of(done.version),
        created=done.version.change_type is ChangeType.CREATE,
        etag=done.version.etag,
        location=f"/api/v1/configs/{request.path}?environment={request.environment}",
        replayed=done.replayed,
    )


def entry_of(version: ConfigVersion) -> ConfigEntry:
    return ConfigEntry(value=version.json(), from_version=version.from_version, **version_fields(version))


def metadata_of(version: ConfigMetadata) -> ConfigMetadataView:
    return ConfigMetadataView(from_version=version.from_version, **version_fields(version))
