"""What runs later: APScheduler wakes the job runner, which works off the job rows that are due.

It may import `service.domain`, `service.commands`, `service.queries` and `service.connectors`, and
alone calls the last. A job row is the truth; the scheduler only knows when to look.
"""
