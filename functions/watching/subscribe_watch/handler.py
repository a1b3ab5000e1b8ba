"""`$default` of the WebSocket API: take the message that subscribes."""

from llm_config.operations.watching.subscribe_watch import SUBSCRIBE_WATCH
from llm_config.runtime.sockets import socket

lambda_handler = socket(SUBSCRIBE_WATCH)
