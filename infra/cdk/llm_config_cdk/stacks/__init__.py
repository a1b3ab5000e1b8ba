"""One module a stack. Each takes its stage, and finds the others' things by their names."""
