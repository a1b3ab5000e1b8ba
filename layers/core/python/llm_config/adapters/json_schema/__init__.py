"""JSON Schema: `jsonschema-rs`, held to what cannot reach out and cannot run away."""
