"""Describe every route, from the catalog."""

from functools import cache

from llm_config.operations.operation import Answer, Operation
from llm_config_contract.health import EmptyRequest, OpenApiDocument


def get_openapi(request: EmptyRequest) -> Answer:
    return Answer(_described())


@cache
def _described() -> OpenApiDocument:
    """Once a container: it takes longer than most requests."""
    from llm_config.operations.catalog import OPERATIONS  # the catalog lists this row too
    from llm_config.operations.openapi import document

    return OpenApiDocument(document(OPERATIONS))


GET_OPENAPI = Operation(
    name="get_openapi",
    summary="This API as an OpenAPI document",
    action="health:read",
    method="GET",
    path="/api/v1/openapi.json",
    request=EmptyRequest,
    response=OpenApiDocument,
    run=get_openapi,
    recorded=None,
    public=True,
)
