"""The house: ports, operations, adapters and the runtime that joins them."""
