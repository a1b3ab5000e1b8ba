"""What operations need from outside, one role a file. A docstring here is a contract; its conformance suite holds it."""
