"""The bureau's procedures on top of the service: one folder a procedure, nothing of BPM in them.

It may import `service.procedure` and `service.domain` (its `pages.py` Flask too). Procedures reach
each other through `processes.registers` only and share the frames of `processes.pages`; the service
finds them without importing them.
"""
