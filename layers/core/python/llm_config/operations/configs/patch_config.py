"""Change a part of a config: a patch of RFC 6902, or a merge patch of RFC 7396."""

from functools import partial

from llm_config.operations.configs.answers import entry_answer, signed, write_one
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.config_writer import ConfigWriter
from llm_config.ports.identifiers import Identifiers
from llm_config_contract.configs import ConfigEntry, PatchConfigRequest
from llm_config_domain.configs.changes import Amendment
from llm_config_domain.configs.patches import apply_merge_patch, apply_patch


def patch_config(
    request: PatchConfigRequest, context: Context, *, config_writer: ConfigWriter, identifiers: Identifiers
) -> Answer:
    change = Amendment(
        apply=partial(apply_merge_patch, patch=request.merge_patch)
        if request.is_merge
        else partial(apply_patch, operations=request.json_patch),
        **signed(request, context, identifiers),
    )
    return entry_answer(request, write_one(request, context, config_writer, change))


PATCH_CONFIG = Operation(
    name="patch_config",
    summary="Change a part of a config",
    action="configs:write",
    method="PATCH",
    path="/api/v1/configs/{path+}",
    request=PatchConfigRequest,
    response=ConfigEntry,
    run=patch_config,
    recorded=Recorded.WITH_CHANGE,
    event_type="config.write",
)
