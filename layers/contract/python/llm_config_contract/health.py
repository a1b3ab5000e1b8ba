"""Health and the description of the API, for anybody who asks."""

from typing import Any

from pydantic import RootModel

from llm_config_contract.wire import Wire


class EmptyRequest(Wire):
    """Nothing is asked but the answer."""


class Health(Wire):
    status: str


class OpenApiDocument(RootModel[dict[str, Any]]):
    """An OpenAPI 3.1 document."""
