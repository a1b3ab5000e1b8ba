"""`$disconnect` of the WebSocket API: forget a connection."""

from llm_config.operations.watching.close_watch import CLOSE_WATCH
from llm_config.runtime.sockets import socket

lambda_handler = socket(CLOSE_WATCH)
