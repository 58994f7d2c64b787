"""What things are: values and rules, no I/O; imports nothing above it."""
