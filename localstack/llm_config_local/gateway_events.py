"""What API Gateway makes of a request (HTTP API, payload 2.0), made here."""

import base64
import time
from typing import Any

from starlette.requests import HTTPConnection

from llm_config.runtime.routes import Match


def raw_path(connection: HTTPConnection) -> str:
    """As it was sent: names need no percent-encoding, so nothing is decoded."""
    path: bytes = connection.scope.get("raw_path", connection.url.path.encode())
    return path.decode("latin-1").partition("?")[0]


def event_of(connection: HTTPConnection, match: Match, path: str, body: bytes, request_id: str) -> dict[str, Any]:
    text, encoded = _text(body)
    now = time.time()
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": match.route_key,
        "rawPath": path,
        "rawQueryString": connection.url.query,
        "headers": _joined(connection.headers.items()),
        "requestContext": {
            "http": {
                "method": match.operation.method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": connection.client.host if connection.client else "",
                "userAgent": connection.headers.get("user-agent", ""),
            },
            "requestId": request_id,
            "routeKey": match.route_key,
            "timeEpoch": int(now * 1000),
        },
        "isBase64Encoded": encoded,
    }
    if connection.query_params:
        event["queryStringParameters"] = _joined(connection.query_params.multi_items())
    if match.path_parameters:
        event["pathParameters"] = match.path_parameters
    if body:
        event["body"] = text
    return event


def _joined(pairs: Any) -> dict[str, str]:
    """Repeated names joined by a comma, as API Gateway does it."""
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _text(body: bytes) -> tuple[str, bool]:
    try:
        return body.decode(), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), True
