"""The only room that knows SpiffWorkflow, BPMN and DMN files: it checks, parses and runs them.

It turns a diagram into a model, a model and a saved state into an execution, and an execution into
a list of events. It may not touch a table, a request or the clock, and no text of a designer is
ever run by Python: expressions go to `service.feel`.
"""

from service.engine.decisions import (
    ColumnValue,
    DecisionFailure,
    DecisionKind,
    DecisionModel,
    DecisionResult,
    EvaluatedDecision,
    MatchedRule,
    decision_models,
    evaluate_decision,
    try_decision,
)
from service.engine.deploy_check import Known, check_bpmn, check_dmn, check_form
from service.engine.design_parts import form_parts, model_parts
from service.engine.dialect import DEFAULT_BACKOFF
from service.engine.due import DecisionDue, Due, HandlerDue
from service.engine.errors import (
    DecisionFailed,
    InstanceFull,
    ModelInvalid,
    NotWaiting,
    StartUnclear,
    StateUnreadable,
)
from service.engine.execution import Execution
from service.engine.model import (
    Binding,
    Element,
    Outcome,
    ProcessModel,
    process_models,
)
from service.engine.model_references import ModelReferences, model_references
from service.engine.names import (
    INITIATOR,
    completer_variable,
    is_reserved,
    outcome_variable,
)
from service.engine.rules import RULES, Rule
from service.engine.run import Caller, ElementFailed
from service.engine.runtime import Engine
from service.engine.timers import Due as TimerDue
from service.engine.timers import is_cron
from service.engine.values import CORRELATION_KEY_LIMIT, EVENT_NAME_LIMIT

__all__ = [
    "CORRELATION_KEY_LIMIT",
    "DEFAULT_BACKOFF",
    "EVENT_NAME_LIMIT",
    "INITIATOR",
    "RULES",
    "Binding",
    "Caller",
    "ColumnValue",
    "DecisionDue",
    "DecisionFailed",
    "DecisionFailure",
    "DecisionKind",
    "DecisionModel",
    "DecisionResult",
    "Due",
    "Element",
    "ElementFailed",
    "Engine",
    "EvaluatedDecision",
    "Execution",
    "HandlerDue",
    "InstanceFull",
    "Known",
    "MatchedRule",
    "ModelInvalid",
    "ModelReferences",
    "NotWaiting",
    "Outcome",
    "ProcessModel",
    "Rule",
    "StartUnclear",
    "StateUnreadable",
    "TimerDue",
    "check_bpmn",
    "check_dmn",
    "check_form",
    "completer_variable",
    "decision_models",
    "evaluate_decision",
    "form_parts",
    "is_cron",
    "is_reserved",
    "model_parts",
    "model_references",
    "outcome_variable",
    "process_models",
    "try_decision",
]
