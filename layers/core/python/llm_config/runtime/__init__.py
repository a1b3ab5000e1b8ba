"""Where triggers meet operations: HTTP in and out, identity, wiring. The only room that logs."""
