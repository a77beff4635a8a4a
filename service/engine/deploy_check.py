"""Everything that is wrong with a resource, in one list, before it is deployed."""

from dataclasses import replace

from service.domain.problems import Problem
from service.engine.calling_rules import check_called_only
from service.engine.collaboration_rules import check_collaborations
from service.engine.compensation_rules import check_compensation
from service.engine.container_rules import check_containers
from service.engine.data_rules import check_data
from service.engine.deadline_rules import check_deadlines
from service.engine.decision_check import check_decisions
from service.engine.diagram import bpmn, read_processes
from service.engine.element_rules import check_elements, check_languages
from service.engine.event_place_rules import check_event_places
from service.engine.event_rules import check_events
from service.engine.extension_place_rules import check_extension_places
from service.engine.feel_rules import check_expressions
from service.engine.findings import Findings
from service.engine.flow_rules import check_flows
from service.engine.form_check import check_form
from service.engine.gateway_rules import check_gateways
from service.engine.guard_rules import check_guards
from service.engine.identity_rules import (
    check_closed,
    check_executable,
    check_identity,
    check_retention,
    check_sealed,
)
from service.engine.irreversible_rules import check_irreversible
from service.engine.known import Known
from service.engine.link_rules import check_links
from service.engine.loop_rules import check_loops
from service.engine.mapping_rules import check_mappings
from service.engine.outline import Outline, read_outline
from service.engine.public_rules import check_public
from service.engine.reference_rules import check_references
from service.engine.schema_check import check_schema
from service.engine.title_rules import check_titles
from service.engine.triggers import Declarations
from service.engine.user_task_rules import check_user_tasks
from service.engine.way_rules import check_ways
from service.engine.work_rules import check_work
from service.engine.xml_source import XmlNode, XmlRefusal, local_name, read_xml
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
    declared = Declarations.read(definitions)
    outlines = [read_outline(process, declared) for process in processes]
    check_identity(definitions, found)
    check_executable(processes, found)
    check_retention(processes, found)
    check_closed(processes, known, found)
    check_sealed(processes, known, found)
    check_called_only(outlines, known, found)
    check_elements(definitions, found)
    check_languages(definitions, found)
    check_references(definitions, found)
    check_data(definitions, found)
    check_extension_places(definitions, found)
    check_collaborations(definitions, outlines, found)
    everywhere = {
        str(node.get("id")): local_name(node)
        for node in definitions.iter(bpmn("*"))
        if node.get("id")
    }
    known = _with_own(known, outlines)
    for outline in outlines:
        check_flows(outline, everywhere, found)
        if outline.process.executable:
            _check_structure(outline, found)
            _check_settings(outline, known, found)
            check_expressions(outline, known, feel, found)
    check_schema(definitions, found)


def _with_own(known: Known, outlines: list[Outline]) -> Known:
    """With the processes of the file: one that only events begin cannot be called."""
    own = {one.process.id for one in outlines if one.process.executable}
    called = {one.process.id for one in outlines if one.begins_by_itself} & own
    return replace(
        known,
        processes=called.union(known.processes).difference(own - called),
        uncallable=(own - called).union(known.uncallable),
    )


def _check_structure(outline: Outline, found: Findings) -> None:
    """What the standard asks of a process; one that is not executable may be a sketch."""
    check_ways(outline, found)
    check_containers(outline, found)
    check_gateways(outline, found)
    check_event_places(outline, found)
    check_links(outline, found)
    check_compensation(outline, found)


def _check_settings(outline: Outline, known: Known, found: Findings) -> None:
    """What a process that runs must say."""
    check_events(outline, found)
    check_loops(outline, found)
    check_mappings(outline, found)
    check_user_tasks(outline, known, found)
    check_deadlines(outline, found)
    check_public(outline, found)
    check_irreversible(outline, found)
    check_guards(outline, known, found)
    check_titles(outline, found)
    check_work(outline, known, found)
