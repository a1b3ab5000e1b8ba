"""The event bus of AWS."""
