"""`llm-config`: the command line for people and scripts.

The rules of its face: stdout carries the result and nothing else, and is empty when there is none; what a person must
know goes to stderr in plain lines; no secret shows itself on a terminal unasked, and none is ever part of a message;
exit codes are in `failures`.
"""
