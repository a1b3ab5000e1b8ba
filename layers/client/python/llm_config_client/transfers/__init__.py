"""Moving whole directories of configs into the service and out of it."""
