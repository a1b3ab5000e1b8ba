"""The least that an HTTP server of this kind can be: starlette, one route, one answer of 1 KB."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

BODY = b'{"value":"' + b"x" * 1000 + b'"}'


async def answer(request: Request) -> Response:
    return Response(BODY, media_type="application/json")


if __name__ == "__main__":
    app = Starlette(routes=[Route("/v1/configs/{key}", answer)])
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_config=None, access_log=False, lifespan="off")
