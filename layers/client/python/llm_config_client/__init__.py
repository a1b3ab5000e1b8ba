"""The SDK and the command line of LLM-Config-Manager."""
