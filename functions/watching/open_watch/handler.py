"""`$connect` of the WebSocket API: let a verified caller watch."""

from llm_config.operations.watching.open_watch import OPEN_WATCH
from llm_config.runtime.sockets import socket

lambda_handler = socket(OPEN_WATCH)
