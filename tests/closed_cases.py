"""Closed cases with a file and an opinion, of a process that says how long they are kept."""

import io

from service.commands import deployments, documents
from service.commands.deployments import Upload
from service.domain.actors import SYSTEM
from tests.fixtures_commands import DIAGRAMS, Stage

PDF = b"%PDF-1.4\n%%EOF\n"


def deploy_evidence(stage: Stage, retention: str) -> int:
    """Deploy the process with this retention; return its definition."""
    prop = f'<zeebe:property name="jiaoyan.retention" value="{retention}"/>'
    head = (
        '<bpmn:process id="evidence" name="上传材料" isExecutable="true">'
        f"<bpmn:extensionElements><zeebe:properties>{prop}</zeebe:properties>"
        "</bpmn:extensionElements>"
    )
    text = (DIAGRAMS / "evidence.bpmn").read_text("utf-8")
    changed = text.replace(head.partition("<bpmn:ext")[0], head)
    files = [
        Upload("evidence.bpmn", changed.encode()),
        Upload("evidence.form", (DIAGRAMS / "evidence.form").read_bytes()),
    ]
    receipt = deployments.deploy(stage.rooms, files, actor=SYSTEM, now=stage.clock.now)
    return receipt.processes[0].key


def closed_case(stage: Stage, retention: str = "P190D") -> int:
    """A case of the applicant with a file and an opinion, ended today."""
    definition = deploy_evidence(stage, retention)
    receipt = documents.upload(
        stage.rooms,
        definition,
        field="证明",
        file_name="证明.pdf",
        stream=io.BytesIO(PDF),
        actor=stage.cast.applicant,
        now=stage.clock.now,
    )
    key = stage.start("evidence", variables={"证明": [str(receipt.key)]}).instance_key
    stage.complete(stage.task(key, "check"), stage.cast.applicant, comment="材料属实")
    return key
