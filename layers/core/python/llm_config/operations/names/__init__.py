"""What there is, by its name: in one question over all namespaces and environments."""
