"""Traces to an OpenTelemetry collector, over HTTP, in its JSON encoding: the standard library is enough for that."""
