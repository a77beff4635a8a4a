"""The names inside SpiffWorkflow 3.2.0 that this room reaches into, and why.

A test compares the list with the wheel and with our sources: a new version that changes one fails
with its name, and nobody reaches into another without writing it down here.
"""

from dataclasses import dataclass

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task

VERSION = "3.2.0"


@dataclass(frozen=True, slots=True)
class InnerName:
    """One name: the class that has it, whether we call or override it, and what for."""

    owner: type
    name: str
    overridden: bool
    purpose: str


INNER_NAMES = (
    InnerName(Task, "_children", False, "takes a node out of its scope"),
    InnerName(Task, "_ready", False, "makes a token ready, so that the spec queues it"),
    InnerName(Task, "_set_state", True, "places a token; the stock logs each change of state"),
    InnerName(Task, "_state", False, "the state of a node"),
    InnerName(TaskSpec, "_wf_spec", False, "finds the target of a sequence flow"),
    InnerName(TaskSpec, "_update", False, "a token arrives along a flow"),
    InnerName(TaskSpec, "_predict", True, "no guesses about the future"),
    InnerName(TaskSpec, "_update_hook", True, "a token arrives; joins count"),
    InnerName(TaskSpec, "_on_ready_hook", True, "queues a token that is ready"),
    InnerName(TaskSpec, "_run_hook", True, "enters and leaves an element"),
    InnerName(TaskSpec, "_on_complete_hook", True, "sends tokens along sequence flows"),
    InnerName(BpmnWorkflow, "_task_completed_notify", True, "removes a finished node"),
    InnerName(BpmnParser, "PARSER_CLASSES", True, "which elements run"),
    InnerName(BpmnParser, "PROCESS_PARSER_CLASS", True, "parses without recursion"),
    InnerName(ProcessParser, "create_spec", True, "a process without stock start and end"),
    InnerName(ProcessParser, "add_tasks", True, "node by node, then flow by flow"),
    InnerName(TaskParser, "parse_node", True, "the stock method follows the flows"),
    InnerName(TaskParser, "create_task", True, "keeps all of the dialect"),
)
