"""Work that tokens hand out, handlers and decisions: each until it is answered, then the next."""

from collections import deque

from service.engine.due import Due
from service.engine.errors import NotWaiting
from service.engine.run import WORK_STEPS, ElementFailed, Run
from service.engine.task_specs import WorkSpec
from service.engine.token import Phase, Token
from service.engine.workflow import KernelWorkflow


class WorkQueue:
    """The work of one run, oldest first."""

    def __init__(self, workflow: KernelWorkflow, run: Run) -> None:
        self._workflow, self._run = workflow, run
        self._waiting: deque[Token] = deque()
        self._handed: dict[int, Due] = {}

    def note(self, token: Token) -> None:
        """This token moved: it may have work to hand out now."""
        if self._has_work(token):
            self._waiting.append(token)

    def next(self) -> Due | None:
        """The work that is due; what cannot be handed out is an incident at its element."""
        while self._waiting:
            token = self._waiting[0]
            if self._workflow.holds(token) and self._has_work(token):
                try:
                    return self.due(token)
                except ElementFailed as failed:
                    self._run.raise_incident(token, failed.failure)
            self._waiting.popleft()
        return None

    def due(self, token: Token) -> Due:
        """The work of this token, worked out once. Raises NotWaiting, ElementFailed."""
        key, spec = token.key, token.spec
        if key is None or not isinstance(spec, WorkSpec):
            raise NotWaiting(key or self._run.instance_key)
        if key not in self._handed:
            self._run.count(WORK_STEPS)
            self._handed[key] = spec.due(token, self._run)
        return self._handed[key]

    def answered(self, key: int) -> None:
        """The work of this element instance is answered, or given up."""
        self._handed.pop(key, None)

    def _has_work(self, token: Token) -> bool:
        return token.phase is Phase.DUE and not token.blocked
