"""One run of one instance: what its elements may use, and what they did."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from service.domain.errors import JiaoyanError
from service.domain.events import (
    ElementActivated,
    ElementType,
    Event,
    Failure,
    IncidentRaised,
    IncidentResolved,
    IncidentType,
)
from service.domain.keys import KeySource
from service.domain.values import Json, Variables
from service.domain.working_days import CalendarLook
from service.engine.dialect import Source
from service.engine.process_spec import ElementSpec
from service.engine.scopes import Scopes
from service.engine.token import Token, Trouble
from service.engine.triggers import TriggerKind
from service.feel import (
    Budget,
    CalendarUse,
    Expression,
    FeelError,
    FeelPool,
    FeelUnavailable,
    NameNotPlain,
    require_plain_names,
)

STEP_LIMIT = 10_000
"""Steps of one run: a loop that never waits ends here, as an incident."""

ITEM_STEPS = 30
"""Steps that one run has for each item of its largest activity in parallel, where those are more
than the limit: a thousand items are no loop."""

ITEM_SECONDS = 0.001
"""What each of the items in parallel adds to the seconds for expressions."""

WORK_STEPS = 10
"""What handing out work counts for: it costs a call of a handler or a decision."""

CHUNK_STEPS = 2_000
"""Steps after which a row of items goes on in a transaction of its own."""

TOKEN_LIMIT = 5_000
"""Tokens of one instance at the same time, asked where they become more at a gateway, by items or
by an event. Those in subprocesses come on top, up to as many again."""


COLLECTION_LIMIT = 10_000_000
"""Characters of an output collection, as JSON."""


class ElementFailed(JiaoyanError):
    """这个节点没有走通：{reason}"""

    code = "engine.element-failed"

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        super().__init__(reason=failure.message)


def too_many_tokens() -> ElementFailed:
    """Why the instance may have no more tokens."""
    message = (
        f"同时进行的分支将超过 {TOKEN_LIMIT} 个，已在这一步停下。"
        "请检查并行网关或不中断的事件是否在循环中不断分出新的分支，或减少多实例的数量。"
    )
    return ElementFailed(Failure(IncidentType.UNKNOWN, message))


def too_large(name: str) -> ElementFailed:
    """Why an output collection may not grow."""
    message = (
        f"输出集合「{name}」将超过 {COLLECTION_LIMIT // 1_000_000} MB，已在这一步停下。"
        "请只收集需要的内容（例如编号），或分批处理。"
    )
    return ElementFailed(Failure(IncidentType.EXTRACT_VALUE_ERROR, message))


def _length(value: Json) -> int:
    return len(json.dumps(value, ensure_ascii=False))


class Caller(Protocol):
    """The instance that called this one: what its call activity would catch."""

    def catches(self, code: str, *, is_error: bool) -> bool:
        """Whether the call activity, or anything around it, catches this code."""
        ...


@dataclass(frozen=True, slots=True)
class Throw:
    """What an element threw; it is delivered when the element's own step is done.

    `activity` is what a compensation undoes, empty for everything; `waits`: the way on waits for
    it.
    """

    kind: TriggerKind
    token: Token
    code: str = ""
    message: str = ""
    variables: Variables = field(default_factory=dict)
    activity: str = ""
    waits: bool = True


@dataclass(slots=True)
class Run:
    """Lives as long as its Execution; one thread, one transaction."""

    process_id: str
    instance_key: int
    scopes: Scopes
    keys: KeySource
    now: datetime
    feel: FeelPool
    timezone: ZoneInfo
    caller: Caller | None = None
    events: list[Event] = field(default_factory=list)
    end_events: list[str] = field(default_factory=list)
    budget: Budget = field(default_factory=Budget)
    look: CalendarLook = field(default_factory=CalendarLook)
    """What the last expressions asked the calendar."""
    steps: int = 0
    most_items: int = 0
    passes: dict[str, int] = field(default_factory=dict)
    """Passes of repeated activities that began since the instance last waited, by element id."""
    throws: list[Throw] = field(default_factory=list)
    collections: dict[int, list[Json]] = field(default_factory=dict)
    """Collections of repeated activities by the key of their body, as long as the run lasts."""
    collected: dict[tuple[int, str], int] = field(default_factory=dict)
    """Lengths of output collections by scope and name, as far as this run wrote into them."""

    def emit(self, event: Event) -> None:
        """Something happened."""
        self.events.append(event)

    def reach_end(self, element_id: str) -> None:
        """A token ended at this end event."""
        if element_id not in self.end_events:
            self.end_events.append(element_id)

    def chain(self, token: Token) -> tuple[int, ...]:
        """The scopes an element sees, innermost first: its own, then those around it."""
        keys = []
        while not token.is_root:
            if token.key is not None:
                keys.append(token.key)
            token = token.parent
        return (*keys, self.instance_key)

    def home(self, token: Token) -> int:
        """Where a name that is nowhere yet is written: the process, or the activation around it.

        What an activity of an ad-hoc subprocess writes stays in its activation (Camunda 8).
        """
        while not token.is_root:
            token = token.parent
            if token.is_inner and token.key is not None:
                return token.key
        return self.instance_key

    def seen(self, token: Token) -> dict[str, Json]:
        """The variables the element sees."""
        return self.scopes.visible(self.chain(token))

    def around(self, token: Token) -> dict[str, Json]:
        """The variables around the element, without its own."""
        return self.scopes.visible(self.chain(token.parent))

    def activate(self, token: Token, kind: ElementType | None = None) -> int:
        """Give the element instance its key, once; a retry keeps it."""
        key = token.key
        if key is None:
            key = token.key = self.keys.next()
            element = token.spec.element
            self.emit(
                ElementActivated(
                    element_instance_key=key,
                    element_id=element.id,
                    element_name=element.name,
                    type=kind or element.type,
                    scope_key=self.chain(token.parent)[0],
                )
            )
        return key

    def expect(self, items: int) -> None:
        """So many items begin at the same time: they take steps, and time for expressions."""
        if items > 1:
            self.most_items = max(self.most_items, items)
            self.budget.seconds += items * ITEM_SECONDS

    def count(self, steps: int, tokens: int = 0) -> None:
        """Take steps from the run, which has so many tokens. Raises ElementFailed beyond limits."""
        self.steps += steps
        limit = max(STEP_LIMIT, ITEM_STEPS * self.most_items)
        if self.steps > limit:
            raise ElementFailed(
                Failure(
                    IncidentType.UNKNOWN,
                    f"一次运行超过 {limit} 步仍没有停下等待，可能是流程图中有不等待的循环。"
                    "已在这一步停下，请检查循环的出口条件后重试。",
                )
            )
        if tokens > 2 * TOKEN_LIMIT:
            raise too_many_tokens()

    def evaluate(
        self,
        token: Token,
        sources: Sequence[Source],
        context: Mapping[str, Json],
        kind: IncidentType,
    ) -> list[Json]:
        """Literals as they stand, FEEL in one round trip. Raises ElementFailed, FeelUnavailable."""
        return self.evaluate_for(token.spec, sources, context, kind)

    def evaluate_for(
        self,
        spec: ElementSpec,
        sources: Sequence[Source],
        context: Mapping[str, Json],
        kind: IncidentType,
    ) -> list[Json]:
        """As `evaluate`, for an element at which no token is."""
        expressions = [Expression(source.text) for source in sources if source.is_feel]
        try:
            answers = iter(self._answers(spec, expressions, context))
        except FeelUnavailable:
            raise
        except (FeelError, NameNotPlain) as error:
            raise ElementFailed(Failure(kind, error.message)) from error
        return [next(answers) if source.is_feel else source.text for source in sources]

    def _answers(
        self, spec: ElementSpec, expressions: Sequence[Expression], context: Variables
    ) -> list[Json]:
        self.look = CalendarLook()
        if not expressions:
            return []
        used = CalendarUse()
        answers = self.feel.evaluate(
            expressions,
            context,
            now=self.now,
            budget=self.budget,
            origin=f"{self.process_id}/{spec.name}",
            used=used,
        )
        self.look = used.look
        for answer in answers:
            require_plain_names(answer)
        return answers

    def evaluate_one(self, token: Token, source: Source, context: Mapping[str, Json]) -> Json:
        """One value for an element's own settings. Raises ElementFailed, FeelUnavailable."""
        kind = IncidentType.EXTRACT_VALUE_ERROR
        [value] = self.evaluate(token, [source], context, kind)
        return value

    def collect(self, key: int, name: str, value: Json, index: int | None = None) -> None:
        """Put a value in its place of an output collection, without a place behind the last.

        Raises ElementFailed where the collection would become too large.
        """
        place = key, name
        if place not in self.collected:
            self.collected[place] = _length(self.scopes.own(key).get(name))
        length = self.collected[place] + _length(value) + 1
        if length > COLLECTION_LIMIT:
            raise too_large(name)
        self.collected[place] = length
        if index is None:
            self.scopes.append(key, name, value)
        else:
            self.scopes.place(key, name, index, value)

    def settle(self, token: Token) -> None:
        """The token is past what its incident was about."""
        if token.trouble is not Trouble.NONE and token.key is not None:
            token.trouble = Trouble.NONE
            self.emit(IncidentResolved(token.key))

    def raise_incident(self, token: Token, failure: Failure) -> None:
        """Hold the token where it is. An incident that was open already is replaced."""
        key = self.activate(token)
        token.trouble = Trouble.OPEN
        token.place()
        self.emit(IncidentRaised(key, token.spec.element.id, failure))
