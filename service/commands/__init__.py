"""What changes something: one verb, one function; the caller's transaction, never a commit.

Each command checks in the same order: does it exist, may the actor see it, may the actor do it, is
it in the right state, is it what the actor saw, is what was sent in order. It may import
`service.domain`, `service.engine`, `service.feel` and `service.store`; handlers of service tasks
reach it through a registry that the composition root fills. `now` and `actor` are arguments.

Functions that take a `Toolbox` run inside one transaction of the caller. Those that take the
`Rooms` open the transactions they need (a reading one for the checks and the form, a writing one
for the rest), so that no form is validated while others wait for a lock: `completion.complete`,
`starting.start`, `documents.upload`, `drafts.keep`. Entry points call these.
"""
