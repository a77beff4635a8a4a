"""SpiffWorkflow's workflow, reduced to a tree of tokens under one root."""

from collections import deque
from typing import NoReturn

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.engine.errors import StateUnreadable
from service.engine.process_spec import ElementSpec, KernelProcessSpec
from service.engine.run import ElementFailed, Run
from service.engine.token import Token


class NoScripts:
    """Stands where SpiffWorkflow would put Python's `eval` and `exec`: nothing comes here."""

    environment = None

    def evaluate(self, *_: object, **__: object) -> NoReturn:
        """Expressions are FEEL and never reach SpiffWorkflow."""
        raise NotImplementedError

    execute = evaluate


class KernelWorkflow(BpmnWorkflow):
    """The live nodes of one instance, in the order in which they arose."""

    def __init__(self, spec: KernelProcessSpec, run: Run) -> None:
        self.run = run
        self._ready: deque[Task] = deque()
        super().__init__(spec, script_engine=NoScripts(), deserializing=True)
        self.task_tree = Task(self, spec.start, state=TaskState.COMPLETED)

    def tokens(self) -> list[Token]:
        """Every live token, oldest first."""
        return [Token(task) for task in self.tasks.values() if task is not self.task_tree]

    @property
    def empty(self) -> bool:
        """True when no token is left."""
        return len(self.tasks) == 1

    def put(self, element_id: str) -> Token:
        """A new token at this element, its place not yet set."""
        spec = self.spec.task_specs.get(element_id)
        if not isinstance(spec, ElementSpec):
            raise StateUnreadable(f"流程图中没有元素 {element_id}")
        return Token(self.task_tree._add_child(spec, TaskState.FUTURE))

    def queue(self, task: Task) -> None:
        """A token is ready: it is stepped in turn."""
        self._ready.append(task)

    def step(self) -> Token | None:
        """Run the next ready token; None when there is none.

        What fails holds this token as an incident; the others go on.
        """
        while self._ready:
            task = self._ready.popleft()
            if task.id in self.tasks and task.state == TaskState.READY:
                self.run_token(Token(task))
                return Token(task)
        return None

    def run_token(self, token: Token) -> None:
        """Run one token now."""
        try:
            token.task.run()
        except ElementFailed as failed:
            self.run.raise_incident(token, failed.failure)

    def consume(self, task: Task) -> None:
        """A token is used up by a join, or ended from outside.

        Its parent may be the very node that is about to finish: two flows into one join.
        """
        task.parent._children.remove(task.id)
        del self.tasks[task.id]

    def _task_completed_notify(self, task: Task) -> None:
        """The finished node goes and the tokens it sent move to the root.

        The stock method looks for a node called `End` and updates everything that waits.
        """
        for child in task.children:
            child._parent = self.task_tree.id
            self.task_tree._children.append(child.id)
        self.consume(task)
