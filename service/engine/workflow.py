"""SpiffWorkflow's workflow, reduced to a tree of live tokens: a scope's tokens are its children."""

from collections import deque
from dataclasses import dataclass
from itertools import count
from typing import NoReturn

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.domain.events import (
    CallOver,
    ElementCompleted,
    ElementTerminated,
    JobOver,
    UserTaskEnded,
)
from service.engine import compensation, subscriptions
from service.engine.errors import StateUnreadable
from service.engine.node import Node
from service.engine.process_spec import ElementSpec, Flow, KernelProcessSpec
from service.engine.run import ElementFailed, Run
from service.engine.token import Phase, Token


class NoScripts:
    """Stands where SpiffWorkflow would put Python's `eval` and `exec`: nothing comes here."""

    environment = None

    def evaluate(self, *_: object, **__: object) -> NoReturn:
        """Expressions are FEEL and never reach SpiffWorkflow."""
        raise NotImplementedError

    execute = evaluate


@dataclass(frozen=True, slots=True)
class Ended:
    """A token that left its scope: by itself, or ended from outside."""

    scope: Token
    item: int | None
    undoer: int | None
    completed: bool


class KernelWorkflow(BpmnWorkflow):
    """The live nodes of one instance, in the order in which they arose."""

    def __init__(self, spec: KernelProcessSpec, run: Run) -> None:
        self.run = run
        self.ended: deque[Ended] = deque()
        """Tokens that ended since somebody last looked: what their scopes do is decided then."""
        self._ready: deque[Task] = deque()
        self._numbers = count(1)
        super().__init__(spec, script_engine=NoScripts(), deserializing=True)
        self.task_tree = self._node(spec.start, None, TaskState.COMPLETED)

    @property
    def root(self) -> Token:
        """The process itself."""
        return Token(self.task_tree)

    def tokens(self) -> list[Token]:
        """Every live token, oldest first; a scope before what is in it."""
        return [Token(task) for task in self.tasks.values() if task is not self.task_tree]

    def scopes_of_joins(self) -> list[Token]:
        """The scopes in which tokens wait at joins, the outer before the inner."""
        return [Token(task) for task in self.tasks.values() if task.internal_data.get("joins")]

    def places(self, scope: Token) -> set[str]:
        """The elements at which a scope has tokens that send others on.

        Those that wait at joins are many, and known by their join.
        """
        places = set(scope.joins)
        for task in map(self.tasks.__getitem__, scope.task._children):
            if not task.internal_data.get("queued"):
                token = Token(task)
                places.update(() if token.is_aside else (token.spec.name,))
        return places

    def find(self, key: int | None) -> Token | None:
        """The token of an element instance."""
        if key is not None:
            for task in self.tasks.values():
                if task.internal_data.get("key") == key and task is not self.task_tree:
                    return Token(task)
        return None

    def holds(self, token: Token) -> bool:
        """True while the token lives."""
        return token.task.id in self.tasks

    @property
    def empty(self) -> bool:
        """True when no token is left."""
        return len(self.tasks) == 1

    def put(self, element_id: str, scope: Token | None = None) -> Token:
        """A new token at this element, its place not yet set; in the process where none is said."""
        spec = self.spec.task_specs.get(element_id)
        if not isinstance(spec, ElementSpec):
            raise StateUnreadable(f"流程图中没有元素 {element_id}")
        holder = self.task_tree if scope is None else scope.task
        return Token(self._node(spec, holder, TaskState.FUTURE))

    def _node(self, spec: ElementSpec, parent: Node | None, state: int) -> Node:
        return Node(self, spec, parent, state, next(self._numbers))

    def send(self, flow: Flow, scope: Token) -> None:
        """A token goes along a sequence flow: it arrives in the scope of the one that sent it."""
        token = self.put(flow.target, scope)
        token.flow = flow.id
        token.spec._update(token.task)

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

    def use_up(self, token: Token) -> None:
        """A join uses up a token that waited at it: another one goes on, so no scope is asked.

        It has a key only where an incident said that it waits in vain.
        """
        self._remove(token)
        if token.key is not None:
            self.run.settle(token)
            self.run.emit(ElementTerminated(token.key, token.spec.name))

    def end(self, token: Token, *, completed: bool) -> None:
        """Take a token out of the tree and note it for its scope."""
        self.ended.append(Ended(token.parent, token.item, token.undoer, completed))
        self._remove(token)

    def _remove(self, token: Token) -> None:
        """Its parent may be the very node that is about to finish: two flows into one join."""
        token.unqueue()
        task = token.task
        task.parent._children.remove(task.id)
        del self.tasks[task.id]

    def finish(self, token: Token) -> None:
        """An event or gateway is done and sends no token on by itself."""
        run, key = self.run, self.run.activate(token)
        subscriptions.end(token, run)
        run.settle(token)
        run.scopes.drop(key)
        run.emit(ElementCompleted(key, token.spec.name))
        self.end(token, completed=True)

    def terminate(self, token: Token) -> None:
        """End a token from outside, and before it everything in its scope."""
        for child in token.children:
            self.terminate(child)
        run, key = self.run, token.key
        compensation.forget(token.records, run)
        compensation.forget(token.memory.get("u", []), run)
        self.end(token, completed=False)
        if key is None:
            return
        if token.phase is Phase.PERSON:
            run.emit(UserTaskEnded(key, cancelled=True))
        elif token.phase is Phase.PARKED:
            run.emit(JobOver(key))
        elif token.phase is Phase.CALLING:
            run.emit(CallOver(key))
        subscriptions.end(token, run)
        run.settle(token)
        if not compensation.is_handed_up(token):
            run.scopes.drop(key)
        if not compensation.is_restored(token):
            run.emit(ElementTerminated(key, token.spec.name))

    def _task_completed_notify(self, task: Task) -> None:
        """The finished node goes; the tokens that it sent are in its scope already.

        The stock method looks for a node called `End` and updates everything that waits.
        """
        self.end(Token(task), completed=True)
