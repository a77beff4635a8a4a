"""Elements with elements inside: subprocesses of every kind."""

from service.domain.events import ElementType, Failure, IncidentType
from service.domain.values import Json, Variables
from service.engine import subscriptions
from service.engine.dialect import NOTHING, Source
from service.engine.errors import InstanceFull
from service.engine.kernel import KernelSpec, require_room
from service.engine.process_spec import Flow, Level
from service.engine.run import TOKEN_LIMIT, ElementFailed, Run
from service.engine.token import Phase, Token


class SubProcessSpec(KernelSpec):
    """An embedded subprocess, or an event subprocess once it was triggered."""

    level: Level

    def enter(self, token: Token, run: Run) -> Variables | None:
        """Put a token at each of its entries."""
        run.settle(token)
        token.phase = Phase.INSIDE
        if not self.level.entries:
            return {}
        for entry in self.level.entries:
            token.task.workflow.put(entry, token).place()
        return None


class TransactionSpec(SubProcessSpec):
    """A transaction: a cancel end event undoes what was completed in it. BPMN 2.0.2, 10.3.5."""


class AdHocSpec(KernelSpec):
    """An ad-hoc subprocess whose activities run in parallel as they are chosen.

    Camunda 8's meaning: `activeElementsCollection` names those that begin at once; others begin by
    a call, and until then it waits. Each is an inner instance with variables of its own. Without a
    completion condition it is over when everything begun is; in any case when an event subprocess
    that took it over is.
    """

    level: Level
    completion: Source = NOTHING
    cancels_remaining = True

    def enter(self, token: Token, run: Run) -> Variables | None:
        """Begin what the collection names."""
        chosen = self._chosen(token, run)
        require_room(token, 2 * len(chosen))
        self._open(token, run)
        run.settle(token)
        token.memory["d"] = 0
        collection = self.extensions.ad_hoc.output_collection
        if collection:
            run.scopes.set(run.activate(token), {collection: []})
        self.begin(token, run, chosen, {})
        return None

    def _open(self, token: Token, run: Run) -> None:
        """Wait for its event subprocesses at once: perhaps nothing else ever begins in it."""
        token.phase = Phase.INSIDE
        try:
            subscriptions.open_scope(token, token, run)
        except ElementFailed:
            token.phase = Phase.ARRIVED
            raise

    def begin(self, token: Token, run: Run, element_ids: list[str], variables: Variables) -> None:
        """Begin these activities, each with these variables. Raises ElementFailed without room."""
        require_room(token, 2 * len(element_ids))
        for element_id in element_ids:
            inner: Token = token.task.workflow.put(self.name, token)
            inner.memory["j"] = token.memory["d"]
            token.memory["d"] += 1
            key = run.activate(inner, ElementType.AD_HOC_SUB_PROCESS_INNER_INSTANCE)
            inner.phase = Phase.INSIDE
            inner.place()
            run.scopes.set(key, variables)
            token.task.workflow.put(element_id, inner).place()

    def begin_more(self, token: Token, run: Run, element_ids: list[str], given: Variables) -> None:
        """The same from outside. Raises ElementFailed for what cannot begin here, InstanceFull."""
        chosen = self.require(element_ids)
        try:
            self.begin(token, run, chosen, given)
        except ElementFailed as failed:
            raise InstanceFull(self.name, TOKEN_LIMIT) from failed

    def require(self, element_ids: list[str]) -> list[str]:
        """Those that can be begun here. Raises ElementFailed."""
        for element_id in element_ids:
            if element_id not in self.level.entries:
                raise _unfit(f"“{element_id}”不是其中可以开始的活动")
        return element_ids

    def _chosen(self, token: Token, run: Run) -> list[str]:
        source = self.extensions.active_elements
        if not source:
            return []
        value = run.evaluate_one(token, source, run.seen(token))
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise _unfit("要开始的活动应为元素编号的列表")
        return self.require([str(one) for one in value])

    def _leave(self, token: Token, run: Run, results: Variables) -> None:
        if "j" in token.memory:
            self._collect(token, run)
        super()._leave(token, run, results)

    def _written(self, token: Token, run: Run, results: Variables) -> list[Flow]:
        return [] if token.is_inner else super()._written(token, run, results)

    def _write(self, token: Token, run: Run, results: Variables) -> None:
        super()._write(token, run, results)
        collection = self.extensions.ad_hoc.output_collection
        own, *around = run.chain(token)
        if collection and not token.is_body:
            kept = run.scopes.own(own)
            run.scopes.merge(around, {collection: kept[collection]}, run.home(token))

    def _collect(self, inner: Token, run: Run) -> None:
        """What a finished activity leaves, and whether it was enough. Raises ElementFailed."""
        settings, outer = self.extensions.ad_hoc, inner.parent
        if settings.output_collection and settings.output_element and "w" not in inner.memory:
            value: Json = run.evaluate_one(inner, settings.output_element, run.seen(inner))
            run.collect(run.activate(outer), settings.output_collection, value)
        inner.memory["w"] = 1
        if self.completion:
            answer = run.evaluate_one(inner, self.completion, run.seen(inner))
            if not isinstance(answer, bool):
                raise _unfit("完成条件没有得出“是”或“否”")
            if answer:
                outer.memory["q"] = 1


def go_on(token: Token, spec: AdHocSpec) -> None:
    """An inner instance of this ad-hoc subprocess has ended."""
    enough = "q" in token.memory
    if enough and spec.cancels_remaining:
        for child in token.children:
            token.task.workflow.terminate(child)
    alone = enough or (token.memory["d"] > 0 and not spec.completion)
    if token.is_empty and (alone or token.interrupted):
        token.phase = Phase.LEAVING
        token.place()


def _unfit(reason: str) -> ElementFailed:
    message = f"{reason}。请检查自由子流程的设置和它用到的变量。"
    return ElementFailed(Failure(IncidentType.EXTRACT_VALUE_ERROR, message))
