"""The REST API: `/v2`, a subset of that of Camunda 8, and `/api/v1` beside it.

An operation is a typed function declared on the `Operations` of its subject; the routes, the
checks of what is sent and the OpenAPI document follow from its types. It calls one command or a
few queries, as a page does, and decides nothing. `routes.install` mounts all of it.
"""
