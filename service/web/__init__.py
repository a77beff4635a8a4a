"""What a browser or a program talks to: pages, fragments and the REST API, and nothing behind them.

The only room that knows Flask. It may import `service.commands`, `service.queries` and
`service.domain`. A view reads the request, calls one command or a few queries and writes the
answer; it knows no SQL, decides nothing and opens no transaction but through the `Rooms`. It
alone turns errors into statuses (`errors`) and reads who is signed in (`identity`).
"""
