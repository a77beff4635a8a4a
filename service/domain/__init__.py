"""Rules true of every procedure, in the standard library alone: no I/O, no clock, no other room."""
