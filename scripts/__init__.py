"""What tools need beside the project: set-up, with the standard library alone."""
