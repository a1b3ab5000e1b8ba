"""What changed from one version of a config to another, as a patch (RFC 6902) and in words."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.config_reader import ConfigReader
from llm_config_contract.configs import ConfigDiff, DiffConfigRequest
from llm_config_domain.configs.differences import diff, summary


def diff_config(request: DiffConfigRequest, context: Context, *, config_reader: ConfigReader) -> Answer:
    name = context.name(request.path, request.environment)
    old, new = (config_reader.entry(name, version).json() for version in (request.from_, request.to))
    patch = diff(old, new)
    body = ConfigDiff(from_=request.from_, to=request.to, patch=patch, summary=summary(patch))
    return Answer(body, etag=f'"{request.from_}-{request.to}"', metadata={"version": request.to})


DIFF_CONFIG = Operation(
    name="diff_config",
    summary="What changed between two versions of a config",
    action="configs:read",
    method="GET",
    path="/api/v1/config-diffs/{path+}",
    request=DiffConfigRequest,
    response=ConfigDiff,
    run=diff_config,
    recorded=Recorded.BEHIND,
    event_type="config.read",
)
