"""What stands behind the ports: technology + thing. Adapters do not know each other."""
