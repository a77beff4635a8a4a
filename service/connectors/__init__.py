"""The outside: mail, web hooks, robots. It is called by jobs alone, never inside a transaction.

It may import `service.domain`. It knows no table, no process and no page: it gets what it sends
as values and answers whether that arrived.
"""
