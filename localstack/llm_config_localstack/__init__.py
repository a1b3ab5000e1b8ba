"""The deployed home on one machine: LocalStack without Docker, the stacks in it, and HTTP in front of the functions."""
