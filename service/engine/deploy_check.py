"""Everything that is wrong with a resource, in one list, before it is deployed."""

from service.domain.problems import Problem
from service.engine.decision_check import check_decisions
from service.engine.diagram import bpmn, read_processes
from service.engine.element_rules import check_conditions_language, check_elements, runs_whole
from service.engine.extension_place_rules import check_extension_places
from service.engine.extension_rules import Known, check_extensions
from service.engine.feel_rules import check_expressions
from service.engine.findings import Findings
from service.engine.flow_rules import check_flows, check_paths
from service.engine.form_check import check_form
from service.engine.identity_rules import check_executable, check_identity
from service.engine.schema_check import check_schema
from service.engine.xml_source import XmlNode, XmlRefusal, read_xml
from service.feel import FeelPool

__all__ = ["Known", "check_bpmn", "check_dmn", "check_form"]


def check_bpmn(content: bytes, *, resource: str, known: Known, feel: FeelPool) -> list[Problem]:
    """Check a diagram; empty when it may be deployed and nothing is doubtful.

    Raises FeelUnavailable when no helper was free.
    """
    found = Findings(resource)
    definitions = _read(content, found)
    if definitions is None:
        return found.problems
    if definitions.tag != bpmn("definitions"):
        found.note(
            "bpmn-definitions",
            "这不是 BPMN 2.0 文件。",
            "请用流程设计器新建或导出 BPMN 2.0 文件。",
        )
        return found.problems
    _check_definitions(definitions, known, feel, found)
    return found.problems


def check_dmn(content: bytes, *, resource: str, feel: FeelPool) -> list[Problem]:
    """Check a decision file. Raises FeelUnavailable when no helper was free."""
    found = Findings(resource)
    definitions = _read(content, found)
    if definitions is not None:
        check_decisions(definitions, feel, found)
    return found.problems


def _read(content: bytes, found: Findings) -> XmlNode | None:
    root = read_xml(content)
    if isinstance(root, XmlRefusal):
        found.note(root.rule, root.message, root.remedy)
        return None
    return root


def _check_definitions(definitions: XmlNode, known: Known, feel: FeelPool, found: Findings) -> None:
    processes = read_processes(definitions)
    check_identity(definitions, found)
    check_executable(processes, found)
    check_elements(definitions, found)
    check_conditions_language(definitions, found)
    check_extension_places(definitions, found)
    for process in processes:
        if process.executable:
            check_flows(process, found)
            if runs_whole(process.node):
                check_paths(process, found)
            check_extensions(process, known, found)
            check_expressions(process, known, feel, found)
    check_schema(definitions, found)
